"""The list that an association makes of one object: what the sandbox keeps of it, takes and shows.

Items are kept as mappings; a scalar item is a mapping of its one member.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tenantctl.catalog.endpoints import Association, Pool
from tenantctl.catalog.fields import field_at
from tenantctl.catalog.marks import is_nested_read_only
from tenantctl.sandbox.credentials import make_id
from tenantctl.sandbox.errors import ApiError, invalid_body, management_error
from tenantctl.sandbox.lookup import Found
from tenantctl.sandbox.objects import laid_on, readable, stamped, timestamp
from tenantctl.sandbox.references import described_item, with_targets
from tenantctl.sandbox.tenant_state import Stored, TenantState
from tenantctl.sandbox.validation import check_below, check_object
from tenantctl.sandbox.wire import decoded
from tenantctl.states import FieldPath, Json

Item = dict[str, Json]


@dataclass(frozen=True, slots=True)
class ItemList:
    """The items under `association` of the object `owner`."""

    tenant: TenantState
    owner: Found
    association: Association

    def all(self) -> list[Stored]:
        """Return the items in the order in which they came."""
        return self.tenant.items(*self.owner.place, self.association.field)

    def values(self) -> list[Json]:
        """Return the items as the file has them: whole, or the one member of each."""
        scalar = self.association.scalar
        return [item[scalar] if scalar else item for _, item in self.all()]

    def find(self, name: str) -> Item | None:
        """Return the item that a path calls by this name, or None."""
        member = self.association.item_id or self.association.scalar
        return next((item for _, item in self.all() if str(item.get(member)) == name), None)

    def must_find(self, name: str) -> Item:
        """Return the item that a path calls by this name.

        Raises:
            ApiError: 404.
        """
        item = self.find(name)
        if item is None:
            raise self.no_such_item()
        return item

    def no_such_item(self) -> ApiError:
        """Return the 404 of an item."""
        return management_error(404, f"There is no such item in {self.association.field}.")

    def accept(self, value: Json) -> Item:
        """Return what a request sends as an item, cut to the members that it takes.

        Raises:
            ApiError: 400 ``invalid_body``, or 404 if it names something that is not there.
        """
        association, owner_type = self.association, self.owner.resource_type
        item = self.as_item(decoded(association.accept, value))
        if association.scalar:
            check_below(owner_type, item[association.scalar], self._path)
        else:
            cut = {name: item[name] for name in association.sent or item if name in item}
            check_below(owner_type, cut, self._path)
            item = {name: member for name, member in cut.items() if member is not None}
        for name in filter(self._must_be_sent, association.item_key):
            if item.get(name) is None:
                raise invalid_body(f"'Missing required property: {name}' on property {association.field}.")
        if isinstance(association, Pool):
            item = self.pooled(association, item)
        return with_targets(self.tenant, owner_type, association, item)

    def pooled(self, pool: Pool, item: Item) -> Item:
        """Return what becomes of an item of a pool, with what no read shows of it, such as its key.

        Raises:
            ApiError: 400 ``invalid_body``.
        """
        unread = {name: item[name] for name in pool.unread if name in item}
        try:
            return {**unread, **pool.create(item)}
        except ValueError as error:
            raise invalid_body(f"'{error}' on property {pool.field}.") from error

    def accept_all(self, values: Json) -> list[Item]:
        """Return what a request sends as the whole list.

        Raises:
            ApiError: as `accept`.
        """
        if not isinstance(values, list):
            raise invalid_body(f"'Expected type array' on property {self.association.field}.")
        return [self.accept(value) for value in values]

    def as_item(self, value: Json) -> Item:
        """Return a value, as a request or a snapshot gives it, as an item.

        Raises:
            ApiError: 400 ``invalid_body``.
        """
        scalar = self.association.scalar
        if not scalar:
            return check_object(value)
        if isinstance(value, Mapping):
            value = value.get(scalar)
        if not isinstance(value, str):
            raise invalid_body(f"'Expected type string' on property {self.association.field}.")
        return {scalar: value}

    def put(self, item: Item) -> Item:
        """Put an item into the list, in the place of one with the same key, and return it with its id."""
        association = self.association
        made = dict(item)
        if self.is_given_id(item):
            made = {association.item_id: make_id(association.id_format), **item}
            made = {**self._stamped(made, is_new=True), **association.derived(self.owner.body, made)}
        self.tenant.put_item(*self.owner.place, association.field, self._key(made), made)
        return made

    def add(self, item: Item) -> None:
        """Put an item into the list; one with the same key stays as it is."""
        if not self.has(item):
            self.put(item)

    def change(self, current: Item, changes: Item) -> Item:
        """Change members of an item, and return it.

        Raises:
            ApiError: 400 ``invalid_body``.
        """
        resource_type = self.owner.resource_type
        check_below(resource_type, changes, self._path)
        laid = laid_on(resource_type, self._path, current, changes)
        if isinstance(self.association, Pool):
            if fixed := sorted(changes.keys() - self.association.changeable):
                raise invalid_body(f"'Additional properties not allowed: {','.join(fixed)}'.")
            laid = self.pooled(self.association, laid)
        return self.put(self._stamped(laid, is_new=False))

    def _stamped(self, item: Item, *, is_new: bool) -> Item:
        if isinstance(self.association, Pool):
            # Its items have no field table of their own that could tell that there are times.
            now = timestamp()
            return {**item, **({"created_at": now} if is_new else {}), "updated_at": now}
        return stamped(self.owner.resource_type, self._pattern, item, is_new=is_new)

    def has(self, item: Item) -> bool:
        """Return whether an item with the same key is in the list."""
        key = self._key(item)
        return any(self._key(other) == key for _, other in self.all())

    def remove(self, item: Item) -> None:
        """Take an item out of the list; one that isn't there is no error."""
        self.tenant.remove_item(*self.owner.place, self.association.field, self._key(item))

    def replace(self, items: Iterable[Item]) -> list[Item]:
        """Put these items in the place of all."""
        self.tenant.remove_items(*self.owner.place, self.association.field)
        return [self.put(item) for item in items]

    def shown(self, item: Item) -> Json:
        """Return what a read shows of an item."""
        association, owner_type = self.association, self.owner.resource_type
        unread = association.unread if isinstance(association, Pool) else ()
        told = {name: value for name, value in item.items() if name not in unread}
        described = described_item(self.tenant, owner_type, association, told)
        return association.show(readable(owner_type, described, self._path))

    def is_given_id(self, item: Item) -> bool:
        """Return whether the server makes up an id for this item."""
        name = self.association.item_id
        return bool(name) and name not in item

    def _key(self, item: Item) -> str:
        association = self.association
        names = association.item_key or (association.scalar,)
        if association.item_id in item and association.item_id not in names:
            names = (association.item_id,)
        key = {name: item[name] for name in names if name in item}
        return json.dumps(key or item, sort_keys=True)

    def _must_be_sent(self, name: str) -> bool:
        if name == self.association.scalar or name in self.association.sent:
            return True
        known = field_at(self.owner.resource_type, f"{self._pattern}.{name}")
        is_fixed = is_nested_read_only(self.owner.resource_type, (*self._path, name))
        return known is not None and known.create and not is_fixed and not self.association.sent

    @property
    def _path(self) -> FieldPath:
        return self.association.field, 0

    @property
    def _pattern(self) -> str:
        return f"{self.association.field}[]"

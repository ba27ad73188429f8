"""The operations on associations: lists that the API keeps under endpoints of their own, below an object."""

from __future__ import annotations

from collections.abc import Sequence

from tenantctl.catalog.endpoints import Association, Endpoint
from tenantctl.catalog.spec import ResourceType
from tenantctl.sandbox.calls import ITEM, Answer, Call, answered
from tenantctl.sandbox.errors import invalid_body, management_error
from tenantctl.sandbox.items import ItemList
from tenantctl.sandbox.listing import answer_list, first_after
from tenantctl.sandbox.lookup import must_find
from tenantctl.sandbox.pools import check_unlinked
from tenantctl.sandbox.references import with_targets
from tenantctl.sandbox.validation import check_object
from tenantctl.states import Json

Lists = Sequence[tuple[ResourceType, Association]]
"""The lists behind one path, each with its type: several where types share the path of the object above."""

_NO_CONTENT = 204


def list_items(lists: Lists, call: Call) -> Answer:
    """GET what is associated with an object."""
    found = _find(lists, call)
    listing = found.association.listing
    first = first_after(listing, call.query)
    rows = (row for row in found.all() if row.seq > first)
    return Answer(listing.endpoint.status, answer_list(listing, rows, call.query, found.shown))


def read_item(lists: Lists, call: Call) -> Answer:
    """GET one item."""
    found = _find(lists, call)
    return Answer(200, found.shown(found.must_find(call.names[ITEM])))


def add_items(lists: Lists, call: Call) -> Answer:
    """POST items to associate with an object; those that are there already stay."""
    found = _find(lists, call)
    added = [found.accept(value) for value in _wrapped(found.association, call.body)]
    for item in added:
        found.add(item)
    told = [found.shown(item) for item in added] if found.association.tells else None
    return answered(found.association.add.status, told)


def remove_items(lists: Lists, call: Call) -> Answer:
    """DELETE items from an object."""
    found = _find(lists, call)
    name = found.association.removed_by
    for value in _wrapped(found.association, call.body):
        found.remove(found.as_item({name: value} if name and not isinstance(value, dict) else value))
    return answered(_status(found.association.remove))


def replace_items(lists: Lists, call: Call) -> Answer:
    """PUT (or PATCH) the complete list."""
    found = _find(lists, call)
    wrapper = found.association.wrapper
    values = _wrapped(found.association, call.body, least=0) if wrapper else call.body
    made = found.replace(found.accept_all(values))
    shown = [found.shown(item) for item in made]
    endpoint = found.association.replace or found.association.add
    return answered(endpoint.status, {wrapper: shown} if wrapper else shown)


def toggle_items(lists: Lists, call: Call) -> Answer:
    """PATCH a list of ``{scalar, "status": bool}``: add some items and remove others."""
    found = _find(lists, call)
    if not isinstance(call.body, list) or not call.body:
        raise invalid_body("'Expected a list of one or more items'.")
    for entry in map(check_object, call.body):
        item = found.as_item(entry)
        if not isinstance(entry.get("status"), bool):
            raise invalid_body("'Expected type boolean' on property status.")
        if entry["status"]:
            found.add(with_targets(call.tenant, found.owner.resource_type, found.association, item))
        else:
            found.remove(item)
    return answered(found.association.add.status)


def add_item(lists: Lists, call: Call) -> Answer:
    """POST one item."""
    found = _find(lists, call)
    item = found.accept(call.body)
    if not found.is_given_id(item) and found.has(item):
        raise management_error(409, f"The item is already in {found.association.field}.")
    made = found.put(item)
    return answered(found.association.add.status, found.shown(made))


def update_item(lists: Lists, call: Call) -> Answer:
    """PATCH (or PUT) one item."""
    found = _find(lists, call)
    made = found.change(found.must_find(call.names[ITEM]), check_object(call.body))
    return answered(_status(found.association.update), found.shown(made))


def remove_item(lists: Lists, call: Call) -> Answer:
    """DELETE one item; one that isn't there is no error where the answer is 204."""
    found = _find(lists, call)
    status = _status(found.association.remove)
    item = found.find(call.names[ITEM])
    if item is not None:
        check_unlinked(found.owner, found.association, item)
        found.remove(item)
    elif status != _NO_CONTENT:
        raise found.no_such_item()
    return answered(status)


def item_endpoint(association: Association) -> Endpoint | None:
    """Return the read of one item, for lists whose items have paths of their own."""
    if association.read is not None:
        return association.read
    for endpoint in (association.remove, association.update):
        if endpoint is not None and f"{{{ITEM}}}" in endpoint.path:
            return Endpoint("GET", endpoint.path, association.listing.endpoint.scopes)
    return None


def _find(lists: Lists, call: Call) -> ItemList:
    owner = must_find([resource_type for resource_type, _ in lists], call)
    association = next(each for owner_type, each in lists if owner_type is owner.resource_type)
    return ItemList(call.tenant, owner, association)


def _status(endpoint: Endpoint | None) -> int:
    return endpoint.status if endpoint else _NO_CONTENT


def _wrapped(association: Association, body: Json, *, least: int = 1) -> list[Json]:
    """Return the items of ``{wrapper: [...]}``.

    Raises:
        ApiError: 400 ``invalid_body``.
    """
    wanted = check_object(body)
    if extra := sorted(set(wanted) - {association.wrapper}):
        raise invalid_body(f"'Additional properties not allowed: {','.join(extra)}'.")
    if association.wrapper not in wanted:
        raise invalid_body(f"'Missing required property: {association.wrapper}'.")
    items = wanted[association.wrapper]
    if not isinstance(items, list) or len(items) < least:
        raise invalid_body(f"'Expected a list of one or more items' on property {association.wrapper}.")
    return items

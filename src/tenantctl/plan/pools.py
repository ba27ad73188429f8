"""Items that a file writes out where the API holds their ids (`Pool`): which is which, and their requests."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from tenantctl.catalog.endpoints import Endpoint, Pool
from tenantctl.catalog.paths import rewritten, steps_of, values_at
from tenantctl.catalog.spec import ResourceType
from tenantctl.plan.values import Pending
from tenantctl.states import FieldPath, Json


@dataclass(frozen=True, slots=True)
class Addition:
    """An item that the tenant does not have yet; `id` is known once it is added."""

    id: Pending
    item: Mapping[str, Json] = field(repr=False)


@dataclass(frozen=True, slots=True)
class PoolRequest:
    """One request.

    item_id: the item that its path names, if it does. brings: what a `Pending` calls its answer by.
    """

    endpoint: Endpoint
    body: Json = field(default=None, repr=False)
    item_id: str = ""
    brings: str = ""


def linked(
    resource_type: ResourceType, address: str, desired: Mapping[str, Json], live: Mapping[str, Json]
) -> tuple[Mapping[str, Json], tuple[Addition, ...]]:
    """Return a resource of the file with each item of a pool as it is compared, and those to add.

    An item that stands for one of the tenant bears its id; one that does not, a `Pending`.
    """
    additions: list[Addition] = []
    taken: set[Json] = set()
    data: Json = desired
    for pool in resource_type.pools:
        for link in pool.links:
            if steps_of(link)[0] not in desired:
                continue
            candidates = _free(pool, live, set(_ids_at(pool, live, link)))
            one = partial(_one, pool, address, candidates, taken, additions)
            data = rewritten(data, link, partial(_each, one))
    return data, tuple(additions)


def _each(change: Callable[[Json], Json], items: Json) -> Json:
    return [change(item) for item in items] if isinstance(items, list) else items


def _free(pool: Pool, live: Mapping[str, Json], here: set[Json]) -> list[Mapping[str, Json]]:
    """Return the live items that a list may name: those that it does, and those that none does."""
    elsewhere = {held for link in pool.links for held in _ids_at(pool, live, link)} - here
    items = [item for item in live.get(pool.field) or () if item[pool.item_id] not in elsewhere]
    return sorted(items, key=lambda item: item[pool.item_id] not in here)


def _one(
    pool: Pool,
    address: str,
    candidates: Iterable[Mapping[str, Json]],
    taken: set[Json],
    additions: list[Addition],
    item: Json,
) -> Json:
    if not isinstance(item, Mapping):
        return item
    if item.get(pool.item_id) is None:
        item = {name: value for name, value in item.items() if name != pool.item_id}
    for live in candidates:
        compared = pool.counterpart(item, live) if live[pool.item_id] not in taken else None
        if compared is not None:
            taken.add(live[pool.item_id])
            return compared
    if pool.item_id in item:
        return item  # an id that the tenant does not know; it says so
    label = _label(pool, item, additions)
    pending = Pending(f"{address}#{pool.field}/{label}", label, pool.item_id)
    additions.append(Addition(pending, item))
    seen = {name: value for name, value in item.items() if name not in pool.unread}
    return {pool.item_id: pending, **seen}


def _label(pool: Pool, item: Mapping[str, Json], additions: Sequence[Addition]) -> str:
    """Return what people call a new item by; no two of one resource are called the same."""
    label = ":".join(str(item[name]) for name in pool.item_key if item.get(name)) or "new"
    used = {addition.id.name for addition in additions}
    numbered = (f"{label} ({number})" for number in range(2, len(used) + 3))
    return label if label not in used else next(each for each in numbered if each not in used)


def written_out(resource_type: ResourceType, live: Mapping[str, Json]) -> Mapping[str, Json]:
    """Return a live object with its lists of ids written out, as far as its pools were read."""
    data: Json = live
    for pool in resource_type.pools:
        whole = partial(_whole, pool, _items_of(pool, live))
        for link in pool.links:
            data = rewritten(data, link, partial(_each, whole))
    return dict(data)


def _whole(pool: Pool, known: Mapping[Json, Mapping[str, Json]], item: Json) -> Json:
    return known.get(item[pool.item_id], item)


def _items_of(pool: Pool, live: Mapping[str, Json]) -> dict[Json, Mapping[str, Json]]:
    """Return the items of the tenant by id, if they were read."""
    return {item[pool.item_id]: item for item in live.get(pool.field) or ()}


def as_links(resource_type: ResourceType, body: Mapping[str, Json]) -> dict[str, Json]:
    """Return a body with the items of its pools cut to their ids, as updates take them."""
    data: Json = body
    for pool in resource_type.pools:
        for link in pool.links:
            data = rewritten(data, link, partial(_each, partial(_link, pool)))
    return dict(data)


def _link(pool: Pool, item: Json) -> Json:
    return {pool.item_id: item[pool.item_id]}


@dataclass(frozen=True, slots=True)
class PoolUpdate:
    """The requests that go with one update of an object.

    wanted: the object's fields, in the form of `linked`. live: the object before.
    body: the fields that the update writes, in the form of `as_links`.
    """

    resource_type: ResourceType
    wanted: Mapping[str, Json]
    live: Mapping[str, Json]
    body: Mapping[str, Json]
    additions: tuple[Addition, ...]

    def before(self) -> Iterator[PoolRequest]:
        """Yield what comes before the update: items to change and to add, with room made for them."""
        for pool in self._concerned:
            yield from self._changes(pool)
            for link in pool.links:
                for path, links in values_at(self.body, link):
                    yield from self._additions(pool, path, [item[pool.item_id] for item in links or ()])

    def after(self) -> Iterator[PoolRequest]:
        """Yield what comes after it: the removal of items that nothing names any more."""
        for pool in self._concerned:
            removed = {request.item_id for request in self.before() if request.endpoint is pool.remove}
            for gone in self._unlinked(pool):
                if pool.remove is not None and gone not in removed:
                    yield PoolRequest(pool.remove, item_id=gone)

    @property
    def _concerned(self) -> list[Pool]:
        """The pools that the file or the update says something about."""
        said = {*self.wanted, *self.body}
        return [pool for pool in self.resource_type.pools if not said.isdisjoint(pool.roots)]

    def _changes(self, pool: Pool) -> Iterator[PoolRequest]:
        known = {item[pool.item_id]: item for item in self.live.get(pool.field) or ()}
        for link in pool.links:
            for _, items in values_at(self.wanted, link):
                for item in items or ():
                    found = known.get(item[pool.item_id]) if isinstance(item[pool.item_id], str) else None
                    changed = {
                        name: value for name, value in item.items() if found and found.get(name) != value
                    }
                    if changed and pool.update is not None:
                        yield PoolRequest(pool.update, changed, item_id=item[pool.item_id])

    def _additions(self, pool: Pool, path: FieldPath, wanted: Sequence[Json]) -> Iterator[PoolRequest]:
        """Yield the requests that add the new items of one list, the oldest making room where it is full.

        One by one, so that at no time the object is without an item that works.
        """
        held = [
            item[pool.item_id] for _, items in values_at(self.live, _dotted(path)) for item in items or ()
        ]
        gone = [each for each in held if each not in wanted and each in self._unlinked(pool)]
        for addition in self.additions:
            if addition.id not in wanted:
                continue
            if len(held) >= pool.limit and gone:
                oldest = gone.pop(0)
                held.remove(oldest)
                yield from self._removal(pool, path, oldest, held)
            yield PoolRequest(pool.add, addition.item, brings=addition.id.address)
            held.append(addition.id)

    def _removal(self, pool: Pool, path: FieldPath, gone: str, kept: Sequence[Json]) -> Iterator[PoolRequest]:
        """Yield the requests that take one item out of a list ahead of time, and remove it."""
        root = str(path[0])
        links = [{pool.item_id: each} for each in kept]
        body = _put_at({root: self.live[root]}, path, links)
        if self.resource_type.update and pool.remove:
            yield PoolRequest(self.resource_type.update, body)
            yield PoolRequest(pool.remove, item_id=gone)

    def _unlinked(self, pool: Pool) -> list[str]:
        """Return the ids that the live object names and the updated one does not."""
        updated = {**self.live, **self.body}
        kept = {held for link in pool.links for held in _ids_at(pool, updated, link)}
        before = [held for link in pool.links for held in _ids_at(pool, self.live, link)]
        return [held for held in dict.fromkeys(before) if held not in kept]


def _items_at(data: Mapping[str, Json], link: str) -> Iterator[Mapping[str, Json]]:
    for _, items in values_at(data, link):
        yield from items if isinstance(items, list) else ()


def _ids_at(pool: Pool, data: Mapping[str, Json], link: str) -> Iterator[Json]:
    return (item[pool.item_id] for item in _items_at(data, link))


def _dotted(path: FieldPath) -> str:
    return ".".join(map(str, path))


def _put_at(data: Mapping[str, Json], path: FieldPath, value: Json) -> Json:
    return rewritten(data, _dotted(path), lambda _: value)

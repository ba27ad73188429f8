"""The requests that bring a list under endpoints of its own (an `Association`) to the desired items."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import quote

from tenantctl.catalog.endpoints import Association
from tenantctl.plan.diff import by_key
from tenantctl.plan.model import Write
from tenantctl.states import Json


def association_writes(
    association: Association, desired: Sequence[Json], current: Sequence[Json]
) -> Iterator[Write]:
    """Yield the requests that add what is missing, change what differs and remove what is too much."""
    wanted, found = by_key(association.item_key, desired), by_key(association.item_key, current)
    added = [item for key, item in wanted.items() if key not in found]
    removed = [item for key, item in found.items() if key not in wanted]
    if association.whole:
        yield from _whole(association, list(wanted.values()))
    elif association.toggle:
        yield from _toggled(association, added, removed)
    else:
        each = _wrapped if association.wrapper else _one_by_one
        yield from each(association, added, removed)
        yield from _changed(association, [(item, found[key]) for key, item in wanted.items() if key in found])


def _whole(association: Association, items: list[Json]) -> Iterator[Write]:
    sent = [_sent(association, item) for item in items]
    body = {association.wrapper: sent} if association.wrapper else sent
    yield Write(association.add.method, association.add.path, body)


def _toggled(association: Association, added: list[Json], removed: list[Json]) -> Iterator[Write]:
    items = [
        {association.scalar: item, "status": status}
        for group, status in ((added, True), (removed, False))
        for item in group
    ]
    for batch in _batches(items, association.batch):
        yield Write(association.add.method, association.add.path, batch)


def _wrapped(association: Association, added: list[Json], removed: list[Json]) -> Iterator[Write]:
    name = association.removed_by
    gone = [item[name] if name else _sent(association, item) for item in removed]
    sent = [_sent(association, item) for item in added]
    for endpoint, items in ((association.add, sent), (association.remove, gone)):
        if endpoint is None:
            continue
        for batch in _batches(items, association.batch):
            yield Write(endpoint.method, endpoint.path, {association.wrapper: batch})


def _one_by_one(association: Association, added: list[Json], removed: list[Json]) -> Iterator[Write]:
    for item in added:
        yield Write(association.add.method, association.add.path, _sent(association, item))
    for live in removed:
        if association.remove is not None:
            yield Write(association.remove.method, _item_path(association, association.remove.path, live))


def _changed(association: Association, kept: list[tuple[Json, Json]]) -> Iterator[Write]:
    """Yield the requests that change items which stay."""
    if association.update is None:
        return
    for item, live in kept:
        changes = {
            name: value
            for name, value in _members(item).items()
            if name not in association.item_key and live.get(name) != value
        }
        if changes:
            yield Write(
                association.update.method, _item_path(association, association.update.path, live), changes
            )


def _sent(association: Association, item: Json) -> Json:
    if association.sent and isinstance(item, Mapping):
        item = {name: item[name] for name in association.sent if name in item}
    return association.encode(item)


def _members(item: Json) -> Mapping[str, Json]:
    return item if isinstance(item, Mapping) else {}


def _item_path(association: Association, path: str, live: Json) -> str:
    """Fill ``{item}`` in; ``{id}`` is the applier's."""
    value = live.get(association.item_id) if isinstance(live, Mapping) else live
    return path.replace("{item}", quote(str(value), safe=""))


def _batches(items: list[Json], size: int) -> Iterator[list[Json]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]

"""The requests of a change: what goes on the wire so that the tenant becomes what the file says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tenantctl.catalog.fields import is_update_only
from tenantctl.catalog.spec import Association, Endpoint, ResourceType
from tenantctl.plan.diff import by_key
from tenantctl.plan.model import Write
from tenantctl.plan.shape import shape_at
from tenantctl.plan.values import map_leaves, seal
from tenantctl.states import FieldPath, Json


def create_writes(
    resource_type: ResourceType, endpoint: Endpoint, address: str, desired: Mapping[str, Json]
) -> tuple[Write, ...]:
    """Return the requests that create a resource: the object, what a create refuses, its associations."""
    associated = {association.field for association in resource_type.associations}
    sent = {
        name: _without_nulls(value)
        for name, value in desired.items()
        if value is not None and name not in associated
    }
    late = {name: value for name, value in sent.items() if is_update_only(resource_type, name)}
    body = {name: value for name, value in sent.items() if name not in late}
    writes = [_write(resource_type, address, endpoint.method, endpoint.path, body)]
    if late:
        writes.append(_update(resource_type, address, late))
    for association in resource_type.associations:
        writes.extend(_association_writes(association, desired.get(association.field), []))
    return tuple(writes)


def update_writes(
    resource_type: ResourceType,
    address: str,
    desired: Mapping[str, Json],
    current: Mapping[str, Json],
    fields: Iterable[str],
) -> tuple[Write, ...]:
    """Return the requests that bring the top-level `fields` of a live object to the desired values."""
    touched = set(fields)
    associated = {association.field: association for association in resource_type.associations}
    body = {
        name: _laid_over(resource_type, (name,), value, current.get(name))
        for name, value in desired.items()
        if name not in associated and (name in touched or _holds_write_only(resource_type, (name,), value))
    }
    writes = [_update(resource_type, address, body)] if body else []
    for field, association in associated.items():
        if field in touched:
            writes.extend(_association_writes(association, desired.get(field), current.get(field) or []))
    return tuple(writes)


def delete_writes(endpoint: Endpoint) -> tuple[Write, ...]:
    """Return the request that deletes a resource."""
    return (Write(endpoint.method, endpoint.path),)


def _update(resource_type: ResourceType, address: str, body: Mapping[str, Json]) -> Write:
    return _write(resource_type, address, resource_type.update.method, resource_type.update.path, body)


def _write(
    resource_type: ResourceType, address: str, method: str, path: str, body: Mapping[str, Json]
) -> Write:
    return Write(method, path, seal(resource_type, address, dict(body)))


def _association_writes(association: Association, desired: Json, current: Iterable[Json]) -> Iterable[Write]:
    """Return the requests that add the missing items and remove the surplus ones."""
    wanted = by_key(association.item_key, desired or [])
    found = by_key(association.item_key, current)
    steps = (
        (association.add, [item for key, item in wanted.items() if key not in found]),
        (association.remove, [item for key, item in found.items() if key not in wanted]),
    )
    for endpoint, items in steps:
        if items:
            named = [{member: item[member] for member in association.item_key} for item in items]
            yield Write(endpoint.method, endpoint.path, {association.wrapper: named})


def _laid_over(resource_type: ResourceType, path: FieldPath, desired: Json, current: Json) -> Json:
    """Return what to send for one place so that members the file does not name survive.

    The API replaces most nested objects as a whole, so the live members are sent along; where it merges,
    sending the named ones is enough and touches nothing else.
    """
    if isinstance(desired, list):
        return _items_laid_over(resource_type, path, desired, current)
    if not isinstance(desired, Mapping):
        return desired
    live = current if isinstance(current, Mapping) else {}
    merged = shape_at(resource_type, path).merged
    body = {} if merged else _writable(resource_type, path, live)
    for key, value in desired.items():
        place = (*path, key)
        if shape_at(resource_type, place).read_only:
            continue
        if value is None and not merged:
            body.pop(key, None)
        else:
            body[key] = _laid_over(resource_type, place, value, live.get(key))
    return body


def _items_laid_over(
    resource_type: ResourceType, path: FieldPath, desired: list[Json], current: Json
) -> list[Json]:
    item_key = shape_at(resource_type, path).item_key
    live = by_key(item_key, current or []) if item_key else {}
    if not item_key and isinstance(current, list) and len(current) == len(desired):
        return [_laid_over(resource_type, (*path, 0), *pair) for pair in zip(desired, current, strict=True)]
    if not item_key:
        return desired
    return [
        _laid_over(resource_type, (*path, 0), item, live.get(key))
        for key, item in by_key(item_key, desired).items()
    ]


def _writable(resource_type: ResourceType, path: FieldPath, live: Mapping[str, Json]) -> dict[str, Any]:
    return {key: value for key, value in live.items() if not shape_at(resource_type, (*path, key)).read_only}


def _without_nulls(value: Json) -> Json:
    """Drop null members: in an object that does not exist yet there is nothing to clear."""
    if isinstance(value, Mapping):
        return {key: _without_nulls(member) for key, member in value.items() if member is not None}
    return [_without_nulls(item) for item in value] if isinstance(value, list) else value


def _holds_write_only(resource_type: ResourceType, path: FieldPath, value: Json) -> bool:
    """Return whether a write-only value stands at or below `path`: it goes along with any update."""
    held = False

    def visit(below: FieldPath, leaf: Json) -> Json:
        nonlocal held
        held = held or (leaf is not None and shape_at(resource_type, (*path, *below)).write_only)
        return leaf

    map_leaves(value, visit)
    return held

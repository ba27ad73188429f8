"""What to send for a value so that members which the file does not name survive."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tenantctl.catalog.marks import is_marked
from tenantctl.catalog.spec import ResourceType
from tenantctl.plan.diff import by_key, same_kind
from tenantctl.plan.shape import shape_at
from tenantctl.plan.values import map_leaves
from tenantctl.states import FieldPath, Json


def laid_over(resource_type: ResourceType, path: FieldPath, desired: Json, current: Json) -> Json:
    """Return what to send for one place so that members the file does not name survive.

    The API replaces most nested objects as a whole, so the live members are sent along; where it merges,
    sending the named ones is enough and touches nothing else.
    """
    if isinstance(desired, list):
        return _itemslaid_over(resource_type, path, desired, current)
    if not isinstance(desired, Mapping):
        return desired
    fits = isinstance(current, Mapping) and same_kind(resource_type, path, desired, current)
    live = current if fits else {}
    merged = shape_at(resource_type, path).merged
    body = {} if merged else _compatible(resource_type, path, _writable(resource_type, path, live), desired)
    for key, value in desired.items():
        place = (*path, key)
        if shape_at(resource_type, place).read_only:
            continue
        if value is None and not merged:
            body.pop(key, None)
        else:
            body[key] = laid_over(resource_type, place, value, live.get(key))
    return body


def _itemslaid_over(
    resource_type: ResourceType, path: FieldPath, desired: list[Json], current: Json
) -> list[Json]:
    item_key = shape_at(resource_type, path).item_key
    if shape_at(resource_type, path).variant is not None:
        return desired
    live = by_key(item_key, current or []) if item_key else {}
    if not item_key and isinstance(current, list) and len(current) == len(desired):
        return [laid_over(resource_type, (*path, 0), *pair) for pair in zip(desired, current, strict=True)]
    if not item_key:
        return desired
    return [
        laid_over(resource_type, (*path, 0), item, live.get(key))
        for key, item in by_key(item_key, desired).items()
    ]


def _writable(resource_type: ResourceType, path: FieldPath, live: Mapping[str, Json]) -> dict[str, Any]:
    shapes = {key: shape_at(resource_type, (*path, key)) for key in live}
    return {
        key: value for key, value in live.items() if not shapes[key].read_only and shapes[key].masked != value
    }


def _compatible(
    resource_type: ResourceType, path: FieldPath, live: dict[str, Any], desired: Mapping[str, Json]
) -> dict[str, Any]:
    """Leave out live members that the API refuses beside others (`ResourceType.exclusive`).

    What the file names stays, and so does the first group that is there if it names none.
    """
    for groups in resource_type.exclusive:
        here = [{name for name in (*live, *desired) if is_marked(group, (*path, name))} for group in groups]
        named = [group for group in here if any(desired.get(name) not in (None, False) for name in group)]
        kept = named[0] if named else next(filter(None, here), set())
        excluded = set().union(*here) - kept
        live = {name: value for name, value in live.items() if name not in excluded}
    return live


def without_nulls(value: Json) -> Json:
    """Drop null members: in an object that does not exist yet there is nothing to clear."""
    if isinstance(value, Mapping):
        return {key: without_nulls(member) for key, member in value.items() if member is not None}
    return [without_nulls(item) for item in value] if isinstance(value, list) else value


def holds_write_only(resource_type: ResourceType, path: FieldPath, value: Json) -> bool:
    """Return whether a write-only value stands at or below `path`: it goes along with any update."""
    if not shape_at(resource_type, path).opaque:
        return False
    held = False

    def visit(below: FieldPath, leaf: Json) -> Json:
        nonlocal held
        place = (*path, *below)
        ends = range(1, len(place) + 1)
        marked = any(shape_at(resource_type, place[:end]).write_only for end in ends)
        held = held or (leaf is not None and marked)
        return leaf

    map_leaves(value, visit)
    return held

"""Make entries of a file of live objects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tenantctl.catalog.fields import field_at, fields_of, is_read_only
from tenantctl.catalog.marks import dotted
from tenantctl.catalog.spec import ResourceType
from tenantctl.plan.diff import Walk, is_default, is_empty
from tenantctl.plan.pools import written_out
from tenantctl.plan.references import Directory
from tenantctl.plan.shape import ABSENT
from tenantctl.pull.named import DROPPED, Names
from tenantctl.states import FieldPath, Json


@dataclass(frozen=True, slots=True)
class Entry:
    """An object as a file would declare it.

    withheld: places of its secrets, and of what reads never tell: they are not in `data`.
    lacking: fields that every entry needs, and that are among these.
    """

    data: Mapping[str, Json]
    withheld: tuple[FieldPath, ...]
    lacking: tuple[str, ...]


def observed(resource_type: ResourceType, live: Mapping[str, Json]) -> Mapping[str, Json]:
    """Return a live object as it is compared."""
    return written_out(resource_type, resource_type.observe(live))


def entry_of(resource_type: ResourceType, live: Mapping[str, Json], directory: Directory) -> Entry:
    """Return the entry of a live object: what can be written and is not the server's default anyway."""
    seen = observed(resource_type, live)
    names = Names(resource_type, directory)
    walk = Walk(resource_type, resource_type.computed_defaults(seen))
    data: dict[str, Any] = {}
    for name in _names(resource_type, seen):
        value = names.value((name,), seen[name])
        if name in resource_type.key or name in resource_type.required:
            if value is not DROPPED:
                data[name] = value
        elif value is not DROPPED:
            sparse = _without_defaults(walk, (name,), value, seen[name])
            if not is_empty(sparse):
                data[name] = sparse
    lacking = tuple(name for name in resource_type.required if data.get(name) in (None, ""))
    return Entry(_compatible(resource_type, data), tuple(names.withheld), lacking)


def _names(resource_type: ResourceType, seen: Mapping[str, Json]) -> Iterator[str]:
    """Yield the fields to declare: those of the key first, the others as the API lists them."""
    place = resource_type.places.get(str(seen.get(resource_type.key[0]))) if resource_type.key else None
    known = fields_of(resource_type)
    for name in dict.fromkeys((*resource_type.key, *resource_type.required, *known)):
        is_key = name in resource_type.key
        if name not in seen or seen[name] is None or (not is_key and name == resource_type.id_field):
            continue
        if is_key or not (is_read_only(resource_type, name) or (place and name not in place.fields)):
            yield name


def _without_defaults(walk: Walk, path: FieldPath, value: Json, live: Json) -> Json:
    """Return a value without the members that the server has anyway, and those that no request takes."""
    default = walk.default(path)
    if default is not ABSENT and is_default(live, default):
        return None
    if not isinstance(value, Mapping) or not isinstance(live, Mapping):
        return value
    kept = {}
    for name, member in value.items():
        place = (*path, name)
        known = field_at(walk.resource_type, dotted(place))
        if known is not None and known.read and not known.writable:
            continue
        sparse = _without_defaults(walk, place, member, live.get(name)) if name in live else member
        if sparse is not None:
            kept[name] = sparse
    return kept


def _compatible(resource_type: ResourceType, data: dict[str, Any]) -> Mapping[str, Json]:
    """Leave out what may not stand beside the rest, though reads return both."""
    for name, value, other in resource_type.conflicts:
        if data.get(name) == value:
            data.pop(other, None)
    for groups in resource_type.exclusive:
        there = [group for group in groups if any(_has(data, path.split(".")) for path in group)]
        for group in there[1:]:
            for path in group:
                data = _without(data, path.split("."))
    return data


def _has(data: Json, steps: list[str]) -> bool:
    for step in steps:
        if not isinstance(data, Mapping) or step not in data:
            return False
        data = data[step]
    return True


def _without(data: Json, steps: list[str]) -> Json:
    if not _has(data, steps):
        return data
    first, *rest = steps
    if not rest:
        return {name: value for name, value in data.items() if name != first}
    return {**data, first: _without(data[first], rest)}

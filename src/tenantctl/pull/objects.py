"""Make entries of a file of live objects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tenantctl.catalog.fields import field_at, fields_of, is_immutable, is_read_only
from tenantctl.catalog.keys import key_of
from tenantctl.catalog.marks import dotted, is_secret
from tenantctl.catalog.paths import values_at
from tenantctl.catalog.spec import ResourceType
from tenantctl.plan.diff import by_key
from tenantctl.plan.listed import spread
from tenantctl.plan.pools import written_out
from tenantctl.plan.references import Directory
from tenantctl.plan.shape import shape_at
from tenantctl.pull.named import DROPPED, Names
from tenantctl.pull.secrets import SecretKeywords
from tenantctl.states import FieldPath, Json, make_address


@dataclass(frozen=True, slots=True)
class Entry:
    """An object as a file would declare it; keywords stand for its secrets.

    lacking: fields that every entry needs, and that no read tells.
    """

    address: str
    data: Mapping[str, Json]
    lacking: tuple[str, ...]


def observed(resource_type: ResourceType, live: Mapping[str, Json]) -> Mapping[str, Json]:
    """Return a live object as it is compared."""
    return written_out(resource_type, resource_type.observe(live))


def entry_of(
    resource_type: ResourceType, live: Mapping[str, Json], directory: Directory, secrets: SecretKeywords
) -> Entry:
    """Return the entry of a live object: all that reads tell and requests take."""
    seen = observed(resource_type, live)
    names = Names(resource_type, directory, secrets)
    key = {name: names.value((name,), seen[name]) for name in resource_type.key if name in seen}
    names.address = make_address(resource_type.section, key_of(resource_type, key))
    data: dict[str, Any] = {}
    for name in _names(resource_type, seen):
        value = names.value((name,), seen[name])
        if value is not DROPPED:
            data[name] = _writable(resource_type, (name,), value)
    _add_unseen(resource_type, names, data)
    lacking = tuple(name for name in resource_type.required if data.get(name) in (None, ""))
    return Entry(names.address, spread(resource_type, _compatible(resource_type, data)), lacking)


def _add_unseen(resource_type: ResourceType, names: Names, data: dict[str, Any]) -> None:
    """Add keywords for the secrets without which an entry is none, and which no read shows.

    Those are fields that a create needs, and members of the items of a list, such as an action's secrets.
    """
    for name in resource_type.required:
        if name not in data and is_secret(resource_type, (name,)):
            data[name] = names.unseen((name,), (name,))
    for mark in sorted(resource_type.write_only & resource_type.secret):
        holder, _, member = mark.rpartition(".")
        if not holder.endswith("[]"):
            continue
        for path, item in values_at(data, holder):
            if isinstance(item, dict) and member not in item:
                item[member] = names.unseen((*path, member), (*_way(resource_type, path, item), member))


def _way(resource_type: ResourceType, path: FieldPath, item: Mapping[str, Json]) -> tuple[str, ...]:
    """Return the way to an item of a list as a keyword is named after it."""
    *above, index = map(str, path)
    item_key = shape_at(resource_type, path[:-1]).item_key
    return (*above, *by_key(item_key, [item])) if item_key else (*above, index)


def _names(resource_type: ResourceType, seen: Mapping[str, Json]) -> Iterator[str]:
    """Yield the fields to declare: those of the key first, the others as the API lists them."""
    place = resource_type.places.get(str(seen.get(resource_type.key[0]))) if resource_type.key else None
    known = fields_of(resource_type)
    for name in dict.fromkeys((*resource_type.key, *resource_type.required, *known)):
        is_key = name in resource_type.key
        if (
            seen.get(name) is None
            or name in resource_type.generated
            or _goes_without_saying(resource_type, name, seen)
        ):
            continue
        is_stated = is_read_only(resource_type, name) or name == resource_type.id_field
        if is_key or not (is_stated or (place and name not in place.fields)):
            yield name


def _goes_without_saying(resource_type: ResourceType, name: str, seen: Mapping[str, Json]) -> bool:
    """Return whether a field has its default and can't get another value."""
    if name in resource_type.required or seen[name] != resource_type.defaults.get(name):
        return False
    return name in resource_type.key or is_immutable(resource_type, name)


def _writable(resource_type: ResourceType, path: FieldPath, value: Json) -> Json:
    """Return a value without the members that no request takes."""
    if isinstance(value, list):
        return [_writable(resource_type, (*path, index), item) for index, item in enumerate(value)]
    if not isinstance(value, Mapping):
        return value
    kept = {}
    for name, member in value.items():
        known = field_at(resource_type, dotted((*path, name)))
        if known is None or known.writable or not known.read:
            kept[name] = _writable(resource_type, (*path, name), member)
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

"""Compare one resource of the file with its live object, field by field, by the rules of the type.

Both sides are first brought to a comparable form (`_comparable`): only what the file names, lists that have
no order sorted or keyed, what the server leaves out put in. The differ proper then sees two plain trees.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from deepdiff import DeepDiff

from tenantctl.catalog.marks import is_secret
from tenantctl.catalog.spec import ResourceType
from tenantctl.plan.model import FieldDiff
from tenantctl.plan.shape import ABSENT, shape_at
from tenantctl.plan.values import Pending, shown
from tenantctl.states import FieldPath, Json


class _Keyed(dict[str, Any]):
    """A list whose items are known by a key, turned into a mapping from that key."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What comparing one resource gave: its differences, and the write-only paths that have none."""

    fields: tuple[FieldDiff, ...]
    not_comparable: tuple[str, ...]

    @property
    def top_level(self) -> tuple[str, ...]:
        """The top-level fields that differ, in file order and without repetition."""
        return tuple(dict.fromkeys(field.path.split(".")[0].split("[")[0] for field in self.fields))


def compare(
    resource_type: ResourceType, desired: Mapping[str, Json], current: Mapping[str, Json]
) -> Comparison:
    """Compare the fields that `desired` names with `current` (both in wire form)."""
    walk = _Walk(resource_type, current)
    wanted, found = walk.mapping((), desired, current)
    if _same(wanted, found):
        return Comparison((), tuple(walk.not_comparable))
    return Comparison(tuple(_differences(resource_type, wanted, found)), tuple(walk.not_comparable))


def is_empty(value: Json) -> bool:
    """Return whether the server may leave such a value out of an answer altogether."""
    return value is ABSENT or value is None or value in ([], {})


class _Walk:
    """One pass over a resource that builds the comparable form of both sides."""

    def __init__(self, resource_type: ResourceType, current: Mapping[str, Json]) -> None:
        self.resource_type = resource_type
        self.current = current
        self.not_comparable: list[str] = []

    def mapping(self, path: FieldPath, desired: Mapping[str, Json], current: Json) -> tuple[Any, Any]:
        """Compare a mapping key by key; what `desired` does not name is unmanaged."""
        wanted: dict[str, Json] = {}
        found: dict[str, Json] = {}
        live = current if isinstance(current, Mapping) else {}
        for key, value in desired.items():
            place = (*path, key)
            shape = shape_at(self.resource_type, place)
            if shape.read_only:
                continue
            if shape.write_only and live.get(key) is None:
                if value is not None:
                    self.not_comparable.append(".".join(map(str, place)))
                continue
            wanted[key], found[key] = self.value(place, value, live.get(key, ABSENT), shape.default)
        return wanted, found

    def value(self, path: FieldPath, desired: Json, current: Json, default: Json) -> tuple[Json, Json]:
        """Bring one pair of values to the form in which equal means no difference."""
        if current is ABSENT and default is not ABSENT:
            current = default
        if desired is None:
            cleared = is_empty(current) or _same(current, default) or self._is_computed(path, current)
            return None, None if cleared else current
        if isinstance(desired, Mapping):
            return self.mapping(path, desired, current)
        if isinstance(desired, list):
            return self.sequence(path, desired, [] if is_empty(current) else current)
        return desired, None if current is ABSENT else current

    def _is_computed(self, path: FieldPath, current: Json) -> bool:
        """Return whether the live value is the default that the rest of the object gives it."""
        value: Json = self.resource_type.computed_defaults(self.current)
        for step in path:
            value = value.get(step, ABSENT) if isinstance(value, Mapping) else ABSENT
        return value is not ABSENT and self._is_laid_under(value, current)

    def _is_laid_under(self, default: Json, current: Json) -> bool:
        if isinstance(default, Mapping) and isinstance(current, Mapping):
            return all(self._is_laid_under(value, current.get(name)) for name, value in default.items())
        return _same(default, current)

    def sequence(self, path: FieldPath, desired: list[Json], current: Json) -> tuple[Json, Json]:
        """Compare a list: by the key of its items, as a set, or item by item in order."""
        shape = shape_at(self.resource_type, path)
        if not isinstance(current, list):
            return desired, current
        if shape.item_key:
            return self._keyed(path, shape.item_key, desired, current)
        if shape.unordered:
            return _as_set(desired), _as_set(current)
        if len(desired) != len(current):
            return desired, current
        pairs = [
            self.value((*path, index), item, live, ABSENT)
            for index, (item, live) in enumerate(zip(desired, current, strict=True))
        ]
        return [wanted for wanted, _ in pairs], [found for _, found in pairs]

    def _keyed(
        self, path: FieldPath, item_key: tuple[str, ...], desired: list[Json], current: list[Json]
    ) -> tuple[Json, Json]:
        wanted, found = _Keyed(), _Keyed(by_key(item_key, current))
        for key, item in by_key(item_key, desired).items():
            if key in found and isinstance(item, Mapping):
                wanted[key], found[key] = self.mapping((*path, 0), item, found[key])
            else:
                wanted[key] = item
        return wanted, found


def by_key(item_key: tuple[str, ...], items: Iterable[Json]) -> dict[str, Json]:
    """Return the items of a keyed list by the joined values of their key members."""
    return {
        ":".join(str(item.get(member)) for member in item_key)
        if isinstance(item, Mapping)
        else str(item): item
        for item in items
    }


def _as_set(items: list[Json]) -> list[Json]:
    """Return the distinct items in an order that depends on nothing but their values."""
    return [value for _, value in sorted({repr(item): item for item in items}.items())]


def _same(one: Json, other: Json) -> bool:
    """Return whether two JSON values are equal; unlike ``==``, True is not 1."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(_same(value, other[key]) for key, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return isinstance(one, bool) is isinstance(other, bool) and bool(one == other)


def _differences(resource_type: ResourceType, wanted: Json, found: Json) -> Iterable[FieldDiff]:
    """Run the differ and report each difference at the field it belongs to, in file order."""
    report = DeepDiff(
        _plain(found),
        _plain(wanted),
        view="tree",
        threshold_to_diff_deeper=0,
    )
    places: dict[tuple[str, ...], None] = {}
    for levels in report.values():
        for level in levels:
            places[_field_of(wanted, found, level.path(output_format="list"))] = None
    for place in sorted(places, key=lambda place: _rank(wanted, place)):
        yield _field_diff(resource_type, place, wanted, found)


def _plain(value: Json) -> Json:
    """Return a tree of plain dicts and lists, as the differ compares types too."""
    if isinstance(value, Mapping):
        return {key: _plain(member) for key, member in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)  # JSON has one kind of number
    return f"\0pending {value.address}" if isinstance(value, Pending) else value


def _field_of(wanted: Json, found: Json, path: list[str | int]) -> tuple[str, ...]:
    """Cut the path of a difference where it enters a list: a list is shown as a whole."""
    place: list[str] = []
    for step in path:
        if not isinstance(wanted, Mapping) and not isinstance(found, Mapping):
            break
        place.append(str(step))
        wanted = wanted.get(step, ABSENT) if isinstance(wanted, Mapping) else ABSENT
        found = found.get(step, ABSENT) if isinstance(found, Mapping) else ABSENT
    return tuple(place)


def _rank(wanted: Json, place: tuple[str, ...]) -> list[int]:
    """Return the position of a place in file order; what only the tenant has comes last."""
    ranks = []
    for step in place:
        keys = list(wanted) if isinstance(wanted, Mapping) else []
        ranks.append(keys.index(step) if step in keys else len(keys))
        wanted = wanted.get(step) if isinstance(wanted, Mapping) else None
    return ranks


def _field_diff(resource_type: ResourceType, place: tuple[str, ...], wanted: Json, found: Json) -> FieldDiff:
    text = ""
    path: FieldPath = ()
    for step in place:
        if isinstance(wanted, _Keyed) or isinstance(found, _Keyed):
            text, path = f"{text}[{step}]", (*path, 0)
        else:
            text, path = f"{text}.{step}" if text else step, (*path, step)
        wanted = wanted.get(step) if isinstance(wanted, Mapping) else None
        found = found.get(step) if isinstance(found, Mapping) else None
    return FieldDiff(
        path=text,
        before=shown(resource_type, path, _listed(found)),
        after=shown(resource_type, path, _listed(wanted)),
        sensitive=is_secret(resource_type, path),
    )


def _listed(value: Json) -> Json:
    """Turn a keyed list back into a list."""
    return list(value.values()) if isinstance(value, _Keyed) else value

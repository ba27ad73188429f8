"""Compare one resource of the file with its live object, field by field, by the rules of the type.

Both sides are first brought to a comparable form (`Walk`): only what the file names, and of that only what
is not equal as it stands; lists that have no order sorted or keyed; what the server leaves out put in. The
differ proper then sees, of each field that differs and has members, two plain trees.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from deepdiff import DeepDiff

from tenantctl.catalog.marks import is_secret
from tenantctl.catalog.spec import ResourceType
from tenantctl.plan.model import FieldDiff
from tenantctl.plan.shape import ABSENT, Shape, shape_at
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
    resource_type: ResourceType,
    desired: Mapping[str, Json],
    current: Mapping[str, Json],
    *,
    tells_secrets: bool = True,
) -> Comparison:
    """Compare the fields that `desired` names with `current` (both in wire form).

    tells_secrets: whether `current` has the secrets that reads return; if not, none is comparable.
    """
    walk = Walk(resource_type, resource_type.computed_defaults(current), tells_secrets=tells_secrets)
    wanted, found = walk.mapping((), desired, current)
    if same_value(wanted, found):
        return Comparison((), tuple(walk.not_comparable))
    return Comparison(tuple(_differences(resource_type, wanted, found)), tuple(walk.not_comparable))


def is_empty(value: Json) -> bool:
    """Return whether the server may leave such a value out of an answer altogether."""
    return value is ABSENT or value is None or value in ([], {})


class Walk:
    """One pass over a resource that builds the comparable form of both sides."""

    def __init__(
        self, resource_type: ResourceType, computed: Mapping[str, Json], *, tells_secrets: bool = True
    ) -> None:
        self.resource_type = resource_type
        self.tells_secrets = tells_secrets
        self.computed = computed
        self.not_comparable: list[str] = []
        self.optional = {
            part.field for part in resource_type.parts if part.create is not None and not part.names
        }

    def differs(self, path: FieldPath, name: str, desired: Json, current: Json) -> bool:
        """Return whether one member of a mapping is another than that of `current`."""
        wanted, found = self.mapping(path, {name: desired}, current)
        return not same_value(wanted.get(name, ABSENT), found.get(name, ABSENT))

    def item_differs(self, path: FieldPath, desired: Json, current: Json) -> bool:
        """Return whether one item of the ordered list at `path` is another than `current`."""
        return not same_value(*self.value((*path, 0), desired, current, ABSENT))

    def default(self, path: FieldPath) -> Json:
        """Return what the server has at a place that was never set, or ABSENT."""
        return _default(shape_at(self.resource_type, path).default, _at(self.computed, path))

    def mapping(self, path: FieldPath, desired: Mapping[str, Json], current: Json) -> tuple[Any, Any]:
        """Compare a mapping key by key; what `desired` does not name is unmanaged."""
        wanted: dict[str, Json] = {}
        found: dict[str, Json] = {}
        live = current if isinstance(current, Mapping) else {}
        # A list is shown as a whole, so of its items what is equal is needed, too.
        narrows = all(isinstance(step, str) for step in path)
        for key, value in desired.items():
            place = (*path, key)
            shape = shape_at(self.resource_type, place)
            if shape.read_only or (narrows and not shape.opaque and same_value(value, live.get(key, ABSENT))):
                continue
            hidden = shape.write_only or (shape.secret and not self.tells_secrets)
            if hidden and _is_unseen(shape, value, live.get(key)):
                if value is not None:
                    self.not_comparable.append(".".join(map(str, place)))
                continue
            if not path and key in self.optional and value not in (None, []) and live.get(key) is None:
                wanted[key], found[key] = value, None  # to be there at all is a difference
                continue
            wanted[key], found[key] = self.value(place, value, live.get(key, ABSENT), self.default(place))
        if not same_kind(self.resource_type, path, desired, live):
            found |= self._let_go(path, live.keys() - desired.keys(), live)
        return wanted, found

    def _let_go(self, path: FieldPath, names: Iterable[str], live: Mapping[str, Json]) -> Mapping[str, Json]:
        """Return the live members that mean nothing beside those of another kind."""
        shapes = {name: shape_at(self.resource_type, (*path, name)) for name in sorted(names)}
        return {
            name: live[name] for name, shape in shapes.items() if not shape.read_only and not shape.write_only
        }

    def value(self, path: FieldPath, desired: Json, current: Json, default: Json) -> tuple[Json, Json]:
        """Bring one pair of values to the form in which equal means no difference."""
        if current is ABSENT and default is not ABSENT:
            current = default
        if desired is None:
            cleared = is_empty(current) or is_default(current, default)
            return None, None if cleared else current
        if isinstance(desired, Mapping):
            return self.mapping(path, desired, current)
        if isinstance(desired, list):
            return self.sequence(path, desired, [] if is_empty(current) else current)
        return desired, None if current is ABSENT else current

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


def _default(fixed: Json, computed: Json) -> Json:
    """Return the default of a place: what depends on the rest of the object goes before what does not."""
    if isinstance(fixed, Mapping) and isinstance(computed, Mapping):
        return {**fixed, **computed}
    return fixed if computed is ABSENT else computed


def _at(values: Mapping[str, Json], path: FieldPath) -> Json:
    """Return the value at a path of nested mappings, or ABSENT."""
    found: Json = values
    for step in path:
        if not isinstance(found, Mapping) or step not in found:
            return ABSENT
        found = found[step]
    return found


def same_kind(
    resource_type: ResourceType, path: FieldPath, desired: Mapping[str, Json], live: Mapping[str, Json]
) -> bool:
    """Return whether the members of a live object mean something beside those of the file."""
    variant = shape_at(resource_type, path).variant
    if variant is None or not live:
        return True
    if not variant:
        return {name for name, value in desired.items() if value is not None} <= live.keys()
    return variant not in desired or bool(desired[variant] == live.get(variant))


def _is_unseen(shape: Shape, desired: Json, current: Json) -> bool:
    """Return whether nobody can tell if a write-only value is the one on the tenant."""
    if shape.masked is ABSENT:
        return current is None
    return shape.masked == desired or (shape.masked == current and desired is not None)


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


def same_value(one: Json, other: Json) -> bool:
    """Return whether two JSON values are equal; unlike ``==``, True is not 1."""
    return bool(one == other) and _same_booleans(one, other)


def _same_booleans(one: Json, other: Json) -> bool:
    """Return whether two values that are equal to Python have their booleans in the same places."""
    if isinstance(one, str) or one is None:
        return True
    if isinstance(one, bool | int | float):
        return isinstance(one, bool) is isinstance(other, bool)
    if isinstance(one, list):
        return all(map(_same_booleans, one, other))
    if isinstance(one, Mapping):
        return all(_same_booleans(value, other[key]) for key, value in one.items())
    return True


def is_default(current: Json, default: Json) -> bool:
    """Return whether a value is the server's default; of an object, whether all that it shows is."""
    if isinstance(current, Mapping) and isinstance(default, Mapping):
        return all(is_default(member, default.get(name, ABSENT)) for name, member in current.items())
    return same_value(current, default)


def _differences(
    resource_type: ResourceType, wanted: Mapping[str, Json], found: Mapping[str, Json]
) -> Iterator[FieldDiff]:
    """Report each difference at the field it belongs to, in file order, then what only the tenant has."""
    for name in dict.fromkeys([*wanted, *found]):
        one, other = wanted.get(name, ABSENT), found.get(name, ABSENT)
        if not same_value(one, other):
            for below in _places(one, other):
                yield _field_diff(resource_type, (name, *below), wanted, found)


def _places(wanted: Json, found: Json) -> Iterable[tuple[str, ...]]:
    """Return where two values that are not the same differ: at once, or in some of their members."""
    if not isinstance(wanted, Mapping) or not isinstance(found, Mapping):
        return [()]
    report = DeepDiff(
        _plain(found),
        _plain(wanted),
        view="tree",
        threshold_to_diff_deeper=0,
        ignore_private_variables=False,  # no name of a member makes it private, ``__`` neither
    )
    levels = (level for group in report.values() for level in group)
    places = {_field_of(wanted, found, level.path(output_format="list")) for level in levels}
    return sorted(places, key=lambda place: (_rank(wanted, place), place))


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

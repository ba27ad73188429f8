"""Every way in which one value of an object may come to differ, in the file or on the tenant."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from tenantctl.catalog.marks import is_marked, is_write_only
from tenantctl.catalog.spec import ResourceType
from tenantctl.plan.parts import unclearable
from tenantctl.plan.shape import ABSENT, shape_at
from tenantctl.states import FieldPath
from tests.catalog.recorded import Pair
from tests.plan.test_properties import altered


class Kind(StrEnum):
    """What is done to a value; the first six in the file, the others on the tenant."""

    CHANGED = "value changed"
    ADDED = "item added"
    REMOVED = "item removed"
    EMPTIED = "list emptied"
    MOVED = "items in another order"
    CLEARED = "member cleared"
    GONE = "member gone from the tenant"
    LOST = "item gone from the tenant"
    FOUND = "item added on the tenant"


class Mutation(NamedTuple):
    """A pair with one value of it changed; `path` leads to the value, or to the list whose items changed."""

    kind: Kind
    path: FieldPath
    desired: Mapping[str, Any]
    actual: Mapping[str, Any]


def mutations(pair: Pair) -> Iterator[Mutation]:
    """Yield the pair with each value of the file changed, and each that the file names on the tenant."""
    resource_type = pair.resource_type
    item_ids = {each.item_id for each in (*resource_type.associations, *resource_type.pools)}
    for path, value in _places(pair.desired):
        if path[:1] == (resource_type.id_field,):
            continue  # tells which object is meant, and is no value of it
        for kind, place, edit in _edits(path, value):
            yield Mutation(kind, path, edited(pair.desired, place, edit), pair.actual)
        live = value_at(pair.actual, path)
        if path and live is not ABSENT and path[-1] not in item_ids:  # without an id there is no item
            for kind, place, edit in _edits_there(path, live):
                yield Mutation(kind, path, pair.desired, edited(pair.actual, place, edit))


Edit = Callable[[Any], Any]
_Edits = Iterator[tuple[Kind, FieldPath, Edit]]


def _edits(path: FieldPath, value: Any) -> _Edits:
    if isinstance(value, list):
        yield Kind.ADDED, path, lambda items: [*items, _another(items)]
        for index in range(len(value)):
            yield Kind.REMOVED, path, _without(index)
        if len(value) > 1:
            yield Kind.EMPTIED, path, lambda _: []
        if value[::-1] != value:
            yield Kind.MOVED, path, lambda items: items[::-1]
    elif value == {}:
        yield Kind.ADDED, path, lambda _: {"added": "altered"}
    elif not isinstance(value, Mapping):
        yield Kind.CHANGED, path, altered
    if path and isinstance(path[-1], str) and value is not None:
        yield Kind.CLEARED, path, lambda _: None


def _edits_there(path: FieldPath, live: Any) -> _Edits:
    if isinstance(path[-1], str):
        yield Kind.GONE, path[:-1], _without(path[-1])
    if isinstance(live, list):
        yield Kind.FOUND, path, lambda items: [*items, _another(items)]
        for index in range(len(live)):
            yield Kind.LOST, path, _without(index)


def _another(items: list[Any]) -> Any:
    """Return an item like those of a list, that differs from each of them."""
    return _altered_throughout(items[-1]) if items else "altered"


def _altered_throughout(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _altered_throughout(member) for name, member in value.items()}
    return [_altered_throughout(item) for item in value] if isinstance(value, list) else altered(value)


def _without(step: str | int) -> Edit:
    def edit(holder: Any) -> Any:
        if isinstance(holder, list):
            return [item for index, item in enumerate(holder) if index != step]
        return {name: member for name, member in holder.items() if name != step}

    return edit


def _places(value: Any, path: FieldPath = ()) -> Iterator[tuple[FieldPath, Any]]:
    yield path, value
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, member in pairs:
        yield from _places(member, (*path, step))


def edited(tree: Any, path: FieldPath, edit: Edit) -> Any:
    """Return a copy of a JSON value with what stands at `path` replaced by what `edit` makes of it."""
    if not path:
        return edit(tree)
    step, rest = path[0], path[1:]
    if isinstance(tree, dict):
        return {**tree, step: edited(tree[str(step)], rest, edit)}
    return [edited(item, rest, edit) if index == step else item for index, item in enumerate(tree)]


def value_at(tree: Any, path: FieldPath) -> Any:
    """Return what stands at `path` of a JSON value, or ABSENT."""
    for step in path:
        held = range(len(tree)) if isinstance(tree, list) else tree if isinstance(tree, Mapping) else ()
        if step not in held:
            return ABSENT
        tree = tree[step]
    return tree


class Cause(StrEnum):
    """Why a difference is none: what the catalog says of the value, or of the object."""

    PROTECTED = "the object is protected"
    WRITE_ONLY = "reads leave it out"
    UNORDERED = "the order of a list that has none"
    UNCLEARABLE = "the API can't clear it, and a warning says so"
    DEFAULT = "it is as good as absent: empty, or the server's default"


def cause_of(pair: Pair, mutation: Mutation) -> Cause | None:
    """Return why the catalog has a plan overlook this difference, or None if it must not."""
    resource_type, path = pair.resource_type, mutation.path
    observed = resource_type.observe(pair.actual)
    if resource_type.protected(pair.actual):
        return Cause.PROTECTED
    if _is_unread(resource_type, path):
        return Cause.WRITE_ONLY
    if mutation.kind is Kind.MOVED and shape_at(resource_type, path).unordered:
        return Cause.UNORDERED
    if unclearable(resource_type, mutation.desired):
        return Cause.UNCLEARABLE
    held = {Kind.CLEARED: value_at(observed, path), Kind.GONE: value_at(pair.desired, path)}
    computed = resource_type.computed_defaults(mutation.actual)
    if mutation.kind in held and _is_as_good_as_absent(resource_type, computed, path, held[mutation.kind]):
        return Cause.DEFAULT
    return None


def _is_unread(resource_type: ResourceType, path: FieldPath) -> bool:
    of_pools = {
        f"{link}[].{name}" for pool in resource_type.pools for link in pool.links for name in pool.unread
    }
    prefixes = [path[:end] for end in range(1, len(path) + 1)]
    return is_marked(of_pools, path) or any(is_write_only(resource_type, each) for each in prefixes)


def _is_as_good_as_absent(
    resource_type: ResourceType, computed: Mapping[str, Any], path: FieldPath, value: Any
) -> bool:
    """Whether the server means the same by this value and by none."""
    if (
        is_write_only(resource_type, path)
        or value is ABSENT
        or value in (None, [], {}, value_at(computed, path), shape_at(resource_type, path).default)
    ):
        return True
    return isinstance(value, Mapping) and all(
        _is_as_good_as_absent(resource_type, computed, (*path, name), member)
        for name, member in value.items()
    )

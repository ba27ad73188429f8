"""Walk a resource along a path of the catalog's notation (see `tenantctl.catalog.spec`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache

from tenantctl.states import FieldPath, Json

_ANYWHERE = "**"
_ITEMS = "[]"


@cache
def steps_of(path: str) -> tuple[str, ...]:
    """Split ``permissions[].resource_server_identifier`` into names and ``[]``."""
    return tuple(step for step in path.replace(_ITEMS, f".{_ITEMS}").split(".") if step)


def values_at(data: Json, path: str) -> Iterator[tuple[FieldPath, Json]]:
    """Yield each value that a path such as ``permissions[].permission_name`` names, and where it stands."""
    yield from _walk(data, steps_of(path), ())


def _walk(value: Json, steps: tuple[str, ...], path: FieldPath) -> Iterator[tuple[FieldPath, Json]]:
    if not steps:
        yield path, value
        return
    step = steps[0]
    if isinstance(value, Mapping) and step not in {"*", _ANYWHERE}:
        if step in value:
            yield from _walk(value[step], steps[1:], (*path, step))
        return
    if step == _ANYWHERE:
        yield from _walk(value, steps[1:], path)
    for name, member in _members(value):
        if _leads(step, name):
            yield from _walk(member, steps[1:], (*path, name))
        if step == _ANYWHERE:
            yield from _walk(member, steps, (*path, name))


def _members(value: Json) -> Iterator[tuple[str | int, Json]]:
    if isinstance(value, Mapping):
        yield from value.items()
    elif isinstance(value, list):
        yield from enumerate(value)


def _leads(step: str, name: str | int) -> bool:
    if isinstance(name, int):
        return step == _ITEMS
    return step in (name, "*")


def rewritten(data: Json, path: str, replace: Callable[[Json], Json]) -> Json:
    """Return a copy of `data` with the values at a path replaced; the rest is shared."""
    return _rewritten(data, steps_of(path), replace)


def _rewritten(data: Json, steps: tuple[str, ...], replace: Callable[[Json], Json]) -> Json:
    if not steps:
        return replace(data)
    step = steps[0]
    if isinstance(data, Mapping) and step not in {"*", _ANYWHERE}:
        return {**data, step: _rewritten(data[step], steps[1:], replace)} if step in data else data

    def below(name: str | int, member: Json) -> Json:
        if step == _ANYWHERE:
            here = steps[1:] == (name if isinstance(name, str) else _ITEMS,)
            return _rewritten(replace(member) if here else member, steps, replace)
        return _rewritten(member, steps[1:], replace) if _leads(step, name) else member

    if isinstance(data, Mapping):
        return {name: below(name, member) for name, member in data.items()}
    return [below(index, item) for index, item in enumerate(data)] if isinstance(data, list) else data


def without(value: Json, path: FieldPath) -> Json:
    """Return a value without the field at `path`; what lies off the path is shared, not copied."""
    step, *rest = path
    if isinstance(value, list) and isinstance(step, int):
        return [without(item, tuple(rest)) if index == step else item for index, item in enumerate(value)]
    if not rest:
        return {name: member for name, member in value.items() if name != step}
    return {name: without(member, tuple(rest)) if name == step else member for name, member in value.items()}

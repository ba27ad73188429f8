"""Walk the values of a resource along a dotted path of the catalog."""

from __future__ import annotations

from collections.abc import Iterator

from tenantctl.states import FieldPath, Json


def values_at(data: Json, path: str) -> Iterator[tuple[FieldPath, Json]]:
    """Yield each value that a path such as ``permissions[].permission_name`` names, and where it stands."""
    steps = [step for part in path.replace("[]", ".[]").split(".") if (step := part)]
    yield from _walk(data, steps, ())


def _walk(value: Json, steps: list[str], path: FieldPath) -> Iterator[tuple[FieldPath, Json]]:
    if not steps:
        yield path, value
        return
    step, *rest = steps
    if step == "**":
        yield from _walk(value, rest, path)
        members = enumerate(value) if isinstance(value, list) else ()
        for name, member in value.items() if isinstance(value, dict) else members:
            yield from _walk(member, steps, (*path, name))
    elif step == "[]":
        if isinstance(value, list):
            for index, item in enumerate(value):
                yield from _walk(item, rest, (*path, index))
    elif isinstance(value, dict):
        names = list(value) if step == "*" else [step] if step in value else []
        for name in names:
            yield from _walk(value[name], rest, (*path, name))


def without(value: Json, path: FieldPath) -> Json:
    """Return a value without the field at `path`; what lies off the path is shared, not copied."""
    step, *rest = path
    if isinstance(value, list) and isinstance(step, int):
        return [without(item, tuple(rest)) if index == step else item for index, item in enumerate(value)]
    if not rest:
        return {name: member for name, member in value.items() if name != step}
    return {name: without(member, tuple(rest)) if name == step else member for name, member in value.items()}

"""Hypothesis strategies for resources of any type, made from the catalog's field tables."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tenantctl.catalog.fields import Field, fields_of
from tenantctl.catalog.spec import ResourceType
from tenantctl.plan.shape import shape_at
from tenantctl.states import FieldPath
from tests.entries import (
    VARIANTS,
    compatible,
    identity_of,
    is_left_out,
    is_of_pool,
    name_of_needed,
    reference_at,
    writable_names,
)

_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)
_SCALARS: dict[str, st.SearchStrategy[Any]] = {
    "string": _TEXT,
    "integer": st.integers(1, 100_000),
    "number": st.integers(1, 100_000),
    "boolean": st.booleans(),
}
_MAX_DEPTH = 4


def values(
    resource_type: ResourceType, field: Field, path: FieldPath, depth: int = 0
) -> st.SearchStrategy[Any]:
    """Return values that the field at `path` may have; a reference leads to one of the `needed`."""
    if reference := reference_at(resource_type, path):
        return st.sampled_from([name_of_needed(reference, variant) for variant in VARIANTS])
    if field.enum:
        return st.sampled_from(list(field.enum))
    if field.fields:
        return _objects(resource_type, field, path, depth) if depth < _MAX_DEPTH else st.just({})
    if "array" in field.types and not field.values:
        return _lists(resource_type, field, path, depth)
    if "object" in field.types or field.values:
        names = st.sampled_from(["one", "two", "three"])
        member = values(resource_type, field.values, (*path, "one"), depth + 1) if field.values else _TEXT
        return st.dictionaries(names, member, max_size=3)
    return next((_SCALARS[kind] for kind in field.types if kind in _SCALARS), _TEXT)


def _objects(
    resource_type: ResourceType, field: Field, path: FieldPath, depth: int
) -> st.SearchStrategy[Any]:
    members = {
        name: values(resource_type, child, (*path, name), depth + 1)
        for name, child in field.fields.items()
        if not is_left_out(resource_type, (*path, name))
    }
    return st.fixed_dictionaries({}, optional=members)


def _lists(resource_type: ResourceType, field: Field, path: FieldPath, depth: int) -> st.SearchStrategy[Any]:
    if is_of_pool(resource_type, path):
        return st.just([])
    items = values(resource_type, field.items or Field(), (*path, 0), depth + 1)
    item_key = _item_key(resource_type, path)
    if not item_key:
        return st.lists(items, max_size=3, unique_by=repr)
    known = field.items.fields if field.items else {}
    keyed = st.fixed_dictionaries(
        {
            name: values(resource_type, known.get(name, Field()), (*path, 0, name), depth + 1)
            for name in item_key
        }
    )
    merged = st.tuples(items.filter(lambda item: isinstance(item, dict)), keyed).map(
        lambda pair: {**pair[0], **pair[1]}
    )
    return st.lists(merged, max_size=3, unique_by=lambda item: tuple(item[member] for member in item_key))


def _item_key(resource_type: ResourceType, path: FieldPath) -> tuple[str, ...]:
    """Return the members that tell the items of a list apart; none if they are scalars."""
    listed = (each for each in resource_type.associations if (each.field,) == path and not each.scalar)
    return shape_at(resource_type, path).item_key or next((each.item_key for each in listed), ())


def keys(resource_type: ResourceType) -> st.SearchStrategy[dict[str, Any]]:
    """Return the key fields of an entry."""
    known = fields_of(resource_type)
    names = [name for name in identity_of(resource_type) if name in resource_type.key]
    return st.fixed_dictionaries({name: values(resource_type, known[name], (name,)) for name in names})


def resources(resource_type: ResourceType) -> st.SearchStrategy[dict[str, Any]]:
    """Return entries of a file: any fields that it may name beside each other, a key always there."""
    known = fields_of(resource_type)
    fields = {name: values(resource_type, known[name], (name,)) for name in writable_names(resource_type)}
    return st.builds(
        lambda key, rest: compatible(resource_type, {**key, **rest}),
        keys(resource_type),
        st.fixed_dictionaries({}, optional=fields),
    )


def live_objects(resource_type: ResourceType) -> st.SearchStrategy[dict[str, Any]]:
    """Return objects as a tenant might return them: what an entry may have, and an id.

    What asks for a step is in files alone, and protected objects have no differences.
    """
    steps = {step.field for step in resource_type.steps}
    found = resources(resource_type).map(
        lambda item: {name: value for name, value in item.items() if name not in steps}
    )
    if resource_type.id_field is not None:
        found = st.tuples(found, st.uuids()).map(
            lambda pair: {**pair[0], resource_type.id_field: pair[1].hex}
        )
    return found.filter(lambda item: not resource_type.protected(item))

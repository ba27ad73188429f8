"""Hypothesis strategies for resources of any type, made from the catalog's field tables."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tenantctl.catalog.fields import Field, fields_of, is_read_only
from tenantctl.catalog.marks import dotted, is_marked
from tenantctl.catalog.spec import ResourceType
from tenantctl.plan.shape import shape_at
from tenantctl.states import FieldPath

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
    """Return values that the field at `path` may have."""
    if field.enum:
        return st.sampled_from(list(field.enum))
    if field.fields and depth < _MAX_DEPTH:
        return _objects(resource_type, field, path, depth)
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
        if not is_marked(resource_type.read_only, (*path, name)) and not refers(resource_type, (*path, name))
    }
    return st.fixed_dictionaries({}, optional=members)


def refers(resource_type: ResourceType, path: FieldPath) -> bool:
    """Whether a field is one that refers to another resource."""
    return any(leads_to(field, path) for reference in resource_type.references for field in reference.fields)


def leads_to(field: str, path: FieldPath) -> bool:
    """Whether a path is the one of a reference's field."""
    if field.startswith("**."):
        return dotted(path).endswith(field.removeprefix("**"))
    return is_marked({field}, path)


def _lists(resource_type: ResourceType, field: Field, path: FieldPath, depth: int) -> st.SearchStrategy[Any]:
    if is_marked((link for pool in resource_type.pools for link in pool.links), path):
        return st.just([])  # no random text is a key; the tests of client credentials have real ones
    items = values(resource_type, field.items or Field(), (*path, 0), depth + 1)
    shape = shape_at(resource_type, path)
    if not shape.item_key:
        return st.lists(items, max_size=3, unique_by=repr)
    keyed = st.fixed_dictionaries(dict.fromkeys(shape.item_key, _TEXT))
    merged = st.tuples(items.filter(lambda item: isinstance(item, dict)), keyed).map(
        lambda pair: {**pair[0], **pair[1]}
    )
    return st.lists(
        merged, max_size=3, unique_by=lambda item: tuple(item[member] for member in shape.item_key)
    )


def resources(resource_type: ResourceType) -> st.SearchStrategy[dict[str, Any]]:
    """Return entries of a file: any writable fields, references left out, keys always there."""
    referring = {
        field.split("[")[0].split(".")[0]
        for reference in resource_type.references
        for field in reference.fields
    }
    fields = {
        name: values(resource_type, field, (name,))
        for name, field in fields_of(resource_type).items()
        if not is_read_only(resource_type, name)
        and not {name, "*"} & referring  # a free key at the top may be any field
        and name not in resource_type.key
    }
    required = {name: _TEXT for name in resource_type.key if name not in referring and name != "owner_id"}
    return st.fixed_dictionaries(required, optional=fields)


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

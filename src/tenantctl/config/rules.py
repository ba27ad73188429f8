"""The catalog's field tables and marks, joined to rules that a value is checked against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from tenantctl.catalog.fields import Field, fields_of, is_read_only
from tenantctl.catalog.marks import is_nested_read_only, mark_at
from tenantctl.catalog.registry import BY_SECTION
from tenantctl.catalog.spec import ResourceType
from tenantctl.states import FieldPath

_PYTHON: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "array": (list,),
    "object": (dict,),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """What a value may be.

    types: JSON type names, none if it may be anything. python: the same as Python types.
    plain: the types that are good without another look.
    enum: known values. read_only: the API never takes it.
    fields, items, values: rules of what it holds. unique_by: see `ResourceType.unordered`; None if ordered.
    """

    types: tuple[str, ...] = ()
    python: frozenset[type] = frozenset()
    plain: frozenset[type] = frozenset()
    enum: tuple[Any, ...] = ()
    read_only: bool = False
    fields: Mapping[str, Rule] = field(default_factory=dict)
    items: Rule | None = None
    values: Rule | None = None
    unique_by: tuple[str, ...] | None = None


@cache
def rule_of(section: str) -> Rule:
    """Return the rule of a whole resource."""
    resource_type = BY_SECTION[section]
    fields = {
        name: _make_rule(resource_type, known, (name,), read_only=_is_dropped(resource_type, name))
        for name, known in fields_of(resource_type).items()
    }
    for name in resource_type.read_only - fields.keys():
        if name.isidentifier():
            fields[name] = Rule(read_only=name != resource_type.id_field)
    return Rule(types=("object",), python=frozenset({dict}), fields=fields)


def _is_dropped(resource_type: ResourceType, name: str) -> bool:
    # The planner matches by the id, so an exported one stays.
    return is_read_only(resource_type, name) and name != resource_type.id_field


def _make_rule(resource_type: ResourceType, known: Field, path: FieldPath, *, read_only: bool) -> Rule:
    python = frozenset(kind for name in known.types for kind in _PYTHON[name])
    return Rule(
        types=known.types,
        python=python,
        plain=frozenset() if known.enum else python - {list, dict},
        enum=known.enum,
        read_only=read_only,
        fields={
            name: _make_rule(
                resource_type, child, (*path, name), read_only=_is_nested(resource_type, path, name)
            )
            for name, child in known.fields.items()
        },
        items=_make_rule(resource_type, known.items, (*path, 0), read_only=False) if known.items else None,
        values=_make_rule(resource_type, known.values, (*path, "*"), read_only=False)
        if known.values
        else None,
        unique_by=mark_at(resource_type.unordered, path),
    )


def _is_nested(resource_type: ResourceType, path: FieldPath, name: str) -> bool:
    return is_nested_read_only(resource_type, (*path, name))

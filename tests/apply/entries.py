"""Entries of any type with a value for every field, from the catalog, in variants that differ throughout."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tenantctl.catalog.fields import Field, fields_of, is_immutable, is_read_only
from tenantctl.catalog.keys import key_of
from tenantctl.catalog.marks import dotted, is_marked, mark_at
from tenantctl.catalog.registry import BY_SECTION, RESOURCE_TYPES
from tenantctl.catalog.spec import Reference, ResourceType
from tenantctl.states import FieldPath
from tests.strategies import leads_to

Entry = dict[str, Any]
DECLARABLE = [
    each for each in RESOURCE_TYPES if each.create or each.is_singleton or each.permanent or each.places
]
"""The types of which a file can have one that the tenant did not make by itself."""


def each_of(resource_types: list[ResourceType]) -> pytest.MarkDecorator:
    """Return the mark that runs a test once for each of the types."""
    return pytest.mark.parametrize("resource_type", resource_types, ids=lambda each: each.section)


every_type = each_of(DECLARABLE)

_DEPTH = 4


def entry_of(resource_type: ResourceType, variant: int) -> Entry:
    """Return an entry that names every field a file may name."""
    maker = _Maker(resource_type, variant)
    entry = {
        name: maker.value(known, (name,))
        for name, known in fields_of(resource_type).items()
        if not is_left_out(resource_type, name)
    }
    return _compatible(resource_type, {**entry, **identity_of(resource_type)})


def cleared(resource_type: ResourceType, entry: Mapping[str, Any]) -> Entry:
    """Return the entry with everything cleared that can be."""
    kept = {*resource_type.key, *resource_type.required, *resource_type.create_with, *resource_type.generated}
    # A part that the API can't delete has no state without it.
    kept |= {part.root for part in resource_type.parts if part.delete is None}
    kept |= {name for group in resource_type.any_of for name in group} | {resource_type.discriminator}
    return {
        name: value if name in kept or is_immutable(resource_type, name) else None
        for name, value in entry.items()
    }


def identity_of(resource_type: ResourceType) -> Entry:
    """Return the key fields and what else a create needs."""
    maker = _Maker(resource_type, 0)
    names = [*resource_type.key, *resource_type.required, *(group[0] for group in resource_type.any_of)]
    named = {name: maker.value(fields_of(resource_type)[name], (name,)) for name in names}
    unneeded = {name for group in resource_type.any_of for name in group[1:]} | {"owner_id"}
    return {name: value for name, value in named.items() if name not in unneeded}


def is_left_out(resource_type: ResourceType, name: str) -> bool:
    """Whether a file names the field only under another name, or not at all."""
    aliases = {reference.alias for reference in resource_type.references if not reference.holder}
    return (
        is_read_only(resource_type, name)
        or name in aliases
        or name == "owner_id"
        or name.endswith("_in_minutes")
    )


def _compatible(resource_type: ResourceType, entry: Entry) -> Entry:
    """Return the entry without what may not stand beside the rest."""
    refused = {other for name, value, other in resource_type.conflicts if entry.get(name) == value}
    refused |= {name for group in resource_type.any_of for name in group[1:]}
    if place := resource_type.places.get(key_of(resource_type, entry)):
        refused |= entry.keys() - {*place.fields, *resource_type.key}
    kept = {name: value for name, value in entry.items() if name not in refused}
    for groups in resource_type.exclusive:
        for path in (path for group in groups[1:] for path in group):
            *parents, last = path.split(".")
            holder: Any = kept
            for parent in parents:
                holder = holder.get(parent, {})
            holder.pop(last, None)
    return kept


class _Maker:
    def __init__(self, resource_type: ResourceType, variant: int) -> None:
        self.resource_type = resource_type
        self.variant = variant

    def value(self, field: Field, path: FieldPath) -> Any:
        """Return a value for the field at `path`."""
        top = str(path[0])
        if (
            is_immutable(self.resource_type, top)
            or top == self.resource_type.discriminator
            or _is_fixed(self, path)
        ):
            return _Maker._make(_Maker(self.resource_type, 0), field, path)
        return self._make(field, path)

    def _make(self, field: Field, path: FieldPath) -> Any:
        if reference := self._reference(path):
            return name_of_needed(reference)
        if field.enum:
            return field.enum[self.variant % len(field.enum)]
        if "array" in field.types:
            return self._list(field, path)
        if field.fields or field.values or "object" in field.types:
            return self._mapping(field, path)
        return self._scalar(field.types)

    def _mapping(self, field: Field, path: FieldPath) -> Entry:
        if field.fields and len(path) < _DEPTH:
            return self._members(field, path)
        if field.values:
            return {"one": self.value(field.values, (*path, "one"))}
        return {} if field.fields else {"one": f"text {self.variant}"}

    def _members(self, field: Field, path: FieldPath) -> Entry:
        members = {
            name: self.value(child, (*path, name))
            for name, child in field.fields.items()
            if child.writable and not self._is_left_out((*path, name))
        }
        for reference in self.resource_type.references:
            if reference.holder == dotted(path):
                for name in (reference.alias, *reference.by):
                    members.pop(name, None)
        return members

    def _list(self, field: Field, path: FieldPath) -> list[Any]:
        if is_marked((link for pool in self.resource_type.pools for link in pool.links), path):
            return []  # no made-up text is a key; the tests of client credentials have real ones
        item_key = mark_at(self.resource_type.unordered, path)
        item = self.value(field.items or Field(types=("string",)), (*path, 0))
        if item_key and isinstance(item, dict):
            fixed = _Maker(self.resource_type, 0)
            known = field.items.fields if field.items else {}
            item |= {name: fixed.value(known[name], (*path, 0, name)) for name in item_key if name in known}
        return [item]

    def _is_left_out(self, path: FieldPath) -> bool:
        """Whether the API alone sets it, or it leads to another resource of the type, which is not there."""
        reference = self._reference(path)
        leads_back = reference is not None and reference.section == self.resource_type.section
        return leads_back or is_marked(self.resource_type.read_only, path)

    def _reference(self, path: FieldPath) -> Reference | None:
        return next((each for each in self.resource_type.references if leads_to(each.field, path)), None)

    def _scalar(self, types: tuple[str, ...]) -> Any:
        if "boolean" in types and "string" not in types:
            return self.variant == 0
        if {"integer", "number"} & set(types) and "string" not in types:
            return 100 + self.variant
        return f"text {self.variant}"


def _is_fixed(maker: _Maker, path: FieldPath) -> bool:
    return is_marked(maker.resource_type.immutable, path)


def name_of_needed(reference: Reference) -> Any:
    """Return how a file calls the resource that a reference of a made entry leads to."""
    target = BY_SECTION[reference.section]
    return reference.prefix + key_of(target, identity_of(target))


def needed(resource_type: ResourceType) -> dict[str, list[Entry]]:
    """Return, by section, the resources that entries of a type refer to, and those that these refer to."""
    found: dict[str, list[Entry]] = {}
    for reference in resource_type.references:
        target = BY_SECTION[reference.section]
        if target.section != resource_type.section:
            found |= needed(target)
            found[target.section] = [identity_of(target)]
    return found

"""Entries of any type with a value for every field, from the catalog, in two variants."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import pytest

from tenantctl.catalog.fields import Field, fields_of, is_immutable, is_read_only
from tenantctl.catalog.keys import key_of
from tenantctl.catalog.marks import dotted, is_marked, mark_at
from tenantctl.catalog.paths import values_at
from tenantctl.catalog.registry import BY_SECTION, RESOURCE_TYPES
from tenantctl.catalog.spec import Reference, ResourceType
from tenantctl.states import FieldPath

Entry = dict[str, Any]
VARIANTS = (0, 1)

DECLARABLE = [
    each for each in RESOURCE_TYPES if each.update or each.is_singleton or each.places or each.create
]
"""The types of which a file can say something; the others are read."""


def each_of(resource_types: list[ResourceType]) -> pytest.MarkDecorator:
    """Return the mark that runs a test once for each of the types."""
    return pytest.mark.parametrize("resource_type", resource_types, ids=lambda each: each.section)


every_type = each_of(DECLARABLE)


def writable_names(resource_type: ResourceType) -> list[str]:
    """Return the top-level fields that a file may name, its key aside."""
    return [
        name
        for name in fields_of(resource_type)
        if name not in resource_type.key
        and name not in _elected(resource_type)
        and not is_read_only(resource_type, name)
        and not is_left_out(resource_type, (name,))
    ]


def _elected(resource_type: ResourceType) -> set[str]:
    """Return the fields that are true of one object, and that not every one may ask for."""
    return {step.field for step in resource_type.steps if step.elects}


def entry_of(resource_type: ResourceType, variant: int, *, favoured: str = "") -> Entry:
    """Return an entry that names every field that may stand beside the others.

    favoured: a field that is among them, whichever others have to go for it.
    """
    maker = _Maker(resource_type, variant)
    known = fields_of(resource_type)
    entry = {name: maker.value(known[name], (name,)) for name in writable_names(resource_type)}
    identity = identity_of(resource_type, favoured=favoured)
    key = {name: value for name, value in identity.items() if name in resource_type.key}
    return compatible(resource_type, {**entry, **key}, variant, favoured=favoured)


def entry_with(resource_type: ResourceType, name: str) -> Entry:
    """Return an entry with what a create needs, and this field."""
    entry = {**identity_of(resource_type, favoured=name), name: value_of(resource_type, name, 0)}
    return compatible(resource_type, entry, favoured=name)


def value_of(resource_type: ResourceType, name: str, variant: int) -> Any:
    """Return a value for a top-level field, even for one that can't be changed."""
    return _Maker(resource_type, variant).make(fields_of(resource_type)[name], (name,))


def clearable_names(resource_type: ResourceType, entry: Mapping[str, Any]) -> list[str]:
    """Return the fields of an entry that may be null once the object is there."""
    kept = {*resource_type.key, *resource_type.required, *resource_type.create_with, *resource_type.generated}
    kept |= resource_type.not_null
    # A part that the API can't delete has no state without it.
    kept |= {part.root for part in resource_type.parts if part.delete is None}
    kept |= {name for group in resource_type.any_of for name in group} | {resource_type.discriminator}
    return [name for name in entry if name not in kept and not is_immutable(resource_type, name)]


def cleared(resource_type: ResourceType, entry: Mapping[str, Any]) -> Entry:
    """Return the entry with everything cleared that can be."""
    return {**entry, **dict.fromkeys(clearable_names(resource_type, entry))}


def identity_of(resource_type: ResourceType, variant: int = 0, *, favoured: str = "") -> Entry:
    """Return the key fields and what else a create needs; those of one variant are of one object."""
    maker = _Maker(resource_type, variant)
    known = fields_of(resource_type)
    names = [*resource_type.key, *resource_type.required, *(group[0] for group in resource_type.any_of)]
    unneeded = {name for group in resource_type.any_of for name in group[1:]} | _ungiven(resource_type)
    made = {name: maker.make(known[name], (name,)) for name in names if name not in unneeded}
    places = [key for key, place in resource_type.places.items() if favoured in place.fields]
    return {**made, **dict(zip(resource_type.key, places[:1], strict=False))}


def _ungiven(resource_type: ResourceType) -> set[str]:
    """Return the key fields that tell objects of others from the tenant's own (an organization's roles)."""
    return {name for name in resource_type.key if is_immutable(resource_type, name)} - {
        *resource_type.required,
        *(name for group in resource_type.any_of for name in group),
        *(name for name in resource_type.key if fields_of(resource_type)[name].enum),
    }


def compatible(resource_type: ResourceType, entry: Entry, variant: int = 0, *, favoured: str = "") -> Entry:
    """Return the entry without what may not stand beside the rest."""
    refused = {
        name if other == favoured else other
        for name, value, other in resource_type.conflicts
        if entry.get(name) == value
    }
    for group in resource_type.any_of:
        refused |= {*group} - {favoured if favoured in group else group[0]}
    if place := resource_type.places.get(key_of(resource_type, entry)):
        refused |= entry.keys() - {*place.fields, *resource_type.key}
    kept = {name: value for name, value in entry.items() if name not in refused}
    for groups in resource_type.exclusive:
        chosen = next((group for group in groups if favoured in group), groups[variant % len(groups)])
        for path in frozenset().union(*groups) - chosen:
            _drop(kept, path.split("."))
    return kept


def _drop(entry: Any, path: Collection[str]) -> None:
    *parents, last = path
    for parent in parents:
        entry = entry.get(parent) or {}
    entry.pop(last, None)


class _Maker:
    def __init__(self, resource_type: ResourceType, variant: int) -> None:
        self.resource_type = resource_type
        self.variant = variant

    @property
    def first(self) -> _Maker:
        """The maker of what stays as it is."""
        return _Maker(self.resource_type, 0)

    def value(self, field: Field, path: FieldPath) -> Any:
        """Return a value for the field at `path`, which is always the same if it can't be changed."""
        top = str(path[0])
        is_fixed = is_immutable(self.resource_type, top) or is_marked(self.resource_type.immutable, path)
        if is_fixed or top == self.resource_type.discriminator:
            return self.first.make(field, path)
        return self.make(field, path)

    def make(self, field: Field, path: FieldPath) -> Any:
        """Return a value for the field at `path`."""
        if reference := reference_at(self.resource_type, path):
            return name_of_needed(reference, self.variant)
        if field.enum:
            return self._choice(field, path)
        if "array" in field.types:
            return self._list(field, path)
        if field.fields or field.values or "object" in field.types:
            return self._mapping(field, path)
        return self._scalar(field.types)

    def _choice(self, field: Field, path: FieldPath) -> Any:
        """Return a value that does not make the object one that is never touched."""
        choices = [
            value
            for value in field.enum
            if len(path) > 1 or not self.resource_type.protected({str(path[0]): value})
        ]
        return choices[self.variant % len(choices)]

    def _mapping(self, field: Field, path: FieldPath) -> Entry:
        if field.fields:
            return self._members(field, path)
        if field.values:
            return {"one": self.value(field.values, (*path, "one"))}
        return {"one": f"text {self.variant}"}

    def _members(self, field: Field, path: FieldPath) -> Entry:
        return {
            name: self.value(child, (*path, name))
            for name, child in field.fields.items()
            if child.writable and not is_left_out(self.resource_type, (*path, name))
        }

    def _list(self, field: Field, path: FieldPath) -> list[Any]:
        """Return one item; in the second variant another, and of a keyed list the first one changed, too."""
        if is_of_pool(self.resource_type, path):
            return []
        known = field.items or Field(types=("string",))
        item = self.value(known, (*path, 0))
        item_key = mark_at(self.resource_type.unordered, path)
        if self.variant == 0 or not item_key or not isinstance(item, dict):
            return [item]
        of_first = self.first.value(known, (*path, 0))
        same_key = {name: of_first[name] for name in item_key if name in of_first}
        changed = {**item, **same_key}
        return [changed] if changed == item else [changed, item]

    def _scalar(self, types: tuple[str, ...]) -> Any:
        if "boolean" in types and "string" not in types:
            return self.variant == 0
        if {"integer", "number"} & set(types) and "string" not in types:
            return 100 + self.variant
        return f"text {self.variant}"


def is_of_pool(resource_type: ResourceType, path: FieldPath) -> bool:
    """Whether a list holds keys, which no made-up text is; the tests of client credentials have real ones."""
    return is_marked((link for pool in resource_type.pools for link in pool.links), path)


def is_left_out(resource_type: ResourceType, path: FieldPath) -> bool:
    """Whether a file says it under another name, the API alone sets it, or it leads to its own type.

    Of that, there is no other to lead to.
    """
    reference = reference_at(resource_type, path)
    leads_back = reference is not None and reference.section == resource_type.section
    other_names = {
        name
        for each in resource_type.references
        if each.holder == dotted(path[:-1])
        for name in (each.alias, *each.by, *dict(each.shows), *_of_version(each))
    }
    return leads_back or path[-1] in other_names or is_marked(resource_type.read_only, path)


def _of_version(reference: Reference) -> tuple[str, ...]:
    """Return the members that tell a version; without them it is the newest."""
    version = reference.version
    return (version.wire, version.number) if version else ()


def reference_at(resource_type: ResourceType, path: FieldPath) -> Reference | None:
    """Return the reference whose field stands at `path`, if one does."""
    return next((each for each in resource_type.references if _leads_to(each.field, path)), None)


def _leads_to(field: str, path: FieldPath) -> bool:
    if field.startswith("**."):
        return dotted(path).endswith(field.removeprefix("**"))
    return is_marked({field}, path)


def name_of_needed(reference: Reference, variant: int) -> str:
    """Return how a file calls the resource of that variant that a reference may lead to."""
    target = BY_SECTION[reference.section]
    return reference.prefix + key_of(target, identity_of(target, variant))


def needed(resource_type: ResourceType, entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    """Return, by section, the resources that entries of a type refer to, and those that these refer to."""
    found: dict[str, list[Entry]] = {}
    for reference in resource_type.references:
        target = BY_SECTION[reference.section]
        held = (value for entry in entries for _, value in values_at(entry, reference.field))
        if target.section != resource_type.section and any(value is not None for value in held):
            published = {
                step.field: True
                for step in target.steps
                if reference.version and step.history == reference.version.history
            }
            made = [{**identity_of(target, variant), **published} for variant in VARIANTS]
            found |= needed(target, made)
            found[target.section] = made
    return found

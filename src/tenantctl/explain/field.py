"""The document of one field: its form, its marks, and what they mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tenantctl.catalog.endpoints import Association, Part
from tenantctl.catalog.fields import Field, is_immutable, is_read_only, plain_text
from tenantctl.catalog.marks import default_at, is_marked, is_secret, is_write_only, mark_at, scopes_to_read
from tenantctl.catalog.registry import BY_SECTION
from tenantctl.catalog.spec import Reference, ResourceType, ScopeUse
from tenantctl.explain.constraints import constraints
from tenantctl.explain.notes import is_unread, notes, pool_at
from tenantctl.explain.operations import details_operations, operations
from tenantctl.explain.subject import Spot, Subject
from tenantctl.states import FieldPath, Json

_NOUNS = {
    "string": ("string", "strings"),
    "boolean": ("boolean", "booleans"),
    "integer": ("integer", "integers"),
    "number": ("number", "numbers"),
    "array": ("list", "lists"),
    "object": ("mapping", "mappings"),
}
_UNSET = object()


def field_document(subject: Subject, spot: Spot, parent: Spot | None = None) -> dict[str, Any]:
    """Return what is known of one field.

    path and parent: dotted, free keys by the name that the API has for them. type: in words. values: the
    known ones. marks: see `marks_of`. default: ``{"value": …}``, or None if none is known. item_key: members
    that tell the items of a list apart. clearable: whether null clears it; None for what no tenant has.
    reference: what it points to. read_scopes: one of these a token needs to be told it. offered_by: the
    scopes that it may name. operations: those of its own, if it lies under endpoints of its own. notes:
    sentences for people. rules: those on it and other fields.
    """
    resource_type, place = subject.resource_type, spot.place
    detail = _detail(resource_type, spot)
    marks = marks_of(subject, spot)
    default = default_at(resource_type, place, _UNSET)
    document: dict[str, Any] = {
        "section": resource_type.section,
        "path": shown_path(resource_type, spot),
        "parent": shown_path(resource_type, parent) if parent else "",
        "name": spot.name,
        "type": type_in_words(spot.field),
        "help": plain_text(spot.field.help or _innermost(spot.field).help),
        "values": list(_innermost(spot.field).enum),
        "marks": marks,
        "default": None if default is _UNSET or _is_told_below(spot.field, default) else {"value": default},
        "item_key": list(_item_key(resource_type, spot)),
        "clearable": _is_clearable(marks, detail) if operations(resource_type) else None,
        "reference": _reference(resource_type, place),
        "read_scopes": list(scopes_to_read(resource_type, spot.steps[0]))
        if operations(resource_type)
        else [],
        "offered_by": _offer(resource_type, place),
        "operations": details_operations(detail) if detail else [],
    }
    rules = [sentence for paths, sentence in constraints(resource_type) if spot.path in paths]
    return {**document, "notes": notes(subject, spot, document), "rules": rules}


def marks_of(subject: Subject, spot: Spot) -> list[str]:
    """Return the marks of a field.

    They are: key, required, read-only, immutable, secret, write-only, generated (the server makes one up),
    and set (a list whose order does not matter).
    """
    resource_type, place = subject.resource_type, spot.place
    name, is_top = spot.name, len(place) == 1
    held = {
        "key": is_top and name in resource_type.key,
        "required": spot.path in resource_type.required,
        "read-only": _is_read_only(resource_type, place),
        "immutable": (is_top and is_immutable(resource_type, name))
        or is_marked(resource_type.immutable, place),
        "secret": is_secret(resource_type, place),
        "write-only": is_write_only(resource_type, place) or is_unread(resource_type, spot),
        "generated": is_marked(resource_type.generated, place),
        "set": mark_at(resource_type.unordered, place) is not None,
    }
    return [mark for mark, holds in held.items() if holds]


def _is_read_only(resource_type: ResourceType, place: FieldPath) -> bool:
    """Return whether a field, or what it is part of, is set by the API alone."""
    inside = any(is_marked(resource_type.read_only, place[: end + 1]) for end in range(len(place)))
    return bool(place) and (inside or is_read_only(resource_type, str(place[0])))


def _is_told_below(field: Field, default: Json) -> bool:
    """Return whether the members of a mapping tell its default one by one."""
    return isinstance(default, Mapping) and bool(field.fields)


def _is_clearable(marks: list[str], detail: Part | Association | None) -> bool:
    if isinstance(detail, Part):
        return detail.delete is not None or detail.update.replaces
    return not {"key", "required", "read-only", "immutable"} & set(marks)


def shown_path(resource_type: ResourceType, spot: Spot) -> str:
    """Return the path with free keys called as the API calls them: ``customText.{language}.{prompt}``."""
    for part in resource_type.parts:
        free = ("*",) * len(part.names)
        if free and spot.steps[: len(free) + 1] == (part.root, *free):
            return ".".join((part.field, *spot.steps[len(free) + 1 :])).replace(".[]", "[]")
    return spot.path


def type_in_words(field: Field, *, plural: bool = False) -> str:
    """Return the type in the words of YAML: ``list of strings``, ``mapping of mappings``."""
    words = []
    for name in field.types:
        noun = _NOUNS[name][plural]
        held = field.items if name == "array" else field.values if name == "object" else None
        words.append(f"{noun} of {type_in_words(held, plural=True)}" if held and held.types else noun)
    return " or ".join(words) or ("values" if plural else "any value")


def _innermost(field: Field) -> Field:
    """Return what a list or a mapping with free keys holds in the end."""
    held = field.items or field.values
    return _innermost(held) if held and not field.enum else field


def _detail(resource_type: ResourceType, spot: Spot) -> Part | Association | None:
    """Return the part or association that a field is."""
    for part in resource_type.parts:
        if spot.steps == (part.root, *("*" for _ in part.names)) or spot.steps == (part.root,):
            return part
    pool = pool_at(resource_type, spot)
    return pool or next((each for each in resource_type.associations if spot.steps == (each.field,)), None)


def _item_key(resource_type: ResourceType, spot: Spot) -> tuple[str, ...]:
    """Return what tells the items of a list apart in the file, where a pool's have no id yet."""
    pool = pool_at(resource_type, spot)
    return pool.item_key if pool else mark_at(resource_type.unordered, spot.place) or ()


def _reference(resource_type: ResourceType, place: FieldPath) -> dict[str, Any] | None:
    """Return what a field, or an item of a list, points to, if it does."""
    found = next((each for each in resource_type.references if _points(each, place)), None)
    if found is None:
        return None
    return {
        "sections": list(found.sections),
        "by": list(BY_SECTION[found.section].key),
        "or": list(found.wires),
        "prefix": found.prefix,
        "alias": found.alias,
        "beside": list(found.by),
    }


def _points(reference: Reference, place: FieldPath) -> bool:
    if reference.field.startswith("**."):
        return bool(place) and place[-1] == reference.name
    return any(is_marked(reference.fields, each) for each in (place, (*place, 0)))


def _offer(resource_type: ResourceType, place: FieldPath) -> str:
    """Return the section and path of the scopes that a field may name, or nothing."""
    use = next((each for each in resource_type.scope_uses if _uses(each, place)), None)
    return f"{use.section}.{use.offered}" if use else ""


def _uses(use: ScopeUse, place: FieldPath) -> bool:
    return any(is_marked([use.scope], each) for each in (place, (*place, 0)))

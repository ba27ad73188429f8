"""The field tables: which fields a resource type has, of which JSON type, and what they mean.

One JSON file per type beside this module, taken from the types and method signatures of auth0-python by
``tools/field_tables.py`` (a test compares them with the installed SDK). The files are read when first asked
for, so that a command pays only for the sections that it touches.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from tenantctl.catalog.spec import ResourceType

_TAG = re.compile(r"</?(?:a|b|br|code|em|i|li|p|strong|ul)\b[^<>]*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a resource.

    types: JSON Schema type names it may have, ``null`` aside; empty if the SDK leaves it open.
    enum: values that the SDK knows; the API may know more.
    help: the SDK's own description, with its markup.
    create, update, read: whether it may be sent on create and on update, and whether reads return it.
    fields: members of an object with known names. items: what a list holds. values: what an object with
    free names holds.
    """

    types: tuple[str, ...] = ()
    enum: tuple[Any, ...] = ()
    help: str = ""
    create: bool = False
    update: bool = False
    read: bool = False
    fields: Mapping[str, Field] = field(default_factory=dict)
    items: Field | None = None
    values: Field | None = None

    @property
    def writable(self) -> bool:
        """Whether any request may carry it."""
        return self.create or self.update


def _from_json(raw: Mapping[str, Any]) -> Field:
    used = raw.get("in", "")
    return Field(
        types=tuple(raw.get("types", ())),
        enum=tuple(raw.get("enum", ())),
        help=raw.get("help", ""),
        create="c" in used,
        update="u" in used,
        read="r" in used,
        fields={name: _from_json(child) for name, child in raw.get("fields", {}).items()},
        items=_from_json(raw["items"]) if "items" in raw else None,
        values=_from_json(raw["values"]) if "values" in raw else None,
    )


@cache
def _load(section: str) -> Mapping[str, Field]:
    text = files(__package__).joinpath(f"{section}.json").read_text(encoding="utf-8")
    return {name: _from_json(raw) for name, raw in json.loads(text).items()}


def fields_of(resource_type: ResourceType) -> Mapping[str, Field]:
    """Return the fields of a type by name, in the SDK's order."""
    return _load(resource_type.section)


def plain_text(help_text: str) -> str:
    """Return a description of the SDK without its markup."""
    return " ".join(html.unescape(_TAG.sub("", help_text)).split())


def is_read_only(resource_type: ResourceType, name: str) -> bool:
    """Return whether the API returns the top-level field `name` but never takes it."""
    if name in resource_type.writable:
        return False
    known = fields_of(resource_type).get(name)
    return name in resource_type.read_only or (known is not None and not known.writable)


def is_immutable(resource_type: ResourceType, name: str) -> bool:
    """Return whether the top-level field `name` is fixed when the object is created."""
    if name in resource_type.immutable:
        return True
    if resource_type.create is None:
        return False
    known = fields_of(resource_type).get(name)
    return known is not None and known.create and not known.update


def is_update_only(resource_type: ResourceType, name: str) -> bool:
    """Return whether the top-level field `name` is refused on create, and must follow in an update."""
    if resource_type.create is None:
        return False
    known = fields_of(resource_type).get(name)
    return known is not None and known.update and not known.create


def field_at(resource_type: ResourceType, path: str) -> Field | None:
    """Return the field at a dotted `path` (``[]`` for list items, ``*`` for free names), if it is known."""
    return _below(Field(fields=fields_of(resource_type)), tuple(_steps(path)))


def _below(field: Field, steps: tuple[str, ...]) -> Field | None:
    """Return the field that `steps` lead to; behind a ``*`` the first that they lead on from."""
    if not steps:
        return field
    found = (_below(child, steps[1:]) for child in _children(field, steps[0]))
    return next((each for each in found if each is not None), None)


def _children(field: Field, step: str) -> Iterable[Field]:
    if step == "*" and field.fields:
        return field.fields.values()
    child = field.items if step == "[]" else field.fields.get(step) or field.values
    return () if child is None else (child,)


def _steps(path: str) -> Iterator[str]:
    for part in path.split("."):
        name, *items = part.split("[]")
        yield name
        yield from ("[]" for _ in items)

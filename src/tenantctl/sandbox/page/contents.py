"""What a tenant holds, read off the catalog, in the shape in which the page shows it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

from tenantctl.catalog.fields import fields_of
from tenantctl.catalog.keys import SEPARATOR, key_parts
from tenantctl.catalog.paths import values_at
from tenantctl.catalog.registry import BY_SECTION
from tenantctl.catalog.spec import ResourceType
from tenantctl.plan.values import shown as masked
from tenantctl.sandbox.fresh import make_fresh
from tenantctl.sandbox.items import ItemList
from tenantctl.sandbox.lookup import Found
from tenantctl.sandbox.objects import with_defaults
from tenantctl.sandbox.page.links import Link, object_path
from tenantctl.sandbox.references import target_of
from tenantctl.sandbox.tenant_state import TenantState
from tenantctl.states import Json

_FIRST = ("resourceServers", "clients", "clientGrants", "roles", "connections")
"""The sections that people look for first; they are named even when they are empty."""

_MAX_REFERENCES = 50


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a section's table: a field of the objects, and the dotted path of its values."""

    name: str
    path: str


@dataclass(frozen=True, slots=True)
class Listed:
    """Objects of a section as a table.

    rows: for each object one cell a column; the first leads to the object. total: objects of the section.
    """

    resource_type: ResourceType
    columns: tuple[Column, ...]
    rows: tuple[tuple[Link, ...], ...]
    total: int


class Contents:
    """What a tenant holds, read as far as it is shown."""

    def __init__(self, tenant: TenantState) -> None:
        self.tenant = tenant

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """How many objects each section has, in the order in which the page shows sections."""
        found = self.tenant.counts()
        names = dict.fromkeys([*_FIRST, *(name for name in BY_SECTION if name in found)])
        return {name: found.get(name, 0) for name in names if name in BY_SECTION}

    @property
    def is_fresh(self) -> bool:
        """Whether nothing was added to what every tenant has."""
        first = make_fresh(self.tenant.domain, *self.tenant.tool_credentials())
        return all(count <= len(first.get(name, ())) for name, count in self.counts.items())

    def objects(self, section: str, limit: int, start: int = 0) -> list[dict[str, Json]]:
        """Return at most `limit` objects of a section from the one at `start` on.

        Without what lies under endpoints of its own.
        """
        return [body for _, body in islice(self.tenant.after(section, 0), start, start + limit)]

    def find(self, section: str, object_id: str) -> Found | None:
        """Return the object with this id, or None; a singleton is there with its defaults from the start."""
        resource_type, body = BY_SECTION[section], self.tenant.get(section, object_id)
        if body is None and resource_type.is_singleton and resource_type.create is None:
            body = with_defaults(resource_type, {})
        return None if body is None else Found(resource_type, body)

    def find_by_address(self, address: str, client_id: str) -> Found | None:
        """Return the object that an address such as ``clients/AAA M2M`` names, or None.

        client_id: of which application it is, where that is part of what it is known by.
        """
        section, _, key = address.partition("/")
        resource_type = BY_SECTION.get(section)
        if resource_type is None or not resource_type.key:
            return None
        name = resource_type.key[0]
        bodies = self.tenant.having(section, name, client_id if name == "client_id" else key)
        candidates = (Found(resource_type, body) for body in bodies)
        return next((found for found in candidates if SEPARATOR.join(self._key(found)) == key), None)

    def listed(self, section: str, start: int, limit: int) -> Listed:
        """Return at most `limit` objects of a section from the one at `start` on."""
        resource_type = BY_SECTION[section]
        cut = [Found(resource_type, body) for body in self.objects(section, limit, start)]
        whole = [self.complete(found) for found in cut]
        columns = _columns(resource_type, whole)
        rows = [
            tuple(self._cell(found, body, column, first=column is columns[0]) for column in columns)
            for found, body in zip(cut, whole, strict=True)
        ]
        return Listed(resource_type, columns, tuple(rows), self.counts.get(section, 0))

    def title(self, found: Found) -> str:
        """Return what an object is called, for people."""
        named = found.body.get("name")
        if isinstance(named, str) and named:
            return named
        return " · ".join(self._key(found)) or found.resource_type.title

    def complete(self, found: Found) -> dict[str, Json]:
        """Return an object with its lists and parts, secrets masked."""
        body = dict(found.body)
        for association in (*found.resource_type.associations, *found.resource_type.pools):
            if values := ItemList(self.tenant, found, association).values():
                body[association.field] = values
        for part in found.resource_type.parts:
            stored = [(part.root, value)] if (value := self.tenant.part(*found.place, part.root)) else []
            nested = ((at, each.body) for at, each in self.tenant.parts(*found.place, part.root))
            for at, value in (*stored, *nested):
                _put(body, at.split(".", len(part.names)), value)
            for listed in part.lists:
                if values := ItemList(self.tenant, found, listed).values():
                    _put(body, [part.root, listed.field], values)
        return dict(masked(found.resource_type, (), body))

    def as_json(self, found: Found) -> str:
        """Return the whole object as JSON, secrets masked."""
        return json.dumps(self.complete(found), indent=2, ensure_ascii=False)

    def references(self, found: Found) -> list[tuple[str, Link]]:
        """Return what an object points to, each with the field that does."""
        links = dict.fromkeys(self._references(found))
        return list(links)[:_MAX_REFERENCES]

    def _references(self, found: Found) -> Iterator[tuple[str, Link]]:
        body = self.complete(found)
        for reference in found.resource_type.references:
            for path, value in values_at(body, reference.field):
                target = target_of(self.tenant, reference, value)
                if target is not None:
                    fields = [step for step in path if isinstance(step, str)]
                    yield ".".join(fields), Link(self.title(target), object_path(*target.place))

    def _key(self, found: Found) -> list[str]:
        """Return the parts of an object's key as the file has them: what it refers to by the target's key."""
        parts = key_parts(found.resource_type, found.body)
        return [self._named(found.resource_type, name, value) for name, value in parts.items()]

    def _named(self, resource_type: ResourceType, field: str, value: str) -> str:
        for reference in resource_type.references:
            target = target_of(self.tenant, reference, value) if reference.field == field else None
            if target is not None:
                return SEPARATOR.join(self._key(target))
        return value

    def _cell(self, found: Found, body: Mapping[str, Json], column: Column, *, first: bool) -> Link:
        values = [value for _, value in values_at(body, column.path) if column.path and value is not None]
        texts = [self._named(found.resource_type, column.name, _text(value)) for value in values]
        text = " ".join(texts)
        if first:
            return Link(text or self.title(found), object_path(*found.place))
        reference = next((each for each in found.resource_type.references if each.field == column.name), None)
        target = target_of(self.tenant, reference, values[0]) if reference and values else None
        return Link(text, object_path(*target.place) if target else "")


def _columns(resource_type: ResourceType, bodies: Sequence[Mapping[str, Json]]) -> tuple[Column, ...]:
    """Return what tells objects of a type apart: name, key, scopes, id; not what none of them has."""
    known = fields_of(resource_type)
    fields = dict.fromkeys([*(["name"] if "name" in known else []), *resource_type.key])
    scopes = [Column(_last(use.scope), use.scope) for use in resource_type.scope_uses]
    ids = [name for name in (resource_type.id_field,) if name and name not in fields]
    candidates = [*(Column(name, name) for name in fields), *scopes, *(Column(name, name) for name in ids)]
    used = (each for each in candidates if any(_has(body, each.path) for body in bodies))
    return tuple(used) or (Column(resource_type.section, ""),)


def _has(body: Mapping[str, Json], path: str) -> bool:
    return any(value is not None for _, value in values_at(body, path))


def _last(path: str) -> str:
    return path.removesuffix("[]").rpartition(".")[2]


def _text(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _put(body: dict[str, Any], path: Sequence[str], value: Json) -> None:
    *holders, name = path
    holder = body
    for step in holders:
        inner = holder.get(step)
        holder[step] = dict(inner) if isinstance(inner, Mapping) else {}
        holder = holder[step]
    holder[name] = value

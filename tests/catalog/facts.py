"""What is known of the API besides the catalog, from outside the project: three sources, best first.

Recordings of real tenants, the API's own description (OpenAPI), and notes on what other tools do.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from tenantctl.catalog.endpoints import Endpoint
from tenantctl.catalog.spec import ResourceType
from tenantctl.states import FieldPath

Schema = Mapping[str, Any]

_API = "/api/v2"
_MOST_LEVELS = 8


def steps(path: str) -> FieldPath:
    """Return a path of the catalog's notation as steps: ``scopes[].value`` is ``("scopes", 0, "value")``."""
    return tuple(0 if step == "[]" else step for step in path.replace("[]", ".[]").split("."))


def covers(pattern: str, path: str) -> bool:
    """Return whether a path is one of those that a pattern with ``*`` names."""
    return re.fullmatch(re.escape(pattern).replace(r"\*", r"[^.]+"), path) is not None


def _template(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path)))


def same_place(one: str, other: str) -> bool:
    """Return whether two path templates may name the same place."""
    return bool(_template(one).fullmatch(other) or _template(other).fullmatch(one))


class Call(NamedTuple):
    """A recorded request that went well."""

    method: str
    path: str
    status: int
    response: Any


@cache
def recorded(shared: Path) -> tuple[Call, ...]:
    """Return every recorded request that was answered with a 2xx."""
    files = sorted((shared / "traffic" / "scenarios").glob("*.jsonl"))
    lines = (line for file in files for line in file.read_text(encoding="utf-8").splitlines())
    calls = map(json.loads, lines)
    return tuple(
        Call(each["method"], each["path"].removeprefix(_API), each["status"], each["response"])
        for each in calls
        if each["status"] in range(200, 300)
    )


def calls_of(shared: Path, endpoint: Endpoint) -> list[Call]:
    """Return the recorded requests of an operation."""
    template = _template(endpoint.path)
    return [
        each for each in recorded(shared) if each.method == endpoint.method and template.fullmatch(each.path)
    ]


@cache
def description(shared: Path) -> Schema:
    """Return the API's own description."""
    text = (shared / "management-api" / "openapi.json").read_text(encoding="utf-8")
    found: Schema = json.loads(text)
    return found


@cache
def operations(shared: Path, endpoint: Endpoint) -> tuple[Schema, ...]:
    """Return the described operations that an endpoint stands for: several where its path is more open."""
    found = [
        (path, methods[endpoint.method.lower()])
        for path, methods in description(shared)["paths"].items()
        if endpoint.method.lower() in methods and same_place(path, endpoint.path)
    ]
    exact = tuple(operation for path, operation in found if path.count("{") == endpoint.path.count("{"))
    return exact or tuple(operation for _, operation in found)


def resolved(shared: Path, schema: Schema) -> Schema:
    """Return a schema with the reference that it is followed."""
    while "$ref" in schema:
        target: Any = description(shared)
        for step in schema["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        schema = target
    return schema


def alternatives(shared: Path, schema: Schema) -> list[Schema]:
    """Return the schemas of which a value has to fulfil one."""
    schema = resolved(shared, schema)
    choices = schema.get("oneOf") or schema.get("anyOf")
    return [each for choice in choices for each in alternatives(shared, choice)] if choices else [schema]


def _content(shared: Path, holder: Schema) -> Schema:
    media = resolved(shared, holder).get("content", {})
    return next(iter(media.values()))["schema"] if media else {}


def body_schema(shared: Path, endpoint: Endpoint | None) -> Schema:
    """Return the schema of an operation's request; empty if it has none, or is not described."""
    described = operations(shared, endpoint) if endpoint else ()
    return (
        _content(shared, described[0]["requestBody"]) if described and "requestBody" in described[0] else {}
    )


def answer_schema(shared: Path, endpoint: Endpoint | None) -> Schema:
    """Return the schema of an operation's answer when it went well; empty if it has none."""
    described = operations(shared, endpoint) if endpoint else ()
    answers = described[0]["responses"] if described else {}
    return next((_content(shared, each) for status, each in answers.items() if status[0] == "2"), {})


def members(shared: Path, schema: Schema) -> dict[str, Schema]:
    """Return the members that objects of a schema may have."""
    return {
        name: member
        for each in alternatives(shared, schema)
        for name, member in each.get("properties", {}).items()
    }


def choices_in(shared: Path, schema: Schema, path: str = "", level: int = _MOST_LEVELS) -> Iterator[str]:
    """Yield the paths at which there is a choice between objects that have different members."""
    found = alternatives(shared, schema)
    if len({frozenset(each["properties"]) for each in found if "properties" in each}) > 1:
        yield path
    if level == 0:
        return
    for each in found:
        for name, member in each.get("properties", {}).items():
            yield from choices_in(shared, member, f"{path}.{name}" if path else name, level - 1)
        if "items" in each:
            yield from choices_in(shared, each["items"], f"{path}[]", level - 1)
        if isinstance(each.get("additionalProperties"), Mapping):
            yield from choices_in(shared, each["additionalProperties"], f"{path}.*", level - 1)


@cache
def notes(shared: Path) -> list[dict[str, Any]]:
    """Return what is written down of every type of the API."""
    text = (shared / "management-api" / "resources.yaml").read_text(encoding="utf-8")
    found: list[dict[str, Any]] = yaml.load(text, Loader=yaml.CSafeLoader)["types"]
    return found


_INSIDE = re.compile(r"(?P<section>\w+)\[\]\.(?P<field>\w+)")


def notes_on(shared: Path, resource_type: ResourceType) -> list[tuple[str, dict[str, Any]]]:
    """Return the notes on a type, and on what the API counts as types and a file has inside it.

    Each with the field in which it stands; empty for the type itself.
    """
    found = []
    for each in notes(shared):
        inside = _INSIDE.search(each.get("yaml_path") or "")
        section = inside["section"] if inside else each["yaml_key"] or each["type"]
        if section == resource_type.section:
            found.append((inside["field"] if inside else "", each))
    return found


def noted(shared: Path, resource_type: ResourceType, name: str) -> list[str]:
    """Return the paths of a list of the notes on a type, without the remarks behind them."""
    return [
        path.split(" ")[0]
        for field, each in notes_on(shared, resource_type)
        if not field
        for path in each.get(name) or ()
        if path != "*"
    ]


def endpoints_of(resource_type: ResourceType) -> Iterator[Endpoint]:
    """Yield the operations of a type that reach it, or what lies below it."""
    own = (resource_type.get, resource_type.create, resource_type.update, resource_type.delete)
    listings = [resource_type.listing, *(each.listing for each in resource_type.usages)]
    listings += [each.listing for each in resource_type.lists]
    listings += [listing for part in resource_type.parts for listing in (part.in_bulk, part.listing)]
    below: Iterable[Endpoint | None] = (
        endpoint
        for each in resource_type.lists
        for endpoint in (each.add, each.remove, each.update, each.replace, each.read)
    )
    of_parts = (
        endpoint
        for each in resource_type.parts
        for endpoint in (each.get, each.update, each.create, each.delete)
    )
    of_places = (endpoint for each in resource_type.places.values() for endpoint in (each.get, each.update))
    found = (
        *own,
        *resource_type.also,
        *resource_type.on_request.values(),
        *(listing.endpoint for listing in listings if listing),
        *below,
        *of_parts,
        *of_places,
        *(step.endpoint for step in resource_type.steps),
    )
    yield from (each for each in found if each is not None)

"""Read a snapshot from its file, and tell where what is wrong with it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from tenantctl.catalog.endpoints import Pool
from tenantctl.catalog.fields import Field, fields_of
from tenantctl.catalog.registry import BY_SECTION
from tenantctl.catalog.spec import ResourceType
from tenantctl.config.json_text import locate, parse_json
from tenantctl.config.source import Source, read_source
from tenantctl.problems import Problem, ProblemsError
from tenantctl.snapshot.choice import Choice
from tenantctl.snapshot.shape import ShapeError, sections_of
from tenantctl.states import FieldPath, Json

MAX_BYTES = 256 * 1024**2
"""Larger files are refused: that is some 100,000 applications."""

_TYPE_NAMES: Mapping[type, str] = {
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "string",
    list: "array",
    dict: "object",
}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A tenant as a file has it.

    file: its name, to show. sections: the objects by section; of a singleton one.
    choice: what of these sections was recorded. unread: (section, field) → why the tenant did not tell it.
    own_client_id: the client as which it was read, if it says so.
    """

    file: str
    domain: str
    sections: Mapping[str, list[dict[str, Json]]] = field(repr=False)
    choice: Choice = field(default_factory=Choice)
    unread: Mapping[tuple[str, str], str] = field(default_factory=dict)
    own_client_id: str | None = None


def read_snapshot(path: Path) -> Snapshot:
    """Read a snapshot to plan against.

    Raises:
        ProblemsError: it cannot be read, is no JSON, or no snapshot of a known format; with a position.
    """
    source, document = read_document(path)
    try:
        sections = sections_of(document)
        for section, objects in sections.items():
            _check_objects(BY_SECTION[section], objects)
        return Snapshot(
            file=source.file,
            domain=_text(document, "domain"),
            sections=sections,
            choice=_choice(document),
            unread=_unread(document),
            own_client_id=_text(document, "own_client_id") if "own_client_id" in document else None,
        )
    except ShapeError as error:
        raise misshapen(source, error) from None


def read_document(path: Path) -> tuple[Source, Json]:
    """Read the JSON of a snapshot, whatever is in it.

    Raises:
        ProblemsError: it cannot be read, or is no JSON.
    """
    try:
        source = read_source(path, MAX_BYTES)
    except ProblemsError as error:
        raise ProblemsError(_with_way_out(problem, path) for problem in error.problems) from None
    return source, parse_json(source, "A snapshot is what `tenantctl snapshot --out FILE` writes.")


def _with_way_out(problem: Problem, path: Path) -> Problem:
    if problem.code != "file-not-found":
        return problem
    return replace(problem, hint=f"Make one with `tenantctl snapshot --out {path}`.")


def misshapen(source: Source, error: ShapeError) -> ProblemsError:
    """Return the error for a file that is no snapshot, with the place in it that is not as it should be."""
    hint = (
        error.hint or 'A snapshot is {"format_version": "1.0", "domain": …, "sections": {"clients": […], …}}.'
    )
    position = locate(source, error.path)
    return ProblemsError([Problem(code="bad-snapshot", summary=str(error), hint=hint, position=position)])


def _text(document: Mapping[str, Json], name: str) -> str:
    value = document.get(name)
    if not isinstance(value, str) or not value:
        raise ShapeError(f"a snapshot to plan against has '{name}', a text", (name,))
    return value


def _choice(document: Mapping[str, Json]) -> Choice:
    patterns = document.get("only", [])
    if not isinstance(patterns, list) or not all(isinstance(each, str) for each in patterns):
        raise ShapeError("'only' is a list of address patterns", ("only",))
    return Choice(tuple(patterns))


def _unread(document: Mapping[str, Json]) -> Mapping[tuple[str, str], str]:
    entries = document.get("unread", [])
    members = ("section", "field", "reason")
    if not isinstance(entries, list):
        raise ShapeError("'unread' is a list of objects", ("unread",))
    for index, entry in enumerate(entries):
        if not isinstance(entry, dict) or not all(isinstance(entry.get(name), str) for name in members):
            raise ShapeError("an entry of 'unread' has section, field and reason", ("unread", index))
    return {(entry["section"], entry["field"]): entry["reason"] for entry in entries}


def _check_objects(resource_type: ResourceType, objects: list[dict[str, Json]]) -> None:
    seen: set[str] = set()
    for index, item in enumerate(objects):
        path: FieldPath = ("sections", resource_type.section)
        path = path if resource_type.is_singleton else (*path, index)
        if resource_type.id_field and not resource_type.places:
            _check_id(item.get(resource_type.id_field), resource_type, seen, path)
        for name, value in item.items():
            known = fields_of(resource_type).get(name)
            if value is not None and known is not None:
                _check_value(known, value, (*path, name))
        for listed in resource_type.lists:
            if item.get(listed.field) is not None:
                needed = listed.item_id if isinstance(listed, Pool) else ""
                _check_items(item[listed.field], listed.scalar, needed, (*path, listed.field))


def _check_id(value: Json, resource_type: ResourceType, seen: set[str], path: FieldPath) -> None:
    name = resource_type.id_field
    if not isinstance(value, str) or not value:
        raise ShapeError(f"an entry of {resource_type.section} lacks its {name}, a text", path)
    if value in seen:
        raise ShapeError(f"{resource_type.section} has the {name} '{value}' twice", path)
    seen.add(value)


def _check_value(known: Field, value: Json, path: FieldPath) -> None:
    """Refuse a value of another JSON type than the API gives the field."""
    found = _TYPE_NAMES[type(value)]
    types = {*known.types, *(("integer",) if "number" in known.types else ())}
    if types and found not in types:
        raise ShapeError(f"{_named(path)} must be {' or '.join(known.types)}, and is {found}", path)
    if isinstance(value, list) and known.items:
        for index, item in enumerate(value):
            if item is None:
                raise ShapeError(f"{_named((*path, index))} is null", (*path, index))
            _check_value(known.items, item, (*path, index))


def _named(path: FieldPath) -> str:
    """Return what a person calls a place: a field, or an item of one."""
    return f"an item of {path[-2]}" if isinstance(path[-1], int) else path[-1]


def _check_items(items: Json, scalar: str, needed: str, path: FieldPath) -> None:
    if not isinstance(items, list):
        raise ShapeError(f"{path[-1]} must be array", path)
    for index, item in enumerate(items):
        if not isinstance(item, str if scalar else dict) or (needed and needed not in item):
            what = "text" if scalar else f"object with {needed}" if needed else "object"
            raise ShapeError(
                f"an item of {path[-1]} must be an {what}".replace("an text", "a text"), (*path, index)
            )

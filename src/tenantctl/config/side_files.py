"""Code, templates and other values that stand in files of their own, put in the place of the files' names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tenantctl.catalog.layout import Content, SideFile
from tenantctl.catalog.paths import values_at
from tenantctl.catalog.registry import BY_SECTION
from tenantctl.catalog.spec import ResourceType
from tenantctl.config.assembly import Assembly, Origin
from tenantctl.config.document import Document
from tenantctl.config.files import Files
from tenantctl.config.keywords import MARKER, Replaced
from tenantctl.config.places import Place, Places
from tenantctl.config.unresolved import too_late
from tenantctl.problems import Problem, ProblemsError
from tenantctl.states import FieldPath, Json


def with_side_files(assembly: Assembly, files: Files) -> Assembly:
    """Return a configuration with what side files hold; what is wrong with one is collected."""
    data, origin = dict(assembly.data), assembly.origin.own()
    for section, value in assembly.data.items():
        resource_type = BY_SECTION.get(section)
        if resource_type is not None and resource_type.side_files:
            made, where = _in_section(resource_type, value, origin.below(section), files)
            if made is not value:
                data[section] = made
                origin.put(section, where)
    return Assembly(data, origin)


def _in_section(
    resource_type: ResourceType, value: Json, origin: Origin, files: Files
) -> tuple[Json, Origin]:
    if isinstance(value, Mapping):
        return _in_entry(resource_type, value, origin, files)
    if not isinstance(value, list):
        return value, origin
    items, where = list(value), origin.own()
    for index, entry in enumerate(value):
        if isinstance(entry, Mapping):
            items[index], below = _in_entry(resource_type, entry, where.below(index), files)
            if items[index] is not entry:
                where.put(index, below)
    return (items, where) if any(a is not b for a, b in zip(items, value, strict=True)) else (value, origin)


def _in_entry(
    resource_type: ResourceType, entry: Mapping[str, Json], origin: Origin, files: Files
) -> tuple[Mapping[str, Json], Origin]:
    data, where = entry, origin
    for side in resource_type.side_files:
        for path, value in list(values_at(entry, side.field)):
            document = _document(side, value, origin.at(path), files)
            if document is None:
                continue
            if where is origin:
                where = origin.own()
            if side.content is Content.NEIGHBOURS:
                data = _spread(data, path, document, where)
            else:
                data = put_value(data, path, document.data)
                _put_origin(where, path, Origin(document))
    return data, where


def _document(side: SideFile, value: Json, named: Origin, files: Files) -> Document | None:
    """Return what the file says that a value names, nothing if it can't be read; None if it names no file."""
    if not isinstance(value, str) or "\n" in value or not value.strip().endswith(side.suffix):
        return None
    position = named.document.locate(named.path)
    beside = Path(named.document.text.source.file).parent
    try:
        found = files.find(value.strip(), [beside, files.root, files.root / side.folder], position)
        if found is None:
            if side.optional:
                return None
            files.problems.append(_no_file(value, named))
            return _unread(side, value, named.document)
        if side.content is not Content.TEXT:
            return files.read(found)
        return _text_document(files.text(found), files, trimmed=side.trimmed)
    except ProblemsError as error:
        files.problems.extend(error.problems)
        return _unread(side, value, named.document)


def _unread(side: SideFile, name: str, naming: Document) -> Document:
    """Return what stands for a file that can't be read, so that the rest of the entry is checked."""
    value: Json = name if side.content is Content.TEXT else {}
    return Document(value, naming.text, Places(value, Place(0, 0, 0), {}))


def _text_document(text: Replaced, files: Files, *, trimmed: bool) -> Document:
    files.problems.extend(_unresolved(text, files.keywords.values))
    value: Json = text.text.strip() if trimmed else text.text
    return Document(value, text, Places(value, Place(0, 0, len(text.text)), {}))


def _unresolved(text: Replaced, values: Mapping[str, Json]) -> Iterator[Problem]:
    for found in MARKER.finditer(text.text):
        if found[2] in values:
            yield too_late(text, found, values)
        elif text.original(*found.span()) is None:
            yield Problem(
                code="unresolved-keyword",
                summary=f"nothing gives the keyword {found[0]} a value",
                hint=f"Set the environment variable {found[2]}.",
                position=text.position(found.start()),
            )


def _no_file(name: str, named: Origin) -> Problem:
    return Problem(
        code="file-not-found",
        summary=f"there is no file '{named.document.shown_text(named.path, name)}'",
        hint="It is a path relative to this file, or to the folder of the configuration; "
        "a text of several lines is the value itself.",
        position=named.document.locate(named.path),
    )


def put_value(data: Json, path: FieldPath, value: Json) -> Json:
    """Return a copy of `data` with another value at a path."""
    if not path:
        return value
    first, *rest = path
    copy: Any = list(data) if isinstance(data, list) else dict(data)
    copy[first] = put_value(data[first], tuple(rest), value)
    return copy


def _put_origin(origin: Origin, path: FieldPath, value: Origin) -> None:
    *parents, last = path
    for step in parents:
        below = origin.below(step).own()
        origin.put(step, below)
        origin = below
    origin.put(last, value)


def _spread(
    data: Mapping[str, Json], path: FieldPath, document: Document, where: Origin
) -> Mapping[str, Json]:
    """Put the members of a file's mapping beside the field that names it; what is said there already wins."""
    kept = {name: value for name, value in data.items() if name != path[-1]}
    added: Mapping[str, Json] = document.data
    for name in added.keys() - kept.keys():
        where.put(name, Origin(document, (name,)))
    return {**kept, **{name: value for name, value in added.items() if name not in kept}}

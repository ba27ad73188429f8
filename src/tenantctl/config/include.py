"""Configurations that are split: the files that ``tenantctl: include:`` names, as one with the main file.

Each holds sections. Resources of the same section come one after the other; the members of a mapping may be
spread over files, but each is said once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from tenantctl.config.assembly import Assembly, Origin
from tenantctl.config.document import Document
from tenantctl.config.files import Files
from tenantctl.config.validate import OPTIONS
from tenantctl.problems import Position, Problem, ProblemsError, Severity
from tenantctl.states import Json


def with_includes(main: Document, path: Path, files: Files) -> Assembly:
    """Return a document together with those that it includes, however deep.

    Raises ProblemsError for a file that can't be read or leads out of the folder.
    """
    assembly = Assembly(main.data, Origin(main))
    for document in _included(main, path, files, (path,), {path.resolve()}):
        assembly = joined(assembly, document, files.problems)
    return assembly


def _included(
    document: Document, path: Path, files: Files, above: tuple[Path, ...], seen: set[Path]
) -> Iterator[Document]:
    """Yield the documents that one includes, each before those that it includes itself."""
    block = document.data.get(OPTIONS)
    globs = block.get("include") if isinstance(block, Mapping) else None
    for index, pattern in enumerate(globs if isinstance(globs, list) else ()):
        named_at = document.locate((OPTIONS, "include", index))
        for found in _matches(str(pattern), path.parent, named_at):
            files.check_inside(found, named_at)
            if found.resolve() in {each.resolve() for each in above}:
                raise ProblemsError([_circle(found, above, named_at)])
            if found.resolve() not in seen:
                seen.add(found.resolve())
                inner = files.read(found)
                yield inner
                yield from _included(inner, found, files, (*above, found), seen)


def _matches(pattern: str, folder: Path, named_at: Position) -> list[Path]:
    """Return the files that a glob fits, in the order of their names.

    Raises ProblemsError if it fits none.
    """
    try:
        fitting = sorted(folder.glob(pattern))
    except (ValueError, NotImplementedError):  # an absolute pattern, or an empty one
        fitting = []
    found = [each for each in fitting if each.is_file()]
    if found:
        return found
    is_folder = any(each.is_dir() for each in fitting)
    problem = Problem(
        code="missing-include",
        summary=f"'{pattern}' is a folder" if is_folder else f"'{pattern}' fits no file",
        hint=f"Write '{pattern}/*.yaml' for the files in it."
        if is_folder
        else "It is a path or a glob, relative to this file.",
        position=named_at,
    )
    raise ProblemsError([problem])


def _circle(found: Path, above: tuple[Path, ...], named_at: Position) -> Problem:
    way = " → ".join(each.name for each in (*above[above.index(found) if found in above else 0 :], found))
    return Problem(
        code="include-cycle",
        summary=f"{found.name} includes itself: {way}",
        hint="Take one of these out.",
        position=named_at,
    )


def joined(assembly: Assembly, document: Document, problems: list[Problem]) -> Assembly:
    """Return an assembly with the sections of another document put in."""
    data, origin, other = dict(assembly.data), assembly.origin.own(), Origin(document)
    for section, value in document.data.items():
        before, below = data.get(section), other.below(section)
        if section == OPTIONS:
            problems.extend(_options(document))
        elif before is None:
            data[section] = value
            origin.put(section, below)
        elif isinstance(before, list) and isinstance(value, list):
            merged = origin.below(section).own()
            for index in range(len(value)):
                merged.put(len(before) + index, below.below(index))
            data[section] = [*before, *value]
            origin.put(section, merged)
        elif isinstance(before, Mapping) and isinstance(value, Mapping):
            merged = origin.below(section).own()
            data[section] = _united(before, merged, value, below, problems)
            origin.put(section, merged)
        elif value is not None:
            problems.append(_said_twice(section, origin.below(section), below))
    return Assembly(data, origin)


def _united(
    before: Mapping[str, Json],
    merged: Origin,
    value: Mapping[str, Json],
    below: Origin,
    problems: list[Problem],
) -> dict[str, Json]:
    data = dict(before)
    for name, member in value.items():
        if name in data:
            problems.append(_said_twice(name, merged.below(name), below.below(name)))
        else:
            data[name] = member
            merged.put(name, below.below(name))
    return data


def _said_twice(name: str, first: Origin, second: Origin) -> Problem:
    return Problem(
        code="declared-twice",
        summary=f"'{name}' is declared in two files",
        detail=f"the first is at {first.document.locate(first.path)}",
        hint="Keep one of the two, or lay one over the other as an environment.",
        position=second.document.locate(second.path),
    )


def _options(document: Document) -> Iterator[Problem]:
    """Yield the problem of a block in an included file that says more than what it includes itself."""
    block = document.data[OPTIONS]
    stray = [name for name in block if name != "include"] if isinstance(block, Mapping) else []
    if stray:
        yield Problem(
            code="misplaced-options",
            severity=Severity.ERROR,
            summary=f"'{OPTIONS}: {stray[0]}:' has no effect in an included file",
            hint="Put it in the main file.",
            position=document.locate((OPTIONS, stray[0])),
        )

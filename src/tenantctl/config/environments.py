"""The environments of a configuration (``tenantctl: environments:``): one is laid over the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from tenantctl.config.assembly import Assembly, Origin, without_keywords_of
from tenantctl.config.document import Document
from tenantctl.config.files import Files
from tenantctl.config.overlay import lay_over
from tenantctl.config.report import Report
from tenantctl.config.validate import OPTIONS
from tenantctl.problems import Position, Problem, ProblemsError, did_you_mean
from tenantctl.states import Json

_ENVIRONMENTS = "environments"
_VARIABLES = "variables"


def with_environment(assembly: Assembly, path: Path, files: Files) -> Assembly:
    """Return a configuration with the chosen environment laid over it.

    Raises ProblemsError if it has no such environment, or that is in a file which can't be read.
    """
    name = files.environment
    if name is None:
        return assembly
    known = _environments(assembly.data)
    if name not in known:
        raise ProblemsError([_unknown(name, known, path)])
    place = (OPTIONS, _ENVIRONMENTS, name)
    overlay = _overlay(known[name], assembly.origin.at(place), path, files)
    report = Report(overlay)
    made = lay_over(assembly, overlay, report)
    files.problems.extend(report.problems)
    return made


def _environments(data: Mapping[str, Json]) -> Mapping[str, Json]:
    block = data.get(OPTIONS)
    found = block.get(_ENVIRONMENTS) if isinstance(block, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _overlay(value: Json, origin: Origin, path: Path, files: Files) -> Assembly:
    """Return what an environment says: what is written there, or in the file that is named there."""
    if isinstance(value, str):
        named_at = origin.document.locate(origin.path)
        found = files.find(value, [path.parent], named_at)
        if found is None:
            raise ProblemsError([_no_file(value, path, named_at)])
        document = files.read(found)
        value, origin = document.data, Origin(document)
    data = dict(value) if isinstance(value, Mapping) else {}
    data.pop(_VARIABLES, None)
    options = data.get(OPTIONS)
    if isinstance(options, Mapping):
        data[OPTIONS] = {name: member for name, member in options.items() if name != _ENVIRONMENTS}
    return Assembly(data, origin)


def _unknown(name: str, known: Iterable[str], path: Path) -> Problem:
    names = list(known)
    return Problem(
        code="unknown-environment",
        summary=f"there is no environment '{name}'",
        hint=did_you_mean(name, names)
        or (f"Known: {', '.join(names)}." if names else f"Declare it under '{OPTIONS}: {_ENVIRONMENTS}:'."),
        position=Position(str(path), 1, 1),
    )


def _no_file(name: str, path: Path, named_at: Position) -> Problem:
    return Problem(
        code="file-not-found",
        summary=f"there is no file '{name}'",
        hint=f"It is a path relative to {path.parent}.",
        position=named_at,
    )


def outside_chosen(document: Document, environment: str | None, problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems without those of keywords that only other environments use."""
    others = [
        Origin(document, (OPTIONS, _ENVIRONMENTS, name))
        for name in _environments(document.data)
        if name != environment
    ]
    return without_keywords_of(others, problems)

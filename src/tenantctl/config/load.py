"""Load a configuration file: read, replace keywords, parse, validate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from tenantctl.catalog.registry import BY_SECTION
from tenantctl.config.block import read_options
from tenantctl.config.document import Document, read_document
from tenantctl.config.keywords import replace_keywords
from tenantctl.config.options import Options
from tenantctl.config.references import Declared, check_references
from tenantctl.config.report import Report
from tenantctl.config.scopes import check_scopes
from tenantctl.config.source import read_source
from tenantctl.config.validate import make_resource, validate_sections
from tenantctl.problems import Position, Problem, ProblemsError, raise_errors
from tenantctl.states import Desired, Json, Resource

_NO_MAPPINGS: Mapping[str, Json] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a file says.

    desired: its resources. options: its ``tenantctl:`` block. problems: warnings, in file order.
    """

    desired: Desired
    options: Options
    problems: tuple[Problem, ...] = ()


def load(path: Path, *, variables: Mapping[str, str], mappings: Mapping[str, Json] = _NO_MAPPINGS) -> Loaded:
    """Load and validate a file of auth0-deploy-cli's YAML format; no tenant is needed.

    variables: the environment, for keywords; it wins over `mappings` (AUTH0_KEYWORD_REPLACE_MAPPINGS).

    Raises:
        ProblemsError: something is wrong; with all problems, warnings included, in file order.
    """
    try:
        text = replace_keywords(read_source(path), variables, mappings)
        document, problems = read_document(text, (*mappings, *variables))
    except ProblemsError as error:
        raise ProblemsError(_tidy(error.problems)) from None
    report = Report(document, problems)
    desired, options = _validate(report, document)
    found = _tidy(report.problems)
    raise_errors(found)
    return Loaded(desired, options, found)


def _validate(report: Report, document: Document) -> tuple[Desired, Options]:
    entries = validate_sections(report)
    declared = Declared(entries)
    sections: dict[str, tuple[Resource, ...]] = {}
    for section, group in entries.items():
        resource_type = BY_SECTION[section]
        sections[section] = tuple(make_resource(report, resource_type, entry) for entry in group)
        for entry in group:
            check_references(report, resource_type, entry, declared)
            check_scopes(report, resource_type, entry, declared)
    return Desired(sections), read_options(report, document, declared)


def _tidy(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Sort by position, and leave out what follows from an unresolved keyword in the same line."""
    found = list(problems)
    told = {_line(problem) for problem in found if problem.code == "unresolved-keyword"}
    kept = [
        problem for problem in found if problem.code == "unresolved-keyword" or _line(problem) not in told
    ]
    return tuple(sorted(kept, key=lambda problem: (problem.position or Position("", 0, 0), problem.code)))


def _line(problem: Problem) -> tuple[str, int] | None:
    return (problem.position.file, problem.position.line) if problem.position else None

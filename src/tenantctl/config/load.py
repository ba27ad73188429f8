"""Load a configuration file: read, replace keywords, parse, validate."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from tenantctl.catalog.registry import BY_SECTION
from tenantctl.config.assembly import Assembly, Origin, without_keywords_of
from tenantctl.config.block import read_options
from tenantctl.config.directory import OPTIONS_FILE, read_directory
from tenantctl.config.document import Written, empty_document
from tenantctl.config.environments import outside_chosen, with_environment
from tenantctl.config.files import Files
from tenantctl.config.include import with_includes
from tenantctl.config.new_files import Home
from tenantctl.config.options import Options
from tenantctl.config.references import Declared, check_references
from tenantctl.config.report import Entry, Report
from tenantctl.config.scopes import check_scopes
from tenantctl.config.selection import Selection, read_selection, selected, with_own
from tenantctl.config.side_files import with_side_files
from tenantctl.config.validate import make_resource, validate_sections
from tenantctl.config.variables import Keywords
from tenantctl.problems import Position, Problem, ProblemsError, Severity, raise_errors
from tenantctl.states import Desired, FieldPath, Json, Resource, make_address

_NO_MAPPINGS: Mapping[str, Json] = MappingProxyType({})
DOUBTS = frozenset({"unknown-scope"})
"""Codes of errors that are none where the tenant has it so: an API may lose a scope that a grant has."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What of a configuration is not written yet.

    texts: what files are taken to hold, or None for being gone, whatever they do. new_layout: for one that
    need not be there at all, whether it is to be a folder of the directory layout.
    """

    texts: Mapping[Path, str | None] = field(default_factory=dict, repr=False)
    new_layout: bool | None = None


_NO_DRAFT = Draft()


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a file says.

    desired: its resources. options: its ``tenantctl:`` block. problems: warnings, in file order.
    selection: what is left alone. excluded: what of the files that is, as sections and addresses.
    document: the values as they are written; places: the path in it of each resource, by address.
    home: where it gets new files. texts: what its files hold. roots: the folders that these may stand in.
    """

    desired: Desired
    options: Options
    document: Assembly
    places: Mapping[str, FieldPath]
    home: Home
    problems: tuple[Problem, ...] = ()
    selection: Selection = field(default_factory=Selection)
    excluded: tuple[str, ...] = ()
    texts: Mapping[Path, str] = field(default_factory=dict, repr=False)
    roots: tuple[Path, ...] = ()


def load(
    path: Path,
    *,
    variables: Mapping[str, str],
    mappings: Mapping[str, Json] = _NO_MAPPINGS,
    environment: str | None = None,
    settings: Mapping[str, Json] = _NO_MAPPINGS,
    tenant_decides: bool = False,
    draft: Draft = _NO_DRAFT,
) -> Loaded:
    """Load and validate a configuration of auth0-deploy-cli's format; no tenant is needed.

    path: a YAML file, or a folder of the directory layout. variables: the environment, for keywords; it wins
    over `mappings` (AUTH0_KEYWORD_REPLACE_MAPPINGS). environment: the overlay to lay over the rest.
    settings: those of auth0-deploy-cli, of which some leave things alone (`tenantctl.config.selection`).
    tenant_decides: whether `DOUBTS` are but warnings. draft: what is not written yet.

    Raises:
        ProblemsError: something is wrong; with all problems, warnings included, in file order.
    """
    is_there = os.path.exists(path)  # noqa: PTH110  # as below
    is_folder = os.path.isdir(path) if is_there or draft.new_layout is None else draft.new_layout  # noqa: PTH112  # unlike Path.is_dir, it takes any text for a path
    root = Path(settings.get("AUTH0_BASE_PATH") or (path if is_folder else path.parent))
    files = Files(root, Keywords(variables, mappings), environment)
    for named, text in draft.texts.items():
        files.hold(named, text)
    try:
        selection, files.problems = read_selection(settings)
        is_new = draft.new_layout is not None
        document = (_read_directory if is_folder else _read_file)(path, files, is_new=is_new)
        selection = with_own(selection, document)
        document, gone = selected(document, selection)
        files.problems = without_keywords_of(_leaves(gone.values()), files.problems)
    except ProblemsError as error:
        raise ProblemsError(_tidy([*files.problems, *error.problems])) from None
    report = Report(document, files.problems)
    entries = validate_sections(report)
    desired, options = _validate(report, document, entries)
    found = _tidy(_doubted(report.problems) if tenant_decides else report.problems)
    raise_errors(found)
    protect = (*options.protect, *selection.protected)
    places = {make_address(each.section, each.key): each.path for group in entries.values() for each in group}
    options = options.model_copy(update={"protect": protect})
    return Loaded(
        desired,
        options,
        document,
        places,
        Home(root, is_folder, files.exists, frozenset(files.keywords.values)),
        found,
        selection,
        tuple(gone),
        files.texts,
        (root, path if is_folder else path.parent),
    )


def _leaves(origins: Iterable[Origin]) -> Iterable[Origin]:
    """Yield the origins, and those of members that come from other files."""
    for origin in origins:
        yield origin
        yield from _leaves(origin.members.values())


def _read_directory(path: Path, files: Files, *, is_new: bool) -> Assembly:
    assembly = with_environment(read_directory(path, files, is_new=is_new), path / OPTIONS_FILE, files)
    return with_side_files(assembly, files)


def _read_file(path: Path, files: Files, *, is_new: bool) -> Assembly:
    """Read a file, and those that it includes or names, as one document."""
    document = empty_document(path) if is_new and not files.exists(path) else files.read_main(path)
    files.problems[:] = outside_chosen(document, files.environment, files.problems)
    assembly = with_environment(with_includes(document, path, files), path, files)
    return with_side_files(assembly, files)


def _validate(
    report: Report, document: Written, entries: Mapping[str, tuple[Entry, ...]]
) -> tuple[Desired, Options]:
    declared = Declared(entries)
    sections: dict[str, tuple[Resource, ...]] = {}
    for section, group in entries.items():
        resource_type = BY_SECTION[section]
        sections[section] = tuple(make_resource(report, resource_type, entry) for entry in group)
        for entry in group:
            check_references(report, resource_type, entry, declared)
            check_scopes(report, resource_type, entry, declared)
    return Desired(sections), read_options(report, document, declared)


def _doubted(problems: Iterable[Problem]) -> Iterable[Problem]:
    return (replace(each, severity=Severity.WARNING) if each.code in DOUBTS else each for each in problems)


def _tidy(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Sort by position, and leave out what follows from an unresolved keyword in the same line."""
    found = list(problems)
    told = {_line(problem) for problem in found if problem.code == "unresolved-keyword"}
    kept = [
        problem for problem in found if problem.code == "unresolved-keyword" or _line(problem) not in told
    ]
    ordered = sorted(kept, key=lambda problem: (problem.position or Position("", 0, 0), problem.code))
    return tuple(_gathered(ordered))


def _gathered(problems: Iterable[Problem]) -> Iterable[Problem]:
    """Return the problems, of warnings that say the same only the first, with the number of the others."""
    alike: dict[tuple[str, str], list[Problem]] = {}
    for problem in problems:
        own = (problem.summary, str(problem.position) if problem.is_error else problem.code)
        alike.setdefault(own, []).append(problem)
    for first, *others in alike.values():
        if first.is_error or not others:
            yield from (first, *others)
        else:
            told = f"so do {len(others)} more" if len(others) > 1 else f"so does {others[0].position}"
            yield replace(first, detail="; ".join(filter(None, [first.detail, told])))


def _line(problem: Problem) -> tuple[str, int] | None:
    return (problem.position.file, problem.position.line) if problem.position else None

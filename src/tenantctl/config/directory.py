"""A configuration as a folder of JSON files, in the directory layout of auth0-deploy-cli.

A section whose folder is missing is not declared; one whose folder is empty is declared as empty. What is
ours alone, the ``tenantctl:`` block, stands in ``tenantctl.yaml`` in the root.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tenantctl.catalog.layout import Layout
from tenantctl.catalog.registry import BY_SECTION, RESOURCE_TYPES
from tenantctl.catalog.spec import ResourceType
from tenantctl.config.assembly import Assembly, Form, Origin
from tenantctl.config.document import Document, empty_document
from tenantctl.config.files import Files
from tenantctl.config.source import other_files
from tenantctl.problems import Position, Problem, ProblemsError, Severity, did_you_mean
from tenantctl.states import Json

OPTIONS_FILE = "tenantctl.yaml"


def read_directory(root: Path, files: Files, *, is_new: bool = False) -> Assembly:
    """Read every file of a directory layout; what is wrong with one is collected.

    Raises ProblemsError if it holds nothing of a configuration, unless that is yet to be written (`is_new`).
    """
    options = root / OPTIONS_FILE
    first = files.read_main(options) if files.exists(options) else None
    reader = _DirectoryReader(root, files, first)
    for resource_type in RESOURCE_TYPES:
        reader.read(resource_type)
    files.problems.extend(_strange_folders(root))
    if reader.origin is None and is_new:
        return Assembly({}, Origin(empty_document(options)))
    if reader.origin is None:  # no file at all, or none that can be read
        told = any(problem.is_error for problem in files.problems)
        raise ProblemsError([] if told else [_no_configuration(root)])
    return Assembly(reader.data, reader.origin)


class _DirectoryReader:
    """Collects sections."""

    def __init__(self, root: Path, files: Files, options: Document | None) -> None:
        self.root = root
        self.files = files
        self.data: dict[str, Any] = dict(options.data) if options else {}
        self.origin = Origin(options) if options else None

    def read(self, resource_type: ResourceType) -> None:
        """Read the files of one section, if it has any."""
        layout = resource_type.layout
        if layout.items:
            self._read_items(resource_type)
        elif layout.members:
            self._read_members(resource_type)
        else:
            self._put_whole(resource_type.section, self.root / f"{resource_type.section}.json", None)

    def _read_items(self, resource_type: ResourceType) -> None:
        layout = resource_type.layout
        found = self._documents(layout.items, layout.others, None)
        if found:
            self._put(resource_type.section, *_as_list(found))
        elif (self.root / layout.items.partition("/")[0]).is_dir():
            self.data[resource_type.section] = []

    def _read_members(self, resource_type: ResourceType) -> None:
        section, layout = resource_type.section, resource_type.layout
        for field, path in layout.members.items():
            self._put_member(section, field, self.root / path, form_of(layout, field))
        for field, pattern in layout.lists.items():
            found = self._documents(pattern, frozenset(), form_of(layout, field))
            if found:
                items, origin = _as_list(found)
                self._lay(section, field, items, origin)

    def _put_member(self, section: str, field: str, path: Path, form: Form | None) -> None:
        if field:
            document = self._document(path)
            if document is not None:
                self._lay(section, field, *_decoded(document, form))
        else:
            self._put_whole(section, path, form)

    def _put_whole(self, section: str, path: Path, form: Form | None) -> None:
        document = self._document(path)
        if document is not None:
            self._put(section, *_decoded(document, form))

    def _lay(self, section: str, field: str, value: Json, origin: Origin) -> None:
        """Put a field into a section that is one object."""
        held = self.data.get(section)
        below = self.origin.below(section).own() if self.origin and held else Origin(origin.document)
        below.put(field, origin)
        self._put(section, {**(held if isinstance(held, Mapping) else {}), field: value}, below)

    def _put(self, section: str, value: Json, origin: Origin) -> None:
        if self.origin is None:
            self.origin = Origin(origin.document)
        self.data[section] = value
        self.origin.put(section, origin)

    def _documents(
        self, pattern: str, others: frozenset[str], form: Form | None
    ) -> list[tuple[Json, Origin]]:
        paths = (path for path in self.files.fitting(self.root, pattern) if path.name not in others)
        documents = (self._document(path) for path in paths)
        return [_decoded(each, form) for each in documents if each is not None and each.data != {}]

    def _document(self, path: Path) -> Document | None:
        if not self.files.exists(path):
            return None
        try:
            self.files.check_inside(path, Position(str(path), 1, 1))
            return self.files.read(path)
        except ProblemsError as error:
            self.files.problems.extend(error.problems)
            return None


def form_of(layout: Layout, field: str) -> Form | None:
    """Return the form in which a file of the layout has a field, if it is one of its own."""
    return Form(layout.decode[field], layout.encode[field]) if field in layout.decode else None


def _as_list(found: list[tuple[Json, Origin]]) -> tuple[list[Json], Origin]:
    """Return the objects of several files as one list."""
    origin = Origin(found[0][1].document)
    for index, (_, each) in enumerate(found):
        origin.put(index, each)
    return [data for data, _ in found], origin


def _decoded(document: Document, form: Form | None) -> tuple[Json, Origin]:
    """Return what a file says in the form of the YAML file; then all of it stands where the file begins."""
    if form is None:
        return document.data, Origin(document)
    try:
        return form.decode(document.data), Origin(document, form=form)
    except (TypeError, AttributeError, LookupError):
        return document.data, Origin(document)  # of another form: validation tells


def _strange_folders(root: Path) -> Iterator[Problem]:
    """Yield a warning for each folder that is likely meant for one of the layout: its files are not read."""
    known = {folder for resource_type in RESOURCE_TYPES for folder in resource_type.layout.folders}
    for path in sorted(root.iterdir()) if root.is_dir() else ():
        meant = _meant(path.name, sorted(known)) if path.is_dir() and path.name not in known else ""
        if meant:
            yield Problem(
                code="unknown-folder",
                severity=Severity.WARNING,
                summary=f"the folder '{path.name}' is none of the directory layout, and is not read",
                hint=meant,
                position=Position(str(path), 1, 1),
            )


def _meant(name: str, known: list[str]) -> str:
    folders = BY_SECTION[name].layout.folders if name in BY_SECTION else ()
    there = " and ".join(f"'{folder}'" for folder in sorted(folders))
    return f"Files of the section '{name}' stand in {there}." if there else did_you_mean(name, known)


def _no_configuration(root: Path) -> Problem:
    return Problem(
        code="file-is-directory",
        summary=f"{root}: is a folder without files of the directory layout",
        hint=f"Name a YAML file, or a folder with clients/*.json, tenant.json and so on. {other_files(root)}",
        position=Position(str(root), 1, 1),
    )

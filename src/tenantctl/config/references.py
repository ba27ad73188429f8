"""Check, offline, that what a field points to is declared in the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from tenantctl.catalog.keys import looks_like_id
from tenantctl.catalog.paths import values_at
from tenantctl.catalog.registry import BY_SECTION
from tenantctl.catalog.spec import Reference, ResourceType
from tenantctl.config.report import Entry, Report
from tenantctl.states import FieldPath


class Declared:
    """The resources of the file, to be found by key or by the value that goes on the wire."""

    def __init__(self, entries: Mapping[str, Sequence[Entry]]) -> None:
        self._by_key = {section: {entry.key: entry for entry in group} for section, group in entries.items()}
        self._by_wire: dict[tuple[str, str], dict[str, Entry]] = {}
        self._offered: dict[tuple[FieldPath, str], dict[str, FieldPath]] = {}

    def has_section(self, section: str) -> bool:
        """Whether the file has the section."""
        return section in self._by_key

    def keys(self, section: str) -> Iterator[tuple[str, FieldPath]]:
        """Yield the keys of a section, with where their entry's key stands."""
        for key, entry in self._by_key.get(section, {}).items():
            yield key, (*entry.path, BY_SECTION[section].key[0])

    def find(self, section: str, name: str, wire: str = "") -> Entry | None:
        """Return the entry that has `name` as its key, or as the value of its field `wire`."""
        found = self._by_key.get(section, {}).get(name)
        return found or (self._wired(section, wire).get(name) if wire else None)

    def offered(self, entry: Entry, path: str) -> Mapping[str, FieldPath]:
        """Return the values that an entry has at a dotted path, and where in the file they stand."""
        known = self._offered.get((entry.path, path))
        if known is None:
            known = {str(value): (*entry.path, *where) for where, value in values_at(entry.data, path)}
            self._offered[entry.path, path] = known
        return known

    def _wired(self, section: str, wire: str) -> dict[str, Entry]:
        known = self._by_wire.get((section, wire))
        if known is None:
            entries = self._by_key.get(section, {}).values()
            known = {str(entry.data[wire]): entry for entry in entries if entry.data.get(wire)}
            self._by_wire[section, wire] = known
        return known


def check_references(report: Report, resource_type: ResourceType, entry: Entry, declared: Declared) -> None:
    """Warn of references to what is neither declared nor looks like an id."""
    for reference in resource_type.references:
        written = (found for field in reference.fields for found in values_at(entry.data, field))
        for path, value in written:
            target = reference.target_in(value)
            if target is not None and not is_known(reference, target, declared):
                _warn(report, reference, (*entry.path, *path), target, entry, declared)


def is_known(reference: Reference, value: str, declared: Declared) -> bool:
    """Whether a value names a declared resource, one that every tenant has, or looks like an id."""
    places = product(reference.sections, reference.wires)
    return any(_is_known_in(section, wire, value, declared) for section, wire in places)


def _is_known_in(section: str, wire: str, value: str, declared: Declared) -> bool:
    target = BY_SECTION.get(section)
    if target is None or declared.find(section, value, wire):
        return True
    return target.built_in(value) or (wire == target.id_field and looks_like_id(target, value))


def _warn(
    report: Report, reference: Reference, path: FieldPath, value: str, entry: Entry, declared: Declared
) -> None:
    report.warning(
        "unresolved-reference",
        f"{report.label(path, len(entry.path))} names {report.document.shown(path, value)}, "
        f"which the file does not declare in '{reference.section}'",
        path,
        hint=reference_hint(report, path, value, reference.section, declared),
        entry=entry,
    )


def reference_hint(report: Report, path: FieldPath, value: str, section: str, declared: Declared) -> str:
    """Return what may help with a name that the file does not declare."""
    meant = report.nearest(value, report.document.shown_text(path, value), (), declared.keys(section))
    where = "" if declared.has_section(section) else f" The file has no section '{section}'."
    return meant or f"It has to be on the tenant when the plan is made.{where}"

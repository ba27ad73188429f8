"""Check a document against the catalog, and make the desired state of it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from tenantctl.catalog.keys import SEPARATOR, key_parts
from tenantctl.catalog.paths import values_at, without
from tenantctl.catalog.registry import BY_SECTION
from tenantctl.catalog.spec import ResourceType
from tenantctl.config.exported import without_placeholders, without_retired
from tenantctl.config.fields import FieldChecker, type_name
from tenantctl.config.report import Entry, Report
from tenantctl.problems import Position
from tenantctl.states import FieldPath, Json, Resource

OPTIONS = "tenantctl"
"""The top-level key under which stands what auth0-deploy-cli does not know."""

_DEPLOY_CLI_ONLY = frozenset({"clientAuthCredentials"})
"""Top-level keys of auth0-deploy-cli 8.43 that are no section here; it knows them, so they are no slips."""


def validate_sections(report: Report) -> dict[str, tuple[Entry, ...]]:
    """Check every section, and return the entries of those that are known, in file order.

    What is wrong is added to `report`; an entry that is no mapping or has no key is left out.
    """
    entries: dict[str, tuple[Entry, ...]] = {}
    for section, value in report.document.data.items():
        resource_type = BY_SECTION.get(section)
        if section == OPTIONS:
            continue
        if resource_type is None:
            _report_section(report, section, value)
        elif value is None:
            continue  # as auth0-deploy-cli has it: untouched
        elif resource_type.is_singleton:
            entries[section] = tuple(_singleton(report, resource_type, value))
        else:
            entries[section] = tuple(_collection(report, resource_type, value))
    return entries


def make_resource(report: Report, resource_type: ResourceType, entry: Entry) -> Resource:
    """Check the fields of an entry and return it as a resource, without what the API never takes."""
    entry = without_retired(report, resource_type, without_placeholders(report, resource_type, entry))
    checker = FieldChecker(report, resource_type, entry)
    checker.check()
    _check_presence(report, resource_type, entry)
    _check_place(report, resource_type, entry)
    data: Mapping[str, Json] = entry.data
    for path in sorted(checker.dropped, key=len):
        data = without(data, path)
    locate = partial(_locate, report, entry.path)
    return Resource(section=entry.section, key=entry.key, data=data, locate=locate)


def _locate(report: Report, base: FieldPath, path: FieldPath) -> Position:
    return report.document.locate((*base, *path))


def _report_section(report: Report, section: str, value: Json) -> None:
    path = (section,)
    shown = report.document.shown_name(path)
    supported = f"Supported: {', '.join(BY_SECTION)}."
    if section not in _DEPLOY_CLI_ONLY:
        known = [*BY_SECTION, OPTIONS, *sorted(_DEPLOY_CLI_ONLY)]
        meant = report.nearest(section, shown, known)
        report.error("unknown-section", f"there is no section '{shown}'", path, hint=meant or supported)
    elif value is not None:
        summary = f"the section '{shown}' of auth0-deploy-cli is not supported yet"
        report.error("unsupported-section", summary, path, hint=f"Take it out of this file. {supported}")


def _singleton(report: Report, resource_type: ResourceType, value: Json) -> list[Entry]:
    path = (resource_type.section,)
    if not isinstance(value, dict):
        summary = f"the section '{resource_type.section}' must be a mapping, but is {type_name(value)}"
        report.error("wrong-type", summary, path, hint="Write 'field: value' lines below it.")
        return []
    return [Entry(resource_type.section, path, value, "", "")]


def _collection(report: Report, resource_type: ResourceType, value: Json) -> list[Entry]:
    section = resource_type.section
    if not isinstance(value, list):
        summary = f"the section '{section}' must be a list, but is {type_name(value)}"
        report.error("wrong-type", summary, (section,), hint="Begin each of its entries with '- '.")
        return []
    entries: dict[str, Entry] = {}
    for index, data in enumerate(value):
        entry = _entry(report, resource_type, (section, index), data)
        if entry is None:
            continue
        first = entries.setdefault(entry.key, entry)
        if first is not entry:
            report.error(
                "duplicate-resource",
                f"there are two {section} entries '{entry.shown_key}'"
                if resource_type.key
                else f"a tenant has one {resource_type.title}, but '{section}' has two entries",
                _key_path(resource_type, entry),
                detail=f"the first is at {report.document.locate(first.path)}",
                hint="Keep one of the two, or give one another name.",
                entry=entry,
            )
    return list(entries.values())


def _key_path(resource_type: ResourceType, entry: Entry) -> FieldPath:
    return (*entry.path, *list(key_parts(resource_type, entry.data))[:1])


def _entry(report: Report, resource_type: ResourceType, path: FieldPath, data: Json) -> Entry | None:
    section = resource_type.section
    if not isinstance(data, dict):
        summary = f"an entry of '{section}' must be a mapping, but is {type_name(data)}"
        field = next(iter(resource_type.key), "field")
        report.error("wrong-type", summary, path, hint=f"Write '- {field}: …'.")
        return None
    missing = [name for name in resource_type.required if data.get(name) in (None, "")]
    if missing:
        for name in missing:
            summary = f"this {resource_type.title} has no '{name}'"
            report.error("missing-key", summary, (*path, name), hint="Its entry is identified by it.")
        # What else is wrong with it is told all the same.
        FieldChecker(report, resource_type, Entry(section, path, data, "", "")).check()
        return None
    parts = key_parts(resource_type, data)
    if report.document.has_keywords:
        shown = [report.document.shown_text((*path, name), text) for name, text in parts.items()]
    else:
        shown = list(parts.values())
    return Entry(section, path, data, SEPARATOR.join(parts.values()), SEPARATOR.join(shown))


def _check_presence(report: Report, resource_type: ResourceType, entry: Entry) -> None:
    for name in sorted(resource_type.not_null & entry.data.keys()):
        if entry.data[name] is None:
            hint = "Leave it out to keep what the tenant has."
            report.error("wrong-type", f"{name} can't be null", (*entry.path, name), hint=hint, entry=entry)
    for group in resource_type.any_of:
        if all(entry.data.get(name) is None for name in group):
            names = " or ".join(f"'{name}'" for name in group)
            summary = f"this {resource_type.title} needs {names}"
            report.error("missing-key", summary, entry.path, entry=entry)
    for name, value, other in resource_type.conflicts:
        if entry.data.get(name) == value and entry.data.get(other) is not None:
            report.error(
                "conflicting-fields",
                f"{other} has no place beside {name}: {str(value).lower()}",
                (*entry.path, other),
                hint=f"Remove {other}, or {name}.",
                entry=entry,
            )
    for groups in resource_type.exclusive:
        named = [path for group in groups for path in sorted(group)[:1] if _names_any(entry, group)]
        if len(named) > 1:
            report.error(
                "conflicting-fields",
                f"{' and '.join(named)} exclude each other",
                (*entry.path, named[-1].partition(".")[0]),
                hint="Keep one of them.",
                entry=entry,
            )


def _names_any(entry: Entry, group: frozenset[str]) -> bool:
    """Return whether an entry gives a value, which false is not, to one of these paths."""
    return any(value not in (None, False) for path in group for _, value in values_at(entry.data, path))


def _check_place(report: Report, resource_type: ResourceType, entry: Entry) -> None:
    """Report fields that other objects of the type have, but not the one that is kept at this place."""
    place = resource_type.places.get(entry.key)
    if place is None:
        return
    for name in entry.data.keys() - {*place.fields, *resource_type.key, resource_type.id_field}:
        report.error(
            "misplaced-field",
            f"the {resource_type.title} '{entry.shown_key}' has no {name}",
            (*entry.path, name),
            hint=f"It has: {', '.join(place.fields)}.",
            entry=entry,
        )

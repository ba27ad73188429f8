"""What a user asks about, and the document that answers: all sections, one section, or one field."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tenantctl import __version__
from tenantctl.catalog.registry import BY_SECTION, RESOURCE_TYPES
from tenantctl.explain.field import field_document
from tenantctl.explain.section import fields_below, section_document, summary_document
from tenantctl.explain.subject import Spot, Subject, parse_path, subject_of
from tenantctl.problems import Problem, ProblemsError, did_you_mean

FORMAT_VERSION = "1.0"
OPTIONS = "tenantctl"

_SECTION = re.compile(r"[^/.#\[]*")


def explain(topic: str) -> dict[str, Any]:
    """Return the document on a section, an address, a field of either, or a bare field name.

    Its ``topic`` is ``section``, ``field``, or ``matches`` for a name that several fields bear. An address
    stands for its section: nothing is read, neither a file nor a tenant.

    Raises:
        ProblemsError: ``unknown-section`` or ``unknown-field``.
    """
    found = _SECTION.match(topic)
    section = found[0] if found else ""
    rest = topic.removeprefix(section)
    if section not in BY_SECTION and section != OPTIONS:
        if rest.startswith(("/", "#")):
            raise ProblemsError([_unknown_section(section)])
        return _by_name(topic)
    subject = _subject(section)
    path = rest.rpartition("#")[2] if rest.startswith("/") and "#" in rest else ""
    path = path if rest.startswith("/") else rest[1:] if rest.startswith((".", "#")) else rest
    return _field(subject, subject.find(path)) if parse_path(path) else _section_of(subject)


def explain_all() -> dict[str, Any]:
    """Return the document that lists all sections; its ``topic`` is ``sections``."""
    options = _subject(OPTIONS).resource_type
    types = [*sorted(RESOURCE_TYPES, key=lambda each: each.section.lower()), options]
    return _document("sections", sections=[summary_document(each) for each in types])


def _document(topic: str, **parts: Any) -> dict[str, Any]:
    tool = {"name": "tenantctl", "version": __version__}
    return {"format_version": FORMAT_VERSION, "tool": tool, "topic": topic, **parts}


def _section_of(subject: Subject) -> dict[str, Any]:
    return _document("section", **section_document(subject))


def _field(subject: Subject, spot: Spot) -> dict[str, Any]:
    described = field_document(subject, spot)
    return _document("field", **described, fields=fields_below(subject, spot))


def _subject(section: str) -> Subject:
    if section != OPTIONS:
        return subject_of(section)
    from tenantctl.explain.options import options_subject  # noqa: PLC0415  # pydantic takes time to import

    return options_subject()


def _by_name(name: str) -> dict[str, Any]:
    """Return the one field that bears a name, or the list of all that do."""
    wanted = parse_path(name)
    fields = list(_all_fields())
    found = [(subject, spot) for subject, spot in fields if _ends_with(spot, wanted)]
    if not found:
        known = {*BY_SECTION, OPTIONS, *(spot.name for _, spot in fields)}
        first = name.partition(".")[0]
        raise ProblemsError([_unknown_name(name, _meant(name, known) or _meant(first, known))])
    if len(found) == 1:
        return _field(*found[0])
    return _document("matches", name=name, fields=[field_document(*each) for each in found])


def _all_fields() -> Iterator[tuple[Subject, Spot]]:
    for section in (*BY_SECTION, OPTIONS):
        subject = _subject(section)
        for spot, _ in subject.descendants(subject.entry):
            yield subject, spot


def _ends_with(spot: Spot, wanted: tuple[str, ...]) -> bool:
    """Return whether a path ends in the steps, those into lists and free keys aside."""
    names = [step for step in wanted if step not in {"[]", "*"}]
    held = [step for step in spot.steps if step not in {"[]", "*"}]
    return bool(names) and held[-len(names) :] == names


def _meant(word: str, known: set[str]) -> str:
    return did_you_mean(word, sorted(known))


def _unknown_name(name: str, meant: str) -> Problem:
    return Problem(
        code="unknown-field",
        summary=f"there is neither a section nor a field '{name}'",
        hint=meant or "`tenantctl explain` lists the sections.",
    )


def _unknown_section(section: str) -> Problem:
    return Problem(
        code="unknown-section",
        summary=f"there is no section '{section}'",
        hint=did_you_mean(section, [*BY_SECTION, OPTIONS]) or "`tenantctl explain` lists the sections.",
    )

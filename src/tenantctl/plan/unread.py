"""What the tenant would not tell: an error where the file names it, else a warning, each cause once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from tenantctl.problems import Problem, Severity
from tenantctl.states import Current, Desired, Resource, make_address

_Places = Sequence[tuple[str, str]]
"""Sections and fields; an empty field is the section as a whole."""


def named_unread(desired: Desired, current: Current) -> tuple[tuple[str, str], ...]:
    """Return what the file names and could not be read: (section, field) as in `Current.unread`."""
    return tuple(
        (section, field)
        for section, field in current.unread
        if section in desired.sections and (not field or _naming(desired, section, field))
    )


def unread_problems(desired: Desired, current: Current) -> tuple[Problem, ...]:
    """Return the problems of what could not be read, one for each cause.

    An error where the file names it; a warning where it only may refer to it.
    """
    named = named_unread(desired, current)
    others = [place for place in current.unread if not place[1] and place[0] not in desired.sections]
    errors = (_error(cause, places, desired) for cause, places in by_cause(named, current.unread))
    warnings = (_warning(cause, places) for cause, places in by_cause(others, current.unread))
    return (*errors, *warnings)


def _naming(desired: Desired, section: str, field: str) -> Sequence[Resource]:
    return [resource for resource in desired.sections[section] if not field or field in resource.data]


def by_cause(
    places: Iterable[tuple[str, str]], unread: Mapping[tuple[str, str], Problem]
) -> Iterable[tuple[Problem, _Places]]:
    """Return each cause why something of `places` is unread, with what it concerns."""
    found: defaultdict[Problem, list[tuple[str, str]]] = defaultdict(list)
    for place in places:
        found[unread[place]].append(place)
    return found.items()


def _error(cause: Problem, places: _Places, desired: Desired) -> Problem:
    section, field = places[0]
    first = next(iter(_naming(desired, section, field)), None)
    return replace(
        cause,
        summary=f"{in_words(places)} can't be read: {cause.summary}",
        hint=f"{cause.hint} Or leave {in_words(places)} out of the file.",
        position=first.locate((field,) if field else ()) if first else None,
        address=first.address if first and field else make_address(section),
    )


def _warning(cause: Problem, places: _Places) -> Problem:
    return replace(
        cause,
        summary=f"{in_words(places)} can't be read: {cause.summary}",
        hint=f"{cause.hint} The file does not name them; only references to them by name need it.",
        severity=Severity.WARNING,
        address=places[0][0],
    )


def in_words(places: _Places) -> str:
    """Return sections and fields as a person reads them: ``clients, connections.options and roles``."""
    *first, last = (f"{section}.{field}" if field else section for section, field in places)
    return f"{', '.join(first)} and {last}" if first else last

"""What of a configuration is left alone, as the settings of auth0-deploy-cli say it.

``AUTH0_EXCLUDED``, ``AUTH0_INCLUDED_ONLY``, ``AUTH0_EXCLUDED_CLIENTS`` and their like, from a ``config.json``
or the environment; ``exclude:`` and ``include:`` in a file take the place of the last. What is left out is
neither planned nor, where a section is pruned, deleted.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from glob import escape

from tenantctl.catalog.keys import key_of
from tenantctl.catalog.registry import BY_SECTION
from tenantctl.config.assembly import Assembly, Origin
from tenantctl.config.document import Written
from tenantctl.config.validate import OPTIONS
from tenantctl.problems import Problem, ProblemsError, Severity, did_you_mean
from tenantctl.states import Json, make_address

_OF_SECTION = {
    "AUTH0_EXCLUDED_RULES": "rules",
    "AUTH0_EXCLUDED_CLIENTS": "clients",
    "AUTH0_EXCLUDED_DATABASES": "databases",
    "AUTH0_EXCLUDED_CONNECTIONS": "connections",
    "AUTH0_EXCLUDED_RESOURCE_SERVERS": "resourceServers",
}
_EXCLUDED, _INCLUDED_ONLY = "AUTH0_EXCLUDED", "AUTH0_INCLUDED_ONLY"
_INCLUDED_CONNECTIONS = "AUTH0_INCLUDED_CONNECTIONS"
_THIRD_PARTY = "AUTH0_EXCLUDE_THIRD_PARTY_CLIENTS"
_ALLOW_DELETE = "AUTH0_ALLOW_DELETE"
_OWN_SECTIONS = frozenset({"clientAuthCredentials"})
"""What auth0-deploy-cli may exclude and is no section here."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What is left alone.

    excluded: sections. included: the only sections, if any are named. names: section → names of its objects.
    connections: the only connections, if any are named. no_third_party: applications of others, and their
    grants. patterns: of addresses.
    """

    excluded: frozenset[str] = frozenset()
    included: frozenset[str] | None = None
    names: Mapping[str, frozenset[str]] = field(default_factory=dict)
    connections: frozenset[str] | None = None
    no_third_party: bool = False
    patterns: tuple[str, ...] = ()

    @property
    def protected(self) -> tuple[str, ...]:
        """Addresses that are not to be touched."""
        return tuple(
            make_address(section, escape(name))
            for section, names in self.names.items()
            for name in sorted(names)
        )

    @property
    def partial(self) -> frozenset[str]:
        """Sections of which objects are left alone that only the tenant knows: they can't be pruned."""
        connections = {"connections"} if self.connections is not None else set()
        return frozenset(connections | ({"clients", "clientGrants"} if self.no_third_party else set()))

    def has(self, section: str) -> bool:
        """Return whether a section is planned at all."""
        return section not in self.excluded and (self.included is None or section in self.included)


def read_selection(settings: Mapping[str, Json]) -> tuple[Selection, list[Problem]]:
    """Return what settings leave alone, and what is to be told of them.

    Raises ProblemsError for a value of another form, and for settings that exclude each other.
    """
    problems = [
        *_exclusive(settings, _EXCLUDED, _INCLUDED_ONLY),
        *_exclusive(settings, "AUTH0_EXCLUDED_CONNECTIONS", _INCLUDED_CONNECTIONS),
        *_strange(settings),
    ]
    if problems:
        raise ProblemsError(problems)
    only, connections = _names(settings, _INCLUDED_ONLY), _names(settings, _INCLUDED_CONNECTIONS)
    selection = Selection(
        excluded=frozenset(_names(settings, _EXCLUDED) or ()),
        included=None if only is None else frozenset(only),
        names={section: frozenset(_names(settings, name) or ()) for name, section in _OF_SECTION.items()},
        connections=None if connections is None else frozenset(connections),
        no_third_party=_is_on(settings.get(_THIRD_PARTY)),
    )
    return selection, list(_told(settings))


def _names(settings: Mapping[str, Json], name: str) -> list[str] | None:
    """Return the names that a setting lists; the environment has them as JSON.

    Raises ProblemsError if it is no list of texts.
    """
    value = settings.get(name)
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except json.JSONDecodeError:
            value = None if value else []
    elif value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        hint = f'Write it as a list of names: {name}: ["…"].'
        raise ProblemsError(
            [Problem(code="bad-setting", summary=f"{name} must be a list of names", hint=hint)]
        )
    return value


def _is_on(value: Json) -> bool:
    return value is True or (isinstance(value, str) and value.lower() == "true")


def _exclusive(settings: Mapping[str, Json], *names: str) -> Iterator[Problem]:
    if all(_names(settings, name) for name in names):
        yield Problem(
            code="bad-setting",
            summary=f"{' and '.join(names)} exclude each other",
            hint="Keep one of the two.",
        )


def _strange(settings: Mapping[str, Json]) -> Iterator[Problem]:
    """Yield a problem for each section that there is not: a slip would leave nothing alone."""
    for setting in (_EXCLUDED, _INCLUDED_ONLY):
        for name in _names(settings, setting) or ():
            if name not in BY_SECTION and name not in _OWN_SECTIONS:
                yield Problem(
                    code="unknown-section",
                    summary=f"{setting}: there is no section '{name}'",
                    hint=did_you_mean(name, list(BY_SECTION)) or f"Known: {', '.join(BY_SECTION)}.",
                )
    if _names(settings, _INCLUDED_ONLY) == []:
        yield Problem(
            code="bad-setting", summary=f"{_INCLUDED_ONLY} names no section", hint="Name one, or take it out."
        )


def _told(settings: Mapping[str, Json]) -> Iterator[Problem]:
    if _is_on(settings.get(_ALLOW_DELETE)):
        yield Problem(
            code="allow-delete",
            severity=Severity.WARNING,
            summary=f"{_ALLOW_DELETE} is not obeyed: nothing is deleted because a file does not name it",
            hint="Ask for it per section: 'tenantctl: {prune: [roles]}', or --prune roles.",
        )


def with_own(selection: Selection, document: Written) -> Selection:
    """Return a selection with what a file's ``exclude:`` and ``include:`` say in the place of its names.

    Raises ProblemsError if they are no mappings of lists.
    """
    found = {name: _own_lists(document, name) for name in ("exclude", "include") if name in document.data}
    if "exclude" in found:
        names = {name: frozenset(each) for name, each in found["exclude"].items() if name in BY_SECTION}
        selection = replace(selection, names=names)
    if connections := found.get("include", {}).get("connections"):
        selection = replace(selection, connections=frozenset(connections))
    block = document.data.get(OPTIONS)
    named = block.get("exclude") if isinstance(block, Mapping) else None
    own = [each for each in named if isinstance(each, str)] if isinstance(named, list) else []
    return replace(
        selection,
        excluded=selection.excluded | {each for each in own if "/" not in each},
        patterns=(*selection.patterns, *(each for each in own if "/" in each)),
    )


def _own_lists(document: Written, name: str) -> Mapping[str, list[str]]:
    value = document.data[name] or {}
    if isinstance(value, Mapping) and all(isinstance(each, list) for each in value.values()):
        return {section: [str(item) for item in each] for section, each in value.items()}
    problem = Problem(
        code="wrong-type",
        summary=f"'{name}' maps sections to lists of names",
        hint=f"Write '{name}: {{clients: [My App]}}'.",
        position=document.locate((name,)),
    )
    raise ProblemsError([problem])


def selected(assembly: Assembly, selection: Selection) -> tuple[Assembly, dict[str, Origin]]:
    """Return a configuration without what is left alone, and its sections and addresses with origins."""
    gone: dict[str, Origin] = {}
    data, origin = dict(assembly.data), assembly.origin.own()
    for section in ("exclude", "include"):
        data.pop(section, None)
    foreign = third_party(data.get("clients"), selection)
    for section in [name for name in data if name in BY_SECTION]:
        value = data[section]
        if not selection.has(section):
            gone[section] = origin.below(section)
            del data[section]
        elif isinstance(value, list):
            alone = [is_left_alone(section, entry, selection, foreign) for entry in value]
            if any(alone):
                kept = [rank for rank, is_alone in enumerate(alone) if not is_alone]
                below = origin.below(section)
                for rank in set(range(len(value))) - set(kept):
                    gone[_address(section, value[rank])] = below.below(rank)
                data[section] = [value[rank] for rank in kept]
                moved: dict[str | int, Origin] = {new: below.below(rank) for new, rank in enumerate(kept)}
                origin.put(section, Origin(below.document, below.path, moved))
    return Assembly(data, origin), gone


def _address(section: str, entry: Mapping[str, Json]) -> str:
    return make_address(section, key_of(BY_SECTION[section], entry))


def is_left_alone(section: str, entry: Json, selection: Selection, foreign: AbstractSet[str]) -> bool:
    """Return whether a resource is left alone; `foreign` are the names of `third_party` applications."""
    if not isinstance(entry, Mapping):
        return False
    key = key_of(BY_SECTION[section], entry)
    if section == "connections" and selection.connections is not None and key not in selection.connections:
        return True
    return (
        any(fnmatchcase(_address(section, entry), pattern) for pattern in selection.patterns)
        or key in selection.names.get(section, ())
        or (section == "clients" and key in foreign)
        or (section == "clientGrants" and str(entry.get("client_id")) in foreign)
    )


def third_party(clients: Json, selection: Selection) -> frozenset[str]:
    """Return the names of the applications of others, if these are left alone."""
    entries = clients if isinstance(clients, list | tuple) and selection.no_third_party else ()
    return frozenset(
        str(entry.get("name"))
        for entry in entries
        if isinstance(entry, Mapping) and entry.get("is_first_party") is False
    )

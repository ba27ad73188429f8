"""Bring live values to the form in which a file has them: names for ids, and nothing that only reads show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from tenantctl.catalog.marks import dotted, is_marked, is_secret
from tenantctl.catalog.registry import BY_SECTION
from tenantctl.catalog.spec import Reference, ResourceType
from tenantctl.plan.references import Directory
from tenantctl.plan.shape import shape_at
from tenantctl.states import FieldPath, Json, make_address

_ANYWHERE = "**."


class Dropped:
    """The value of what no file holds."""


DROPPED = Dropped()


@dataclass(slots=True)
class Names:
    """Names what the objects of one type hold.

    withheld: places whose values a file must not hold, secrets and what reads never tell; as they are met.
    """

    resource_type: ResourceType
    directory: Directory
    withheld: list[FieldPath] = field(default_factory=list)

    def value(self, path: FieldPath, live: Json) -> Any:
        """Return the file's form of a live value, or `DROPPED`."""
        shape = shape_at(self.resource_type, path)
        if shape.read_only:
            return DROPPED
        is_leaf = live is not None and not isinstance(live, Mapping | list)
        if shape.write_only or (is_leaf and is_secret(self.resource_type, path)):
            self.withheld.append(path)
            return DROPPED
        if isinstance(live, Mapping):
            return self._mapping(path, live)
        if isinstance(live, list):
            items = (self.value((*path, index), item) for index, item in enumerate(live))
            return [item for item in items if item is not DROPPED]
        return self._name(path, live) if isinstance(live, str) else live

    def _mapping(self, path: FieldPath, live: Mapping[str, Json]) -> Json:
        held = dict(live)
        told: dict[str, Json] = {}
        for reference in references_in(self.resource_type, path):
            for name, _ in reference.shows:
                held.pop(name, None)
            if reference.version is not None and reference.version.wire in held:
                told |= self._version(reference, held)
            if reference.by and reference.name in held:
                told |= self._told_by_members(reference, held)
            elif reference.alias and reference.name in held:
                named = self.value((*path, reference.name), held.pop(reference.name))
                told = {reference.alias: named, **told}
        kept = {name: self.value((*path, name), value) for name, value in held.items() if value is not None}
        return {**told, **{name: value for name, value in kept.items() if value is not DROPPED}}

    def _name(self, path: FieldPath, value: str) -> str:
        for reference in _references_at(self.resource_type.section, dotted(path)):
            target = reference.target_in(value)
            if target is not None:
                return reference.prefix + self._name_of(reference, target)
        return value

    def _name_of(self, reference: Reference, wire: str) -> str:
        """Return the name that stands for a value on the wire, or that value where none does."""
        for section in reference.sections:
            key = BY_SECTION[section].key[0]
            for item in self.directory.live_by(section, reference.wire).get(wire, ()):
                name = item.get(key)
                if isinstance(name, str) and self._leads_to(reference, name, item):
                    return name
        return wire

    def _leads_to(self, reference: Reference, name: str, item: Mapping[str, Json]) -> bool:
        """Return whether a plan would take a name for this object and no other."""
        for section in reference.sections:
            if name in self.directory.declared(section):
                return self.directory.live_of.get(make_address(section, name)) is item
        named = [
            each
            for section in reference.sections
            for each in self.directory.live_by(section, BY_SECTION[section].key[0]).get(name, ())
        ]
        return len(named) == 1

    def _told_by_members(self, reference: Reference, held: dict[str, Json]) -> Mapping[str, Json]:
        """Return the members that tell a target, in the place of its id, if they do so."""
        target = BY_SECTION[reference.section]
        found = self.directory.live_by(reference.section, reference.wire).get(held[reference.name], ())
        for name in reference.by:
            held.pop(name, None)
        if len(found) != 1:
            return {}
        members = {name: found[0].get(name) for name in reference.by}
        alike = [
            item
            for item in self.directory.current.sections.get(reference.section, ())
            if all(item.get(name) == value for name, value in members.items())
        ]
        if len(alike) != 1 or None in members.values():
            return {}
        del held[reference.name]
        names = Names(target, self.directory)
        return {name: names.value((name,), value) for name, value in members.items()}

    def _version(self, reference: Reference, held: dict[str, Json]) -> Mapping[str, Json]:
        """Return the number of a version in the place of its id, if it is known."""
        version = reference.version
        if version is None:
            return {}
        targets = self.directory.live_by(reference.section, reference.wire).get(held.get(reference.name), ())
        for target in targets:
            for each in target.get(version.history) or ():
                if each.get("id") == held[version.wire]:
                    del held[version.wire]
                    held.pop(version.number, None)
                    return {version.number: each[version.numbered]}
        held.pop(version.number, None)
        return {}


def references_in(resource_type: ResourceType, path: FieldPath) -> Iterator[Reference]:
    """Yield the references whose fields stand in the mapping at `path`."""
    return (each for each in resource_type.references if _holds(each.holder, path))


def _holds(holder: str, path: FieldPath) -> bool:
    return holder == "**" or (dotted(path) == holder if not holder else is_marked({holder}, path))


@lru_cache(maxsize=65536)
def _references_at(section: str, place: str) -> tuple[Reference, ...]:
    """Return the references that may stand at a place."""
    found = []
    for each in BY_SECTION[section].references:
        if each.field.startswith(_ANYWHERE):
            matches = f".{place}".endswith(each.field.removeprefix("**"))
        else:
            matches = is_marked({each.field}, _as_path(place))
        if matches:
            found.append(each)
    return tuple(found)


def _as_path(place: str) -> FieldPath:
    steps: list[str | int] = []
    for part in place.split("."):
        name, *items = part.split("[]")
        steps += [name, *(0 for _ in items)]
    return tuple(steps)

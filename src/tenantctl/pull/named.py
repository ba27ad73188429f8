"""Bring live values to the form in which a file has them: names for ids, and nothing that only reads show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from tenantctl.catalog.fields import field_at
from tenantctl.catalog.marks import dotted, is_marked, is_secret
from tenantctl.catalog.registry import BY_SECTION
from tenantctl.catalog.spec import Reference, ResourceType
from tenantctl.config.edits import Keyword
from tenantctl.plan.diff import by_key
from tenantctl.plan.references import Directory
from tenantctl.plan.shape import shape_at
from tenantctl.pull.secrets import SecretKeywords
from tenantctl.states import FieldPath, Json, make_address

_ANYWHERE = "**."


class Dropped:
    """The value of what no file holds."""


DROPPED = Dropped()


@dataclass(slots=True)
class Names:
    """Names what one object holds; secrets become keywords, which are named after its address."""

    resource_type: ResourceType
    directory: Directory
    secrets: SecretKeywords
    address: str = ""

    def value(self, path: FieldPath, live: Json, way: tuple[str, ...] | None = None) -> Any:
        """Return the file's form of a live value, or `DROPPED`.

        way: the path as a keyword is named after it; items of a list by their key, if they have one.
        """
        shape = shape_at(self.resource_type, path)
        way = tuple(map(str, path)) if way is None else way
        if shape.read_only:
            return DROPPED
        if isinstance(live, Mapping | list):
            if shape.write_only:
                return DROPPED
            return (
                self._mapping(path, live, way) if isinstance(live, Mapping) else self._list(path, live, way)
            )
        if live not in (None, "") and is_secret(self.resource_type, path):
            return self.secrets.keyword(self.address, way, is_text=isinstance(live, str))
        if shape.write_only:
            return DROPPED
        return self._name(path, live) if isinstance(live, str) else live

    def unseen(self, path: FieldPath, way: tuple[str, ...]) -> Keyword:
        """Return the keyword for a secret that no read shows."""
        known = field_at(self.resource_type, dotted(path))
        return self.secrets.keyword(
            self.address, way, is_text=known is None or known.types in {(), ("string",)}
        )

    def _list(self, path: FieldPath, live: list[Json], way: tuple[str, ...]) -> list[Json]:
        item_key = shape_at(self.resource_type, path).item_key
        made = []
        for index, item in enumerate(live):
            name = next(iter(by_key(item_key, [item]))) if item_key else str(index)
            made.append(self.value((*path, index), item, (*way, name)))
        return [item for item in made if item is not DROPPED]

    def _mapping(self, path: FieldPath, live: Mapping[str, Json], way: tuple[str, ...]) -> Json:
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
        kept = {
            name: self.value((*path, name), value, (*way, name))
            for name, value in held.items()
            if value is not None
        }
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
        names = Names(target, self.directory, self.secrets)
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

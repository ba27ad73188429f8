"""Pair the resources of a file with the objects of the tenant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tenantctl.catalog.keys import key_of
from tenantctl.catalog.spec import ResourceType
from tenantctl.plan.references import Directory, Resolved
from tenantctl.plan.values import Pending
from tenantctl.problems import Problem
from tenantctl.states import Json, Resource, make_address


@dataclass(frozen=True, slots=True)
class Match:
    """A declared resource and the live object that it stands for, if there is one."""

    resource: Resource
    resolved: Resolved
    live: Mapping[str, Json] | None


@dataclass(frozen=True, slots=True)
class LiveObject:
    """An object of the tenant that no resource of the file stands for."""

    address: str
    data: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Matching:
    """How the resources of one section and the tenant's objects pair up."""

    matches: tuple[Match, ...]
    unmatched: tuple[LiveObject, ...]
    problems: tuple[Problem, ...]


def match_section(
    resource_type: ResourceType,
    resources: Sequence[Resource],
    directory: Directory,
    moved: Mapping[str, str],
) -> Matching:
    """Match by the server's id where the file gives it, else by key, else by the key it was `moved` from."""
    live = directory.current.sections.get(resource_type.section, ())
    if resource_type.is_singleton:
        return _match_singleton(resource_type, resources, live[0] if live else {}, directory)
    finder = _Finder(resource_type, live, directory)
    matches: list[Match] = []
    problems: list[Problem] = []
    taken: set[int] = set()
    for resource in resources:
        resolved = directory.resolve(resource_type, resource)
        found = finder.find(resource, resolved.data, moved.get(resource.address))
        if len(found) > 1:
            problems.append(_ambiguous(resource_type, resource, found))
        taken.update(id(item) for item in found)
        matches.append(Match(resource, resolved, found[0] if found else None))
        if found:
            directory.live_of[resource.address] = found[0]
    unmatched = tuple(LiveObject(finder.address(item), item) for item in live if id(item) not in taken)
    return Matching(tuple(matches), unmatched, tuple(problems))


def _match_singleton(
    resource_type: ResourceType, resources: Sequence[Resource], item: Mapping[str, Json], directory: Directory
) -> Matching:
    """Match the one object; of a type that can be created, an empty one on either side means none.

    So does one that is to be cleared, where there is none.
    """
    optional = resource_type.create is not None
    live = None if optional and not item else item
    declared = [
        resource
        for resource in resources
        if not optional
        or (resource.data and (live or any(value is not None for value in resource.data.values())))
    ]
    pairs = [Match(resource, directory.resolve(resource_type, resource), live) for resource in declared]
    undeclared = [LiveObject(resource_type.section, item)] if live and not declared else []
    return Matching(tuple(pairs), tuple(undeclared), ())


class _Finder:
    """Finds live objects of one section by id, by key, or by the address a person would write."""

    def __init__(
        self, resource_type: ResourceType, live: Iterable[Mapping[str, Json]], directory: Directory
    ) -> None:
        self.resource_type = resource_type
        self.directory = directory
        self.by_key: dict[tuple[Json, ...], list[Mapping[str, Json]]] = defaultdict(list)
        self.by_id: dict[Json, Mapping[str, Json]] = {}
        for item in live:
            self.by_key[self._key(item)].append(item)
            if resource_type.id_field and resource_type.id_field in item:
                self.by_id[item[resource_type.id_field]] = item

    def _key(self, data: Mapping[str, Json]) -> tuple[Json, ...]:
        defaults = self.resource_type.defaults
        values = [data.get(name) for name in self.resource_type.key]
        return tuple(
            defaults.get(name) if value is None else value
            for name, value in zip(self.resource_type.key, values, strict=True)
        )

    def find(
        self, resource: Resource, data: Mapping[str, Json], moved_from: str | None
    ) -> list[Mapping[str, Json]]:
        stated = resource.data.get(self.resource_type.id_field or "")
        if stated in self.by_id:
            return [self.by_id[stated]]
        key = self._key(data)
        if any(isinstance(part, Pending) for part in key):
            return []
        found = self.by_key.get(key, [])
        if not found and moved_from:
            found = [item for item in self.by_id.values() if self.address(item) == moved_from]
        return found

    def address(self, item: Mapping[str, Json]) -> str:
        named = self.directory.named(self.resource_type, item)
        return make_address(self.resource_type.section, key_of(self.resource_type, named))


def _ambiguous(
    resource_type: ResourceType, resource: Resource, found: Sequence[Mapping[str, Json]]
) -> Problem:
    id_field = resource_type.id_field or ""
    ids = ", ".join(str(item.get(id_field)) for item in found)
    return Problem(
        code="ambiguous-match",
        summary=f"the tenant has {len(found)} objects that {resource.address} could stand for",
        hint=f"Add `{id_field}:` to the entry to say which, one of: {ids}.",
        position=resource.position,
        address=resource.address,
    )

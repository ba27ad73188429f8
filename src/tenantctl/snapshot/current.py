"""What a plan would have read of the tenant, taken from its snapshot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tenantctl.catalog.endpoints import Association, Part, Pool
from tenantctl.catalog.keys import key_of, own_names
from tenantctl.catalog.paths import values_at
from tenantctl.catalog.registry import BY_SECTION
from tenantctl.catalog.spec import ResourceType
from tenantctl.problems import Problem
from tenantctl.snapshot.read import Snapshot
from tenantctl.states import Current, Desired, Interest, Json


def current_of(
    snapshot: Snapshot, desired: Desired, interest: Interest, own_client_id: str | None = None
) -> Current:
    """Return what `interest` asks for as the snapshot has it; what it lacks of that is unread.

    own_client_id: the client that the tool would run as, if that is known better than from the snapshot.
    """
    unread: dict[tuple[str, str], Problem] = {}
    sections: dict[str, tuple[Mapping[str, Json], ...]] = {}
    for section in interest.sections:
        reader = _Section(snapshot, BY_SECTION[section], interest)
        if section in snapshot.sections:
            sections[section] = tuple(reader.objects())
            unread |= {(section, field): problem for field, problem in reader.lacking()}
        if section not in snapshot.sections or not _is_complete(snapshot, desired, section):
            unread[section, ""] = _lacks(snapshot, section, "")
    return Current(
        domain=snapshot.domain,
        sections=sections,
        own_client_id=own_client_id or snapshot.own_client_id,
        unread={place: unread[place] for place in sorted(unread)},
        snapshot=snapshot.file,
    )


def _is_complete(snapshot: Snapshot, desired: Desired, section: str) -> bool:
    """Return whether all was recorded of a section that the file may mean.

    Where only some objects were chosen, and the file names no others, it is; references may mean any.
    """
    if snapshot.choice.has_all_of(section):
        return True
    declared = desired.sections.get(section)
    if declared is None:
        return False
    return all(snapshot.choice.has(section, resource.address) for resource in declared)


@dataclass(frozen=True, slots=True)
class _Section:
    """The objects of one section of a snapshot, as a plan wants them."""

    snapshot: Snapshot
    resource_type: ResourceType
    interest: Interest

    @property
    def items(self) -> list[dict[str, Json]]:
        return self.snapshot.sections[self.resource_type.section]

    def objects(self) -> Iterator[Mapping[str, Json]]:
        """Yield the objects with the parts and associations that are asked for, and no others."""
        resource_type = self.resource_type
        if resource_type.listing is not None or resource_type.is_singleton:
            yield from map(self._cut, self.items)
            return
        recorded = {key_of(resource_type, item): item for item in self.items}
        for named in self.interest.objects.get(resource_type.section, ()):
            found = recorded.get(key_of(resource_type, named))
            if not resource_type.key:
                yield from map(self._cut, self.items)
            elif found is not None:
                yield self._cut(found)
            elif resource_type.permanent:
                yield named

    def lacking(self) -> Iterator[tuple[str, Problem]]:
        """Yield the fields that are asked for of an object that was recorded without them."""
        for section, field in self.snapshot.unread:
            if section == self.resource_type.section and field:
                yield field, _lacks(self.snapshot, section, field)
        for item in self.items:
            for detail in self._asked_for(item):
                if _recorded(detail, item) is None:
                    yield from (
                        (root, _lacks(self.snapshot, self.resource_type.section, root))
                        for root in detail.roots
                    )
            for part, listed in self._inner_lists(item):
                if listed.field not in (item.get(part.root) or {listed.field: []}):
                    yield part.root, _lacks(self.snapshot, self.resource_type.section, part.root)

    def _asked_for(self, item: Mapping[str, Json]) -> Iterator[Part | Association]:
        names = own_names(self.resource_type, item)
        for detail in (*self.resource_type.details, *self.resource_type.runtime):
            if self.interest.names_detail(self.resource_type.section, detail.field, names):
                yield detail

    def _inner_lists(self, item: Mapping[str, Json]) -> Iterator[tuple[Part, Association]]:
        names = own_names(self.resource_type, item)
        for part in self.resource_type.parts:
            for listed in part.lists:
                if self.interest.names_detail(self.resource_type.section, listed.field, names):
                    yield part, listed

    def _cut(self, item: Mapping[str, Json]) -> Mapping[str, Json]:
        resource_type = self.resource_type
        below = {_place(detail) for detail in (*resource_type.details, *resource_type.runtime)}
        found = {name: value for name, value in item.items() if name not in below}
        for detail in self._asked_for(item):
            (value,) = _recorded(detail, item) or (None,)
            if isinstance(detail, Part) and detail.names and isinstance(value, Mapping):
                keys = self.interest.named.get((resource_type.section, detail.field), ())
                value = _with_empty(value, keys)
            if isinstance(detail, Part) and detail.lists:
                asked = {listed.field for part, listed in self._inner_lists(item) if part is detail}
                value = _without_others(detail, value, asked)
            if value is not None:
                found[_place(detail)] = value
        return found


def _place(detail: Part | Association) -> str:
    return detail.root if isinstance(detail, Part) else detail.field


def _recorded(detail: Part | Association, item: Mapping[str, Json]) -> tuple[Json] | None:
    """Return what an object has of a part or association; None if that is unknown.

    None of a pool's objects is read unless a list links one.
    """
    if _place(detail) in item:
        return (item[_place(detail)],)
    if isinstance(detail, Pool) and not any(
        links for each in detail.links for _, links in values_at(item, each)
    ):
        return ([],)
    return None


def _without_others(part: Part, value: Json, asked: set[str]) -> Json:
    """Return a part without those of its lists that are not asked for."""
    if not isinstance(value, Mapping):
        return value
    kept = {name: member for name, member in value.items() if name in asked}
    return {**part.without_lists(value), **kept}


def _with_empty(nested: Mapping[str, Json], keys: tuple[tuple[str, ...], ...]) -> Mapping[str, Json]:
    """Return nested mappings with an empty object for each of the keys that leads to none."""
    filled: dict[str, Json] = dict(nested)
    for first, *rest in keys:
        below = filled.get(first) or {}
        filled[first] = _with_empty(below, (tuple(rest),)) if rest else below
    return filled


def _lacks(snapshot: Snapshot, section: str, field: str) -> Problem:
    reason = snapshot.unread.get((section, field), "")
    chosen = section in snapshot.sections and not field
    return Problem(
        code="not-in-snapshot",
        summary=f"the snapshot {snapshot.file} has of it only what --only '{snapshot.choice}' chose"
        if chosen
        else f"the snapshot {snapshot.file} does not have it",
        detail=f"When it was made, {reason}." if reason else "",
        hint=f"Make one that does with `tenantctl snapshot --out {snapshot.file}`.",
    )

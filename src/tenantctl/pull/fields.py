"""Find what a file has to say otherwise of one resource, field by field, by the planner's own comparison."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tenantctl.catalog.fields import is_read_only
from tenantctl.catalog.spec import ResourceType
from tenantctl.config.edits import Edit, Insert, Put, Remove, edited_data, edits_by_place
from tenantctl.plan.diff import Walk, by_key, is_empty, same_kind
from tenantctl.plan.shape import ABSENT, shape_at
from tenantctl.pull.align import aligned
from tenantctl.pull.model import Kept, Reason
from tenantctl.pull.named import DROPPED, Names, references_in
from tenantctl.states import FieldPath, Json


@dataclass(slots=True)
class FieldPull:
    """Collects the edits of one entry; paths are those inside it.

    has_keyword: whether a keyword has a part in what stands at a path; is_keyword: whether one gives all.
    """

    resource_type: ResourceType
    names: Names
    walk: Walk
    has_keyword: Callable[[FieldPath], bool]
    is_keyword: Callable[[FieldPath], bool]
    edits: list[Edit] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)

    def mapping(
        self, path: FieldPath, file: Mapping[str, Json], wanted: Json, live: Mapping[str, Json]
    ) -> None:
        """Compare the members that the file names; the file is as it is written, `wanted` in wire form."""
        if not isinstance(wanted, Mapping):
            self._put(path, path, live)
            return
        alike = same_kind(self.resource_type, path, wanted, live)
        for name, value in file.items():
            wire = self._wire_name(path, name, wanted)
            if wire is None:
                continue
            desired = wanted.get(wire, value)
            if self.walk.differs(path, wire, desired, live):
                self._member((*path, name), (*path, wire), value, desired, live.get(wire, ABSENT))
        if not alike:
            self._complete(path, file, live)

    def _wire_name(self, path: FieldPath, name: str, wanted: Mapping[str, Json]) -> str | None:
        """Return what a member is called on the wire; None if it is not to be compared by itself."""
        if name in wanted:
            return name
        for reference in references_in(self.resource_type, path):
            if name == reference.alias and reference.name in wanted:
                return reference.name
            if reference.version is not None and name == reference.version.number:
                return reference.version.wire
            if name in reference.by:
                return reference.name if reference.name in wanted else None
        if path:
            return name
        steps = {step.field for step in self.resource_type.steps}
        skipped = {*steps, self.resource_type.id_field} - {*self.resource_type.key}
        return None if name in skipped or is_read_only(self.resource_type, name) else name

    def settle(self, file: Mapping[str, Json]) -> None:
        """Take out what may not stand beside what the entry says now (`ResourceType.conflicts`)."""
        made = edited_data(file, edits_by_place(self.edits))
        for name, value, other in self.resource_type.conflicts:
            if made.get(name) == value and made.get(other) is not None:
                self.edits = [edit for edit in self.edits if edit.path[0] != other]
                self.edits.append(Remove((other,)))

    def _complete(self, path: FieldPath, file: Mapping[str, Json], live: Mapping[str, Json]) -> None:
        """Name all of an object that is of another kind than the file has it."""
        named = self.names.value(path, live)
        for name, value in named.items() if isinstance(named, Mapping) else ():
            if name not in file:
                self.edits.append(Put((*path, name), value))

    def _member(self, path: FieldPath, place: FieldPath, file: Json, wanted: Json, live: Json) -> None:
        if is_empty(live):
            default = self.walk.default(place)
            live = live if default is ABSENT else default
        if self.is_keyword(path):
            self._keep(path, Reason.KEYWORD)
        elif isinstance(file, list) and isinstance(wanted, list):
            self._sequence(path, place, file, wanted, [] if is_empty(live) else live)
        elif isinstance(file, Mapping) and file and isinstance(live, Mapping) and live:
            self.mapping(path, file, wanted, live)
        elif isinstance(file, list) and isinstance(wanted, Mapping) and isinstance(live, Mapping):
            # What the file lists one by one is one mapping on the tenant.
            for index, item in enumerate(file):
                self.mapping((*path, index), item, wanted, live)
        else:
            self._put(path, place, live)

    def _put(self, path: FieldPath, place: FieldPath, live: Json) -> None:
        if self.has_keyword(path):
            self._keep(path, Reason.KEYWORD)
            return
        is_gone = is_empty(live) and not isinstance(live, list)
        value = DROPPED if is_gone else self.names.value(place, live, tuple(map(str, path)))
        self.edits.append(Remove(path) if value is DROPPED else Put(path, value))

    def _keep(self, path: FieldPath, reason: Reason) -> None:
        self.kept.append(Kept(path, reason))

    def _sequence(
        self, path: FieldPath, place: FieldPath, file: list[Json], wanted: list[Json], live: Json
    ) -> None:
        if not isinstance(live, list) or len(file) != len(wanted):
            self._put(path, place, live)
            return
        shape = shape_at(self.resource_type, place)
        if shape.item_key:
            self._keyed(path, place, file, wanted, live)
        elif shape.unordered:
            self._set(path, place, wanted, live)
        else:
            self._ordered(path, place, file, wanted, live)

    def _keyed(
        self,
        path: FieldPath,
        place: FieldPath,
        file: list[Json],
        wanted: list[Json],
        live: list[Json],
    ) -> None:
        item_key = shape_at(self.resource_type, place).item_key
        found = by_key(item_key, live)
        keys = [next(iter(by_key(item_key, [item]))) for item in wanted]
        for index, key in enumerate(keys):
            if key not in found:
                self._remove_item((*path, index))
            elif isinstance(file[index], Mapping) and isinstance(found[key], Mapping):
                self.mapping((*path, index), file[index], wanted[index], found[key])
        self._insert((*path, len(file)), place, [item for key, item in found.items() if key not in keys])

    def _set(self, path: FieldPath, place: FieldPath, wanted: list[Json], live: list[Json]) -> None:
        known, there = {repr(item) for item in wanted}, {repr(item) for item in live}
        for index, item in enumerate(wanted):
            if repr(item) not in there:
                self._remove_item((*path, index))
        new = {repr(item): item for item in live if repr(item) not in known}
        self._insert((*path, len(wanted)), place, list(new.values()))

    def _ordered(
        self, path: FieldPath, place: FieldPath, file: list[Json], wanted: list[Json], live: list[Json]
    ) -> None:
        def same(one: Json, other: Json) -> bool:
            return not self.walk.item_differs(place, one, other)

        for before, after in aligned(wanted, live, same):
            paired = min(len(before), len(after))
            for index, other in zip(before, after, strict=False):
                self._member((*path, index), (*place, index), file[index], wanted[index], live[other])
            for index in before[paired:]:
                self._remove_item((*path, index))
            self._insert((*path, before.stop), place, [live[index] for index in after[paired:]])

    def _remove_item(self, path: FieldPath) -> None:
        if self.has_keyword(path):
            self._keep(path, Reason.KEYWORD)
        else:
            self.edits.append(Remove(path))

    def _insert(self, path: FieldPath, place: FieldPath, items: Sequence[Json]) -> None:
        for item in items:
            value: Any = self.names.value((*place, 0), item)
            if value is not DROPPED:
                self.edits.append(Insert(path, value))

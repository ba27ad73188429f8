"""Lay one document over another: the overlay of an environment over what holds for all of them.

Mappings are merged member by member; ``null`` takes a member out of the declaration; a list takes the place
of the other, or, where its name is written ``+name``, is appended to it. Resources are merged by their key: a
section may be written as a list of resources, or as a mapping from their keys, where ``null`` takes one out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tenantctl.catalog.keys import key_of
from tenantctl.catalog.registry import BY_SECTION
from tenantctl.catalog.spec import ResourceType
from tenantctl.config.assembly import Assembly, Origin
from tenantctl.config.report import Report
from tenantctl.states import FieldPath, Json

_APPEND = "+"


def lay_over(base: Assembly, overlay: Assembly, report: Report) -> Assembly:
    """Return `base` with `overlay` laid over it; what can't be laid over goes into `report`.

    report: of the overlay's own document; its paths are those of `overlay`.
    """
    origin = base.origin.own()
    data = dict(base.data)
    for name, value in overlay.data.items():
        section = name.removeprefix(_APPEND)
        target = BY_SECTION.get(section)
        above = overlay.origin.below(name)
        if target is None or target.is_singleton or value is None or not data.get(section):
            _lay_member(data, origin, name, value, above, _Place(report, (name,)))
        else:
            items, origins = _Resources(target, report, name).merged(
                data[section], origin.below(section), value, above
            )
            data[section] = items
            origin.put(section, origins)
    return Assembly(data, origin)


class _Place:
    """Where in the overlay something stands, for messages."""

    def __init__(self, report: Report, path: FieldPath) -> None:
        self.report = report
        self.path = path

    def below(self, step: str | int) -> _Place:
        return _Place(self.report, (*self.path, step))


def _lay_member(
    data: dict[str, Json], origin: Origin, written: str, value: Json, above: Origin, place: _Place
) -> None:
    """Lay one member of an overlay over a mapping."""
    name = written.removeprefix(_APPEND)
    before = data.get(name)
    if written != name:
        _append(data, origin, name, value, above, place)
    elif value is None:
        data.pop(name, None)
        origin.members.pop(name, None)
    elif isinstance(before, Mapping) and isinstance(value, Mapping):
        data[name], merged = _merged(before, origin.below(name), value, above, place)
        origin.put(name, merged)
    else:
        data[name] = value
        origin.put(name, above)


def _merged(
    before: Mapping[str, Json], origin: Origin, value: Mapping[str, Json], above: Origin, place: _Place
) -> tuple[dict[str, Json], Origin]:
    data, merged = dict(before), origin.own()
    for name, member in value.items():
        _lay_member(data, merged, name, member, above.below(name), place.below(name))
    return data, merged


def _append(
    data: dict[str, Json], origin: Origin, name: str, value: Json, above: Origin, place: _Place
) -> None:
    before = data.get(name)
    if not isinstance(value, list) or not isinstance(before, list | None):
        place.report.error(
            "not-appendable",
            f"'{_APPEND}{name}' appends a list to a list",
            place.path,
            hint=f"Write '{name}:' to put something in the place of what is there.",
        )
        return
    items, merged = (
        list(before or ()),
        origin.below(name).own() if before else Origin(above.document, above.path),
    )
    for index, item in enumerate(value):
        merged.put(len(items), above.below(index))
        items.append(item)
    data[name] = items
    origin.put(name, merged)


class _Resources:
    """Merges the resources of a section by key."""

    def __init__(self, resource_type: ResourceType, report: Report, written: str) -> None:
        self.resource_type = resource_type
        self.report = report
        self.written = written

    def merged(self, before: Json, origin: Origin, value: Json, above: Origin) -> tuple[list[Json], Origin]:
        """Return the section's list with the overlay's resources merged in or appended."""
        made = origin.own()
        items: list[Any] = list(before) if isinstance(before, list) else []
        gone: set[int] = set()
        ranks = {self._key(item): rank for rank, item in enumerate(items)}
        for step, key, entry in self._entries(value):
            rank, place = ranks.get(key), _Place(self.report, (self.written, step))
            if entry is None:
                self._remove(rank, key, gone, place)
            elif rank is None:
                made.put(len(items), above.below(step))
                items.append(self._whole(key, entry, step))
            else:
                items[rank], merged = _merged(items[rank], made.below(rank), entry, above.below(step), place)
                made.put(rank, merged)
        kept = [rank for rank in range(len(items)) if rank not in gone]
        moved = Origin(made.document, made.path, {new: made.below(rank) for new, rank in enumerate(kept)})
        return [items[rank] for rank in kept], moved

    def _entries(self, value: Json) -> list[tuple[str | int, str, Mapping[str, Json] | None]]:
        if isinstance(value, Mapping):
            pairs = [(key, key, entry) for key, entry in value.items()]
        elif isinstance(value, list):
            pairs = [(index, self._key(entry), entry) for index, entry in enumerate(value)]
        else:
            self._refuse((self.written,))
            return []
        for step, _, entry in pairs:
            if not isinstance(entry, Mapping | None):
                self._refuse((self.written, step))
        return [pair for pair in pairs if isinstance(pair[2], Mapping | None)]

    def _refuse(self, path: FieldPath) -> None:
        self.report.error(
            "wrong-type",
            f"an overlay of '{self.resource_type.section}' lists resources, or maps their keys to them",
            path,
            hint=f"Write '- {next(iter(self.resource_type.key), 'field')}: …'.",
        )

    def _remove(self, rank: int | None, key: str, gone: set[int], place: _Place) -> None:
        if rank is not None:
            gone.add(rank)
            return
        self.report.error(
            "unknown-resource",
            f"there is no {self.resource_type.title} '{key}' to take out",
            place.path,
            hint="Take out what the file declares, by its key.",
        )

    def _whole(self, key: str, entry: Mapping[str, Json], step: str | int) -> Mapping[str, Json]:
        """Return a new resource; one that stands under its key need not repeat it."""
        names = self.resource_type.key
        return {names[0]: key, **entry} if isinstance(step, str) and len(names) == 1 else entry

    def _key(self, entry: Json) -> str:
        return key_of(self.resource_type, entry) if isinstance(entry, Mapping) else ""

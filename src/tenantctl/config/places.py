"""Where in a text each field stands, kept small: three numbers a member, read only when asked for."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from tenantctl.states import FieldPath, Json

Marks: TypeAlias = "array[int]"
"""For each member of a mapping or list, in order: where it, its value, and the end of its value stand."""

_FEW = 16


@dataclass(frozen=True, slots=True)
class Place:
    """Where a field stands in the text: its start (the key, if it has one) and the range of its value."""

    start: int
    value_start: int
    value_end: int


def mark_at(marks: Marks, rank: int) -> tuple[int, int, int]:
    """Return the three numbers of a member by its rank in the mapping or list."""
    return marks[3 * rank], marks[3 * rank + 1], marks[3 * rank + 2]


class Places:
    """Finds the place of a field.

    data: the value of the whole text. around: its own place. marks: by the identity of each mapping and list
    in `data`, the marks of its members.
    """

    def __init__(self, data: Json, around: Place, marks: Mapping[int, Marks]) -> None:
        self._data = data
        self._around = around
        self._marks = marks
        self._ranks: dict[int, dict[str, int]] = {}

    def find(self, path: FieldPath) -> Place:
        """Return the place of `path`, or that of its nearest existing ancestor."""
        value, place = self._data, self._around
        for step in path:
            rank = self._rank(value, step)
            if rank is None:
                break
            place = Place(*mark_at(self._marks[id(value)], rank))
            value = value[step]
        return place

    def _rank(self, value: Json, step: str | int) -> int | None:
        if isinstance(value, list):
            return step if isinstance(step, int) and step < len(value) else None
        if not isinstance(value, dict) or step not in value:
            return None
        if len(value) <= _FEW:
            return list(value).index(step)
        ranks = self._ranks.get(id(value))
        if ranks is None:
            ranks = self._ranks[id(value)] = {name: rank for rank, name in enumerate(value)}
        return ranks[str(step)]

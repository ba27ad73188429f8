"""Edits of a document, by path: what is to stand where, whatever the text looks like."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from tenantctl.states import FieldPath, Json


@dataclass(frozen=True, slots=True)
class Put:
    """Give a field a value: one that is there, or a new member of a mapping."""

    path: FieldPath
    value: Json = field(repr=False)


@dataclass(frozen=True, slots=True)
class Remove:
    """Take a member out of its mapping, or an item out of its list."""

    path: FieldPath


@dataclass(frozen=True, slots=True)
class Insert:
    """Put an item into a list, before the one that stands at `path`; behind the last if none does.

    Several at one place come in the order in which they are given.
    """

    path: FieldPath
    value: Json = field(repr=False)


Edit: TypeAlias = Put | Remove | Insert
"""Paths are those of the document before any edit: an `Insert` or `Remove` moves none of them."""


class Keyword(str):
    """A marker such as ``##KEY##`` that is to be written as one; other texts are kept from being read so."""

    __slots__ = ()


class _Unset:
    def __repr__(self) -> str:
        return "UNSET"


UNSET = _Unset()


@dataclass(slots=True)
class Edits:
    """The edits at one place, and those below it.

    value: what is put there; UNSET if nothing is. inserts: by the item that they come before.
    """

    value: Json = UNSET
    removed: bool = False
    below: dict[str | int, Edits] = field(default_factory=dict)
    inserts: dict[int, list[Json]] = field(default_factory=dict)

    @property
    def is_put(self) -> bool:
        """Whether a value is put there."""
        return self.value is not UNSET


def edits_by_place(edits: Iterable[Edit]) -> Edits:
    """Return edits as a tree; a value that is put somewhere goes before what is said of places below."""
    root = Edits()
    for edit in edits:
        *parents, last = edit.path or (None,)
        place = root
        for step in parents:
            place = place.below.setdefault(step, Edits())
        if isinstance(edit, Insert):
            place.inserts.setdefault(int(last or 0), []).append(edit.value)
            continue
        here = root if last is None else place.below.setdefault(last, Edits())
        if isinstance(edit, Remove):
            here.removed = True
        else:
            here.value = edit.value
    return root


def edited_data(data: Json, edits: Edits | None) -> Json:
    """Return a value with the edits carried out; what they do not touch is shared."""
    if edits is None:
        return data
    if edits.is_put:
        return edits.value
    if isinstance(data, dict):
        kept = {
            name: edited_data(value, edits.below.get(name))
            for name, value in data.items()
            if name not in edits.below or not edits.below[name].removed
        }
        return {**kept, **added_members(data, edits)}
    if isinstance(data, list):
        return _edited_list(data, edits)
    return data


def added_members(data: dict[str, Json], edits: Edits) -> dict[str, Json]:
    """Return the members that edits put into a mapping that lacks them."""
    return {str(name): each.value for name, each in edits.below.items() if each.is_put and name not in data}


def _edited_list(items: list[Json], edits: Edits) -> list[Json]:
    made: list[Json] = []
    for index, item in enumerate(items):
        made += edits.inserts.get(index, [])
        below = edits.below.get(index)
        if below is None or not below.removed:
            made.append(edited_data(item, below))
    for index in sorted(edits.inserts):
        if index >= len(items):
            made += edits.inserts[index]
    return made


def lifted(data: Json, edits: Edits) -> Edits:
    """Return edits that have the same effect, each a level further up: what holds it is put as a whole."""
    if edits.is_put or edits.removed:
        return edits
    changed = edits.inserts or any(not each.below and not each.inserts for each in edits.below.values())
    if changed:
        return Edits(value=edited_data(data, edits))
    below = {step: lifted(data[step], each) for step, each in edits.below.items()}
    return Edits(below=below)

"""What can be explained: a section, the fields below it, and the way to one of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tenantctl.catalog.fields import Field, fields_of
from tenantctl.catalog.registry import BY_SECTION
from tenantctl.catalog.spec import ResourceType
from tenantctl.problems import Problem, ProblemsError, did_you_mean
from tenantctl.states import FieldPath

_MAX_DEPTH = 32
"""Steps of a path; no type is nearly as deep, and nobody asks for what stands further down."""

_STEP = re.compile(r"\[[^\]]*\]|[^.\[]+|\[")


@dataclass(frozen=True, slots=True)
class Spot:
    """A field, and where it stands.

    steps: member names, ``[]`` for the items of a list, ``*`` for a free key; none for a whole entry.
    """

    steps: tuple[str, ...]
    field: Field

    @property
    def path(self) -> str:
        """The dotted path, in the catalog's notation."""
        return ".".join(self.steps).replace(".[]", "[]")

    @property
    def place(self) -> FieldPath:
        """The path as the marks of a type are asked for it."""
        return tuple(0 if step == "[]" else step for step in self.steps)

    @property
    def name(self) -> str:
        """The nearest name: of the field itself, or of the list or mapping whose item it is."""
        return next((step for step in reversed(self.steps) if step not in {"[]", "*"}), "")

    def below(self, step: str, field: Field) -> Spot:
        """Return the spot one step further down."""
        return Spot((*self.steps, step), field)


@dataclass(frozen=True, slots=True)
class Subject:
    """A section with the fields that an entry of it may have."""

    resource_type: ResourceType
    fields: Mapping[str, Field]

    @property
    def entry(self) -> Spot:
        """A whole entry of the section."""
        return Spot((), Field(types=("object",), fields=self.fields))

    def members(self, spot: Spot) -> Mapping[str, Field]:
        """Return the named members of a mapping; what only a mark knows of is set by Auth0 alone."""
        known = spot.field.fields
        marks = sorted(mark.rpartition(".") for mark in self.resource_type.read_only)
        marked = [name for above, _, name in marks if above == spot.path and name != "*"]
        return {**known, **{name: Field(read=True) for name in marked if name not in known}}

    def holders(self, spot: Spot) -> Iterator[Spot]:
        """Yield the field itself and, where it is a list or has free keys, what stands in it."""
        yield spot
        if spot.field.values:
            yield from self.holders(spot.below("*", spot.field.values))
        elif spot.field.items:
            yield from self.holders(spot.below("[]", spot.field.items))

    def children(self, spot: Spot) -> Iterator[Spot]:
        """Yield the named fields right below a field, past lists and free keys."""
        for holder in self.holders(spot):
            for name, field in self.members(holder).items():
                yield holder.below(name, field)

    def descendants(self, spot: Spot) -> Iterator[tuple[Spot, Spot]]:
        """Yield every named field below a field, each with the one that it stands in."""
        for child in self.children(spot):
            yield child, spot
            yield from self.descendants(child)

    def find(self, path: str) -> Spot:
        """Return the field at a path.

        A path may name an item by index or key (``scopes[0]``, ``scopes[read:things]``), leave ``[]`` out,
        and have ``*``, ``{language}`` or a key itself where keys are free.

        Raises:
            ProblemsError: ``unknown-field``.
        """
        steps = parse_path(path)
        found = next(self._ways(self.entry, steps), None)
        if found is None:
            raise ProblemsError([self._unknown(steps)])
        return found

    def _ways(self, spot: Spot, steps: Sequence[str]) -> Iterator[Spot]:
        """Yield the fields that `steps` lead to from a field; more than one where a ``*`` lets them."""
        if not steps:
            yield spot
        if not steps or len(spot.steps) + len(steps) > _MAX_DEPTH:
            return
        step, rest = steps[0], steps[1:]
        members = self.members(spot)
        for name, child in members.items():
            parts = name.split(".")  # a few names hold dots themselves
            if list(steps[: len(parts)]) == parts:
                yield from self._ways(spot.below(name, child), steps[len(parts) :])
            elif step == "*" and rest:
                yield from self._ways(spot.below(name, child), rest)
        if spot.field.values and step != "[]":
            yield from self._ways(spot.below("*", spot.field.values), rest)
        if spot.field.items:
            yield from self._ways(spot.below("[]", spot.field.items), rest if step == "[]" else steps)
        if spot.steps and _is_open(spot.field) and not members:
            yield Spot((*spot.steps, *steps), Field())

    def _unknown(self, steps: Sequence[str]) -> Problem:
        """Tell where a path leaves what is known, and what was probably meant."""
        around, count = self.entry, 0
        while (further := next(self._ways(self.entry, steps[: count + 1]), None)) is not None:
            around, count = further, count + 1
        section = self.resource_type.section
        whole = f"{section}.{around.path}" if around.path else section
        known = [child.name for child in self.children(around)]
        hint = did_you_mean(steps[count], known) or (
            f"`tenantctl explain {section}` lists its fields."
            if known
            else f"{whole} has no fields below it."
        )
        return Problem(
            code="unknown-field", summary=f"'{whole}' has no known field '{steps[count]}'", hint=hint
        )


def subject_of(section: str) -> Subject:
    """Return a section of the catalog with its fields."""
    resource_type = BY_SECTION[section]
    return Subject(resource_type, fields_of(resource_type))


def parse_path(path: str) -> tuple[str, ...]:
    """Return the steps of a path as a user may write it: ``scopes[0].value``, ``customText.{language}``."""
    return tuple(_step(found) for found in _STEP.findall(path))


def _step(text: str) -> str:
    if text.startswith("[") and text.endswith("]"):
        return "[]"
    return "*" if text.startswith("{") and text.endswith("}") else text


def _is_open(field: Field) -> bool:
    """Return whether anything may stand below a field, as far as the field tables know."""
    return not (field.fields or field.items or field.values) and (not field.types or "object" in field.types)

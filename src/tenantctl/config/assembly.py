"""One document made of several: plain values, and of each from which file it comes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from tenantctl.config.document import Document
from tenantctl.problems import Position, Problem
from tenantctl.states import FieldPath, Json


@dataclass(frozen=True, slots=True)
class Form:
    """A form that a document has for itself: `decode` brings it to that of the YAML file, `encode` back."""

    decode: Callable[[Json], Json]
    encode: Callable[[Json], Json]


@dataclass(slots=True)
class Origin:
    """Where a value comes from: a path in a document.

    members: origins of those members that come from elsewhere; all others stand below it in the document.
    form: of the document, if it is another one than the value's; the path is that in the decoded value then.
    """

    document: Document
    path: FieldPath = ()
    members: dict[str | int, Origin] = field(default_factory=dict)
    form: Form | None = None

    def below(self, step: str | int) -> Origin:
        """Return the origin of a member."""
        return self.members.get(step) or Origin(self.document, (*self.path, step), form=self.form)

    def at(self, path: FieldPath) -> Origin:
        """Return the origin of what stands at a path."""
        found = self
        for step in path:
            found = found.below(step)
        return found

    def put(self, step: str | int, origin: Origin) -> None:
        """Let a member come from elsewhere."""
        self.members[step] = origin

    @property
    def span(self) -> tuple[Position, Position]:
        """From where to where it stands in its file."""
        place = self.document.places.find(self.path)
        return self.document.text.position(place.start), self.document.text.position(place.value_end)

    def own(self) -> Origin:
        """Return a copy whose members can be put without a change of this one."""
        return Origin(self.document, self.path, dict(self.members), self.form)


@dataclass(frozen=True)
class Assembly:
    """Values of several documents as one; it tells of each what its own document does."""

    data: Mapping[str, Json] = field(repr=False)
    origin: Origin = field(repr=False)

    @property
    def has_keywords(self) -> bool:
        """Whether keywords may have a part in a value."""
        return bool(self.origin.members) or self.origin.document.has_keywords

    def locate(self, path: FieldPath) -> Position:
        """Return the position of a field, of a list item, or of the nearest ancestor."""
        found = self.origin.at(path)
        return found.document.locate(found.path)

    def shown(self, path: FieldPath, value: Json) -> str:
        """Return a value as a message may show it."""
        found = self.origin.at(path)
        return found.document.shown(found.path, value)

    def shown_text(self, path: FieldPath, value: str) -> str:
        """Return a text, without quotes, as a message may show it."""
        found = self.origin.at(path)
        return found.document.shown_text(found.path, value)

    def shown_name(self, path: FieldPath) -> str:
        """Return the name of the field at `path` as a message may show it."""
        found = self.origin.at(path)
        return found.document.shown_name(found.path) if found.path else str(path[-1])

    def has_keyword(self, path: FieldPath) -> bool:
        """Return whether a keyword has a part in a value."""
        found = self.origin.at(path)
        return found.document.has_keyword(found.path)

    def is_keyword(self, path: FieldPath) -> bool:
        """Return whether a value is, as a whole, what a keyword was replaced by."""
        found = self.origin.at(path)
        return found.document.is_keyword(found.path)


def without_keywords_of(origins: Iterable[Origin], problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems without those of keywords that stand in what is not used after all."""
    spans = [each.span for each in origins]
    return [
        problem
        for problem in problems
        if problem.code != "unresolved-keyword"
        or problem.position is None
        or not any(start <= problem.position < end for start, end in spans)
    ]

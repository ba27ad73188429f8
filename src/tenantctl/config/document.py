"""A parsed configuration file: plain values, and where each of them stands in the file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from tenantctl.config.compose import Composed, compose
from tenantctl.config.keywords import Replaced
from tenantctl.config.places import Place, Places
from tenantctl.config.source import Source
from tenantctl.config.unresolved import Unresolved
from tenantctl.problems import Position, Problem, ProblemsError, raise_errors
from tenantctl.states import FieldPath, Json

_SHOWN_LENGTH = 80


class Written(Protocol):
    """What was written, in one file or in several: values, and where each of them stands."""

    @property
    def data(self) -> Mapping[str, Json]:
        """The top-level mapping in plain Python."""

    @property
    def has_keywords(self) -> bool:
        """Whether keywords may have a part in a value."""

    def locate(self, path: FieldPath) -> Position:
        """Return the position of a field (its key), of a list item, or of the nearest ancestor."""

    def shown(self, path: FieldPath, value: Json) -> str:
        """Return a value as a message may show it: as the file writes it where keywords have a part in it."""

    def shown_text(self, path: FieldPath, value: str) -> str:
        """Return a text, without quotes, as a message may show it."""

    def shown_name(self, path: FieldPath) -> str:
        """Return the name of the field at `path` as a message may show it."""


@dataclass(frozen=True)
class Document:
    """What a file says: `data` is its top-level mapping in plain Python."""

    data: Mapping[str, Json] = field(repr=False)
    text: Replaced
    places: Places = field(repr=False)

    @property
    def has_keywords(self) -> bool:
        """Whether keywords may have a part in a value."""
        return bool(self.text.layers)

    @property
    def is_text(self) -> bool:
        """Whether it is the text of one field, and no mapping."""
        data: Json = self.data
        return isinstance(data, str)

    def locate(self, path: FieldPath) -> Position:
        """Return the position of a field (its key), of a list item, or of the nearest ancestor."""
        return self.text.position(self.places.find(path).start)

    def shown(self, path: FieldPath, value: Json) -> str:
        """Return a value as a message may show it: as the file writes it where keywords have a part in it."""
        written = self._written(path)
        if written is None:
            written = f"'{value}'" if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        written = " ".join(written.split())
        return written if len(written) <= _SHOWN_LENGTH else written[:_SHOWN_LENGTH] + "…"

    def shown_text(self, path: FieldPath, value: str) -> str:
        """Return a text, without quotes, as a message may show it."""
        written = self._written(path)
        return value if written is None else written.strip().strip("'\"")

    def shown_name(self, path: FieldPath) -> str:
        """Return the name of the field at `path` as a message may show it."""
        name = str(path[-1])
        if not self.text.layers:
            return name
        place = self.places.find(path)
        written = self.text.original(place.start, place.value_start)
        return (
            name if written is None else written.partition("\n")[0].rstrip().removesuffix(":").strip("'\" ")
        )

    def has_keyword(self, path: FieldPath) -> bool:
        """Return whether a keyword has a part in a value."""
        return self._written(path) is not None

    def is_keyword(self, path: FieldPath) -> bool:
        """Return whether a value is, as a whole, what a keyword was replaced by."""
        place = self.places.find(path)
        return self.text.is_replacement(place.value_start, place.value_end)

    def _written(self, path: FieldPath) -> str | None:
        if not self.text.layers:
            return None
        place = self.places.find(path)
        return self.text.original(place.value_start, place.value_end)


def read_document(text: Replaced, values: Mapping[str, Json]) -> tuple[Document, list[Problem]]:
    """Parse a text; the problems are those of YAML that let the rest be checked all the same.

    values: those of the keywords, to judge the markers that are left.

    Raises:
        ProblemsError: it is no YAML, empty, or no mapping.
    """
    unresolved = Unresolved(text, values)
    composed = _compose(text, unresolved)
    data = composed.data
    problems = [*unresolved.problems(composed.scalars), *composed.problems]
    if data is None:
        hint = "Start one with: tenantctl init"
        problems.append(_at_start(text, "empty-file", "the file declares nothing", hint))
        raise ProblemsError(problems)
    if not isinstance(data, dict):
        hint = "It has sections, such as 'clients:', with their resources below."
        problems.append(_at_start(text, "not-a-mapping", "the file is not a mapping of sections", hint))
        raise ProblemsError(problems)
    return Document(data, text, composed.places), problems


def empty_document(path: Path) -> Document:
    """Return a document that is not written yet."""
    return Document({}, Replaced(Source(str(path), ""), ""), Places({}, Place(0, 0, 0), {}))


def read_json(text: Replaced, values: Mapping[str, Json]) -> tuple[Document, list[Problem]]:
    """Parse a JSON text, of any form; the problems are those that let the rest be checked all the same.

    Raises:
        ProblemsError: it is no JSON.
    """
    try:
        data = json.loads(text.text)
    except json.JSONDecodeError as error:
        what, hint = f"this is no JSON: {error.msg}", "Is a comma or a bracket missing, or too much?"
        problem = Problem(code="json-syntax", summary=what, hint=hint, position=text.position(error.pos))
        raise ProblemsError([problem]) from None
    except ValueError:  # an integer of more digits than Python turns into a number
        hint = "Put it in quotes if it is a text."
        raise ProblemsError([_at_start(text, "json-number", "a number in it is too large", hint)]) from None
    except RecursionError:
        what = "it is nested too deeply"
        raise ProblemsError([_at_start(text, "json-too-deep", what, "Is a bracket left open?")]) from None
    unresolved = Unresolved(text, values)
    try:
        composed = _compose(text, unresolved)
    except ProblemsError:
        composed = None
    raise_errors([each for each in composed.problems if each.code == "duplicate-key"] if composed else [])
    if composed is None or composed.data != data:
        # YAML 1.2 contains JSON, but for characters that are written as two escapes: one place for all.
        return Document(data, text, Places(data, Place(0, 0, len(text.text)), {})), []
    return Document(composed.data, text, composed.places), unresolved.problems(composed.scalars)


def _at_start(text: Replaced, code: str, summary: str, hint: str) -> Problem:
    return Problem(code=code, summary=summary, hint=hint, position=text.position(0))


def _compose(text: Replaced, unresolved: Unresolved) -> Composed:
    try:
        parsed = Replaced(text.source, unresolved.text, text.layers)
        return compose(parsed, with_scalars=unresolved.needs_scalars)
    except ProblemsError as error:
        raise ProblemsError([*unresolved.problems(()), *error.problems]) from None

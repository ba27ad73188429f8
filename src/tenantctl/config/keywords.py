"""Keyword replacement: ``@@KEY@@`` and ``##KEY##`` in the text of a file, before it is parsed.

As auth0-deploy-cli does it: first each ``@@KEY@@``, together with one pair of quotes right around it, becomes
the JSON form of the value; then each ``##KEY##`` becomes its plain text. Keys are taken in the order of the
mappings, then of the environment; text put in by one key is seen by those after it. Unlike there, a key is
never taken for a regular expression.

The values may be secrets: nothing here puts one into a message.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from tenantctl.config.source import Source
from tenantctl.problems import Position, Problem, ProblemsError
from tenantctl.states import Json

MARKER = re.compile(r"(##|@@)([A-Z0-9_]*[A-Z][A-Z0-9_]*)\1")
"""A marker that must have been replaced: lower-case ones belong to database scripts and templates."""

MAX_GROWTH = 16_000_000
"""Keywords whose values hold keywords that hold others may make more of a text than any memory holds."""

_UNPRINTABLE = re.compile("[\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff]")


def keyword_for(*names: str) -> str:
    """Return the keyword that is named after something: ``CLIENTS_AAA_M2M`` for ``clients/AAA M2M``."""
    return re.sub(r"[^A-Z0-9]+", "_", " ".join(names).upper()).strip("_")


@dataclass(frozen=True, slots=True)
class _Layer:
    """The replacements of one key: where they begin and end in the text after it, and in the text before."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    starts_before: tuple[int, ...]
    ends_before: tuple[int, ...]

    def before(self, start: int, end: int) -> tuple[int, int, bool]:
        """Map a range to the text before; also say whether a replacement lies in it or reaches into it."""
        first = self._back(start, at_end=False)
        last = self._back(end, at_end=True)
        low = bisect_right(self.ends, start)
        touched = low < len(self.starts) and self.starts[low] < max(end, start + 1)
        return first, max(first, last), touched

    def at(self, index: int) -> int | None:
        """Map a place to the text before; None if it lies inside a replacement."""
        found = bisect_right(self.starts, index) - 1
        if found < 0:
            return index
        if index >= self.ends[found]:
            return self.ends_before[found] + index - self.ends[found]
        return self.starts_before[found] if index == self.starts[found] else None

    def covers(self, start: int, end: int) -> bool:
        """Return whether one replacement holds a range that is not empty."""
        found = bisect_right(self.starts, start) - 1
        return found >= 0 and start < end <= self.ends[found]

    def _back(self, index: int, *, at_end: bool) -> int:
        found = bisect_right(self.starts, index - 1 if at_end else index) - 1
        if found < 0:
            return index
        if index < self.ends[found] or (at_end and index <= self.ends[found]):
            return self.ends_before[found] if at_end else self.starts_before[found]
        return self.ends_before[found] + index - self.ends[found]


@dataclass(frozen=True, slots=True)
class Replaced:
    """A text with its keywords replaced, and the way back to the file."""

    source: Source
    text: str = field(repr=False)
    layers: tuple[_Layer, ...] = field(default=(), repr=False)

    def position(self, index: int) -> Position:
        """Return where in the file the character at `index` of the text comes from."""
        return self.source.position(self._origin(index, index)[0])

    def original(self, start: int, end: int) -> str | None:
        """Return how a range is written in the file if keywords have a part in it, else None."""
        first, last, touched = self._origin(start, end)
        return self.source.text[first:last] if touched else None

    def is_replacement(self, start: int, end: int) -> bool:
        """Return whether a range lies in what a keyword was replaced by."""
        for layer in reversed(self.layers):
            if layer.covers(start, end):
                return True
            start, end, _ = layer.before(start, end)
        return False

    def in_file(self, index: int) -> int | None:
        """Return where in the file's text a place is; None if it lies inside what replaced a keyword."""
        found: int | None = index
        for layer in reversed(self.layers):
            found = None if found is None else layer.at(found)
        return found

    def _origin(self, start: int, end: int) -> tuple[int, int, bool]:
        touched = False
        for layer in reversed(self.layers):
            start, end, here = layer.before(start, end)
            touched = touched or here
        return start, end, touched


def replace_keywords(source: Source, values: Mapping[str, Json]) -> Replaced:
    """Replace the keywords of a file by their values, in the order of these.

    Raises ProblemsError if a list or a mapping is to stand in a text, or the text grows by more than
    `MAX_GROWTH` characters.
    """
    replaced = _replace_all(Replaced(source, source.text), "@@", values, _as_json)
    return _replace_all(replaced, "##", values, _as_text)


def _replace_all(
    replaced: Replaced, mark: str, values: Mapping[str, Json], form: Callable[[Json], str]
) -> Replaced:
    names = _names(replaced.text, mark)
    for name, value in values.items():
        if name not in names:
            continue
        marker = re.escape(f"{mark}{name}{mark}")
        pattern = re.compile(f"'{marker}'|\"{marker}\"|{marker}" if mark == "@@" else marker)
        if mark == "##" and isinstance(value, list | dict):
            raise _no_text(replaced, pattern, name, value)
        text = form(value)
        replaced = _replace_one(replaced, pattern, text)
        if mark in text:
            names = _names(replaced.text, mark)
    return replaced


def _names(text: str, mark: str) -> set[str]:
    if mark not in text:
        return set()
    return set(re.findall(rf"(?={mark}(.+?){mark})", text))


def _replace_one(replaced: Replaced, pattern: re.Pattern[str], value: str) -> Replaced:
    pieces: list[str] = []
    places: list[tuple[int, int, int, int]] = []
    done = length = 0
    room = MAX_GROWTH - len(replaced.text) + len(replaced.source.text)
    for found in pattern.finditer(replaced.text):
        room -= len(value) - len(found[0])
        if room < 0:
            raise _too_large(replaced, found)
        pieces += (replaced.text[done : found.start()], value)
        length += found.start() - done + len(value)
        places.append((length - len(value), length, found.start(), found.end()))
        done = found.end()
    if not places:
        return replaced
    pieces.append(replaced.text[done:])
    starts, ends, starts_before, ends_before = zip(*places, strict=True)
    layer = _Layer(starts, ends, starts_before, ends_before)
    return replace(replaced, text="".join(pieces), layers=(*replaced.layers, layer))


def _no_text(replaced: Replaced, pattern: re.Pattern[str], name: str, value: Json) -> ProblemsError:
    found = pattern.search(replaced.text)
    kind = "a list" if isinstance(value, list) else "a mapping"
    problem = Problem(
        code="keyword-not-text",
        summary=f"the keyword ##{name}## is {kind}, and stands for a text here",
        hint=f"Write @@{name}@@, without a text around it.",
        position=replaced.position(found.start()) if found else None,
    )
    return ProblemsError([problem])


def _too_large(replaced: Replaced, found: re.Match[str]) -> ProblemsError:
    problem = Problem(
        code="keyword-too-large",
        summary=f"values of keywords make the file more than {MAX_GROWTH:,} characters longer",
        hint="Do values of keywords hold keywords again and again?",
        position=replaced.position(found.start()),
    )
    return ProblemsError([problem])


def _as_json(value: Json) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _as_text(value: Json) -> str:
    return value if isinstance(value, str) else _as_json(value)

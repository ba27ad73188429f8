"""Find the keywords that nothing replaced, in values but not in comments."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping

from tenantctl.config.compose import WrittenScalar
from tenantctl.config.keywords import MARKER, Replaced
from tenantctl.problems import Problem, did_you_mean
from tenantctl.states import Json

_COMMENT = re.compile(r"(?:^|\s)#")
_QUOTED = re.compile(r"(?:(?<=[\s\[{,:])|^)(?:\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*')")
_OPEN_QUOTE = re.compile(r"(?:^|[\s\[{,])['\"][^'\"]*$")
_VALUE_BEGINS = re.compile(r"(?:^|:\s+|(?:^|\s)[-?]\s+|[\[{,]\s*)$")
_MAX_IN_LINE = 100
_MAX_HINTS = 500
"""For so many names something near is sought: among thousands of faults hints matter little."""


class Unresolved:
    """The markers left in a text: those without a value, and those that came too late out of another's.

    values: those of the keywords.

    `text` is what the parser gets: a bare ``@@KEY@@``, which YAML forbids, is put in quotes there without
    moving anything.
    """

    def __init__(self, replaced: Replaced, values: Mapping[str, Json]) -> None:
        self._replaced = replaced
        self._values = values
        self._known = [name for name in values if name.isupper()]
        markers = [found for found in MARKER.finditer(replaced.text) if self._counts(found)]
        self._bare = list(_bare(replaced.text, markers))
        self._bare_starts = {found.start() for found in self._bare}
        self._others = [found for found in markers if found.start() not in self._bare_starts]
        self._hints: dict[str, str] = {}
        self.text = self._parsable()

    @property
    def needs_scalars(self) -> bool:
        """Whether there are markers which only the parsed text can tell from comments."""
        return bool(self._others)

    def problems(self, scalars: Iterable[WrittenScalar]) -> list[Problem]:
        """Return an ``unresolved-keyword`` for each marker that is bare or stands in one of the scalars."""
        inside = _inside_scalars(self._others, scalars)
        return [self._problem(found) for found in (*self._bare, *inside)]

    def _counts(self, found: re.Match[str]) -> bool:
        # What else another keyword's value holds is that value's own affair, and may be secret.
        return found[2] in self._values or self._replaced.original(*found.span()) is None

    def _parsable(self) -> str:
        pieces: list[str] = []
        done = 0
        for found in self._bare:
            if found[1] == "@@":
                pieces += (self._replaced.text[done : found.start()], f"'@{found[2]}@'")
                done = found.end()
        return "".join((*pieces, self._replaced.text[done:]))

    def _nearest(self, name: str) -> str:
        if name not in self._hints and len(self._hints) < _MAX_HINTS:
            self._hints[name] = did_you_mean(name, self._known)
        return self._hints.get(name, "")

    def _problem(self, found: re.Match[str]) -> Problem:
        name = found[2]
        if name in self._values:
            return too_late(self._replaced, found, self._values)
        hint = self._nearest(name) or f"Set the environment variable {name}."
        if found[1] == "##" and found.start() in self._bare_starts:
            hint += " Put the marker in quotes, too: without them YAML takes it for a comment."
        position = self._replaced.position(found.start())
        summary = f"nothing gives the keyword {found[0]} a value"
        return Problem(code="unresolved-keyword", summary=summary, hint=hint, position=position)


def too_late(replaced: Replaced, found: re.Match[str], values: Mapping[str, Json]) -> Problem:
    """Return the problem of a marker that came out of another keyword's value when its own turn was over."""
    position, name = replaced.position(found.start()), found[2]
    way = _circle(name, values)
    if way:
        return Problem(
            code="keyword-cycle",
            summary=f"the keyword {name} holds itself: {' → '.join(way)}",
            hint="Write the value out in one of them.",
            position=position,
        )
    return Problem(
        code="unresolved-keyword",
        summary=f"the keyword {found[0]} comes out of another keyword's value, after its own turn",
        hint="A value may hold keywords that come after its own: first those of config.json, in their order, "
        "then the environment's.",
        position=position,
    )


def _circle(name: str, values: Mapping[str, Json]) -> tuple[str, ...]:
    """Return the way on which a keyword's value leads back to it, or nothing."""
    ways: list[tuple[str, ...]] = [(name,)]
    seen: set[str] = set()
    for way in ways:  # grows meanwhile
        value = values.get(way[-1])
        for found in MARKER.finditer(value) if isinstance(value, str) else ():
            if found[2] == name:
                return (*way, name)
            if found[2] not in seen:
                seen.add(found[2])
                ways.append((*way, found[2]))
    return ()


def _bare(text: str, markers: Iterable[re.Match[str]]) -> Iterator[re.Match[str]]:
    """Yield the markers that are bare; of one line only so many are looked at."""
    line, looked_at = 0, 0
    for found in markers:
        begins = _line_start(text, found.start())
        looked_at = looked_at + 1 if begins == line else 1
        line = begins
        if looked_at <= _MAX_IN_LINE and _is_bare(text, found, begins):
            yield found


def _line_start(text: str, index: int) -> int:
    return max(text.rfind("\n", 0, index), text.rfind("\r", 0, index)) + 1


def _is_bare(text: str, found: re.Match[str], line_start: int) -> bool:
    """Whether a marker stands, outside quotes and comments, where YAML does not take it for text.

    That is ``@@`` where a value begins, and ``##`` behind a space: ``name: App ##ENV##`` without an ENV would
    silently become ``App``. A line that begins with ``##`` is a comment, meant as one.
    """
    before = _QUOTED.sub("''", text[line_start : found.start()])
    if _COMMENT.search(before) or _OPEN_QUOTE.search(before):
        return False
    if found[1] == "##":
        return bool(before.strip()) and before[-1].isspace()
    return _VALUE_BEGINS.search(before) is not None


def _inside_scalars(
    markers: list[re.Match[str]], scalars: Iterable[WrittenScalar]
) -> Iterator[re.Match[str]]:
    ordered = sorted(scalars, key=lambda scalar: scalar.start)
    starts = [scalar.start for scalar in ordered]
    for found in markers:
        at = bisect_right(starts, found.start()) - 1
        if at >= 0 and ordered[at].end >= found.end() and found[0] in ordered[at].value:
            yield found

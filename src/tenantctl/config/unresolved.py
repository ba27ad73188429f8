"""Find the keywords that nothing replaced, in values but not in comments."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator

from tenantctl.config.compose import WrittenScalar
from tenantctl.config.keywords import MARKER, Replaced
from tenantctl.problems import Problem, did_you_mean

_COMMENT = re.compile(r"(?:^|\s)#")
_QUOTED = re.compile(r"(?:(?<=[\s\[{,:])|^)(?:\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*')")
_OPEN_QUOTE = re.compile(r"(?:^|[\s\[{,])['\"][^'\"]*$")
_VALUE_BEGINS = re.compile(r"(?:^|:\s+|(?:^|\s)[-?]\s+|[\[{,]\s*)$")
_MAX_HINTS = 500
"""For so many names something near is sought: among thousands of faults hints matter little."""


class Unresolved:
    """The markers left in a text.

    `text` is what the parser gets: a bare ``@@KEY@@``, which YAML forbids, is put in quotes there without
    moving anything.
    """

    def __init__(self, replaced: Replaced, known: Iterable[str]) -> None:
        self._replaced = replaced
        self._known = [name for name in known if name.isupper()]
        markers = [found for found in MARKER.finditer(replaced.text) if self._stands_in_file(found)]
        self._bare = [found for found in markers if _is_bare(replaced.text, found)]
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

    def _stands_in_file(self, found: re.Match[str]) -> bool:
        # What another keyword's value holds is that value's own affair, and may be secret.
        return self._replaced.original(*found.span()) is None

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
        hint = self._nearest(name) or f"Set the environment variable {name}."
        if found[1] == "##" and found.start() in self._bare_starts:
            hint += " Put the marker in quotes, too: without them YAML takes it for a comment."
        position = self._replaced.position(found.start())
        summary = f"nothing gives the keyword {found[0]} a value"
        return Problem(code="unresolved-keyword", summary=summary, hint=hint, position=position)


def _is_bare(text: str, found: re.Match[str]) -> bool:
    """Whether a marker stands, outside quotes and comments, where YAML does not take it for text.

    That is ``@@`` where a value begins, and ``##`` behind a space: ``name: App ##ENV##`` without an ENV would
    silently become ``App``. A line that begins with ``##`` is a comment, meant as one.
    """
    line_start = max(text.rfind("\n", 0, found.start()), text.rfind("\r", 0, found.start())) + 1
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

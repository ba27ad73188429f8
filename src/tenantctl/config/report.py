"""Collect the problems of a document, each with its position and without a keyword's value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache

from tenantctl.config.document import Written
from tenantctl.config.keywords import MARKER
from tenantctl.problems import CLOSENESS, Problem, Severity
from tenantctl.states import FieldPath, Json, make_address

_UNRESOLVED = "unresolved-keyword"
_MAX_COMPARED = 100_000
"""So many words are compared for did-you-mean in all: among thousands of faults hints matter little."""


@lru_cache(maxsize=1024)
def _close(word: str, known: tuple[str, ...]) -> list[str]:
    return get_close_matches(word, known, n=3, cutoff=CLOSENESS)


@dataclass(frozen=True, slots=True)
class Entry:
    """One resource as the file writes it.

    path: where it stands in the document. key: its key; `shown_key` is the same for messages.
    """

    section: str
    path: FieldPath
    data: dict[str, Json] = field(repr=False)
    key: str = field(repr=False)
    shown_key: str

    @property
    def address(self) -> str:
        """The Address for messages: keywords in it stay as the file writes them."""
        return make_address(self.section, self.shown_key)


class Report:
    """The problems found so far."""

    def __init__(self, document: Written, problems: Iterable[Problem] = ()) -> None:
        self.document = document
        self.problems = list(problems)
        self._compared = 0

    def error(
        self,
        code: str,
        summary: str,
        path: FieldPath,
        *,
        hint: str = "",
        detail: str = "",
        entry: Entry | None = None,
    ) -> None:
        """Add an error about the field at `path` of the document."""
        self._add(Severity.ERROR, code, summary, path, hint, detail, entry)

    def warning(
        self,
        code: str,
        summary: str,
        path: FieldPath,
        *,
        hint: str = "",
        detail: str = "",
        entry: Entry | None = None,
    ) -> None:
        """Add a warning about the field at `path` of the document."""
        self._add(Severity.WARNING, code, summary, path, hint, detail, entry)

    @property
    def has_unresolved(self) -> bool:
        """Whether nothing gives some keyword a value."""
        return any(problem.code == _UNRESOLVED for problem in self.problems)

    def placeholders(self, found: Mapping[FieldPath, str], entry: Entry) -> None:
        """Warn that placeholders of secrets, by path, count as left out, and are no unresolved keywords."""
        places = [(*entry.path, *path) for path in found]
        lines = {(at.file, at.line) for at in map(self.document.locate, places)}
        self.problems = [
            problem
            for problem in self.problems
            if problem.code != _UNRESOLVED
            or problem.position is None
            or (problem.position.file, problem.position.line) not in lines
        ]
        names = ", ".join(self.label(place, len(entry.path)) for place in places)
        keywords = ", ".join(dict.fromkeys(each[2] for each in map(MARKER.fullmatch, found.values()) if each))
        send = f"give a value to: {keywords}" if keywords else "write the value"
        self.warning(
            "placeholder",
            f"a placeholder for what may not be shown counts as left out: {names}",
            places[0],
            hint=f"The tenant keeps what it has. To send it, {send}.",
            entry=entry,
        )

    def _add(
        self,
        severity: Severity,
        code: str,
        summary: str,
        path: FieldPath,
        hint: str,
        detail: str,
        entry: Entry | None,
    ) -> None:
        self.problems.append(
            Problem(
                code=code,
                summary=summary,
                detail=detail,
                hint=hint.strip(),
                severity=severity,
                position=self.document.locate(path),
                address=entry.address if entry else None,
            )
        )

    def label(self, path: FieldPath, start: int) -> str:
        """Return how a message names the field at `path`, counted from step `start`: ``scopes[0].value``."""
        text = ""
        for end in range(start, len(path)):
            step = path[end]
            if isinstance(step, int):
                text += f"[{step}]"
            else:
                name = self.document.shown_name(path[: end + 1])
                text += f".{name}" if text else name
        return text

    def nearest(
        self, word: str, shown: str, known: Iterable[str], declared: Iterable[tuple[str, FieldPath]] = ()
    ) -> str:
        """Return ``Did you mean 'x'?`` for what is nearest to `word`, or an empty string.

        known: words that do not come from the file. declared: values of the file, and where they stand.
        A value that a keyword has a part in is not suggested, nor is anything for such a word (its `shown`
        form is another): nearness would tell about the value.
        """
        if shown != word or self._compared > _MAX_COMPARED:
            return ""
        places: dict[str, FieldPath | None] = {**dict(declared), **dict.fromkeys(known)}
        self._compared += len(places)
        for name in _close(word, tuple(places)):
            place = places[name]
            if place is None or self.document.shown_text(place, name) == name:
                return f"Did you mean '{name}'?"
        return ""

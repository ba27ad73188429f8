"""What can be wrong, and how it is told.

Every fault that a user can mend is a `Problem`; the rooms collect as many as they can find and raise them
together:

    TenantctlError            anything the command line turns into exit code 1 without a traceback
    └── ProblemsError         one or more Problems

A programming error is none of these: it keeps its traceback.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

CLOSENESS = 0.75
"""How alike two words are, of 1 (see `difflib`), of which one may be a slip for the other."""


class Severity(StrEnum):
    """How bad a Problem is: an error stops the command, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a configuration file; `line` and `column` count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong.

    code: kebab-case and permanent, for machines (``unknown-reference``).
    summary: one line, what is wrong.
    detail: what the summary leaves out, such as the server's own words; may be empty.
    hint: what to do about it; may be empty.
    address: the resource concerned (``clients/AAA M2M``), if there is one.
    """

    code: str
    summary: str
    detail: str = ""
    hint: str = ""
    severity: Severity = Severity.ERROR
    position: Position | None = None
    address: str | None = None

    @property
    def is_error(self) -> bool:
        """Whether the command must stop."""
        return self.severity is Severity.ERROR


class TenantctlError(Exception):
    """Base of the errors that end a command with exit code 1 and no traceback."""


class ProblemsError(TenantctlError):
    """One or more Problems that the user can mend."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("; ".join(problem.summary for problem in self.problems))


def did_you_mean(word: str, candidates: Iterable[str]) -> str:
    """Return ``Did you mean 'x'?`` for the candidate nearest to `word`, or an empty string."""
    close = get_close_matches(word, list(candidates), n=1, cutoff=CLOSENESS)
    return f"Did you mean '{close[0]}'?" if close else ""


def raise_errors(problems: Sequence[Problem]) -> None:
    """Raise `ProblemsError` with all `problems` if any of them is an error."""
    if any(problem.is_error for problem in problems):
        raise ProblemsError(problems)

"""What became of a plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from tenantctl.plan.model import Action
from tenantctl.problems import Position, Problem
from tenantctl.states import Json


class Status(StrEnum):
    """How a change ended."""

    APPLIED = "applied"
    FAILED = "failed"
    SKIPPED = "skipped"
    """Not tried, because a change that it depends on was not applied."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeResult:
    """How one change ended.

    seconds: wall time from its first request to the answer of its last.
    problem: what went wrong, or what it waited for in vain.
    created: the object as the server returned it on create, secrets and all; never rendered.
    """

    address: str
    action: Action
    status: Status
    seconds: float = 0.0
    position: Position | None = None
    problem: Problem | None = None
    created: Mapping[str, Json] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The results of all changes of a plan, in the order in which they ended."""

    domain: str
    results: tuple[ChangeResult, ...]

    @property
    def ok(self) -> bool:
        """Whether every change was applied."""
        return all(result.status is Status.APPLIED for result in self.results)

    def counts(self) -> dict[str, int]:
        """Return how many changes ended in each status."""
        seen = Counter(result.status for result in self.results)
        return {status.value: seen[status] for status in Status}

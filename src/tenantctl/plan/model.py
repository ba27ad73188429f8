"""A Plan: frozen data that says what to change, why, and with which requests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from tenantctl.problems import Position, Problem
from tenantctl.states import Json


class Action(StrEnum):
    """What happens to a resource."""

    CREATE = "create"
    UPDATE = "update"
    REPLACE = "replace"
    """Deleted and created again, because a field that is fixed at create differs."""
    DELETE = "delete"
    NO_OP = "no-op"

    @property
    def creates(self) -> bool:
        """Whether there is a new object afterwards."""
        return self in {Action.CREATE, Action.REPLACE}

    @property
    def deletes(self) -> bool:
        """Whether the object that was there is gone afterwards."""
        return self in {Action.DELETE, Action.REPLACE}


@dataclass(frozen=True, slots=True)
class FieldDiff:
    """One field that differs.

    path: where, as a person reads it (``jwt_configuration.alg``, ``scopes[read:things].description``).
    before: value on the tenant, None if it has none. after: value in the file.
    sensitive: whether the values are secret; they are masked here already.
    position: where the file says it.
    """

    path: str
    before: Json
    after: Json
    sensitive: bool = False
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """What to wait for before a request: a field of the object at `path` to have a value in `done`.

    A value in `failed` ends the waiting, and fails the change.
    explain, reasons: where to read why, and the dotted path of the texts in the answer.
    """

    path: str
    field: str
    done: tuple[str, ...]
    failed: tuple[str, ...]
    explain: str = ""
    reasons: str = ""


@dataclass(frozen=True, slots=True)
class Write:
    """One request that a change sends.

    path: below ``/api/v2``; ``{id}`` stands for the resource's id, which a create tells.
    body: JSON, with `Secret` and `Pending` in place of what only the applier knows.
    wait: what has to be so before it is sent.
    brings: the address by which `Pending` values of the same change call its answer.
    """

    method: str
    path: str
    body: Json = field(default=None, repr=False)
    wait: Wait | None = None
    brings: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What happens to one resource, and the requests that make it so.

    id: the server's id; None for a create and for a singleton.
    reason: why, in one phrase.
    depends_on: addresses of changes that must have been applied before this one.
    not_comparable: paths in the file that reads never return.
    live: the object as it was read, secrets and all; None for a create. Never rendered.
    """

    address: str
    section: str
    key: str
    action: Action
    reason: str
    id: str | None = None
    position: Position | None = None
    fields: tuple[FieldDiff, ...] = ()
    writes: tuple[Write, ...] = field(default=(), repr=False)
    depends_on: frozenset[str] = frozenset()
    not_comparable: tuple[str, ...] = ()
    live: Mapping[str, Json] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Unmanaged:
    """An object of a managed section that the file does not name."""

    address: str
    id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything that an apply would do to one tenant.

    changes: in an order in which each comes after those it depends on; without no-ops.
    unchanged: how many resources of the file are as they should be.
    not_comparable: how many write-only values the file holds in resources that do not change.
    problems: warnings, and errors that forbid an apply (the plan is shown all the same).
    snapshot: the file that stood for the tenant, if one did.
    """

    domain: str
    changes: tuple[Change, ...]
    unmanaged: tuple[Unmanaged, ...] = ()
    unchanged: int = 0
    not_comparable: int = 0
    problems: tuple[Problem, ...] = ()
    snapshot: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do."""
        return not self.changes

    @property
    def is_applicable(self) -> bool:
        """Whether no guard or error forbids an apply."""
        return not any(problem.is_error for problem in self.problems)

    def counts(self) -> dict[str, int]:
        """Return how many resources each action concerns, no-ops included."""
        seen = Counter(change.action for change in self.changes)
        counts = {action.value: seen[action] for action in Action}
        counts[Action.NO_OP.value] = self.unchanged
        return counts

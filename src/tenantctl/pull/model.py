"""What a pull found: frozen data, from which every view is made."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tenantctl.config.writing import FileChange
from tenantctl.plan.model import FieldDiff
from tenantctl.problems import Position, Problem
from tenantctl.states import FieldPath


class PullAction(StrEnum):
    """What a pull does to an entry of the file."""

    ADD = "add"
    CHANGE = "change"
    REMOVE = "remove"


class Reason(StrEnum):
    """Why a file keeps a value although the tenant has another."""

    KEYWORD = "keyword"
    """A keyword has a part in it."""
    OTHER = "other"
    """The change can't be written down."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A place in an entry at which the file keeps what it says."""

    path: FieldPath
    reason: Reason


@dataclass(frozen=True, slots=True)
class EntryChange:
    """What happens to one entry of the file.

    fields: what it says before and after; of one that is added or removed, none.
    position: where it stands; None for one that is added.
    """

    address: str
    action: PullAction
    fields: tuple[FieldDiff, ...] = ()
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class Unpulled:
    """What the file keeps saying although the tenant has it otherwise, so that a plan is not empty."""

    address: str
    path: str
    reason: Reason
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class Withheld:
    """A secret of the tenant, for which the file has a keyword.

    keyword: the marker; what its name is given in the environment takes its place.
    """

    address: str
    path: str
    keyword: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulled:
    """The outcome of a pull.

    unpulled: what the files keep saying. withheld: secrets, for which the files have keywords now.
    files: those that are to change.
    """

    domain: str
    changes: tuple[EntryChange, ...] = ()
    unpulled: tuple[Unpulled, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    problems: tuple[Problem, ...] = ()
    files: tuple[FileChange, ...] = ()

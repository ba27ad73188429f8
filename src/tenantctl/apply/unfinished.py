"""Read journals: what earlier applies did, and what they left open."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tenantctl.apply.journal import FOLDER, FORMAT_VERSION, append_to
from tenantctl.apply.outcome import Status
from tenantctl.config.source import read_source
from tenantctl.plan.model import Action
from tenantctl.problems import Position, Problem, ProblemsError
from tenantctl.states import Json

_MAJOR = FORMAT_VERSION.partition(".")[0] + "."


@dataclass(slots=True)
class JournaledChange:
    """One change as a journal tells it.

    fields: those that it was to change. secrets: paths of the secret values among them. before: the object as
    it was, without secrets; None for a create. hidden: paths of the secrets that it had.
    requests: how many it was to send. sent: how many were answered. is_in_doubt: whether another was sent,
    and what came of it is not known. status: how it ended; None if the apply was cut off.
    """

    address: str
    section: str
    action: Action
    id: str | None
    fields: tuple[str, ...]
    before: Mapping[str, Json] | None = field(repr=False)
    secrets: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    requests: int = 0
    sent: int = 0
    is_in_doubt: bool = False
    status: Status | None = None

    @property
    def is_begun(self) -> bool:
        """Whether something of it is, or may be, on the tenant."""
        return self.sent > 0 or self.is_in_doubt

    @property
    def is_open(self) -> bool:
        """Whether it is not known to be as the file said."""
        return self.status is not Status.APPLIED and self.is_begun


@dataclass(slots=True)
class JournaledRun:
    """An apply as its journal tells it.

    is_over: whether it came to its end. is_reconciled: whether a later one has taken up what it left open.
    """

    path: Path
    domain: str
    started: str
    changes: dict[str, JournaledChange]
    is_over: bool = False
    is_reconciled: bool = False

    @property
    def open_changes(self) -> tuple[JournaledChange, ...]:
        """The changes of which it is not known whether they are on the tenant, as a whole."""
        return tuple(change for change in self.changes.values() if change.is_open)

    @property
    def is_left(self) -> bool:
        """Whether a later apply has to take something up."""
        return not self.is_reconciled and (not self.is_over or bool(self.open_changes))


def unfinished(domain: str, folder: Path = FOLDER) -> list[JournaledRun]:
    """Return the applies to a tenant that left something open, oldest first.

    Raises:
        ProblemsError: ``bad-journal``.
    """
    runs = (read_journal(path) for path in sorted(folder.glob("*.jsonl")))
    return [run for run in runs if run is not None and run.domain == domain and run.is_left]


def latest(domain: str, folder: Path = FOLDER) -> JournaledRun | None:
    """Return the last apply to a tenant that did, or may have done, anything; None if there is none.

    Raises:
        ProblemsError: ``bad-journal``.
    """
    for path in sorted(folder.glob("*.jsonl"), reverse=True):
        run = read_journal(path)
        if run and run.domain == domain and any(change.is_begun for change in run.changes.values()):
            return run
    return None


def reconcile(runs: list[JournaledRun], by: Path | None) -> None:
    """Write down that what these left open was taken up. by: the journal that did, if something was to do."""
    for run in runs:
        append_to(run.path, {"event": "reconciled", "by": by.name if by else None})


def read_journal(path: Path) -> JournaledRun | None:
    """Return what a journal tells; None if the apply was cut off before it had begun.

    Raises:
        ProblemsError: ``bad-journal``: it is none, or of a version that is not known here.
    """
    events = list(_events(path))
    if not events:
        return None
    first = events[0]
    version = first.get("format_version", "")
    if first.get("event") != "begin" or not str(version).startswith(_MAJOR):
        raise _bad(path, 1, f"it does not begin as a journal of version {_MAJOR}x does")
    run = JournaledRun(path, first["tenant"]["domain"], first["at"], {})
    for line, event in enumerate(events, start=1):
        try:
            _take(run, event)
        except (KeyError, ValueError) as error:
            raise _bad(path, line, f"this is no event: {error}") from None
    return run


def _events(path: Path) -> Iterator[dict[str, Json]]:
    """Yield the events; a last line that is not whole was being written when the apply was cut off."""
    lines = read_source(path).text.split("\n")
    for number, line in enumerate(lines[:-1], start=1):
        try:
            event = json.loads(line)
        except ValueError:
            raise _bad(path, number, "this is not JSON") from None
        if not isinstance(event, dict) or "event" not in event:
            raise _bad(path, number, "this is no event")
        yield event


def _take(run: JournaledRun, event: Mapping[str, Json]) -> None:
    kind = event["event"]
    if kind == "planned":
        run.changes[event["address"]] = JournaledChange(
            address=event["address"],
            section=event["section"],
            action=Action(event["action"]),
            id=event["id"],
            fields=tuple(event["fields"]),
            before=event["before"],
            secrets=tuple(event["secrets"]),
            hidden=tuple(event["hidden"]),
            requests=event["requests"],
        )
    elif kind == "end":
        run.is_over = True
    elif kind == "reconciled":
        run.is_reconciled = True
    elif kind != "begin":
        _take_of_change(run.changes[event["address"]], kind, event)


def _take_of_change(change: JournaledChange, kind: str, event: Mapping[str, Json]) -> None:
    if kind == "sending":
        change.is_in_doubt = True
    elif kind == "sent":
        change.is_in_doubt = False
        change.sent += 1
        change.id = event.get("id") or change.id
    elif kind == "failed":
        change.is_in_doubt = not event["is_certain"]
    elif kind == "ended":
        change.status = Status(event["status"])


def _bad(path: Path, line: int, what: str) -> ProblemsError:
    problem = Problem(
        code="bad-journal",
        summary=f"{path} can't be read as a journal: {what}",
        hint="Journals are not for editing. Move it elsewhere if the tenant is as you want it.",
        position=Position(str(path), line, 1),
    )
    return ProblemsError([problem])

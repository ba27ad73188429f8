"""What an apply is about to do and has done, on file before it matters: ``.tenantctl/journal/<time>.jsonl``.

A line is a JSON object with ``event`` and ``at`` (UTC). In their order:

    begin                       format_version, tool, tenant, count (of changes)
    planned                     one for each change: section, action, id, fields, secrets (paths of those that
                                it sets), requests (how many), before (the object, without secrets), hidden
                                (paths of the secrets that it had)
    sending                     before a request: address, request (its number in the change), method, path
    sent | failed               after it: id, where the request created the object; code and is_certain
    ended                       a change: its status
    end                         all of them: counts. Without this line the apply was cut off
    reconciled                  a later apply has taken up what was left open

Every line is on the disk (fsync) before the apply goes on, so that a ``kill -9`` at any moment leaves a file
that tells what was done and what may have been.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from tenantctl import __version__
from tenantctl.apply.outcome import Outcome
from tenantctl.catalog.fields import is_read_only
from tenantctl.catalog.marks import dotted, is_secret
from tenantctl.catalog.paths import values_at
from tenantctl.catalog.registry import BY_SECTION
from tenantctl.catalog.spec import ResourceType
from tenantctl.plan.model import Change, Plan
from tenantctl.plan.parts import first_name
from tenantctl.plan.recorded import recorded
from tenantctl.problems import Problem, ProblemsError
from tenantctl.states import Json

FOLDER = Path(".tenantctl/journal")
FORMAT_VERSION = "1.0"
_PRIVATE = 0o600
_PRIVATE_FOLDER = 0o700

Record = Callable[[Mapping[str, Json]], None]
"""Writes one event down; returns when it is on the disk."""


class Journal:
    """A file to which events are appended; see the module for what they are."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self._descriptor = descriptor

    def record(self, event: Mapping[str, Json]) -> None:
        """Append an event. Raises ProblemsError (``journal-unwritable``)."""
        self.record_all([event])

    def record_all(self, events: Iterable[Mapping[str, Json]]) -> None:
        """Append events, all at once. Raises ProblemsError (``journal-unwritable``)."""
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        lines = (json.dumps({"event": event["event"], "at": at, **event}) for event in events)
        data = "".join(f"{line}\n" for line in lines).encode()
        try:
            written = 0
            while written < len(data):
                written += os.write(self._descriptor, data[written:])
            os.fsync(self._descriptor)
        except OSError as error:
            raise _unwritable(self.path, error) from None

    def begin(self, plan: Plan) -> None:
        """Write down what is about to be done. Raises ProblemsError (``journal-unwritable``)."""
        head = {
            "event": "begin",
            "format_version": FORMAT_VERSION,
            "tool": {"name": "tenantctl", "version": __version__},
            "tenant": {"domain": plan.domain},
            "count": len(plan.changes),
        }
        self.record_all([head, *map(_planned, plan.changes)])

    def end(self, outcome: Outcome) -> None:
        """Write down that it is over. Raises ProblemsError (``journal-unwritable``)."""
        self.record({"event": "end", **outcome.counts()})


@contextmanager
def open_journal(plan: Plan, folder: Path = FOLDER) -> Iterator[Journal]:
    """Begin a journal for a plan, readable by its owner alone.

    Raises:
        ProblemsError: ``journal-unwritable``; nothing is to be sent then.
    """
    name = datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%S.%fZ")
    path = folder / f"{name}.jsonl"
    try:
        folder.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, _PRIVATE)
    except OSError as error:
        raise _unwritable(path, error) from None
    try:
        journal = Journal(path, descriptor)
        journal.begin(plan)
        yield journal
    finally:
        os.close(descriptor)


def append_to(path: Path, event: Mapping[str, Json]) -> None:
    """Append an event to a journal that is there. Raises ProblemsError (``journal-unwritable``)."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND)
    except OSError as error:
        raise _unwritable(path, error) from None
    try:
        Journal(path, descriptor).record(event)
    finally:
        os.close(descriptor)


def _planned(change: Change) -> dict[str, Json]:
    live = change.live
    return {
        "event": "planned",
        "address": change.address,
        "section": change.section,
        "action": change.action.value,
        "id": change.id,
        "fields": sorted({first_name(field.path) for field in change.fields}),
        "secrets": sorted({*change.not_comparable, *(each.path for each in change.fields if each.sensitive)}),
        "hidden": [] if live is None else sorted(_secrets_in(BY_SECTION[change.section], live)),
        "requests": len(change.writes),
        "before": None if live is None else recorded(BY_SECTION[change.section], live, ()),
    }


def _secrets_in(resource_type: ResourceType, live: Mapping[str, Json]) -> Iterator[str]:
    """Yield the paths of the secrets that an object has, as far as reads tell them."""
    for path, value in values_at(live, "**"):
        is_set = value not in (None, "") and not isinstance(value, Mapping | list)
        if is_set and is_secret(resource_type, path) and not is_read_only(resource_type, str(path[0])):
            yield dotted(path)


def _unwritable(path: Path, error: OSError) -> ProblemsError:
    problem = Problem(
        code="journal-unwritable",
        summary=f"the journal {path} can't be written: {error.strerror}",
        hint="Nothing is sent without it: make room or mend the permissions, then apply again.",
    )
    return ProblemsError([problem])

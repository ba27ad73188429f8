"""Runs drawn by chance: which edits a file has, and what goes wrong how often while it is applied."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import yaml

from reliability.kinds import FOREVER
from reliability.stage import TENANTS
from tenantctl.catalog.keys import key_of
from tenantctl.catalog.registry import BY_SECTION

Document = dict[str, Any]

_FAULTS = ("429", "500", "503", "503-after", "reset", "reset-after", "hang", "hang-after", "truncate", "cut")
_WHERE = ("", ":POST", ":PATCH", ":DELETE", ":GET", ":POST /clients", ":PATCH /connections/*")
_RATES = (0.03, 0.1, 0.3, 0.7)
_MAX_WRITES = 60
_OPTIONS = "tenantctl"
# How likely an apply is killed, a file leaves out what it had, an entry and a field are new.
_KILLED, _DELETING, _NEW_ENTRY, _NEW_FIELD = 0.2, 0.7, 0.3, 0.5
# What others refer to, and what decides which other fields an entry may have, is not taken from both files.
_WHOLE = frozenset({"type", "strategy", "destination", "credentials", "app_id", "resource_server_identifier"})
_NEWER = frozenset({"scopes"})


@dataclass(frozen=True, slots=True)
class Run:
    """One apply that goes wrong.

    faults: with rates; the draws are those of `seed`. killed_at: the write after which the process is killed,
    if it is.
    """

    faults: tuple[str, ...]
    seed: int
    killed_at: int = 0


@dataclass(frozen=True, slots=True)
class Chance:
    """What a seed stands for: a file, and the runs that go wrong."""

    seed: int
    file: str
    runs: tuple[Run, ...]


def draw(seed: int) -> Chance:
    """Return what a seed stands for, always the same."""
    random = Random(seed)  # noqa: S311  # to be repeated, not to be secret
    before, after = (_read(TENANTS / name) for name in ("before.yaml", "after.yaml"))
    file = json.dumps(_mixed(random, before, after), indent=1)  # JSON is YAML
    return Chance(seed, file, tuple(_run(random) for _ in range(random.choice((1, 1, 2, 3)))))


@cache
def _read(path: Path) -> Document:
    found: Document = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def _run(random: Random) -> Run:
    faults = tuple(
        f"{random.choice(_FAULTS)}{random.choice(_WHERE)}:rate={random.choice(_RATES)}"
        for _ in range(random.randint(1, 3))
    )
    if random.random() < _KILLED:
        number = random.randint(1, _MAX_WRITES)
        return Run(faults, random.randrange(FOREVER), number)
    return Run(faults, random.randrange(FOREVER))


def _mixed(random: Random, before: Document, after: Document) -> Document:
    """Return a file between the two: each section, entry and field is taken from one of them."""
    deletes = random.random() < _DELETING
    mixed: Document = {}
    for section, wanted in after.items():
        former = before.get(section)
        if section == _OPTIONS:
            mixed[section] = wanted
        elif isinstance(wanted, list):
            mixed[section] = _mixed_entries(random, section, (former or [], wanted), keeps=not deletes)
        else:
            mixed[section] = _mixed_fields(random, former, wanted)
    return mixed


def _mixed_entries(
    random: Random, section: str, both: tuple[list[Document], list[Document]], *, keeps: bool
) -> list[Document]:
    before, after = ({key_of(BY_SECTION[section], entry): entry for entry in entries} for entries in both)
    entries = [_mixed_fields(random, before.get(key), entry) for key, entry in after.items()]
    return entries + ([entry for key, entry in before.items() if key not in after] if keeps else [])


def _mixed_fields(random: Random, before: Document | None, after: Document) -> Document:
    if before is None or random.random() < _NEW_ENTRY:
        return after
    if any(before.get(name) != after.get(name) for name in _WHOLE):
        return random.choice((before, after))
    mixed = {}
    for name, value in after.items():
        is_new = name in _NEWER or random.random() < _NEW_FIELD
        mixed[name] = value if is_new else before.get(name, value)
    return mixed

"""What goes wrong with one write of an apply, and where the apply then stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

_MANAGEMENT = "/api/v2"
_NO_BODY = 204
_ID_LENGTH = 18
_WORDS = re.compile(r"[a-z-]+")
FOREVER = 999_999


@dataclass(frozen=True, slots=True)
class Kind:
    """One way in which a write goes wrong.

    fault: as the sandbox takes it. kills: the process is killed while that lasts. timeout: seconds after
    which the client takes a request for lost. needs_body: it spoils the body of an answer.
    """

    title: str
    fault: str
    kills: bool = False
    timeout: float = 30.0
    needs_body: bool = False


SOON = 0.6

KINDS = (
    Kind("429", "429"),
    Kind("500, nothing done", "500"),
    Kind("503, nothing done", "503"),
    Kind("503, and it is done", "503-after"),
    Kind("timeout, nothing done", "hang", timeout=SOON),
    Kind("timeout, and it is done", "hang-after", timeout=SOON),
    Kind("connection reset, nothing done", "reset"),
    Kind("connection reset, and it is done", "reset-after"),
    Kind("half of the answer's JSON", "truncate", needs_body=True),
    Kind("`kill -9` before the write", "hang", kills=True),
    Kind("`kill -9` after the write", "hang-after", kills=True),
)


@dataclass(frozen=True, slots=True)
class Point:
    """One write of an apply, found again in another run of the same.

    method, path: as a fault takes them; `*` stands for what the apply has created. number: among those that
    match, from 1. status: of its answer when nothing goes wrong. title: with names in the place of ids.
    """

    title: str
    method: str
    path: str
    number: int
    status: int


@dataclass(frozen=True, slots=True)
class Case:
    """A write, and what goes wrong with it: the first time, or each time that it is tried (`lasts`)."""

    kind: Kind
    point: Point
    lasts: bool = False

    @property
    def fault(self) -> str:
        """The fault as the sandbox takes it."""
        point = self.point
        numbers = f"{point.number}-{FOREVER}" if self.lasts else str(point.number)
        return f"{self.kind.fault}:{point.method} {point.path}:nth={numbers}"

    def __str__(self) -> str:
        return f"{self.kind.title}{', lasting' if self.lasts else ''}: {self.point.title}"


def points_of(log: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> list[Point]:
    """Return the writes that a sandbox has logged, in an order that stays.

    names: id → address of what was there before them.
    """
    writes = [entry for entry in log if entry["method"] != "GET"]
    points = []
    for index, entry in enumerate(writes):
        method, steps = entry["method"], entry["path"].removeprefix(_MANAGEMENT).split("/")
        path = "/".join("*" if _is_id(step) and step not in names else step for step in steps)
        earlier = (each for each in writes[: index + 1] if each["method"] == method)
        number = sum(fnmatchcase(each["path"].removeprefix(_MANAGEMENT), path) for each in earlier)
        named = "/".join(f"<{names[step]}>" if step in names else step for step in path.split("/"))
        points.append(Point(f"{method} {named} #{number}", method, path, number, entry["status"]))
    return sorted(points, key=lambda point: point.title)


def _is_id(step: str) -> bool:
    return len(step) >= _ID_LENGTH and _WORDS.fullmatch(step) is None


def cases_of(points: Sequence[Point]) -> Iterator[Case]:
    """Yield every case: each kind at each write, and again where the apply tries once more by itself."""
    for kind in KINDS:
        for point in points:
            if kind.needs_body and point.status == _NO_BODY:
                continue
            yield Case(kind, point)
            if not kind.kills and (point.method != "POST" or kind.fault == "429"):
                yield Case(kind, point, lasts=True)

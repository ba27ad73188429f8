"""What can be made to go wrong on purpose, and how it is written down.

A fault is one text, on the command line (``--fault``) as in the control endpoint::

    KIND[=VALUE][:[METHOD] [/path]][:rate=R | :nth=N[-M]]

======================  =====================================================================
``503``                 this status (429, 500 to 511) instead of doing what was asked
``503-after``           what was asked is done, and then this status is answered
``latency=200ms``       the answer comes later (``ms`` or ``s``)
``reset``               the connection is reset before anything was done
``reset-after``         what was asked is done, and the connection reset without an answer
``hang``                no answer ever comes, and nothing was done; it ends when the client goes
``hang-after``          what was asked is done, and no answer ever comes
``cut``                 the connection is lost in the middle of the answer's body
``truncate``            the answer is whole as HTTP, but half of its JSON is missing
``stale=3``             the next 3 reads of what was written answer the state before
``stale=500ms``         so do all reads within this time
======================  =====================================================================

The path is below ``/api/v2``, or ``/oauth/token``; ``*`` stands for any text. ``rate`` is the probability
with which a request that matches is struck, ``nth`` which ones are, counted from 1. Without either it is all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any

from tenantctl.problems import did_you_mean
from tenantctl.sandbox.rate_limits import limits_of

_SYNTAX = "Expected KIND[:[METHOD] [/path]][:rate=R | :nth=N[-M]]."
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_WHERE = re.compile(r"(?P<method>[A-Z]*) ?(?P<path>/.*)?")
_DURATION = re.compile(r"(?P<number>\d{1,6}(?:\.\d{1,6})?)(?P<unit>ms|s)")
_NTH = re.compile(r"(?P<first>[1-9]\d{0,8})(?:-(?P<last>[1-9]\d{0,8}))?")
_STATUS = re.compile(r"(?P<status>429(?!-)|50[0-8]|51[01])(?P<after>-after)?")  # those that have a name
_KNOWN = (
    "429",
    "503",
    "503-after",
    "reset",
    "reset-after",
    "hang",
    "hang-after",
    "cut",
    "truncate",
    "latency",
    "stale",
)
_MANAGEMENT = "/api/v2"


class Kind(StrEnum):
    """What a fault does to a request; a status is written as its number."""

    STATUS = "status"
    LATENCY = "latency"
    RESET = "reset"
    HANG = "hang"
    CUT = "cut"
    TRUNCATE = "truncate"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault, and which requests it strikes.

    spec: as it was written. after: it strikes when what was asked is done. status: of the answer. seconds: of
    latency or staleness; reads: how many are stale. method, path: empty for all. first, last: the numbers of
    the matching requests that are struck; `last` 0 has no end.
    """

    spec: str
    kind: Kind
    after: bool = False
    status: int = 0
    seconds: float = 0.0
    reads: int = 0
    method: str = ""
    path: str = ""
    rate: float = 1.0
    first: int = 1
    last: int = 0

    def matches(self, method: str, path: str) -> bool:
        """Return whether a request is one of those that may be struck; `path` as in `Trouble.strike`."""
        is_method = not self.method or method == self.method
        return is_method and (not self.path or fnmatchcase(path.rstrip("/"), self.path.rstrip("/")))


def parse_fault(spec: str) -> Fault:
    """Return the fault that a text describes.

    Raises:
        ValueError: it describes none; the message names the text, what is wrong, and the syntax.
    """
    what, *conditions = spec.split(":")
    try:
        return Fault(spec, **_kind(what), **_united(conditions))
    except ValueError as error:
        raise ValueError(f"Bad fault {spec!r}: {error}. {_SYNTAX}") from error


def _united(conditions: Sequence[str]) -> dict[str, Any]:
    united: dict[str, Any] = {}
    for text in conditions:
        found = _condition(text)
        if found.keys() & united.keys() or {"rate", "first"} <= {*found, *united}:
            raise ValueError(f"{text!r} is one condition too many")
        united.update(found)
    return united


def _kind(text: str) -> dict[str, Any]:
    name, has_value, value = text.partition("=")
    if (status := _STATUS.fullmatch(text)) is not None:
        return {"kind": Kind.STATUS, "status": int(status["status"]), "after": bool(status["after"])}
    if text in {"reset", "reset-after", "hang", "hang-after"}:
        return {"kind": Kind(text.removesuffix("-after")), "after": text.endswith("-after")}
    if text in {"cut", "truncate"}:
        return {"kind": Kind(text), "after": True}
    if name == "latency":
        return {"kind": Kind.LATENCY, "seconds": _seconds(value)}
    if name == "stale":
        return {
            "kind": Kind.STALE,
            **({"reads": int(value)} if _is_count(value) else {"seconds": _seconds(value)}),
        }
    if has_value and name in _KNOWN:
        raise ValueError(f"{name} takes no value")
    hint = did_you_mean(name, _KNOWN) or f"Known: {', '.join(_KNOWN)}"
    raise ValueError(f"unknown kind {name!r} ({hint})")


def _is_count(text: str) -> bool:
    return _NTH.fullmatch(text) is not None and "-" not in text


def _seconds(text: str) -> float:
    match = _DURATION.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no time such as 200ms or 1.5s")
    return float(match["number"]) / (1000 if match["unit"] == "ms" else 1)


def _condition(text: str) -> dict[str, Any]:
    name, _, value = text.partition("=")
    if name == "rate":
        return {"rate": _rate(value)}
    if name == "nth":
        match = _NTH.fullmatch(value)
        if match is None or int(match["last"] or match["first"]) < int(match["first"]):
            raise ValueError(f"{value!r} is no number or range of numbers from 1")
        return {"first": int(match["first"]), "last": int(match["last"] or match["first"])}
    match = _WHERE.fullmatch(text.strip())
    if match is None or not text.strip():
        raise ValueError(f"{text!r} is neither a method and path nor rate=, nth=")
    if match["method"] and match["method"] not in _METHODS:
        raise ValueError(f"unknown method {match['method']!r}")
    found = {"method": match["method"], "path": (match["path"] or "").removeprefix(_MANAGEMENT)}
    return {name: value for name, value in found.items() if value}


def _rate(text: str) -> float:
    try:
        rate = float(text)
    except ValueError:
        rate = -1.0
    if not 0 <= rate <= 1:
        raise ValueError(f"{text!r} is no rate from 0 to 1")
    return rate


@dataclass(frozen=True, slots=True)
class Faults:
    """All that goes wrong on purpose with one tenant.

    faults: in the order in which they are tried. rate_limit: a plan, as `limits_of` takes it. seed: of the
    draws of `Fault.rate`; the same requests with the same seed are struck again.
    stale_jwks: the JWK Set leaves the current signing key out, as caches do for a while after a rotation.
    """

    faults: tuple[Fault, ...] = ()
    rate_limit: str = "none"
    seed: int = 0
    stale_jwks: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return the faults as ``PUT /__sandbox__/faults`` takes them."""
        return {
            "faults": [fault.spec for fault in self.faults],
            "rate_limit": self.rate_limit,
            "seed": self.seed,
            "stale_jwks": self.stale_jwks,
        }


def make_faults(wanted: Any) -> Faults:
    """Return the faults that a JSON object describes: ``{"faults", "rate_limit", "seed", "stale_jwks"}``.

    Raises:
        ValueError: it is no object, has an unknown member, or one with a value that is none.
    """
    if not isinstance(wanted, dict):
        raise ValueError("Expected an object of faults.")  # noqa: TRY004 - a bad value of a request
    known = Faults().as_json()
    if unknown := sorted(set(wanted) - known.keys()):
        raise ValueError(f"Unknown member: {', '.join(unknown)}. Known: {', '.join(known)}.")
    given = {**known, **wanted}
    for name, (is_good, expected) in _MEMBERS.items():
        if not is_good(given[name]):
            raise ValueError(f"{name} must be {expected}.")
    plan = str(given["rate_limit"])
    limits_of(plan)  # raises if there is no such plan
    return Faults(
        tuple(parse_fault(spec) for spec in given["faults"]), plan, given["seed"], given["stale_jwks"]
    )


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


_MEMBERS: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "faults": (_is_texts, 'a list of texts such as "503:rate=0.1"'),
    "rate_limit": (lambda value: type(value) in {str, int}, "a plan or a number of requests per second"),
    "seed": (lambda value: type(value) is int, "a whole number"),
    "stale_jwks": (lambda value: isinstance(value, bool), "true or false"),
}

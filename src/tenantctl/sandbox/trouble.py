"""Faults at work: which requests they strike, what is left of rate limits, which reads see old state."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random

from tenantctl.catalog.registry import BY_SECTION
from tenantctl.sandbox.domains import TOKEN_PATH
from tenantctl.sandbox.faults import Fault, Faults, Kind
from tenantctl.sandbox.rate_limits import Buckets, limits_of
from tenantctl.sandbox.routes import endpoints_of
from tenantctl.sandbox.tenant_state import TenantState

_READ = "GET"
_READ_FOR_TOKENS = frozenset({"clients", "clientGrants", "resourceServers"})


@dataclass(frozen=True, slots=True)
class Strike:
    """The faults that strike one request, in order."""

    faults: tuple[Fault, ...] = ()

    def of(self, *kinds: Kind) -> tuple[Fault, ...]:
        """Return those of these kinds."""
        return tuple(fault for fault in self.faults if fault.kind in kinds)

    @property
    def before(self) -> Fault | None:
        """The fault that keeps the request from being handled."""
        return next((fault for fault in self.of(Kind.STATUS, Kind.RESET, Kind.HANG) if not fault.after), None)

    @property
    def after(self) -> Fault | None:
        """The fault that spoils the answer."""
        return next((fault for fault in self.faults if fault.after), None)


@dataclass(slots=True)
class _Draw:
    """Decides for one fault, request by request."""

    fault: Fault
    random: Random
    matched: int = 0

    def strikes(self, method: str, path: str) -> bool:
        if not self.fault.matches(method, path):
            return False
        self.matched += 1
        is_drawn = self.random.random() < self.fault.rate
        return is_drawn and self.fault.first <= self.matched <= (self.fault.last or self.matched)


@dataclass(slots=True)
class _Stale:
    """A tenant as it was before a write, for the next `reads` or `until` a time (Unix seconds)."""

    sections: frozenset[str]
    before: TenantState
    reads: int
    until: float

    def is_over(self, now: float) -> bool:
        return self.reads <= 0 and now >= self.until


@dataclass(slots=True)
class Trouble:
    """What goes wrong on purpose with the requests of one tenant.

    faults: those in force. clock: Unix seconds. Paths are those of `Fault.path`.
    """

    faults: Faults
    clock: Callable[[], float] = time.time
    _draws: list[_Draw] = field(init=False)
    _buckets: Buckets = field(init=False)
    _stale: list[_Stale] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        # A generator for each fault: what one strikes does not depend on the others.
        self._draws = [
            _Draw(fault, Random(f"{self.faults.seed} {index}"))  # noqa: S311 - to be repeated, not to be secret
            for index, fault in enumerate(self.faults.faults)
        ]
        self._buckets = Buckets(limits_of(self.faults.rate_limit), self.clock)

    def strike(self, method: str, path: str) -> Strike:
        """Count a request, and return what strikes it."""
        return Strike(tuple(draw.fault for draw in self._draws if draw.strikes(method, path)))

    def take(self, method: str, path: str) -> Mapping[str, str]:
        """Count a request against the rate limits, and return the headers of its answer.

        Raises:
            LimitReachedError: there is nothing left.
        """
        return self._buckets.take(method, path)

    def hides(self, method: str, path: str) -> bool:
        """Return whether a request may write what reads could be late to see."""
        return method != _READ and bool(_sections_at(path))

    def hide(self, fault: Fault, path: str, before: TenantState) -> None:
        """Hide a write that was done from the reads that follow; `before` is the tenant without it."""
        until = self.clock() + fault.seconds if fault.seconds else 0.0
        self._stale.append(_Stale(_sections_at(path), before, fault.reads, until))

    def seen(self, method: str, path: str) -> TenantState | None:
        """Return the tenant that a read sees in place of the real one, or None if it sees that."""
        now = self.clock()
        self._stale = [each for each in self._stale if not each.is_over(now)]
        found = [each for each in self._stale if each.sections & _read_by(method, path)]
        for each in found:
            each.reads -= 1
        return found[0].before if found else None


def _root(path: str) -> str:
    return path.strip("/").partition("/")[0]


def _sections_by_root() -> Mapping[str, frozenset[str]]:
    """Return which sections of a tenant lie below the first segment of a path."""
    roots: dict[str, set[str]] = {}
    for section, resource_type in BY_SECTION.items():
        for endpoint in endpoints_of(resource_type):
            roots.setdefault(_root(endpoint.path), set()).add(section)
    return {root: frozenset(sections) for root, sections in roots.items()}


_SECTIONS = _sections_by_root()


def _sections_at(path: str) -> frozenset[str]:
    return _SECTIONS.get(_root(path), frozenset())


def _read_by(method: str, path: str) -> frozenset[str]:
    """Return the sections that a request reads, if it is no write."""
    if path == TOKEN_PATH:
        return _READ_FOR_TOKENS
    return _sections_at(path) if method == _READ else frozenset()

"""Rate limits as Auth0 has them: buckets that refill, one for an API and some for single endpoints.

https://auth0.com/docs/troubleshoot/customer-support/operational-policies/rate-limit-policy
"""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from tenantctl.sandbox.domains import TOKEN_PATH

GLOBAL = "Global limit has been reached"
"""What the API says when a tenant may not send any request at all for now."""

_NUMBER = re.compile(r"[1-9][0-9]{0,5}")
_SECONDS = {"second": 1, "minute": 60, "day": 86400}


@dataclass(frozen=True, slots=True)
class Limit:
    """One bucket: so many requests at once, refilled by `amount` per `period`.

    name: empty for the API as a whole. methods: empty for all. path: a pattern as of `Fault.path`; those of
    the Management API are below ``/api/v2``.
    """

    name: str
    burst: int
    amount: int
    period: str = "second"
    methods: tuple[str, ...] = ()
    path: str = "*"

    @property
    def per_second(self) -> float:
        """How many requests a second refills."""
        return self.amount / _SECONDS[self.period]

    @property
    def message(self) -> str:
        """What the API says when there is nothing left."""
        return f"Global per {self.period} {self.name} group limit has been reached" if self.name else GLOBAL

    def matches(self, method: str, path: str) -> bool:
        """Return whether a request counts; `path` as in `Trouble.strike`."""
        is_same_api = (self.path == TOKEN_PATH) == (path == TOKEN_PATH)
        return is_same_api and (not self.methods or method in self.methods) and fnmatchcase(path, self.path)


_READ, _WRITE = ("GET",), ("POST", "PATCH", "PUT", "DELETE")
_OF_EVERY_PLAN = (
    Limit("signing_keys_rotate", 5, 5, "day", ("POST",), "/keys/signing/rotate"),
    Limit("custom_domains_verify", 5, 5, "minute", ("POST",), "/custom-domains/*/verify"),
)
_PLANS: Mapping[str, tuple[Limit, ...]] = {
    "none": (),
    "free": (
        Limit("", 10, 2),
        Limit("", 30, 30, path=TOKEN_PATH),
        *_OF_EVERY_PLAN,
    ),
    "paid": (
        Limit("", 50, 15),
        Limit("", 25, 25, path=TOKEN_PATH),
        Limit("clients_read", 10, 100, "minute", _READ, "/clients*"),
        Limit("connections_read", 5, 50, "minute", _READ, "/connections*"),
        Limit("organizations_read", 5, 50, "minute", _READ, "/organizations"),
        Limit("organizations_write", 5, 150, "minute", _WRITE, "/organizations*"),
        *_OF_EVERY_PLAN,
    ),
}


def limits_of(plan: str) -> tuple[Limit, ...]:
    """Return the limits of a plan: ``free``, ``paid``, ``none``, or a number of requests per second.

    Raises:
        ValueError: it is none of these.
    """
    if plan in _PLANS:
        return _PLANS[plan]
    if _NUMBER.fullmatch(plan):
        return tuple(Limit("", int(plan), int(plan), path=path) for path in ("*", TOKEN_PATH))
    known = ", ".join(_PLANS)
    raise ValueError(f"Unknown rate limit {plan!r}. Known: {known}, or a number of requests per second.")


@dataclass(slots=True)
class _Bucket:
    limit: Limit
    left: float
    filled_at: float

    def refill(self, now: float) -> None:
        gained = max(0.0, now - self.filled_at) * self.limit.per_second
        self.left, self.filled_at = min(float(self.limit.burst), self.left + gained), now

    def headers(self) -> dict[str, str]:
        """Return the headers; the reset is when there is room for the next request, in Unix seconds."""
        wait = max(0.0, 1 - self.left) / self.limit.per_second
        return {
            "x-ratelimit-limit": str(self.limit.burst),
            "x-ratelimit-remaining": str(int(self.left)),
            "x-ratelimit-reset": str(math.ceil(self.filled_at + wait)),
        }


class LimitReachedError(Exception):
    """There is nothing left in a bucket; headers: those of the answer."""

    def __init__(self, limit: Limit, headers: Mapping[str, str]) -> None:
        super().__init__(limit.message)
        self.limit = limit
        self.headers = headers


class Buckets:
    """The buckets of one tenant; clock: Unix seconds."""

    def __init__(self, limits: Iterable[Limit], clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        now = clock()
        self._buckets = [_Bucket(limit, float(limit.burst), now) for limit in limits]

    def take(self, method: str, path: str) -> Mapping[str, str]:
        """Count a request, and return the headers of its answer: those of the bucket with the least left.

        Raises:
            LimitReachedError: a bucket is empty; the request counts nowhere.
        """
        now = self._clock()
        counted = [bucket for bucket in self._buckets if bucket.limit.matches(method, path)]
        for bucket in counted:
            bucket.refill(now)
        for bucket in counted:
            if bucket.left < 1:
                raise LimitReachedError(bucket.limit, bucket.headers())
        for bucket in counted:
            bucket.left -= 1
        tightest = min(counted, key=lambda bucket: bucket.left, default=None)
        return tightest.headers() if tightest else {}

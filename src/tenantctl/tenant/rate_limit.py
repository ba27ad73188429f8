"""Stay within a share of the tenant's rate limit, so that others who use its API keep theirs.

The tenant tells of a bucket of tokens with each answer: ``x-ratelimit-limit`` is how many it holds, and
``x-ratelimit-remaining`` how many are left. At which rate it refills is not told, and is learned from that.
https://auth0.com/docs/troubleshoot/customer-support/operational-policies/rate-limit-policy
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

MAX_WAIT_SECONDS = 60.0
DEFAULT_SHARE = 0.8
_FIRST_BACKOFF_SECONDS = 0.5
_LEAST_WINDOW_SECONDS = 1.0
_LEAST_FULL_SECONDS = 0.2
_LONGEST_WINDOW_SECONDS = 10.0
_PROBE_SECONDS = 0.5
_NEGLIGIBLE_SECONDS = 1e-4
_RELEARN_SECONDS = 120.0


@dataclass(slots=True)
class _Bucket:
    """One bucket of the tenant, and what of it is ours.

    left: what the tenant will have left when all that was sent has arrived. rate: tokens that it gets per
    second, as far as that is known. own, since: what we may still send of our share, and as of when.
    """

    size: int
    share: float
    left: float
    since: float
    own: float = 0.0
    rate: float | None = None
    resume_at: float = 0.0
    sent: int = 0
    in_flight: int = 0
    taken_at: float = 0.0
    _window: tuple[float, float] | None = None
    _full_since: float | None = None

    def wait(self, now: float) -> float:
        """Return the seconds until one more request may be sent."""
        if now < self.resume_at:
            return self.resume_at - now
        is_low = self.share < 1 and self.left <= self.size * (1 - self.share)
        if self.rate is None:
            seconds = self.taken_at + _PROBE_SECONDS - now if is_low else 0.0
        else:
            pace = max(self.rate * self.share, 1 / MAX_WAIT_SECONDS)
            self.own = min(self.size * self.share, self.own + (now - self.since) * pace)
            self.since = now
            seconds = (1 - self.own) / pace
            if is_low:
                seconds = max(seconds, self.taken_at + 1 / pace - now)
        return seconds if seconds > _NEGLIGIBLE_SECONDS else 0.0

    def take(self, now: float) -> None:
        """Note that a request is sent."""
        self.left -= 1
        self.own -= 1
        self.in_flight += 1
        self.taken_at = now

    def forget(self) -> None:
        """Note that a request was answered that was not taken from here, or not at all."""
        self.in_flight = max(0, self.in_flight - 1)

    def observe(self, remaining: float, reset: float | None, now: float) -> None:
        """Note what an answer tells."""
        self.forget()
        self.sent += 1
        self.left = remaining - self.in_flight
        if remaining <= 0 and reset is not None:
            self.resume_at = max(self.resume_at, min(reset, now + MAX_WAIT_SECONDS))
        self._learn(remaining, now)

    def _learn(self, remaining: float, now: float) -> None:
        """Learn the rate: what is left, and what was taken of it meanwhile, came since the window began."""
        is_full = remaining >= self.size - 1
        come = remaining + self.sent
        began, before = self._window or (now, come)
        seconds = now - began
        if seconds >= (_LEAST_FULL_SECONDS if is_full and self.rate is None else _LEAST_WINDOW_SECONDS):
            if self.rate is None:
                self.own, self.since = 0.0, now
            # Of a bucket that is full by now, this much at least has come.
            self.rate = max((come - before) / seconds, self.rate or 0.0 if is_full else 0.0)
        if is_full or seconds > _LONGEST_WINDOW_SECONDS or self._window is None:
            self._window = None if is_full else (now, come)
        self._relearn(now, is_full=is_full)

    def _relearn(self, now: float, *, is_full: bool) -> None:
        """Forget the rate of a bucket that stays full: it tells nothing more, and may be higher by now."""
        if not is_full:
            self._full_since = None
        elif self._full_since is None:
            self._full_since = now
        elif now - self._full_since > _RELEARN_SECONDS:
            self.rate, self._full_since = None, now


class RateLimit:
    """Holds requests back as the tenant's answers advise.

    share: how much of the tenant's budget may be taken, of 1.
    """

    def __init__(
        self,
        sleep: Callable[[float], Awaitable[None]],
        clock: Callable[[], float] = time.time,
        on_wait: Callable[[float], None] = lambda _: None,
        share: float = DEFAULT_SHARE,
    ) -> None:
        self._sleep = sleep
        self._clock = clock
        self._on_wait = on_wait
        self._share = share
        self._buckets: dict[int, _Bucket] = {}
        self._sizes: dict[tuple[bool, str], int] = {}

    def observe(self, method: str, path: str, headers: Mapping[str, str]) -> None:
        """Note what the headers of an answer tell of the bucket that the request was taken from."""
        size, remaining = (_number(headers.get(f"x-ratelimit-{name}")) for name in ("limit", "remaining"))
        if remaining is None:
            self.release(method, path)
            return
        now = self._clock()
        known = self._bucket(method, path)
        key = int(size) if size else known.size if known else 0
        self._sizes[_group(method, path)] = key
        bucket = self._buckets.setdefault(key, _Bucket(key, self._share, remaining, now))
        if known is not None and known is not bucket:
            known.forget()
        bucket.observe(remaining, _number(headers.get("x-ratelimit-reset")), now)

    async def hold(self, method: str, path: str) -> None:
        """Wait until one more request may be sent."""
        while (bucket := self._bucket(method, path)) is not None:
            seconds = bucket.wait(self._clock())
            if seconds <= 0:
                bucket.take(self._clock())
                return
            self._on_wait(seconds)
            await self._sleep(seconds)

    def release(self, method: str, path: str) -> None:
        """Note that a request got no answer that tells of the bucket."""
        if (bucket := self._bucket(method, path)) is not None:
            bucket.forget()

    def backoff(self, headers: Mapping[str, str], attempt: int) -> float:
        """Return the seconds to wait before retry number `attempt`, counted from 1."""
        retry_after = _number(headers.get("retry-after"))
        if retry_after is not None:
            return min(retry_after, MAX_WAIT_SECONDS)
        reset = _number(headers.get("x-ratelimit-reset"))
        if reset is not None and reset > self._clock():
            return min(reset - self._clock(), MAX_WAIT_SECONDS)
        return float(min(_FIRST_BACKOFF_SECONDS * 2 ** (attempt - 1), MAX_WAIT_SECONDS))

    def _bucket(self, method: str, path: str) -> _Bucket | None:
        """Return the bucket that such a request was last taken from; before the first, the largest known."""
        size = self._sizes.get(_group(method, path))
        return self._buckets.get(max(self._buckets, default=0) if size is None else size)


def _group(method: str, path: str) -> tuple[bool, str]:
    """Return what tells requests apart that the tenant may count in different buckets."""
    return method == "GET", path.lstrip("/").partition("/")[0]


def _number(text: str | None) -> float | None:
    try:
        return float(text) if text is not None else None
    except ValueError:
        return None

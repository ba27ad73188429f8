"""Stay within the tenant's rate limit: hold back when the server says that nothing is left."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping

MAX_WAIT_SECONDS = 60.0
_FIRST_BACKOFF_SECONDS = 0.5


class RateLimit:
    """What the server's ``x-ratelimit-*`` headers said last.

    https://auth0.com/docs/troubleshoot/customer-support/operational-policies/rate-limit-policy
    """

    def __init__(
        self,
        sleep: Callable[[float], Awaitable[None]],
        clock: Callable[[], float] = time.time,
        on_wait: Callable[[float], None] = lambda _: None,
    ) -> None:
        self._sleep = sleep
        self._clock = clock
        self._on_wait = on_wait
        self._resume_at = 0.0

    def observe(self, headers: Mapping[str, str]) -> None:
        """Note when to send the next request, if the server says that this window is used up."""
        remaining = _number(headers.get("x-ratelimit-remaining"))
        reset = _number(headers.get("x-ratelimit-reset"))
        if remaining is not None and reset is not None and remaining <= 0:
            self._resume_at = max(self._resume_at, min(reset, self._clock() + MAX_WAIT_SECONDS))

    async def hold(self) -> None:
        """Wait until the window that was used up is over."""
        seconds = self._resume_at - self._clock()
        if seconds > 0:
            self._on_wait(seconds)
            await self._sleep(seconds)

    def backoff(self, headers: Mapping[str, str], attempt: int) -> float:
        """Return the seconds to wait before retry number `attempt`, counted from 1."""
        retry_after = _number(headers.get("retry-after"))
        if retry_after is not None:
            return min(retry_after, MAX_WAIT_SECONDS)
        reset = _number(headers.get("x-ratelimit-reset"))
        if reset is not None and reset > self._clock():
            return min(reset - self._clock(), MAX_WAIT_SECONDS)
        return float(min(_FIRST_BACKOFF_SECONDS * 2 ** (attempt - 1), MAX_WAIT_SECONDS))


def _number(text: str | None) -> float | None:
    try:
        return float(text) if text is not None else None
    except ValueError:
        return None

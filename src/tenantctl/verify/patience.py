"""How long to wait for what lags: a tenant takes grants and signing keys in a few seconds after the write."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_result,
    stop_after_attempt,
    wait_exponential,
    wait_random,
)
from tenacity.wait import wait_base


@dataclass(frozen=True, slots=True)
class Patience:
    """How often to try, and how long to wait in between (seconds; half a second, doubled, four at most)."""

    attempts: int = 5
    wait: wait_base = field(
        default_factory=lambda: wait_exponential(multiplier=0.5, max=4) + wait_random(0, 0.5)
    )

    def retrying(self, lags: Callable[[Any], bool]) -> AsyncRetrying:
        """Return a retrier that tries again while `lags` holds for the result; the last result stands."""
        return AsyncRetrying(
            stop=stop_after_attempt(self.attempts),
            wait=self.wait,
            retry=retry_if_result(lags),
            retry_error_callback=_last_result,
        )


def _last_result(state: RetryCallState) -> object:
    return state.outcome.result() if state.outcome else None

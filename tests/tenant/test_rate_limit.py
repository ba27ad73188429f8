"""The share of a tenant's rate limit that is taken: held against buckets that refill, in made-up time."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

import pytest

from tenantctl.tenant.rate_limit import RateLimit


@dataclass
class Clock:
    now: float = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Server:
    """A bucket that refills, others who take from it, and what it refused.

    size, rate: how many tokens it holds, and gets per second. others: requests of others per second.
    """

    clock: Clock
    size: float
    rate: float
    others: float = 0.0
    left: float = field(init=False)
    at: float = field(init=False)
    taken: int = 0
    refused: int = 0
    lowest: float = field(init=False)

    def __post_init__(self) -> None:
        self.left, self.at, self.lowest = self.size, self.clock.now, self.size

    def answer(self) -> dict[str, str]:
        gained = (self.clock.now - self.at) * (self.rate - self.others)
        self.left, self.at = min(self.size, self.left + gained), self.clock.now
        if self.left < 1:
            self.refused += 1
        else:
            self.left -= 1
            self.taken += 1
        self.lowest = min(self.lowest, self.left)
        return {
            "x-ratelimit-limit": str(int(self.size)),
            "x-ratelimit-remaining": str(int(self.left)),
            "x-ratelimit-reset": str(int(self.clock.now + max(0.0, 1 - self.left) / self.rate) + 1),
        }


def run(server: Server, seconds: float, share: float, latency: float = 0.02) -> float:
    """Send one request after the other for some seconds; return how many there were per second."""
    clock = server.clock

    async def sleep(duration: float) -> None:
        clock.now += duration

    limit = RateLimit(sleep, clock, share=share)

    async def go() -> None:
        end = clock.now + seconds
        while clock.now < end:
            await limit.hold("GET", "/clients")
            clock.now += latency
            limit.observe("GET", "/clients", server.answer())

    asyncio.run(go())
    return server.taken / seconds


RATES = [(10, 2.0), (50, 15.0), (100, 50.0), (10, 10.0)]


@pytest.mark.parametrize(("size", "rate"), RATES)
@pytest.mark.parametrize("share", [0.5, 0.8])
def test_no_more_than_the_share_is_taken(size: float, rate: float, share: float) -> None:
    latency = 0.2 / rate
    server = Server(Clock(), size, rate)
    reached = run(server, 60, share, latency)
    # What the bucket held at first may be taken at once, but for the reserve.
    budget = share * (rate + size / 60)
    assert reached <= 1.1 * budget
    assert reached >= 0.8 * share * rate
    assert server.refused == 0
    assert server.lowest >= (1 - share) * size - 2


@pytest.mark.parametrize(("size", "rate"), RATES)
def test_all_of_it_is_taken_if_it_may(size: float, rate: float) -> None:
    server = Server(Clock(), size, rate)
    reached = run(server, 60, 1.0, 0.2 / rate)
    assert reached >= 0.9 * rate
    assert server.refused <= 0.05 * server.taken


def test_what_others_take_is_left_to_them() -> None:
    server = Server(Clock(), size=50, rate=15, others=10)
    run(server, 60, 0.8, 0.02)
    assert server.refused == 0
    assert server.lowest >= 8


def test_without_headers_nothing_is_held_back() -> None:
    clock = Clock()
    slept: list[float] = []

    async def sleep(duration: float) -> None:
        slept.append(duration)

    async def go() -> None:
        limit = RateLimit(sleep, clock)
        for _ in range(1000):
            await limit.hold("POST", "/roles")
            limit.observe("POST", "/roles", {})

    asyncio.run(go())
    assert slept == []


def test_buckets_of_single_endpoints_are_kept_apart() -> None:
    clock = Clock()
    slept: list[float] = []

    async def sleep(duration: float) -> None:
        slept.append(duration)
        clock.now += duration

    def headers(size: int, left: int) -> dict[str, Any]:
        return {
            "x-ratelimit-limit": str(size),
            "x-ratelimit-remaining": str(left),
            "x-ratelimit-reset": str(int(clock.now) + 5),
        }

    async def go() -> None:
        limit = RateLimit(sleep, clock)
        await limit.hold("GET", "/roles")
        limit.observe("GET", "/roles", headers(50, 49))
        await limit.hold("GET", "/connections")
        limit.observe("GET", "/connections", headers(5, 0))
        await limit.hold("GET", "/roles")
        assert slept == []
        await limit.hold("GET", "/connections/con_1")
        assert sum(slept) >= 4

    asyncio.run(go())

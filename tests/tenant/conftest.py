from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, TypeVar

import pytest

from tenantctl.problems import Problem, ProblemsError
from tenantctl.tenant.client import TenantClient
from tests.tenant.loopback import serve
from tests.tenant.scripted import FakeTime, ScriptedTenant, Served, make_client

T = TypeVar("T")
Steps = Callable[[TenantClient], Awaitable[Any]]
Talk = Callable[..., Any]


@pytest.fixture(scope="session")
def _served() -> Iterator[Served]:
    tenant = ScriptedTenant()
    with serve(tenant) as origin:
        yield Served(tenant, origin)


@pytest.fixture
def served(_served: Served) -> Served:
    """A tenant over HTTP on this machine that answers what it is told."""
    _served.tenant.reset()
    return _served


@pytest.fixture
def time() -> FakeTime:
    return FakeTime()


@pytest.fixture
def talk(served: Served, time: FakeTime) -> Talk:
    """``talk(steps, **credentials)``: run `steps` with a client of the served tenant."""

    def run(steps: Steps, **credentials: Any) -> Any:
        async def go() -> Any:
            async with make_client(served.origin, time, **credentials) as client:
                return await steps(client)

        return asyncio.run(go())

    return run


@pytest.fixture
def problems_of(talk: Talk) -> Callable[..., tuple[Problem, ...]]:
    """``problems_of(steps, **credentials)``: the problems that `steps` end with."""

    def run(steps: Steps, **credentials: Any) -> tuple[Problem, ...]:
        with pytest.raises(ProblemsError) as caught:
            talk(steps, **credentials)
        return caught.value.problems

    return run

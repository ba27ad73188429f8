"""The same contract on the sandbox, on what was recorded of it, and on a live tenant."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tenantctl.catalog.registry import BY_SECTION
from tests.contract.backends import BACKENDS, Backend
from tests.contract.recorder import TOKENS
from tests.contract.samples import CONTRACTED, REAL, sample_of
from tests.contract.suite import live_through, prove_tokens


def on_backends(*names: str) -> list[Any]:
    return [
        pytest.param(BACKENDS[name], id=name, marks=[pytest.mark.live] if name == "live" else [])
        for name in names
    ]


def live_on(backend: Backend, section: str) -> None:
    async def go() -> None:
        async with backend.open(section) as client:
            resource_type = BY_SECTION[section]
            await live_through(client, resource_type, sample_of(resource_type))

    asyncio.run(go())


@pytest.mark.parametrize("backend", on_backends("sandbox", "cassette"))
@pytest.mark.parametrize("section", CONTRACTED)
def test_the_life_of_an_object(backend: Backend, section: str) -> None:
    live_on(backend, section)


@pytest.mark.parametrize("backend", on_backends("live"))
@pytest.mark.parametrize("section", REAL)
def test_the_life_of_an_object_with_values_that_a_real_tenant_takes(backend: Backend, section: str) -> None:
    live_on(backend, section)


@pytest.mark.parametrize("backend", on_backends(*BACKENDS))
def test_a_token_for_a_declared_api(backend: Backend) -> None:
    async def go() -> None:
        async with backend.open(TOKENS) as client:
            await prove_tokens(client, secrets_are_real=backend.secrets_are_real)

    asyncio.run(go())

"""The same contract on the sandbox, on what was recorded of it, and on a live tenant."""

from __future__ import annotations

import asyncio

import pytest

from tenantctl.catalog.registry import BY_SECTION
from tests.contract.backends import BACKENDS, Backend
from tests.contract.samples import SAMPLES
from tests.contract.suite import live_through, prove_tokens

on_every_backend = pytest.mark.parametrize(
    "backend",
    [
        pytest.param(backend, id=name, marks=[pytest.mark.live] if name == "live" else [])
        for name, backend in BACKENDS.items()
    ],
)


def test_samples_are_of_known_types() -> None:
    assert set(SAMPLES) <= set(BY_SECTION)


@on_every_backend
@pytest.mark.parametrize("section", SAMPLES)
def test_the_life_of_an_object(backend: Backend, section: str) -> None:
    resource_type = BY_SECTION[section]

    async def go() -> None:
        async with backend.open(resource_type.section) as client:
            await live_through(client, resource_type)

    asyncio.run(go())


@on_every_backend
def test_a_token_for_a_declared_api(backend: Backend) -> None:
    async def go() -> None:
        async with backend.open("tokens") as client:
            await prove_tokens(client, secrets_are_real=backend.secrets_are_real)

    asyncio.run(go())

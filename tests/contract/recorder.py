"""Recording the cassettes: each contract, carried out on the sandbox over loopback HTTP."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from pathlib import Path

import httpx

from tenantctl.catalog.registry import BY_SECTION
from tenantctl.sandbox import SandboxStore, make_app
from tenantctl.states import Json
from tenantctl.tenant.client import TenantClient
from tests.contract.backends import MANAGEMENT_TOKEN, recording
from tests.contract.samples import CONTRACTED, sample_of
from tests.contract.suite import live_through, prove_tokens
from tests.tenant.loopback import serve

Steps = Callable[[TenantClient], Awaitable[None]]
TOKENS = "tokens"
NAMES = (*CONTRACTED, TOKENS)
"""What the cassettes are called: a section, and what is recorded of tokens."""


def record(folder: Path, name: str) -> None:
    """Write the cassette of that name into `folder`."""
    path = folder / f"{name}.yaml"
    if name == TOKENS:
        steps = partial(prove_tokens, secrets_are_real=True)
        _record(path, steps, ("clients", "clientGrants", "resourceServers"))
        return
    resource_type = BY_SECTION[name]
    sample = sample_of(resource_type)
    emptied = [*sample.needed, *([name] if resource_type.create else [])]
    _record(path, partial(live_through, resource_type=resource_type, sample=sample), emptied)


def _record(path: Path, steps: Steps, emptied: Iterable[str]) -> None:
    """Record steps on a tenant that has nothing in the sections to be `emptied`.

    What a fresh one has there would make every list long, and change with the catalog.
    """
    path.unlink(missing_ok=True)
    collections = [section for section in emptied if not BY_SECTION[section].is_singleton]
    empty: Json = {"sections": {section: [] for section in collections}}
    with (
        tempfile.TemporaryDirectory() as state,
        SandboxStore(Path(state, "sandbox.db")) as store,
        serve(make_app(store, management_token=MANAGEMENT_TOKEN)) as origin,
    ):
        httpx.post(f"{origin}/__sandbox__/seed", json=empty).raise_for_status()
        asyncio.run(_run(origin, path, steps))


async def _run(origin: str, path: Path, steps: Steps) -> None:
    async with recording(origin, path) as client:
        await steps(client)

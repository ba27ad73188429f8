"""Recording the cassettes: each contract, carried out on the sandbox over loopback HTTP."""

from __future__ import annotations

import asyncio
import functools
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx

from tenantctl.catalog.registry import BY_SECTION, RESOURCE_TYPES
from tenantctl.sandbox import SandboxStore, make_app
from tenantctl.tenant.client import TenantClient
from tests.contract.backends import MANAGEMENT_TOKEN, recording
from tests.contract.samples import SAMPLES
from tests.contract.suite import live_through, prove_tokens
from tests.tenant.loopback import serve

# What a fresh tenant has would make every list long, and change with the catalog.
_EMPTY: dict[str, dict[str, list[None]]] = {
    "sections": {each.section: [] for each in RESOURCE_TYPES if not each.is_singleton}
}

Steps = Callable[[TenantClient], Awaitable[None]]


def record_all(folder: Path) -> None:
    """Write every cassette into `folder`."""
    for resource_type in map(BY_SECTION.__getitem__, SAMPLES):
        contract = functools.partial(live_through, resource_type=resource_type)
        _record(folder / f"{resource_type.section}.yaml", contract)
    _record(folder / "tokens.yaml", functools.partial(prove_tokens, secrets_are_real=True))


def _record(path: Path, steps: Steps) -> None:
    path.unlink(missing_ok=True)
    with (
        tempfile.TemporaryDirectory() as state,
        SandboxStore(Path(state, "sandbox.db")) as store,
        serve(make_app(store, management_token=MANAGEMENT_TOKEN)) as origin,
    ):
        httpx.post(f"{origin}/__sandbox__/seed", json=_EMPTY).raise_for_status()
        asyncio.run(_run(origin, path, steps))


async def _run(origin: str, path: Path, steps: Steps) -> None:
    async with recording(origin, path) as client:
        await steps(client)

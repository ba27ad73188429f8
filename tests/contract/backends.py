"""The tenants that the contract is checked on."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import vcr  # type: ignore[import-untyped]  # vcrpy has no types
from vcr.record_mode import RecordMode  # type: ignore[import-untyped]  # as above

from tenantctl.sandbox import SandboxStore, make_app
from tenantctl.tenant.client import TenantClient
from tenantctl.tenant.settings import Credentials, Target, choose_target
from tests.contract.scrubbing import PLACEHOLDER_ORIGIN, Scrubber

CASSETTES = Path(__file__).parents[2] / "cassettes"
MATCH_ON = ("method", "scheme", "host", "port", "path", "query", "body")
MANAGEMENT_TOKEN = "all-powerful"

Opened = AbstractAsyncContextManager[TenantClient]


@dataclass(frozen=True)
class Backend:
    """A kind of tenant: `open` takes the name of the contract. secrets_are_real: whether tokens are."""

    open: Callable[[str], Opened]
    secrets_are_real: bool = True


def _target(origin: str) -> Target:
    return Target(
        origin=origin, credentials=Credentials(access_token=MANAGEMENT_TOKEN, client_id="tenantctl")
    )


class InTurn(TenantClient):
    """Sends its requests one after the other, so that two recordings have them in the same order."""

    def __init__(self, target: Target) -> None:
        super().__init__(target)
        self._turn = asyncio.Lock()

    async def request(self, method: str, path: str, **details: Any) -> Any:
        """Send one request when those before it are answered."""
        async with self._turn:
            return await super().request(method, path, **details)


@asynccontextmanager
async def _sandbox(_: str) -> AsyncIterator[TenantClient]:
    with SandboxStore() as store:
        app = make_app(store, management_token=MANAGEMENT_TOKEN)
        async with TenantClient(_target("https://sandbox.localhost"), app=app) as client:
            yield client


@asynccontextmanager
async def _cassette(name: str) -> AsyncIterator[TenantClient]:
    """Replay the cassette of that name, every answer in it once."""
    player = vcr.VCR(record_mode=RecordMode.NONE, match_on=MATCH_ON)
    with player.use_cassette(str(CASSETTES / f"{name}.yaml"), allow_playback_repeats=False) as cassette:
        async with InTurn(_target(PLACEHOLDER_ORIGIN)) as client:
            yield client
        assert cassette.all_played


@asynccontextmanager
async def _live(_: str) -> AsyncIterator[TenantClient]:
    async with TenantClient(choose_target(os.environ)) as client:
        yield client


@asynccontextmanager
async def recording(origin: str, path: Path) -> AsyncIterator[TenantClient]:
    """Record what is said with the tenant at `origin`, scrubbed before it is written."""
    scrubber = Scrubber(origin)
    recorder = vcr.VCR(
        record_mode=RecordMode.ALL,
        before_record_request=scrubber.request,
        before_record_response=scrubber.response,
    )
    with recorder.use_cassette(str(path)):
        async with InTurn(_target(origin)) as client:
            yield client


BACKENDS: Mapping[str, Backend] = {
    "sandbox": Backend(_sandbox),
    "cassette": Backend(_cassette, secrets_are_real=False),
    "live": Backend(_live),
}


def live_is_asked_for(environ: Mapping[str, str] = os.environ) -> bool:
    """Return whether a live tenant is given, and meant to be used by the tests."""
    return environ.get("TENANTCTL_TEST_LIVE") == "1" and bool(environ.get("AUTH0_DOMAIN"))

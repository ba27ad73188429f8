"""A sandbox in the process, and the way from a file to what became of it: read, plan, apply."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from joserfc import jwt
from joserfc.jwk import OctKey
from starlette.types import Receive, Scope, Send

from tenantctl.apply.executor import apply_plan
from tenantctl.apply.outcome import Outcome
from tenantctl.plan.interest import make_interest
from tenantctl.plan.model import Plan
from tenantctl.plan.planner import make_plan
from tenantctl.plan.policy import Policy
from tenantctl.sandbox import SandboxStore, make_app
from tenantctl.sandbox.fresh import management_scopes
from tenantctl.states import Current, Desired
from tenantctl.tenant.client import TenantClient
from tenantctl.tenant.read import read_current
from tests.states import make_desired
from tests.tenant.scripted import FakeTime, make_target

T = TypeVar("T")
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Wrap = Callable[[App], App]
MANAGEMENT_TOKEN = jwt.encode(
    {"alg": "HS256"}, {"scope": " ".join(management_scopes())}, OctKey.import_key("0" * 32)
)

AAA: dict[str, list[dict[str, Any]]] = {
    "resourceServers": [
        {
            "identifier": "https://aaa-api",
            "name": "AAA API",
            "signing_alg": "RS256",
            "token_encryption": None,
            "scopes": [{"value": "read:a", "description": "Read"}, {"value": "write:a"}],
        }
    ],
    "clients": [
        {"name": "AAA M2M", "app_type": "non_interactive", "grant_types": ["client_credentials"]},
    ],
    "clientGrants": [{"client_id": "AAA M2M", "audience": "https://aaa-api", "scope": ["read:a"]}],
}


class Run:
    """One tenant, and what can be done to it.

    log: method, path and status of each request. store: where the sandbox keeps it.
    """

    def __init__(self, client: TenantClient, log: list[str], store: SandboxStore) -> None:
        self.client = client
        self.log = log
        self.store = store

    async def read(self, desired: Desired) -> Current:
        return await read_current(self.client, make_interest(desired))

    async def plan(self, desired: Desired, policy: Policy | None = None) -> Plan:
        return make_plan(desired, await self.read(desired), policy)

    async def apply(self, desired: Desired, policy: Policy | None = None) -> tuple[Plan, Outcome]:
        plan = await self.plan(desired, policy)
        return plan, await apply_plan(plan, self.client)

    async def logged_writes(self) -> list[str]:
        """Return the requests that are no reads since the tenant's own log was cleared, and clear it."""
        log = f"{self.client.target.origin}/__sandbox__/requests"
        requests = (await self.client.http.get(log)).json()["requests"]
        await self.client.http.delete(log)
        return [f"{each['method']} {each['path']}" for each in requests if each["method"] != "GET"]

    async def manage(self, method: str, path: str, body: Any = None) -> Any:
        return await self.client.request(method, path, body=body)


@asynccontextmanager
async def open_run(wrap: Wrap = lambda app: app, state: Path | None = None) -> AsyncIterator[Run]:
    """Open a sandbox: a fresh one in memory, or the one in the file `state`."""
    time = FakeTime()
    with SandboxStore(state) as store:
        app = wrap(make_app(store, management_token=MANAGEMENT_TOKEN))
        # The token does not say who the tool is, and must not lock out.
        own, _ = store.tenant().tool_credentials()
        target = make_target("https://sandbox.localhost", access_token=MANAGEMENT_TOKEN, client_id=own)
        log: list[str] = []

        def note(*said: object) -> None:
            log.append(" ".join(map(str, said)))

        async with TenantClient(
            target, app=app, sleep=time.sleep, clock=time.clock, on_request=note
        ) as client:
            yield Run(client, log, store)


def on_sandbox(steps: Callable[[Run], Awaitable[T]], wrap: Wrap = lambda app: app) -> T:
    """Carry `steps` out on a fresh sandbox; `wrap` may put something between the client and it."""

    async def go() -> T:
        async with open_run(wrap) as run:
            return await steps(run)

    return asyncio.run(go())


def aaa() -> Desired:
    return make_desired(**AAA)


class Between:
    """Sits between the client and the sandbox: notes writes, and answers for the sandbox where it is told to.

    answers: ``METHOD /path`` below /api/v2 → an ASGI application that answers instead, or afterwards.
    after: whether the sandbox carries the request out all the same, and only its answer is lost.
    """

    def __init__(self, app: App, answers: dict[str, App], *, after: bool = False) -> None:
        self.app = app
        self.answers = answers
        self.after = after
        self.writes: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = f"{scope['method']} {scope['path'].removeprefix('/api/v2')}"
        if scope["method"] != "GET":
            self.writes.append(request)
        instead = self.answers.get(request)
        if instead is None or self.after:
            await self.app(scope, receive, send if instead is None else _nowhere)
        if instead is not None:
            await instead(scope, receive, send)


async def _nowhere(_: Any) -> None:
    """Lose what the sandbox answers."""

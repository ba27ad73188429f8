from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from tenantctl.sandbox import SandboxStore, make_app

ORIGIN = "https://sandbox.localhost"
MANAGEMENT_TOKEN = "all-powerful"

Api = Callable[..., Any]


class InProcess(httpx.BaseTransport):
    """Hands requests to an ASGI application without a socket; what it raises is raised in the test."""

    def __init__(self, app: Starlette) -> None:
        self._transport = httpx.ASGITransport(app)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return asyncio.run(self._answer(request))

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        response = await self._transport.handle_async_request(request)
        content = await response.aread()
        return httpx.Response(response.status_code, headers=response.headers, content=content)


def make_client(app: Starlette) -> httpx.Client:
    return httpx.Client(transport=InProcess(app), base_url=ORIGIN)


@pytest.fixture
def store() -> Iterator[SandboxStore]:
    with SandboxStore() as opened:
        yield opened


@pytest.fixture
def http(store: SandboxStore) -> Iterator[httpx.Client]:
    """A client of the sandbox without credentials; a bug in the sandbox raises in the test."""
    with make_client(make_app(store, management_token=MANAGEMENT_TOKEN)) as client:
        yield client


@pytest.fixture
def api(http: httpx.Client) -> Api:
    """``api(method, path, json?, status?)``: call the Management API, check the status, return the body."""

    def call(method: str, path: str, json: Any = None, *, status: int | None = None) -> Any:
        headers = {"Authorization": f"Bearer {MANAGEMENT_TOKEN}"}
        response = http.request(method, f"/api/v2{path}", json=json, headers=headers)
        if status is not None:
            assert response.status_code == status, response.text
        return response.json() if response.content else None

    return call


@pytest.fixture
def machine(api: Api) -> dict[str, Any]:
    """A client that may use client_credentials, and an API with two scopes; no grant yet."""
    resource_server = api(
        "POST",
        "/resource-servers",
        {
            "identifier": "https://aaa-api",
            "name": "AAA",
            "scopes": [{"value": "read:a"}, {"value": "write:a"}],
        },
        status=201,
    )
    client = api(
        "POST",
        "/clients",
        {"name": "M2M", "app_type": "non_interactive", "grant_types": ["client_credentials"]},
        status=201,
    )
    return {"client": client, "api": resource_server}


@pytest.fixture
def granted(api: Api, machine: dict[str, Any]) -> dict[str, Any]:
    """`machine` with a grant for one of the two scopes."""
    wanted = {
        "client_id": machine["client"]["client_id"],
        "audience": "https://aaa-api",
        "scope": ["read:a"],
    }
    return {**machine, "grant": api("POST", "/client-grants", wanted, status=201)}


@pytest.fixture
def ask(http: httpx.Client) -> Callable[..., Any]:
    """``ask(client, **fields)``: request a token with the client's id and secret, return the response."""

    def request(client: dict[str, Any], **fields: Any) -> Any:
        body = {
            "grant_type": "client_credentials",
            "client_id": client["client_id"],
            "client_secret": client["client_secret"],
            **fields,
        }
        return http.post(
            "/oauth/token", json={name: value for name, value in body.items() if value is not None}
        )

    return request

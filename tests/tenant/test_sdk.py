"""The facts about auth0-python's transport that `tenant/client.py` relies on; an upgrade may move them."""

from __future__ import annotations

import asyncio
import base64
import json
from typing import Any

import httpx
import pytest
from auth0.management.core.client_wrapper import AsyncClientWrapper

from tests.tenant.scripted import Seen, Served, answer


async def send(
    served: Served, method: str, path: str, *, times: int = 1, **options: Any
) -> list[httpx.Response]:
    asked: list[str] = []

    async def async_token() -> str:
        asked.append("fresh")
        return f"fresh-{len(asked)}"

    async with httpx.AsyncClient() as http:
        wrapper = AsyncClientWrapper(
            token="",
            async_token=async_token,
            base_url=f"{served.origin}/api/v2",
            httpx_client=http,
            max_retries=0,
        )
        return [await wrapper.httpx_client.request(path, method=method, **options) for _ in range(times)]


def last(served: Served) -> Seen:
    return served.tenant.seen[-1]


def test_nulls_stay_in_a_json_body(served: Served) -> None:
    body = {"token_encryption": None, "nested": {"a": None, "b": [None]}, "empty": {}, "false": False}
    asyncio.run(send(served, "PATCH", "/resource-servers/1", json=body))
    assert last(served).json == body
    assert last(served).headers["content-type"] == "application/json"


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_no_body_is_sent_unless_there_is_one(served: Served, method: str) -> None:
    asyncio.run(send(served, method, "/clients/1", json=None))
    assert last(served).body == b""


def test_a_delete_takes_a_body(served: Served) -> None:
    asyncio.run(send(served, "DELETE", "/roles/1/permissions", json={"permissions": [{"a": "b"}]}))
    assert last(served).json == {"permissions": [{"a": "b"}]}


def test_the_token_is_asked_for_each_time(served: Served) -> None:
    asyncio.run(send(served, "GET", "/clients", times=2))
    assert [seen.headers["authorization"] for seen in served.tenant.seen] == [
        "Bearer fresh-1",
        "Bearer fresh-2",
    ]


def test_telemetry_tells_the_sdk_and_nothing_else(served: Served) -> None:
    asyncio.run(send(served, "GET", "/clients"))
    told = json.loads(base64.b64decode(last(served).headers["auth0-client"]))
    assert told["name"] == "auth0-python"
    assert set(told) == {"name", "version", "env"}


def test_query_values_and_paths_go_as_they_are(served: Served) -> None:
    asyncio.run(
        send(served, "GET", "/roles/a%2Fb", params={"page": 0, "include_totals": True, "from": "x y"})
    )
    assert last(served).path == "/api/v2/roles/a%2Fb"
    assert last(served).query == {"page": "0", "include_totals": "true", "from": "x y"}


@pytest.mark.parametrize("status", [408, 409, 429, 500, 503])
def test_nothing_is_tried_again_and_nothing_raised(served: Served, status: int) -> None:
    served.tenant.handle = lambda _: answer(status, {"message": "no"}, retry_after="1")
    (response,) = asyncio.run(send(served, "POST", "/clients", json={}))
    assert (response.status_code, len(served.tenant.seen)) == (status, 1)

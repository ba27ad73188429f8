"""Connections that are lost on purpose, over real sockets; and what a client of ours makes of it all."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from tenantctl.problems import ProblemsError
from tenantctl.tenant.client import TenantClient
from tenantctl.tenant.settings import Credentials, Target

from .serve_program import TOKEN, served
from .test_server import AUTHORIZED


@pytest.fixture(scope="module")
def urls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str, Path]]:
    """URLs by HTTP and HTTPS of a sandbox in a process of its own, and its authority's certificate."""
    ca = tmp_path_factory.mktemp("served") / "ca.pem"
    with served(str(ca)) as (_, (plain, secured)):
        yield plain, secured.replace("127.0.0.1", "localhost"), ca


@pytest.fixture(params=["http", "https"])
def http(urls: tuple[str, str, Path], request: pytest.FixtureRequest) -> Iterator[httpx.Client]:
    plain, secured, ca = urls
    url = plain if request.param == "http" else secured
    context = ssl.create_default_context(cafile=str(ca))
    with httpx.Client(base_url=url, headers=AUTHORIZED, verify=context) as client:
        client.post("/__sandbox__/reset")
        yield client


def put(http: httpx.Client, *faults: str) -> None:
    assert http.put("/__sandbox__/faults", json={"faults": list(faults)}).status_code == 200


def names(http: httpx.Client) -> list[str]:
    return [role["name"] for role in http.get("/api/v2/roles").json()]


def logged(http: httpx.Client) -> list[tuple[int, list[str], int | None]]:
    requests = http.get("/__sandbox__/requests").json()["requests"]
    return [(each["status"], each.get("faults", []), each.get("handled")) for each in requests]


def test_a_reset_before_the_write(http: httpx.Client) -> None:
    put(http, "reset:POST:nth=1")

    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        http.post("/api/v2/roles", json={"name": "a"})

    assert logged(http) == [(0, ["reset:POST:nth=1"], None)]
    assert names(http) == []
    assert http.post("/api/v2/roles", json={"name": "a"}).status_code == 200


def test_a_reset_after_the_write(http: httpx.Client) -> None:
    put(http, "reset-after:POST")

    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        http.post("/api/v2/roles", json={"name": "a"})

    assert logged(http) == [(0, ["reset-after:POST"], 200)]
    assert names(http) == ["a"]


@pytest.mark.parametrize(("fault", "handled"), [("hang:POST", None), ("hang-after:POST", 200)])
def test_a_request_that_is_never_answered(http: httpx.Client, fault: str, handled: int | None) -> None:
    put(http, fault)

    with pytest.raises(httpx.ReadTimeout):
        http.post("/api/v2/roles", json={"name": "a"}, timeout=0.3)

    assert logged(http) == [(0, [fault], handled)]
    assert names(http) == (["a"] if handled else [])


def test_a_request_that_hangs_is_in_the_log_while_it_does(http: httpx.Client) -> None:
    put(http, "hang:POST")
    with ThreadPoolExecutor(1) as pool:
        hanging = pool.submit(http.post, "/api/v2/roles", json={"name": "a"}, timeout=1.0)
        while not logged(http):
            assert not hanging.done()
        assert not hanging.done()
        with pytest.raises(httpx.ReadTimeout):
            hanging.result()


def test_an_answer_that_is_cut(http: httpx.Client) -> None:
    put(http, "cut:GET:nth=1")

    with http.stream("GET", "/api/v2/clients") as answer:
        assert answer.status_code == 200
        with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
            answer.read()

    assert logged(http) == [(200, ["cut:GET:nth=1"], None)]
    assert http.get("/api/v2/clients").status_code == 200


def test_the_server_goes_on(http: httpx.Client) -> None:
    put(http, "reset:rate=0.5")

    lost = 0
    for _ in range(60):
        try:
            http.get("/api/v2/roles")
        except (httpx.ReadError, httpx.RemoteProtocolError):
            lost += 1

    assert 10 < lost < 50
    assert [status for status, _, _ in logged(http)].count(0) == lost


Request = Callable[..., Any]


@pytest.fixture
def ask(urls: tuple[str, str, Path]) -> Request:
    """``ask(method, path, body?)``: send a request with our own client, which waits for nothing."""

    def request(method: str, path: str, body: Any = None) -> Any:
        async def run() -> Any:
            target = Target(origin=urls[0], credentials=Credentials(access_token=TOKEN))
            async with TenantClient(target, sleep=_no_sleep) as client:
                return await client.request(method, path, body=body)

        return asyncio.run(run())

    return request


async def _no_sleep(_: float) -> None:
    await asyncio.sleep(0)


LOSSES = ["503:{}:nth=1-2", "reset:{}:nth=1-2", "429:{}:nth=1-5"]


@pytest.mark.parametrize("fault", LOSSES)
def test_our_client_reads_through_trouble(urls: tuple[str, str, Path], ask: Request, fault: str) -> None:
    with httpx.Client(base_url=urls[0], headers=AUTHORIZED) as http:
        http.post("/__sandbox__/reset")
        put(http, fault.format("GET /roles"))

        assert ask("GET", "/roles") == []

        last = int(fault.rpartition("-")[2])
        assert [bool(faults) for _, faults, _ in logged(http)] == [True] * last + [False]


@pytest.mark.parametrize("fault", ["reset-after:POST", "503-after:POST", "cut:POST"])
def test_our_client_never_creates_twice(urls: tuple[str, str, Path], ask: Request, fault: str) -> None:
    with httpx.Client(base_url=urls[0], headers=AUTHORIZED) as http:
        http.post("/__sandbox__/reset")
        put(http, fault)

        with pytest.raises(ProblemsError):
            ask("POST", "/roles", {"name": "a"})

        assert names(http) == ["a"]
        assert len([each for each in logged(http) if each[1]]) == 1

"""What is sent again, when, and how often; against a tenant over real connections, in made-up time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from starlette.responses import Response

from tenantctl.problems import Problem
from tenantctl.tenant.client import MAX_ATTEMPTS, MAX_CONNECTION_ATTEMPTS, RequestCount, TenantClient
from tenantctl.tenant.errors import RequestError
from tenantctl.tenant.rate_limit import MAX_WAIT_SECONDS
from tests.tenant.conftest import Talk
from tests.tenant.loopback import refused_origin
from tests.tenant.scripted import NOW, Cut, FakeTime, Served, answer, make_client

ProblemsOf = Callable[..., tuple[Problem, ...]]
IN_DOUBT = "It may have happened all the same"


def ask(method: str = "GET", path: str = "/clients/1") -> Callable[[TenantClient], Awaitable[Any]]:
    body = {"name": "x"} if method in {"POST", "PATCH"} else None
    return lambda client: client.request(method, path, body=body)


WAITS = {
    "x-ratelimit-reset": ({"x_ratelimit_reset": str(int(NOW) + 7)}, 7.0),
    "retry-after": ({"retry_after": "3"}, 3.0),
    "retry-after wins": ({"retry_after": "3", "x_ratelimit_reset": str(int(NOW) + 7)}, 3.0),
    "neither": ({}, 0.5),
    "a date in retry-after": ({"retry_after": "Wed, 21 Oct 2026 07:28:00 GMT"}, 0.5),
    "a reset in the past": ({"x_ratelimit_reset": str(int(NOW) - 7)}, 0.5),
    "a reset far away": ({"x_ratelimit_reset": str(int(NOW) + 9999)}, MAX_WAIT_SECONDS),
    "a long retry-after": ({"retry_after": "9999"}, MAX_WAIT_SECONDS),
}


@pytest.mark.parametrize(("headers", "seconds"), WAITS.values(), ids=WAITS.keys())
@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "DELETE"])
def test_a_429_is_waited_out(
    served: Served, talk: Talk, time: FakeTime, headers: dict[str, str], seconds: float, method: str
) -> None:
    served.tell(answer(429, **headers), answer(200, {"name": "x"}))
    assert talk(ask(method)) == {"name": "x"}
    assert time.slept == [seconds]


def test_waits_grow_and_end(served: Served, problems_of: ProblemsOf, time: FakeTime) -> None:
    served.tenant.handle = lambda _: answer(429)
    (problem,) = problems_of(ask())
    assert problem.code == "rate-limited"
    assert time.slept == [0.5, 1.0, 2.0, 4.0, 8.0]
    assert len(served.tenant.seen) == MAX_ATTEMPTS


LOST: dict[str, Callable[[], Response]] = {
    "500": lambda: answer(500),
    "502": lambda: Response("<html>Bad gateway</html>", 502, media_type="text/html"),
    "503": lambda: answer(503),
    "connection lost mid-answer": Cut,
}


@pytest.mark.parametrize("lose", LOST.values(), ids=LOST.keys())
@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_what_may_be_sent_twice_is(
    served: Served, talk: Talk, lose: Callable[[], Response], method: str
) -> None:
    served.tell(lose(), lose(), answer(200, {"name": "x"}))
    assert talk(ask(method)) == {"name": "x"}
    assert served.tenant.paths() == [f"{method} /clients/1"] * 3


@pytest.mark.parametrize("lose", LOST.values(), ids=LOST.keys())
def test_a_create_is_not_sent_twice_and_says_that_it_is_in_doubt(
    served: Served, talk: Talk, lose: Callable[[], Response]
) -> None:
    served.tell(lose())
    with pytest.raises(RequestError) as caught:
        talk(ask("POST", "/clients"))
    assert caught.value.uncertain
    assert IN_DOUBT in caught.value.problems[0].hint
    assert served.tenant.paths() == ["POST /clients"]


def test_reads_are_never_in_doubt(served: Served, problems_of: ProblemsOf) -> None:
    served.tenant.handle = lambda _: Cut()
    (problem,) = problems_of(ask())
    assert problem.code == "unreachable"
    assert IN_DOUBT not in problem.hint


def test_a_delete_whose_answer_was_lost_is_done(served: Served, talk: Talk) -> None:
    served.tell(Cut(), answer(404))
    assert talk(ask("DELETE")) is None


def test_a_delete_of_what_is_not_there_is_a_problem(served: Served, problems_of: ProblemsOf) -> None:
    served.tell(answer(404))
    assert [problem.code for problem in problems_of(ask("DELETE"))] == ["not-found"]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 408, 409])
def test_a_refusal_is_final(served: Served, problems_of: ProblemsOf, time: FakeTime, status: int) -> None:
    served.tenant.handle = lambda _: answer(status)
    assert len(problems_of(ask())) == 1
    assert len(served.tenant.seen) == 1
    assert time.slept == []


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_refused_connection_is_tried_again_then_told(time: FakeTime, method: str) -> None:
    origin = refused_origin()

    async def go() -> None:
        async with make_client(origin, time) as client:
            with pytest.raises(RequestError) as caught:
                await client.request(method, "/clients")
            assert (caught.value.problems[0].code, caught.value.uncertain) == ("unreachable", False)
            assert origin in caught.value.problems[0].summary
            # Nothing was sent, so even a create may be tried again.
            assert client.count.reads + client.count.writes == MAX_CONNECTION_ATTEMPTS

    asyncio.run(go())


def test_broken_json_is_one_problem(served: Served, problems_of: ProblemsOf) -> None:
    served.tell(Response('{"clients": [', 200, media_type="application/json"))
    (problem,) = problems_of(ask())
    assert problem.code == "unexpected-response"
    assert problem.summary == "the answer to GET /clients/1 can't be used"


def test_a_broken_encoding_is_one_problem(served: Served, problems_of: ProblemsOf) -> None:
    served.tenant.handle = lambda _: Response(b"no gzip", 200, {"content-encoding": "gzip"})
    assert [problem.code for problem in problems_of(ask())] == ["unreachable"]


def test_a_used_up_window_holds_the_next_request_back(served: Served, talk: Talk, time: FakeTime) -> None:
    used_up = answer(200, None, x_ratelimit_remaining="0", x_ratelimit_reset=str(int(NOW) + 5))
    served.tell(used_up, answer(200, None, x_ratelimit_remaining="9", x_ratelimit_reset=str(int(NOW) + 6)))

    async def thrice(client: TenantClient) -> None:
        for _ in range(3):
            await client.request("GET", "/clients/1")

    talk(thrice)
    assert time.slept == [5.0]


@pytest.mark.parametrize("headers", [{"x_ratelimit_remaining": "0"}, {"x_ratelimit_remaining": "zero"}, {}])
def test_no_waiting_without_a_reason(
    served: Served, talk: Talk, time: FakeTime, headers: dict[str, str]
) -> None:
    served.tell(answer(200, None, **headers))

    async def twice(client: TenantClient) -> None:
        await client.request("GET", "/clients/1")
        await client.request("GET", "/clients/1")

    talk(twice)
    assert time.slept == []


def test_requests_are_counted_with_their_retries(served: Served, talk: Talk) -> None:
    served.tell(
        answer(200, {"access_token": "t", "expires_in": 900}),
        answer(429),
        answer(200, {"id": "1"}),
        answer(503),
        answer(200, {"id": "1"}),
    )

    async def steps(client: TenantClient) -> RequestCount:
        await client.request("GET", "/clients/1")
        await client.request("PATCH", "/clients/1", body={})
        await client.http.get(f"{client.target.origin}/.well-known/jwks.json")
        return client.count

    counted = talk(steps, client_id="me", client_secret="secret")
    assert counted == RequestCount(reads=2, writes=2, tokens=1, others=1)


def test_waits_and_requests_are_reported(served: Served, time: FakeTime) -> None:
    served.tell(answer(429, retry_after="2"))
    waited: list[float] = []
    requested: list[tuple[str, str, int]] = []

    async def go() -> None:
        plain = make_client(served.origin, time)
        await plain.http.aclose()
        async with TenantClient(
            plain.target,
            sleep=time.sleep,
            clock=time.clock,
            on_wait=waited.append,
            on_request=lambda *told: requested.append(told),
        ) as client:
            await client.request("GET", "/clients/1")

    asyncio.run(go())
    assert waited == [2.0]
    assert requested == [("GET", "/clients/1", 429), ("GET", "/clients/1", 200)]

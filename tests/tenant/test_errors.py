"""Each refusal of the tenant, in words that say what to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from starlette.responses import HTMLResponse, Response

from tenantctl.problems import Problem
from tenantctl.tenant.errors import RequestError
from tests.tenant.conftest import Talk
from tests.tenant.scripted import Served, answer

ProblemsOf = Callable[..., tuple[Problem, ...]]


@dataclass(frozen=True)
class Refusal:
    """An answer, and what the problem made of it holds."""

    response: Callable[[], Response]
    code: str
    words: tuple[str, ...]
    scopes: tuple[str, ...] = ()


def told(status: int, message: str = "", code: str = "") -> Callable[[], Response]:
    return lambda: answer(status, {"statusCode": status, "message": message, "errorCode": code})


NO_SCOPE = told(
    403, "Insufficient scope, expected any of: read:clients,read:client_keys", "insufficient_scope"
)
REFUSALS = {
    "400": Refusal(told(400, "Payload validation error"), "rejected", ("Payload validation error", "GET /x")),
    "401": Refusal(told(401, "Expired token"), "unauthorized", ("Expired token", "access token")),
    "403": Refusal(told(403, "No entitlement"), "forbidden", ("No entitlement",)),
    "403 scope, known": Refusal(
        NO_SCOPE, "insufficient-scope", ("Grant one of a:b, c:d to",), ("a:b", "c:d")
    ),
    "403 scope, told": Refusal(
        NO_SCOPE, "insufficient-scope", ("Grant one of read:clients, read:client_keys to", "Management API")
    ),
    "403 scope, not told": Refusal(
        told(403, "Insufficient scope", "insufficient_scope"), "insufficient-scope", ("another scope",)
    ),
    "403 scope, of a field": Refusal(
        told(
            403, 'Updating the "options" property requires the "update:x_options" scope', "insufficient_scope"
        ),
        "insufficient-scope",
        ("Grant update:x_options to",),
        ("update:x",),
    ),
    "403 entitlement": Refusal(
        told(403, "Please upgrade your subscription to use bot detection", "insufficient_entitlement"),
        "insufficient-entitlement",
        ("plan does not include GET /x", "bot detection", "another Auth0 plan"),
    ),
    "403 entitlement, told as a scope": Refusal(
        told(403, "Please upgrade your subscription to enable Akamai Signals.", "insufficient_scope"),
        "insufficient-entitlement",
        ("plan does not include GET /x", "Akamai"),
        ("read:supplemental_signals",),
    ),
    "400 feature": Refusal(
        told(400, "The feature is not enabled", "feature_not_enabled"),
        "insufficient-entitlement",
        ("GET /x",),
    ),
    "404": Refusal(told(404, "The client does not exist"), "not-found", ("The client does not exist",)),
    "409": Refusal(told(409, "Already exists"), "conflict", ("Already exists", "adopt")),
    "418": Refusal(told(418), "unexpected-response", ("answers 418",)),
    "429": Refusal(told(429), "rate-limited", ("outlasted every retry",)),
    "500": Refusal(told(500, "Sorry"), "server-error", ("answers 500", "Sorry", "status page")),
    "503 HTML": Refusal(lambda: HTMLResponse("<h1>Busy</h1>", 503), "server-error", ("answers 503",)),
    "302": Refusal(lambda: HTMLResponse("<h1>Login</h1>", 302), "unexpected-response", ("answers 302",)),
    "200 HTML": Refusal(
        lambda: HTMLResponse("<h1>Hi</h1>"), "unexpected-response", ("does not answer as an Auth0 tenant",)
    ),
    "JSON that is no object": Refusal(lambda: answer(404, ["no"]), "not-found", ("GET /x",)),
    "an odd message": Refusal(lambda: answer(400, {"message": {"a": 1}, "errorCode": None}), "rejected", ()),
}


@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=REFUSALS.keys())
def test_each_refusal(served: Served, problems_of: ProblemsOf, refusal: Refusal) -> None:
    served.tenant.handle = lambda _: refusal.response()
    (problem,) = problems_of(lambda client: client.request("GET", "/x", scopes=refusal.scopes))
    assert problem.code == refusal.code
    text = f"{problem.summary} {problem.detail} {problem.hint}"
    assert not [words for words in refusal.words if words not in text], text
    assert problem.hint
    assert "\n" not in problem.summary


def test_status_and_error_code_are_the_servers(served: Served, talk: Talk) -> None:
    served.tell(told(403, "no", "insufficient_scope")())

    async def steps(client: Any) -> None:
        with pytest.raises(RequestError) as caught:
            await client.request("GET", "/x")
        assert (caught.value.status, caught.value.error_code) == (403, "insufficient_scope")

    talk(steps)


def test_a_long_page_is_cut(served: Served, problems_of: ProblemsOf) -> None:
    served.tell(HTMLResponse("<p>no</p>" * 10_000, 404))
    (problem,) = problems_of(lambda client: client.request("GET", "/x"))
    assert len(problem.detail) <= 200


@pytest.mark.parametrize("status", [200, 201, 204])
def test_no_body_is_none(served: Served, talk: Talk, status: int) -> None:
    served.tell(Response(status_code=status))
    assert talk(lambda client: client.request("DELETE", "/x")) is None

from __future__ import annotations

import asyncio
import base64
from urllib.parse import parse_qs

import httpx
import pytest

from tenantctl.problems import ProblemsError
from tenantctl.verify.entry import ClientCredentials
from tenantctl.verify.issue import TokenRefusal, TokenRequest, TokenResponse, issue_token
from tests.verify.makers import (
    API,
    CLIENT_ID,
    CREDENTIALS,
    ISSUER,
    SECRET,
    Answer,
    FakeTenant,
    granting,
    refusing,
)

REQUEST = TokenRequest(CREDENTIALS, API, ("read:aaa", "write:aaa"))


def issue(
    tenant: FakeTenant, request: TokenRequest = REQUEST, issuer: str = ISSUER, *, follow: bool = False
) -> TokenResponse | TokenRefusal:
    async def run() -> TokenResponse | TokenRefusal:
        async with httpx.AsyncClient(transport=httpx.MockTransport(tenant), follow_redirects=follow) as http:
            return await issue_token(http, issuer, request)

    return asyncio.run(run())


def form(tenant: FakeTenant) -> dict[str, list[str]]:
    return parse_qs(tenant.requests[0].content.decode())


@pytest.mark.parametrize("issuer", [ISSUER, "https://aaa.eu.auth0.com", "aaa.eu.auth0.com"])
def test_client_secret_post(issuer: str) -> None:
    tenant = FakeTenant(granting("t0ken", scope="read:aaa"))
    answer = issue(tenant, issuer=issuer)
    assert answer == TokenResponse("t0ken", "Bearer", 86400, frozenset({"read:aaa"}))
    assert str(tenant.requests[0].url) == "https://aaa.eu.auth0.com/oauth/token"
    assert form(tenant) == {
        "grant_type": ["client_credentials"],
        "audience": [API],
        "scope": ["read:aaa write:aaa"],
        "client_id": [CLIENT_ID],
        "client_secret": [SECRET],
    }
    assert "t0ken" not in repr(answer)
    assert SECRET not in repr(REQUEST)


def test_client_secret_basic_encodes_both_parts() -> None:
    tenant = FakeTenant(granting("t"))
    credentials = ClientCredentials("a:b", "p:w ä%", "test", "client_secret_basic")
    issue(tenant, TokenRequest(credentials))
    value = tenant.requests[0].headers["Authorization"].removeprefix("Basic ")
    assert base64.b64decode(value) == b"a%3Ab:p%3Aw+%C3%A4%25"
    assert form(tenant) == {"grant_type": ["client_credentials"]}


def test_an_answer_that_says_little() -> None:
    tenant = FakeTenant(
        lambda _form, _request: httpx.Response(200, json={"access_token": "t", "expires_in": "9"})
    )
    assert issue(tenant) == TokenResponse("t", "", None, None)


def test_refusal_in_the_tenants_words_without_the_secret() -> None:
    tenant = FakeTenant(refusing(401, "access_denied", f"no \x1b[31m{SECRET}"))
    assert issue(tenant) == TokenRefusal(401, "access_denied", "no \\x1b[31m***")


@pytest.mark.parametrize(
    ("reset", "expected"),
    [("1750000060", 1750000060), ("soon", None), ("", None), ("9" * 40, None), ("²", None)],
)
def test_rate_limit(reset: str, expected: int | None) -> None:
    headers = [(b"x-ratelimit-reset", reset.encode("latin-1"))]
    tenant = FakeTenant(lambda _form, _request: httpx.Response(429, text="slow down", headers=headers))
    assert issue(tenant) == TokenRefusal(429, "too_many_requests", "", expected)


ODD: dict[str, Answer] = {
    "html": httpx.Response(502, html="<h1>Bad gateway</h1>"),
    "html with 200": httpx.Response(200, html="<h1>Log in</h1>"),
    "no token": httpx.Response(200, json={"token_type": "Bearer"}),
    "token no text": httpx.Response(200, json={"access_token": {"a": 1}}),
    "empty token": httpx.Response(200, json={"access_token": ""}),
    "list": httpx.Response(200, json=[]),
    "no error": httpx.Response(403, json={"message": "forbidden"}),
    "error no text": httpx.Response(403, json={"error": 7}),
    "redirect": httpx.Response(302, headers={"location": "https://evil.example/"}),
    "huge": httpx.Response(200, content=b" " * (2**20 + 1)),
    "empty": httpx.Response(204),
}


@pytest.mark.parametrize("answer", ODD.values(), ids=ODD.keys())
def test_answers_that_are_not_auth0s(answer: Answer) -> None:
    tenant = FakeTenant(lambda _form, _request: answer)
    with pytest.raises(ProblemsError) as caught:
        issue(tenant, follow=True)
    assert caught.value.problems[0].code == "unexpected-response"
    assert len(tenant.requests) == 1
    assert SECRET not in repr(caught.value.problems)


@pytest.mark.parametrize(
    "error",
    [
        httpx.ConnectError("name not known"),
        httpx.ReadTimeout(""),
        httpx.RemoteProtocolError("x"),
        httpx.DecodingError("z"),
    ],
)
def test_network_faults(error: Exception) -> None:
    with pytest.raises(ProblemsError) as caught:
        issue(FakeTenant(lambda _form, _request: error))
    (problem,) = caught.value.problems
    assert problem.code == "tenant-unreachable"
    assert "AUTH0_CA_BUNDLE" in problem.hint
    assert problem.detail


@pytest.mark.parametrize(
    "issuer",
    [
        "http://aaa.eu.auth0.com",
        "ftp://localhost/",
        "https://a\x00b",
        "http://localhost.evil.example",
    ],
)
def test_addresses_to_which_no_secret_is_sent(issuer: str) -> None:
    tenant = FakeTenant(granting("t"))
    with pytest.raises(ProblemsError) as caught:
        issue(tenant, issuer=issuer)
    assert caught.value.problems[0].code in {"insecure-address", "tenant-unreachable"}
    assert not tenant.requests

"""The token for the Management API: asked for once, proved rightly, fetched anew, and never shown."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from starlette.responses import Response

from tenantctl.problems import Problem
from tenantctl.tenant.client import TenantClient
from tenantctl.tenant.credentials import unverified_claims
from tests.tenant.conftest import Talk
from tests.tenant.loopback import refused_origin
from tests.tenant.scripted import NOW, TOKEN, FakeTime, Seen, Served, answer, make_client

ProblemsOf = Callable[..., tuple[Problem, ...]]
SECRET = {"client_id": "me", "client_secret": "canary-secret"}


def granting(*tokens: dict[str, Any]) -> Callable[[Seen], Response]:
    left = list(tokens)
    return lambda seen: answer(200, left.pop(0)) if seen.path == "/oauth/token" else answer()


async def ask(client: TenantClient) -> Any:
    return await client.request("GET", "/clients/1")


def form(seen: Seen) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(seen.body.decode()).items()}


def bearers(served: Served) -> list[str]:
    return [seen.headers["authorization"] for seen in served.tenant.seen if seen.path.startswith("/api/")]


def test_a_given_token_is_used_as_it_is(served: Served, talk: Talk) -> None:
    talk(ask)
    assert bearers(served) == [f"Bearer {TOKEN}"]
    assert served.tenant.paths("/oauth") == []


def test_client_secret(served: Served, talk: Talk) -> None:
    served.tenant.handle = granting({"access_token": "t1", "expires_in": 900})
    talk(ask, **SECRET)
    assert form(served.tenant.seen[0]) == {
        "grant_type": "client_credentials",
        "client_id": "me",
        "client_secret": "canary-secret",
        "audience": f"{served.origin}/api/v2/",
    }
    assert bearers(served) == ["Bearer t1"]


def test_the_audience_may_be_another(served: Served, talk: Talk) -> None:
    served.tenant.handle = granting({"access_token": "t1"})
    talk(ask, **SECRET, audience="https://tenant.example/api/v2/")
    assert form(served.tenant.seen[0])["audience"] == "https://tenant.example/api/v2/"


def test_one_token_serves_all_requests_at_once(served: Served, talk: Talk) -> None:
    served.tenant.handle = granting({"access_token": "t1", "expires_in": 900})

    async def many(client: TenantClient) -> None:
        await asyncio.gather(*(ask(client) for _ in range(8)))

    talk(many, **SECRET)
    assert served.tenant.paths("/oauth") == ["POST /token"]
    assert bearers(served) == ["Bearer t1"] * 8


@pytest.mark.parametrize(("seconds", "tokens"), [(0, 1), (839, 1), (841, 2), (9999, 2)])
def test_a_token_is_fetched_anew_before_it_expires(
    served: Served, talk: Talk, time: FakeTime, seconds: float, tokens: int
) -> None:
    served.tenant.handle = granting(*({"access_token": f"t{n}", "expires_in": 900} for n in (1, 2)))

    async def twice(client: TenantClient) -> None:
        await ask(client)
        await time.sleep(seconds)
        await ask(client)

    talk(twice, **SECRET)
    assert bearers(served) == ["Bearer t1", f"Bearer t{tokens}"]


@pytest.mark.parametrize("lifetime", [{}, {"expires_in": None}, {"expires_in": "soon"}])
def test_a_token_that_does_not_say_how_long_it_lives(
    served: Served, talk: Talk, lifetime: dict[str, Any]
) -> None:
    served.tenant.handle = granting({"access_token": "t1", **lifetime})

    async def twice(client: TenantClient) -> None:
        await ask(client)
        await ask(client)

    talk(twice, **SECRET)
    assert bearers(served) == ["Bearer t1"] * 2


@pytest.mark.parametrize("algorithm", ["RS256", "RS512", "PS256"])
def test_private_key_jwt(served: Served, talk: Talk, tmp_path: Path, algorithm: str) -> None:
    key = RSAKey.generate_key(2048)
    file = tmp_path / "key.pem"
    file.write_bytes(key.as_pem(private=True))
    served.tenant.handle = granting({"access_token": "t1"})
    talk(ask, client_id="me", signing_key_path=file, signing_algorithm=algorithm)
    sent = form(served.tenant.seen[0])
    assert "client_secret" not in sent
    assert sent["client_assertion_type"] == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    public = RSAKey.import_key(key.as_pem(private=False))
    token = jwt.decode(sent["client_assertion"], public, algorithms=[algorithm])
    claims = token.claims
    assert (token.header["alg"], claims["iss"], claims["sub"]) == (algorithm, "me", "me")
    assert claims["aud"] == f"{served.origin}/"
    assert claims["exp"] - claims["iat"] <= 300
    assert claims["iat"] == NOW
    assert claims["jti"]


def test_each_assertion_is_another(served: Served, talk: Talk, tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    file.write_bytes(RSAKey.generate_key(2048).as_pem(private=True))
    served.tenant.handle = granting(*[{"access_token": "t", "expires_in": 1}] * 2)

    async def twice(client: TenantClient) -> None:
        await ask(client)
        await ask(client)

    talk(twice, client_id="me", signing_key_path=file)
    sent = [form(seen)["client_assertion"] for seen in served.tenant.seen if seen.path == "/oauth/token"]
    assert len({unverified_claims(assertion)["jti"] for assertion in sent}) == 2


KEYS: dict[str, bytes | None] = {
    "missing": None,
    "empty": b"",
    "no PEM": b"canary-key",
    "a public key": RSAKey.generate_key(2048).as_pem(private=False),
    "no RSA key": ECKey.generate_key("P-256").as_pem(private=True),
}


@pytest.mark.parametrize("content", KEYS.values(), ids=KEYS.keys())
def test_a_key_that_does_not_sign(
    served: Served, problems_of: ProblemsOf, tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "key.pem"
    if content is not None:
        file.write_bytes(content)
    (problem,) = problems_of(ask, client_id="me", signing_key_path=file)
    assert problem.code == "bad-signing-key"
    assert "canary" not in repr(problem)
    assert served.tenant.seen == []


REFUSALS = {
    "bad secret": (
        401, {"error": "access_denied", "error_description": "Unauthorized"}, "access_denied: Unauthorized",
    ),
    "no grant": (403, {"error": "access_denied", "error_description": "not authorized"}, "not authorized"),
    "no words": (400, {}, "rejects POST /oauth/token"),
    "no object": (403, ["canary-secret"], "forbids"),
    "no token": (200, {"token_type": "Bearer"}, ""),
    "a token that is no text": (200, {"access_token": {"a": 1}}, ""),
    "words that repeat the secret": (
        401, {"error": "e", "error_description": "canary-secret is wrong"}, "(sensitive value) is wrong",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("status", "body", "words"), REFUSALS.values(), ids=REFUSALS.keys())
def test_a_refused_login_is_one_clear_problem(
    served: Served, problems_of: ProblemsOf, status: int, body: Any, words: str
) -> None:
    served.tenant.handle = lambda _: answer(status, body)
    (problem,) = problems_of(ask, **SECRET)
    assert problem.code == "login-failed"
    assert words in problem.detail
    assert "canary" not in repr(problem)
    assert "AUTH0_CLIENT_SECRET" in problem.hint
    assert served.tenant.paths("") == ["POST /oauth/token"]


@pytest.mark.parametrize(("status", "code"), [(429, "rate-limited"), (503, "server-error")])
def test_a_login_that_may_work_later(served: Served, problems_of: ProblemsOf, status: int, code: str) -> None:
    served.tenant.handle = lambda _: answer(status)
    (problem,) = problems_of(ask, **SECRET)
    assert problem.code == code
    assert "may have happened" not in problem.hint


def test_no_tenant_to_log_in_to(time: FakeTime) -> None:
    async def go() -> str:
        async with make_client(refused_origin(), time, **SECRET) as client:
            try:
                await ask(client)
            except Exception as error:  # noqa: BLE001 - its text is what is looked at
                return repr(error)
        return ""

    assert "cannot reach" in asyncio.run(go())


def jws(payload: bytes) -> str:
    return f"e30.{base64.urlsafe_b64encode(payload).decode().rstrip('=')}.c2ln"


CLAIMS = {
    jws(json.dumps({"azp": "me"}).encode()): {"azp": "me"},
    jws(b"[1]"): {},
    jws(b"\xff"): {},
    jws(b"{"): {},
    "opaque": {},
    "": {},
    "a.b.c": {},
    "a.é.c": {},
}


@pytest.mark.parametrize(("token", "claims"), CLAIMS.items())
def test_claims_of_a_token(token: str, claims: dict[str, Any]) -> None:
    assert unverified_claims(token) == claims


@pytest.mark.parametrize(
    ("credentials", "own"),
    [
        ({"access_token": jws(b'{"azp": "machine"}')}, "machine"),
        ({"access_token": "opaque"}, None),
        ({"access_token": jws(b'{"azp": "machine"}'), "client_id": "stated"}, "stated"),
    ],
)
def test_the_client_that_the_tool_runs_as(talk: Talk, credentials: dict[str, str], own: str | None) -> None:
    assert talk(lambda client: client.tokens.client_id(), **credentials) == own

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import httpx
import pytest
from tenacity import wait_none

from tenantctl.problems import ProblemsError
from tenantctl.states import Json
from tenantctl.verify.entry import ClientCredentials, VerifyRequest
from tenantctl.verify.known import KnownTenant
from tenantctl.verify.patience import Patience
from tenantctl.verify.results import CheckReport, CheckResult
from tenantctl.verify.run import RunOptions, run_checks
from tests.verify.makers import (
    API,
    CLIENT,
    CLIENT_ID,
    CREDENTIALS,
    ISSUER,
    NOW,
    OTHER_KEY,
    PLAIN_OTHER,
    REQUEST,
    SECRET,
    Answer,
    FakeTenant,
    TokenRoute,
    by_hand,
    claims,
    declared,
    granting,
    jwe_direct,
    public,
    refusing,
    signed,
    signed_with_public_key,
)

OPTIONS = RunOptions(now=lambda: NOW, patience=Patience(4, wait_none()))


def run(
    tenant: FakeTenant,
    *entries: VerifyRequest,
    credentials: Mapping[str, ClientCredentials] | None = None,
    options: RunOptions = OPTIONS,
    known: KnownTenant | None = None,
) -> tuple[CheckResult, ...]:
    async def go() -> tuple[CheckResult, ...]:
        found = {CLIENT: CREDENTIALS} if credentials is None else credentials
        async with tenant.client() as http:
            return await run_checks(http, tenant.issuer, entries or (REQUEST,), found, known, options)

    return asyncio.run(go())


def test_a_sound_token() -> None:
    tenant = FakeTenant(granting(signed(), scope="read:aaa"))
    (check,) = run(tenant)
    assert CheckReport((check,)).as_dict() == {
        "format_version": "1.0",
        "ok": True,
        "checks": [
            {
                "client": CLIENT,
                "audience": API,
                "ok": True,
                "code": None,
                "summary": f"RS256 JWT for {API}, key in JWKS, scopes granted: read:aaa",
                "cause": None,
                "fix": None,
                "address": None,
                "field": None,
                "attempts": 1,
                "token": {
                    "tokenLooksLikeJwt": True,
                    "format": "jws",
                    "header": {"alg": "RS256", "typ": "JWT", "kid": "key-1"},
                    "jwtPayloadSubset": claims(),
                },
            }
        ],
    }
    assert len(tenant.requests) == 3


def test_a_failed_check_as_json() -> None:
    (check,) = run(FakeTenant(granting(jwe_direct())), known=KnownTenant(declared()))
    body = check.as_dict()
    assert body["position"] == {"file": "tenant.yaml", "line": 12, "column": 5}
    assert (body["ok"], body["code"], body["address"]) == (
        False,
        "token-encrypted-userinfo",
        f"resourceServers/{API}",
    )
    assert body["token"]["jwtPayloadSubset"] is None
    assert json.loads(json.dumps(body)) == body


@pytest.mark.parametrize("alg", ["RS256", "RS512", "PS256"])
def test_every_rsa_algorithm_of_an_api(alg: str) -> None:
    assert run(FakeTenant(granting(signed(alg=alg))), replace(REQUEST, algorithm=alg))[0].ok
    (check,) = run(FakeTenant(granting(signed(alg=alg))), replace(REQUEST, algorithm="RS384"))
    assert check.code == "wrong-algorithm"


def evil(**header: Json) -> str:
    return by_hand(json.dumps(header), json.dumps(claims()))


HOSTILE = {
    "none": (evil(alg="none"), "wrong-algorithm"),
    "None": (evil(alg="None", kid="key-1"), "wrong-algorithm"),
    "unsigned": (evil(alg="RS256", kid="key-1"), "bad-signature"),
    "HS256 with the public key": (signed_with_public_key(), "wrong-algorithm"),
    "kid traversal": (signed(kid="../../../../dev/null"), "key-not-in-jwks"),
    "kid injection": (evil(alg="RS256", kid="x' UNION SELECT 'key"), "key-not-in-jwks"),
    "kid no text": (evil(alg="RS256", kid=["key-1"]), "key-not-in-jwks"),
    "own key in the header": (
        evil(alg="RS256", kid="key-1", jwk=OTHER_KEY.as_dict(private=False), jku="https://evil.example"),
        "bad-signature",
    ),
    "another's signature": (signed(key=PLAIN_OTHER), "bad-signature"),
    "another tenant's token": (signed(key=PLAIN_OTHER, kid="key-2"), "key-not-in-jwks"),
    "claims twice": (by_hand('{"alg":"RS256"}', '{"iss":"a","iss":"b"}'), "token-malformed"),
    "nested JWE": (f"{jwe_direct()}.{jwe_direct()}", "token-opaque"),
    "1 MB": ("e30." * 250_000, "token-opaque"),
    "bad base64": ("eyJ!.eyJ!.eyJ!", "token-opaque"),
    "signed junk": (signed({"iss": {"$ne": 1}, "exp": []}), "wrong-issuer"),
}


@pytest.mark.parametrize(("token", "code"), HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_tokens_are_never_accepted(token: str, code: str) -> None:
    tenant = FakeTenant(granting(token))
    (check,) = run(tenant)
    assert (check.ok, check.code) == (False, code)
    assert token not in repr(check) + json.dumps(check.as_dict())
    assert {request.url.host for request in tenant.requests} == {"aaa.eu.auth0.com"}


def in_turn(*routes: TokenRoute) -> TokenRoute:
    left = list(routes)

    def answer(form: dict[str, str], request: httpx.Request) -> Answer:
        route = left.pop(0) if len(left) > 1 else left[0]
        return route(form, request)

    return answer


LAGGING = [
    (
        403,
        "access_denied",
        f'Client is not authorized to access "{API}". You need to create a "client-grant"',
    ),
    (403, "access_denied", f"Service not enabled within domain: {API}"),
    (403, "access_denied", "Client has not been granted scopes: read:aaa"),
    (403, "unauthorized_client", "Grant type 'client_credentials' not allowed for the client."),
]


@pytest.mark.parametrize("refusal", LAGGING)
def test_what_lags_is_tried_again_and_counted(refusal: tuple[int, str, str]) -> None:
    tenant = FakeTenant(in_turn(refusing(*refusal), refusing(*refusal), granting(signed())))
    (check,) = run(tenant)
    assert (check.ok, check.attempts) == (True, 3)
    (check,) = run(FakeTenant(refusing(*refusal)))
    assert (check.ok, check.attempts) == (False, 4)


def test_what_does_not_lag_is_not_tried_again() -> None:
    for route in (
        refusing(401, "access_denied", "Unauthorized"),
        granting(jwe_direct()),
        refusing(429, "x", ""),
    ):
        assert run(FakeTenant(route))[0].attempts == 1


def test_a_lagging_key_set_costs_no_further_token() -> None:
    tenant = FakeTenant(granting(signed(key=PLAIN_OTHER, kid="key-2")))
    tenant.jwks.append(public(OTHER_KEY))
    assert [(check.ok, check.attempts) for check in run(tenant)] == [(True, 2)]
    assert tenant.count("/oauth/token") == 1
    tenant = FakeTenant(granting(signed(key=PLAIN_OTHER, kid="key-2")))
    assert [(check.code, check.attempts) for check in run(tenant)] == [("key-not-in-jwks", 4)]


def test_results_stand_in_the_order_of_the_entries() -> None:
    def route(form: dict[str, str], _: httpx.Request) -> httpx.Response:
        token = signed(claims(aud=form["audience"], scope=...))
        return httpx.Response(200, json={"access_token": token, "token_type": "Bearer"})

    audiences = [f"urn:{n}" for n in range(12)]
    tenant = FakeTenant(route)
    checks = run(tenant, *(VerifyRequest(CLIENT, audience) for audience in audiences))
    assert [(check.audience, check.ok) for check in checks] == [(audience, True) for audience in audiences]
    assert checks[0].summary == "RS256 JWT for urn:0, key in JWKS, no scopes"
    assert tenant.count("/.well-known/jwks.json") == 1
    assert run(tenant, credentials={})[0].code == "credentials-missing"


def test_no_entries_give_no_results() -> None:
    async def go() -> tuple[CheckResult, ...]:
        async with FakeTenant(granting("x")).client() as http:
            return await run_checks(http, ISSUER, (), {})

    assert asyncio.run(go()) == ()
    assert CheckReport(()).ok


def test_missing_credentials() -> None:
    tenant = FakeTenant(granting(signed()))
    searched = {CLIENT: "environment: AUTH0_M2M_CLIENT_ID not set"}
    checks = run(
        tenant,
        REQUEST,
        replace(REQUEST, client="Other"),
        credentials={},
        options=replace(OPTIONS, searched=searched),
    )
    assert [check.code for check in checks] == ["credentials-missing"] * 2
    assert checks[0].cause == "Looked for: environment: AUTH0_M2M_CLIENT_ID not set."
    assert (checks[0].address, checks[0].position, checks[0].attempts) == (
        f"clients/{CLIENT}",
        REQUEST.position,
        0,
    )
    assert checks[0].as_dict()["token"] is None
    assert not tenant.requests


def test_an_unreachable_tenant_fails_the_checks() -> None:
    tenant = FakeTenant(lambda _form, _request: httpx.ConnectError("name not known"))
    (check,) = run(tenant)
    assert (check.code, check.cause, check.position) == (
        "tenant-unreachable",
        "name not known",
        REQUEST.position,
    )
    assert check.fix is not None
    assert "AUTH0_CA_BUNDLE" in check.fix


def test_a_broken_key_set_fails_the_check() -> None:
    tenant = FakeTenant(granting(signed()))
    tenant.jwks = [[]]
    assert run(tenant)[0].code == "unexpected-response"


def test_a_bug_is_not_swallowed() -> None:
    def broken(_form: dict[str, str], _request: httpx.Request) -> Any:
        raise KeyError("bug")

    with pytest.raises(ExceptionGroup) as caught:
        run(FakeTenant(broken))
    assert not isinstance(caught.value.exceptions[0], ProblemsError)


def test_the_clock_is_asked_anew_for_each_check() -> None:
    late = replace(OPTIONS, now=lambda: NOW + 86400 + 10)
    assert run(FakeTenant(granting(signed())), options=late)[0].code == "expired"


def test_nothing_shows_a_secret(caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]) -> None:
    caplog.set_level(0)
    token = signed()
    checks = run(FakeTenant(granting(token)), REQUEST, replace(REQUEST, audience="urn:x"))
    said = (
        repr(checks)
        + repr(CREDENTIALS)
        + json.dumps(CheckReport(checks).as_dict())
        + caplog.text
        + str(capsys.readouterr())
    )
    assert SECRET not in said
    assert token not in said
    assert CLIENT_ID in said

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping

import httpx
import pytest
from joserfc.jwk import RSAKey
from tenacity import wait_none

from tenantctl.problems import ProblemsError
from tenantctl.states import Json
from tenantctl.verify.jwks import ALGORITHMS, KeyLookup, TenantKeys, check_signature
from tenantctl.verify.patience import Patience
from tenantctl.verify.token import inspect_token
from tests.verify.makers import (
    ISSUER,
    KEY,
    OTHER_KEY,
    PLAIN_OTHER,
    FakeTenant,
    b64,
    by_hand,
    claims,
    granting,
    public,
    signed,
    signed_with_public_key,
)

JWK: Mapping[str, Json] = KEY.as_dict(private=False)


def fault(token: str, key: Mapping[str, Json] = JWK, algorithm: str = "RS256") -> str | None:
    return check_signature(token, inspect_token(token), key, algorithm)


@pytest.mark.parametrize("alg", sorted(ALGORITHMS))
def test_real_signatures_verify(alg: str) -> None:
    assert fault(signed(alg=alg), algorithm=alg) is None


def test_members_of_the_key_that_do_not_matter_are_ignored() -> None:
    key = {**JWK, "alg": "RS512", "key_ops": ["sign"], "x5c": ["?"], "oth": 1}
    assert fault(signed(), key) is None


def test_another_keys_signature() -> None:
    assert fault(signed(key=PLAIN_OTHER))


def test_altered_claims() -> None:
    head, _, signature = signed().split(".")
    assert fault(f"{head}.{b64(json.dumps(claims(scope='admin')))}.{signature}")


def test_altered_header() -> None:
    _, payload, signature = signed().split(".")
    assert fault(f"{b64(json.dumps({'alg': 'RS256', 'kid': 'key-1'}))}.{payload}.{signature}")


NONE = by_hand('{"alg":"none","kid":"key-1"}', json.dumps(claims()))


@pytest.mark.parametrize("algorithm", ["none", "None", "HS256", "", "RS256", "dir"])
@pytest.mark.parametrize(
    "token",
    [
        NONE,
        NONE.replace(b64('{"alg":"none","kid":"key-1"}'), b64('{"alg":"NoNe"}')),
        by_hand('{"alg":"RS256","kid":"key-1"}', json.dumps(claims())),
        signed_with_public_key(),
        by_hand('{"alg":"","kid":"key-1"}', "{}"),
        by_hand('{"alg":"RS256","alg":"none"}', "{}"),
        by_hand('{"alg":"RS256","b64":false,"crit":["b64"]}', json.dumps(claims())),
        by_hand('{"alg":"RS256","crit":7}', "{}"),
        by_hand('{"alg":"RS256","kid":7,"jku":[]}', "{}"),
        f"{'e30.' * 3}",
        "x",
        "\ud800.\ud800.\ud800",
    ],
)
def test_forgeries_never_verify(token: str, algorithm: str) -> None:
    assert fault(token, algorithm=algorithm)


def test_an_extension_in_crit_is_refused_even_when_signed() -> None:
    token = RS256_WITH_CRIT
    assert fault(token) == "the header demands an extension (crit) that access tokens do not have"


def _sign_raw(header: str, payload: str) -> str:
    from cryptography.hazmat.primitives import hashes  # noqa: PLC0415 - for this one token
    from cryptography.hazmat.primitives.asymmetric import padding  # noqa: PLC0415 - the same

    text = f"{b64(header)}.{b64(payload)}"
    private = KEY.private_key
    assert private is not None
    return f"{text}.{b64(private.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


RS256_WITH_CRIT = _sign_raw('{"alg":"RS256","kid":"key-1","crit":["exp"],"exp":1}', json.dumps(claims()))


def test_a_signature_by_cryptography_itself_verifies() -> None:
    assert fault(_sign_raw('{"alg":"RS256","kid":"key-1","extra":{"x":1}}', json.dumps(claims()))) is None


@pytest.mark.parametrize(
    "change",
    [
        {"kty": "oct", "k": "c2VjcmV0"},
        {"kty": "EC", "crv": "P-256"},
        {"n": None},
        {"n": "AQAB"},
        {"n": "!" * 400},
        {"e": ""},
        {"e": 3},
        {"e": "AA"},
        {"e": "Ag"},
    ],
)
def test_keys_that_cannot_be_used(change: dict[str, Json]) -> None:
    assert fault(signed(), {**JWK, **change})


def find(tenant: FakeTenant, *kids: str, attempts: int = 5) -> list[KeyLookup]:
    async def run() -> list[KeyLookup]:
        async with tenant.client() as http:
            keys = TenantKeys(http, ISSUER, Patience(attempts, wait_none()))
            return [await keys.find(kid) for kid in kids]

    return asyncio.run(run())


def test_keys_are_fetched_once_for_all() -> None:
    tenant = FakeTenant(granting("x"))
    tenant.jwks = [public(KEY, OTHER_KEY)]
    one, two, again = find(tenant, "key-1", "key-2", "key-1")
    assert (one.fetches, two.fetches, again.fetches) == (1, 0, 0)
    assert one.key == JWK
    assert tenant.count("/.well-known/openid-configuration") == tenant.count("/.well-known/jwks.json") == 1


def test_a_missing_key_is_fetched_again_with_patience() -> None:
    tenant = FakeTenant(granting("x"))
    tenant.jwks = [public(KEY), public(KEY), public(OTHER_KEY)]
    assert find(tenant, "key-2")[0].fetches == 3


def test_a_missing_key_is_given_up_after_the_last_attempt_and_not_sought_again() -> None:
    tenant = FakeTenant(granting("x"))
    assert find(tenant, "nope", "nope", "key-1", attempts=3)[:2] == [KeyLookup(None, 3), KeyLookup(None, 0)]
    assert tenant.count("/.well-known/jwks.json") == 3


@pytest.mark.parametrize("kid", ["../../etc/passwd", "", "key-1\x00", "' OR 1=1", "https://evil.example/k"])
def test_a_key_id_is_compared_and_nothing_else(kid: str) -> None:
    tenant = FakeTenant(granting("x"))
    assert find(tenant, kid, attempts=2)[0].key is None
    assert {request.url.host for request in tenant.requests} == {"aaa.eu.auth0.com"}
    assert len({request.url.path for request in tenant.requests}) == 2


def test_encryption_keys_are_not_for_signatures() -> None:
    tenant = FakeTenant(granting("x"))
    tenant.jwks = [{"keys": [7, {**JWK, "use": "enc"}, {"kty": "RSA"}]}]
    assert find(tenant, "key-1", attempts=1)[0].key is None


@pytest.mark.parametrize(
    "jwks_uri",
    [
        "https://evil.example/jwks.json",
        "http://aaa.eu.auth0.com/.well-known/jwks.json",
        "https://aaa.eu.auth0.com:8443/.well-known/jwks.json",
        "https://aaa.eu.auth0.com@evil.example/jwks.json",
        "https://user:pass@aaa.eu.auth0.com/jwks.json",
        "https://aaa.eu.auth0.com.evil.example/jwks.json",
        "file:///etc/passwd",
        "https://[bad",
        "",
        None,
        7,
    ],
)
def test_keys_must_lie_on_the_issuers_origin(jwks_uri: object) -> None:
    tenant = FakeTenant(granting("x"))
    tenant.jwks_uri = jwks_uri  # type: ignore[assignment] # what a discovery document may hold
    with pytest.raises(ProblemsError) as caught:
        find(tenant, "key-1")
    assert caught.value.problems[0].code == "unexpected-response"
    assert len(tenant.requests) == 1


def test_a_document_of_another_issuer() -> None:
    tenant = FakeTenant(granting("x"), issuer="https://bbb.eu.auth0.com/")
    with pytest.raises(ProblemsError, match=r"issuer is not https://aaa\.eu\.auth0\.com/"):
        find(tenant, "key-1")


@pytest.mark.parametrize("origin", ["http://localhost:8080", "http://127.0.0.1:8080", "http://[::1]:8080"])
def test_plain_http_is_taken_for_this_machine_alone(origin: str) -> None:
    tenant = FakeTenant(granting("x"), issuer=f"{origin}/")

    async def run() -> KeyLookup:
        async with tenant.client() as http:
            return await TenantKeys(http, origin, Patience(1)).find("key-1")

    assert asyncio.run(run()).key == JWK


@pytest.mark.parametrize(
    "body", [b"<html>", b"[]", b"\xff", b"[" * 100_000, b'{"keys": {}}', b"{}" + b" " * 2**20]
)
def test_key_sets_that_are_none(body: bytes) -> None:
    def route(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("jwks.json"):
            return httpx.Response(200, content=body)
        return FakeTenant(granting("x"))(request)

    async def run() -> KeyLookup:
        async with httpx.AsyncClient(transport=httpx.MockTransport(route)) as http:
            return await TenantKeys(http, ISSUER, Patience(1)).find("key-1")

    with pytest.raises(ProblemsError) as caught:
        asyncio.run(run())
    assert caught.value.problems[0].code == "unexpected-response"


def test_small_keys_are_refused() -> None:
    with pytest.warns(UserWarning, match="2048"):
        small = RSAKey.generate_key(1024)
    assert (
        fault(signed(), small.as_dict(private=False)) == "the key cannot be used: it has fewer than 2048 bits"
    )

"""What /oauth/token issues and refuses, checked with keys and a library of its own."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from joserfc import jwe, jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

from tenantctl.sandbox import SandboxStore

from .conftest import ORIGIN, Api

AUDIENCE = "https://aaa-api"
Ask = Callable[..., Any]


def header_of(token: str) -> dict[str, Any]:
    first = token.split(".", maxsplit=1)[0]
    header: dict[str, Any] = json.loads(base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)))
    return header


def verified(http: httpx.Client, token: str) -> dict[str, Any]:
    keys = KeySet.import_key_set(http.get("/.well-known/jwks.json").json())
    return dict(jwt.decode(token, keys, algorithms=[header_of(token)["alg"]]).claims)


def test_a_granted_client_gets_a_signed_token(http: httpx.Client, granted: dict[str, Any], ask: Ask) -> None:
    answer = ask(granted["client"], audience=AUDIENCE)

    assert answer.status_code == 200
    body = answer.json()
    assert (body["token_type"], body["expires_in"], body["scope"]) == ("Bearer", 86400, "read:a")
    claims = verified(http, body["access_token"])
    client_id = granted["client"]["client_id"]
    assert claims["iss"] == f"{ORIGIN}/"
    assert claims["sub"] == f"{client_id}@clients"
    assert (claims["aud"], claims["azp"], claims["gty"]) == (AUDIENCE, client_id, "client-credentials")
    assert claims["scope"] == "read:a"
    assert claims["exp"] - claims["iat"] == 86400
    assert abs(claims["iat"] - time.time()) < 5
    assert "permissions" not in claims


@pytest.mark.parametrize("algorithm", ["RS256", "RS512", "PS256"])
def test_the_api_chooses_the_signature(
    http: httpx.Client, api: Api, granted: dict[str, Any], ask: Ask, algorithm: str
) -> None:
    api("PATCH", f"/resource-servers/{granted['api']['id']}", {"signing_alg": algorithm}, status=200)

    token = ask(granted["client"], audience=AUDIENCE).json()["access_token"]

    assert header_of(token)["alg"] == algorithm
    assert verified(http, token)["aud"] == AUDIENCE


def test_hs256_is_signed_with_the_apis_secret(api: Api, granted: dict[str, Any], ask: Ask) -> None:
    changed = api("PATCH", f"/resource-servers/{granted['api']['id']}", {"signing_alg": "HS256"}, status=200)

    token = ask(granted["client"], audience=AUDIENCE).json()["access_token"]

    key = OctKey.import_key(changed["signing_secret"])
    assert jwt.decode(token, key, algorithms=["HS256"]).claims["aud"] == AUDIENCE


def test_rbac_adds_permissions_and_rfc_9068_its_claims(
    http: httpx.Client, api: Api, granted: dict[str, Any], ask: Ask
) -> None:
    wanted = {"enforce_policies": True, "token_dialect": "rfc9068_profile_authz", "token_lifetime": 60}
    api("PATCH", f"/resource-servers/{granted['api']['id']}", wanted, status=200)

    answer = ask(granted["client"], audience=AUDIENCE).json()

    claims = verified(http, answer["access_token"])
    assert header_of(answer["access_token"])["typ"] == "at+jwt"
    assert claims["permissions"] == ["read:a"]
    assert claims["client_id"] == granted["client"]["client_id"]
    assert claims["jti"]
    assert answer["expires_in"] == 60


@pytest.mark.parametrize("algorithm", ["RSA-OAEP-256", "RSA-OAEP-384", "RSA-OAEP-512"])
def test_an_api_with_a_key_gets_a_nested_jwe(
    http: httpx.Client, api: Api, granted: dict[str, Any], ask: Ask, algorithm: str
) -> None:
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    key = {"name": "k", "alg": algorithm, "kid": "my-key", "pem": pem.decode()}
    wanted = {"token_encryption": {"format": "compact-nested-jwe", "encryption_key": key}}
    shown = api("PATCH", f"/resource-servers/{granted['api']['id']}", wanted, status=200)
    described = shown["token_encryption"]["encryption_key"]
    thumbprint = RSAKey.import_key(pem).thumbprint()
    expected = {"name": "k", "alg": algorithm, "kid": "my-key", "thumbprint_sha256": thumbprint}
    assert described == expected

    token = ask(granted["client"], audience=AUDIENCE).json()["access_token"]

    header = header_of(token)
    assert (header["alg"], header["enc"], header["kid"], header["cty"]) == (
        algorithm,
        "A256GCM",
        "my-key",
        "JWT",
    )
    if algorithm == "RSA-OAEP-256":  # the one of the three that the library knows
        opened = jwe.decrypt_compact(
            token, RSAKey.import_key(_pem_of(private)), algorithms=[algorithm, "A256GCM"]
        )
        assert verified(http, (opened.plaintext or b"").decode())["aud"] == AUDIENCE


def _pem_of(private: rsa.RSAPrivateKey) -> bytes:
    return private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def test_a_key_that_is_none_is_the_callers_fault(api: Api, granted: dict[str, Any], ask: Ask) -> None:
    key = {"alg": "RSA-OAEP-256", "kid": "x", "pem": "no key"}
    wanted = {"token_encryption": {"format": "compact-nested-jwe", "encryption_key": key}}
    api("PATCH", f"/resource-servers/{granted['api']['id']}", wanted, status=200)

    assert ask(granted["client"], audience=AUDIENCE).status_code == 400


def test_without_audience_the_token_is_for_userinfo_alone(
    http: httpx.Client, granted: dict[str, Any], ask: Ask
) -> None:
    token = ask(granted["client"]).json()["access_token"]

    parts = token.split(".")
    assert (len(parts), parts[1]) == (5, "")
    assert header_of(token) == {"alg": "dir", "enc": "A256GCM", "iss": f"{ORIGIN}/"}
    seen = http.get("/userinfo", headers={"Authorization": f"Bearer {token}"})
    assert (seen.status_code, seen.json()) == (200, {"sub": f"{granted['client']['client_id']}@clients"})
    assert http.get("/userinfo").status_code == 401
    other = ask(granted["client"], audience=AUDIENCE).json()["access_token"]
    assert http.get("/userinfo", headers={"Authorization": f"Bearer {other}"}).status_code == 401


def test_the_tenants_default_audience_steps_in(
    http: httpx.Client, api: Api, granted: dict[str, Any], ask: Ask
) -> None:
    api("PATCH", "/tenants/settings", {"default_audience": AUDIENCE}, status=200)

    assert verified(http, ask(granted["client"]).json()["access_token"])["aud"] == AUDIENCE


@pytest.mark.parametrize(
    ("fields", "status", "expected"),
    [
        pytest.param(
            {"audience": "https://nowhere"},
            403,
            {
                "error": "access_denied",
                "error_description": "Service not enabled within domain: https://nowhere",
            },
            id="unknown-audience",
        ),
        pytest.param(
            {"audience": AUDIENCE, "scope": "read:a write:a"},
            403,
            {"error": "access_denied", "error_description": "Client has not been granted scopes: write:a"},
            id="scope-not-granted",
        ),
        pytest.param(
            {"audience": AUDIENCE, "client_secret": "wrong"},
            401,
            {"error": "access_denied", "error_description": "Unauthorized"},
            id="bad-secret",
        ),
        pytest.param(
            {"audience": AUDIENCE, "client_id": "nobody"},
            401,
            {"error": "access_denied", "error_description": "Unauthorized"},
            id="bad-client",
        ),
        pytest.param(
            {"client_id": None},
            401,
            {"error": "invalid_client", "error_description": "Missing client_id"},
            id="missing-client-id",
        ),
        pytest.param(
            {"grant_type": None},
            400,
            {
                "error": "invalid_request",
                "error_description": "Missing required parameter: grant_type",
            },
            id="missing-grant-type",
        ),
    ],
)
def test_a_refusal_says_what_auth0_says(
    granted: dict[str, Any], ask: Ask, fields: dict[str, Any], status: int, expected: dict[str, str]
) -> None:
    answer = ask(granted["client"], **fields)

    assert (answer.status_code, answer.json()) == (status, expected)


def test_grant_type_not_allowed(api: Api, granted: dict[str, Any], ask: Ask) -> None:
    path = f"/clients/{granted['client']['client_id']}"
    api("PATCH", path, {"grant_types": ["authorization_code"]}, status=200)

    answer = ask(granted["client"], audience=AUDIENCE)

    assert answer.status_code == 403
    assert answer.json() == {
        "error": "unauthorized_client",
        "error_description": "Grant type 'client_credentials' not allowed for the client.",
        "error_uri": "https://auth0.com/docs/clients/client-grant-types",
    }


def test_client_grant_missing(machine: dict[str, Any], ask: Ask) -> None:
    answer = ask(machine["client"], audience=AUDIENCE)

    assert answer.status_code == 403
    assert answer.json() == {
        "error": "access_denied",
        "error_description": f'Client is not authorized to access "{AUDIENCE}". You need to create a '
        '"client-grant" associated to this API. See: '
        "https://auth0.com/docs/api/v2#!/Client_Grants/post_client_grants",
    }


@pytest.mark.parametrize(("policy", "status"), [("deny_all", 403), ("allow_all", 200)])
def test_the_apis_policy_decides_before_the_grant(
    api: Api, machine: dict[str, Any], ask: Ask, policy: str, status: int
) -> None:
    wanted = {"subject_type_authorization": {"client": {"policy": policy}}}
    api("PATCH", f"/resource-servers/{machine['api']['id']}", wanted, status=200)

    answer = ask(machine["client"], audience=AUDIENCE)

    assert answer.status_code == status
    if status == 200:
        assert answer.json()["scope"] == "read:a write:a"
    else:
        assert "is not authorized to access resource server" in answer.json()["error_description"]


def test_a_quota_that_is_used_up(api: Api, granted: dict[str, Any], ask: Ask) -> None:
    quota = {"client_credentials": {"enforce": True, "per_hour": 1}}
    api("PATCH", f"/clients/{granted['client']['client_id']}", {"token_quota": quota}, status=200)

    assert ask(granted["client"], audience=AUDIENCE).status_code == 200
    answer = ask(granted["client"], audience=AUDIENCE)

    assert answer.status_code == 429
    assert answer.json() == {"error": "too_many_requests", "error_description": "Client quota exceeded"}
    assert int(answer.headers["x-ratelimit-reset"]) > time.time()


def test_basic_authentication_and_a_form_work_too(http: httpx.Client, granted: dict[str, Any]) -> None:
    client = granted["client"]
    answer = http.post(
        "/oauth/token",
        data={"grant_type": "client_credentials", "audience": AUDIENCE},
        auth=(client["client_id"], client["client_secret"]),
    )

    assert answer.status_code == 200


def test_a_client_without_a_secret_method_is_refused(api: Api, granted: dict[str, Any], ask: Ask) -> None:
    path = f"/clients/{granted['client']['client_id']}"
    api("PATCH", path, {"token_endpoint_auth_method": "none"}, status=200)

    assert ask(granted["client"], audience=AUDIENCE).status_code == 401


def test_the_management_api_by_the_address_in_use(store: SandboxStore, http: httpx.Client, ask: Ask) -> None:
    client_id, secret = store.tenant().tool_credentials()

    answer = ask({"client_id": client_id, "client_secret": secret}, audience=f"{ORIGIN}/api/v2/")

    assert answer.status_code == 200
    headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    assert http.get("/api/v2/clients", headers=headers).status_code == 200


def test_a_rotated_and_revoked_key_leaves_the_set(
    http: httpx.Client, api: Api, granted: dict[str, Any], ask: Ask
) -> None:
    token = ask(granted["client"], audience=AUDIENCE).json()["access_token"]
    kid = header_of(token)["kid"]

    api("POST", "/keys/signing/rotate", status=201)
    assert kid in _kids(http)
    api("PUT", f"/keys/signing/{kid}/revoke", status=200)

    assert kid not in _kids(http)
    assert header_of(ask(granted["client"], audience=AUDIENCE).json()["access_token"])["kid"] in _kids(http)
    states = [
        (key["current"], key["next"], key["revoked"]) for key in api("GET", "/keys/signing", status=200)
    ]
    assert states == [(False, False, True), (True, False, False), (False, True, False)]


def test_a_stale_key_set(http: httpx.Client, granted: dict[str, Any], ask: Ask) -> None:
    assert http.put("/__sandbox__/faults", json={"stale_jwks": True}).status_code == 200
    token = ask(granted["client"], audience=AUDIENCE).json()["access_token"]
    assert header_of(token)["kid"] not in _kids(http)

    assert http.put("/__sandbox__/faults", json={}).status_code == 200
    assert header_of(token)["kid"] in _kids(http)


def _kids(http: httpx.Client) -> list[str]:
    return [key["kid"] for key in http.get("/.well-known/jwks.json").json()["keys"]]


def test_discovery_names_the_origin_that_was_asked(http: httpx.Client) -> None:
    published = http.get("/.well-known/openid-configuration", headers={"Host": "localhost:8443"}).json()

    assert published["issuer"] == "https://localhost:8443/"
    assert published["token_endpoint"] == "https://localhost:8443/oauth/token"

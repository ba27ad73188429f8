"""Who may call the Management API."""

from __future__ import annotations

import re
import time
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from tenantctl.sandbox import SandboxStore, issue_management_token

from .conftest import ORIGIN, Api

INVALID = {
    "statusCode": 401,
    "error": "Unauthorized",
    "message": "Invalid token",
    "attributes": {"error": "Invalid token"},
}


def get(http: httpx.Client, authorization: str | None, path: str = "/api/v2/roles") -> httpx.Response:
    return http.get(path, headers={"Authorization": authorization} if authorization is not None else {})


def test_no_credentials(http: httpx.Client) -> None:
    answer = get(http, None)

    assert answer.status_code == 401
    assert answer.json() == {"statusCode": 401, "error": "Unauthorized", "message": "Missing authentication"}


@pytest.mark.parametrize("header", ["Basic abc", "Bearer", "Bearer a b", "token"])
def test_a_header_of_another_form(http: httpx.Client, header: str) -> None:
    answer = get(http, header)

    assert answer.status_code == 400
    assert answer.json() == {
        "statusCode": 400,
        "error": "Bad Request",
        "message": "Bad HTTP authentication header format",
        "errorCode": "Bearer",
    }


def signed(key: RSAKey, **claims: Any) -> str:
    body = {"iss": f"{ORIGIN}/", "aud": f"{ORIGIN}/api/v2/", "exp": time.time() + 60, "scope": "read:roles"}
    return jwt.encode({"alg": "RS256"}, {**body, **claims}, key)


def test_tokens_that_are_none(store: SandboxStore, http: httpx.Client) -> None:
    own = store.tenant().current_key().jwk
    assert get(http, f"Bearer {signed(own)}").status_code == 200
    bad = [
        signed(own, exp=time.time() - 1),
        signed(own, exp="never"),
        signed(own, aud="https://aaa-api"),
        signed(own, aud=["https://other.example/api/v2/", 1]),
        signed(RSAKey.generate_key(2048)),
        "x",
        "a.b.c",
        "....",
        "eyJhbGciOiJub25lIn0.e30.",
    ]
    for token in bad:
        answer = get(http, f"Bearer {token}")
        assert (answer.status_code, answer.json()) == (401, INVALID)


def test_a_token_without_the_scope(store: SandboxStore, http: httpx.Client) -> None:
    token = issue_management_token(store, issuer=ORIGIN, scopes=["read:roles"], lifetime=60)

    assert get(http, f"Bearer {token}").status_code == 200
    answer = get(http, f"Bearer {token}", "/api/v2/clients")
    assert answer.status_code == 403
    assert answer.json() == {
        "statusCode": 403,
        "error": "Forbidden",
        "message": "Insufficient scope, expected any of: "
        "read:clients,read:client_keys,read:client_credentials,read:client_summary",
        "errorCode": "insufficient_scope",
    }


def test_the_options_of_a_connection_take_a_scope_to_update(store: SandboxStore, http: httpx.Client) -> None:
    held = ["create:connections", "update:connections"]

    def send(method: str, path: str, body: Any, *more: str) -> httpx.Response:
        token = issue_management_token(store, issuer=ORIGIN, scopes=[*held, *more], lifetime=60)
        headers = {"Authorization": f"Bearer {token}"}
        return http.request(method, f"/api/v2/connections{path}", json=body, headers=headers)

    body = {"name": "x", "strategy": "oauth2", "options": {"scope": "a"}}
    made = send("POST", "", body).json()
    assert "options" not in made
    path = f"/{made['id']}"
    assert send("PATCH", path, {"display_name": "X"}).status_code == 200
    refused = send("PATCH", path, {"options": {"scope": "b"}})
    assert refused.status_code == 403
    assert refused.json() == {
        "statusCode": 403,
        "error": "Forbidden",
        "message": 'Updating the "options" property requires the "update:connections_options" scope',
        "errorCode": "insufficient_scope",
    }
    scopes = ("update:connections_options", "read:connections_options")
    assert send("PATCH", path, {"options": {"scope": "b"}}, *scopes).json()["options"]["scope"] == "b"


def test_rotation_needs_both_scopes(store: SandboxStore, http: httpx.Client) -> None:
    token = issue_management_token(store, issuer=ORIGIN, scopes=["update:signing_keys"], lifetime=60)

    headers = {"Authorization": f"Bearer {token}"}
    assert http.post("/api/v2/keys/signing/rotate", headers=headers).status_code == 403


def test_a_token_of_another_tenant(store: SandboxStore, http: httpx.Client) -> None:
    token = issue_management_token(store, issuer="https://other.example/", scopes=None, lifetime=60)

    assert get(http, f"Bearer {token}").status_code == 401
    headers = {"Authorization": f"Bearer {token}", "Host": "other.example"}
    assert http.get("/api/v2/clients", headers=headers).status_code == 200


def test_every_loopback_name_is_the_default_tenant(store: SandboxStore, http: httpx.Client) -> None:
    token = issue_management_token(store, issuer="http://127.0.0.1:8080/", scopes=None, lifetime=60)
    for host in ("localhost:1", "127.0.0.1", "[::1]:8443", "a.localhost", "LOCALHOST"):
        answer = http.get("/api/v2/clients", headers={"Authorization": f"Bearer {token}", "Host": host})
        assert answer.status_code == 200, host
    assert http.get("/api/v2/clients", headers={"Host": "no host"}).status_code == 400


def test_secrets_are_for_tokens_with_the_scope_for_keys(
    store: SandboxStore, http: httpx.Client, api: Api
) -> None:
    made = api("POST", "/clients", {"name": "x"}, status=201)
    assert re.fullmatch(r"[A-Za-z0-9_-]{64}", made["client_secret"])
    path = f"/api/v2/clients/{made['client_id']}"

    def read(*scopes: str) -> dict[str, Any]:
        token = issue_management_token(store, issuer=ORIGIN, scopes=scopes, lifetime=60)
        body: dict[str, Any] = http.get(path, headers={"Authorization": f"Bearer {token}"}).json()
        return body

    assert "client_secret" not in read("read:clients")
    assert read("read:clients", "read:client_keys")["client_secret"] == made["client_secret"]
    rotated = api("POST", f"/clients/{made['client_id']}/rotate-secret", status=200)
    assert rotated["client_secret"] not in {made["client_secret"], ""}

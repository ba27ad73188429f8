"""Whatever comes in, the answer is a 4xx at worst."""

from __future__ import annotations

import base64
import json
import random
from typing import Any

import httpx
import pytest

from tenantctl.sandbox.bodies import MAX_BYTES

from .conftest import MANAGEMENT_TOKEN, Api

AUTHORIZED = {"Authorization": f"Bearer {MANAGEMENT_TOKEN}"}
JSON_TYPE = {**AUTHORIZED, "Content-Type": "application/json"}

BODIES = [
    b"{",
    b"\xff\xfe",
    b"NaN",
    b'{"name": Infinity}',
    b'{"name": 1e999}',
    b'{"name": "\\ud800"}',
    b"[" * 100_000,
    b'{"a":' * 500 + b"1" + b"}" * 500,
    b"9" * 5000,
    b'{"name": "x", "name": null}',
    b'"text"',
    b"\x00",
]
PATHS = ["/api/v2/clients", "/api/v2/resource-servers", "/oauth/token", "/__sandbox__/seed"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("body", BODIES, ids=lambda body: repr(body[:12]))
def test_bodies(http: httpx.Client, path: str, body: bytes) -> None:
    assert 400 <= http.post(path, content=body, headers=JSON_TYPE).status_code < 500


def test_the_type_and_the_size_of_a_body(http: httpx.Client) -> None:
    form = {**AUTHORIZED, "Content-Type": "text/plain"}
    assert http.post("/api/v2/clients", content=b"a=1", headers=form).status_code == 415
    malformed = http.post("/api/v2/clients", content=b"{", headers=JSON_TYPE)
    assert malformed.json()["message"] == "Invalid request payload JSON format"
    huge = json.dumps({"name": "x" * MAX_BYTES}).encode()
    assert http.post("/api/v2/clients", content=huge, headers=JSON_TYPE).status_code == 413
    assert http.post("/oauth/token", content=huge, headers=JSON_TYPE).status_code == 413


@pytest.mark.parametrize(
    "path",
    [
        "//",
        "/api/v2",
        "/api/v2/",
        "/api/v2//clients",
        "/api/v2/clients/",
        "/api/v2/clients/%00",
        "/api/v2/clients/%0a",
        "/%0a",
        "/api/v2/clients/%ff%fe",
        "/api/v2/clients/..%2f..%2fetc",
        "/api/v2/clients/%25252525",
        "/api/v2/clients?fields=%ff&page=%00",
        "/api/v2/clients?&&&=&=",
        "/api/v2/clients?" + "&".join(f"a{number}=1" for number in range(2000)),
        "/api/v2/clients/" + "x" * 5000,
        "/api/v2/resource-servers/https%3A%2F%2F%5B",
        "/.well-known/nope",
    ],
)
@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE", "OPTIONS", "TRACE", "HEAD"])
def test_paths(http: httpx.Client, method: str, path: str) -> None:
    answer = http.request(method, path, headers=AUTHORIZED)

    assert answer.status_code < 500


@pytest.mark.parametrize(
    "fields",
    [
        {"grant_type": ["x"]},
        {"grant_type": "client_credentials", "client_id": {"a": 1}},
        {"grant_type": "password"},
        {"grant_type": "client_credentials", "client_id": "é", "client_secret": "é"},
    ],
)
def test_token_requests(http: httpx.Client, fields: dict[str, Any]) -> None:
    assert 400 <= http.post("/oauth/token", json=fields).status_code < 500


@pytest.mark.parametrize("header", ["Basic", "Basic !!", "Basic /////w==", "Basic Og==", "é", "Basic YQ=="])
def test_authorization_headers(http: httpx.Client, header: str) -> None:
    headers = {b"Authorization": header.encode()}
    fields = {"grant_type": "client_credentials"}
    assert 400 <= http.post("/oauth/token", json=fields, headers=headers).status_code < 500
    assert 400 <= http.get("/userinfo", headers=headers).status_code < 500
    assert 400 <= http.get("/api/v2/clients", headers=headers).status_code < 500


@pytest.mark.parametrize(
    "header",
    [
        [],
        None,
        {},
        {"alg": []},
        {"alg": "RS256", "crit": 5},
        {"alg": [], "enc": {}},
        {"alg": "dir", "enc": 1},
    ],
)
@pytest.mark.parametrize("parts", [1, 3, 5])
def test_tokens(http: httpx.Client, header: Any, parts: int) -> None:
    first = base64.urlsafe_b64encode(json.dumps(header).encode()).decode().rstrip("=")
    headers = {"Authorization": f"Bearer {'.'.join([first] + ['e30'] * (parts - 1))}"}

    assert http.get("/api/v2/clients", headers=headers).status_code == 401
    assert http.get("/userinfo", headers=headers).status_code == 401


def test_values_of_every_kind_in_every_field(http: httpx.Client, api: Api) -> None:
    """Random JSON in the fields of the API: accepted or refused, but never a fault of the server."""
    randomly = random.Random(7)  # noqa: S311 - the same values in every run
    values: list[Any] = [None, True, 0, -1, 1.5, "", "x", [], [None], {}, {"a": None}, [[]], {"client": 1}]
    fields = {
        "/resource-servers": [
            "identifier",
            "scopes",
            "token_lifetime",
            "signing_alg",
            "token_encryption",
            "subject_type_authorization",
            "enforce_policies",
            "token_dialect",
        ],
        "/clients": [
            "grant_types",
            "jwt_configuration",
            "client_metadata",
            "token_quota",
            "addons",
            "app_type",
            "client_authentication_methods",
        ],
        "/client-grants": ["client_id", "audience", "scope", "subject_type", "allow_all_scopes"],
        "/roles": ["name", "description", "type"],
    }
    client_id = api("POST", "/clients", {"name": "x", "grant_types": ["client_credentials"]}, status=201)
    for _ in range(300):
        path = randomly.choice(list(fields))
        body = {name: randomly.choice(values) for name in randomly.sample(fields[path], 3)}
        if path == "/resource-servers" and randomly.random() < 0.7:
            body = {"identifier": f"https://{randomly.random()}", **body}
        if path == "/clients":
            body = {**body, "name": "x"}
        answer = http.post(f"/api/v2{path}", json=body, headers=AUTHORIZED)
        assert answer.status_code < 500, (path, body)
        if answer.is_success and path == "/resource-servers":
            wanted = {
                "grant_type": "client_credentials",
                "client_id": client_id["client_id"],
                "client_secret": client_id["client_secret"],
                "audience": body["identifier"],
            }
            assert http.post("/oauth/token", json=wanted).status_code < 500, body
    for path in fields:
        assert http.get(f"/api/v2{path}", headers=AUTHORIZED).status_code == 200

"""Clients that prove who they are with a key (RFC 7523), and what the sandbox keeps of the key."""

from __future__ import annotations

import base64
import json
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from .conftest import ORIGIN, Api

AUDIENCE = "https://aaa-api"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ALGORITHMS = ["RS256", "RS384", "PS256"]

Present = Callable[..., httpx.Response]


@cache
def key(label: str) -> RSAKey:
    return RSAKey.generate_key(2048)


def pem(label: str) -> str:
    return key(label).as_pem(private=False).decode()


def credential(label: str = "mine", **members: Any) -> dict[str, Any]:
    return {"name": label, "credential_type": "public_key", "pem": pem(label), **members}


def link(*credentials: dict[str, Any]) -> dict[str, Any]:
    return {"client_authentication_methods": {"private_key_jwt": {"credentials": list(credentials)}}}


@pytest.fixture
def client(api: Api, machine: dict[str, Any]) -> dict[str, Any]:
    """A client with one key, and a grant."""
    body = {"name": "Signs", "app_type": "non_interactive", "grant_types": ["client_credentials"]}
    made: dict[str, Any] = api("POST", "/clients", {**body, **link(credential())}, status=201)
    grant = {"client_id": made["client_id"], "audience": AUDIENCE, "scope": ["read:a"]}
    api("POST", "/client-grants", grant, status=201)
    return made


@pytest.fixture
def present(http: httpx.Client, client: dict[str, Any]) -> Present:
    """``present(label?, header?, fields?, **claims)``: ask for a token with an assertion."""

    def ask(
        label: str = "mine",
        header: dict[str, Any] | None = None,
        fields: dict[str, Any] | None = None,
        **claims: Any,
    ) -> httpx.Response:
        now = int(time.time())
        stated = {
            "iss": client["client_id"],
            "sub": client["client_id"],
            "aud": f"{ORIGIN}/",
            "iat": now,
            "exp": now + 60,
            "jti": str(uuid.uuid4()),
            **claims,
        }
        protected = {"alg": "RS256", **(header or {})}
        known = {name: value for name, value in stated.items() if value is not None}
        assertion = jwt.encode(protected, known, key(label), algorithms=ALGORITHMS)
        form = {
            "grant_type": "client_credentials",
            "audience": AUDIENCE,
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": assertion,
            **(fields or {}),
        }
        return http.post("/oauth/token", data=form)

    return ask


def reason(answer: httpx.Response) -> str:
    assert answer.status_code == 401, answer.text
    body = answer.json()
    assert body["error"] == "invalid_client"
    start = "Client authentication failed: the client assertion: "
    assert body["error_description"].startswith(start)
    return str(body["error_description"].removeprefix(start))


@pytest.mark.parametrize("audience", [f"{ORIGIN}/", ORIGIN, f"{ORIGIN}/oauth/token", ["x", f"{ORIGIN}/"]])
def test_a_signed_assertion_gets_a_token(present: Present, audience: Any) -> None:
    answer = present(aud=audience)

    assert answer.status_code == 200
    assert answer.json()["scope"] == "read:a"


def test_the_client_id_may_be_repeated(present: Present, client: dict[str, Any]) -> None:
    assert present(fields={"client_id": client["client_id"]}).status_code == 200
    assert "sub" in reason(present(fields={"client_id": "another"}))


def test_an_assertion_is_used_once(present: Present) -> None:
    assert present(jti="once").status_code == 200
    assert "jti" in reason(present(jti="once"))
    assert present(jti="twice").status_code == 200


def test_an_assertion_stays_used_when_the_token_is_refused(present: Present) -> None:
    assert present(jti="once", fields={"audience": "https://none"}).status_code == 403
    assert "jti" in reason(present(jti="once"))


HOUR = 3600


@pytest.mark.parametrize(
    ("claims", "word"),
    [
        ({"iss": "another"}, "iss"),
        ({"iss": None}, "iss"),
        ({"sub": "nobody", "iss": "nobody"}, "sub"),
        ({"sub": None}, "sub"),
        ({"sub": ["x"]}, "sub"),
        ({"aud": "https://other.example/"}, "aud"),
        ({"aud": f"{ORIGIN}/userinfo"}, "aud"),
        ({"aud": None}, "aud"),
        ({"aud": "https://[/"}, "aud"),
        ({"exp": 1}, "exp"),
        ({"exp": None}, "exp"),
        ({"exp": True}, "exp"),
        ({"exp": "soon"}, "exp"),
        ({"exp": int(time.time()) + HOUR}, "exp"),
        ({"nbf": int(time.time()) + HOUR}, "nbf"),
        ({"iat": int(time.time()) + HOUR}, "iat"),
        ({"jti": None}, "jti"),
        ({"jti": ""}, "jti"),
        ({"jti": 5}, "jti"),
    ],
)
def test_claims_that_are_refused(present: Present, claims: dict[str, Any], word: str) -> None:
    assert word in reason(present(**claims)).split()


def test_a_signature_of_another_key(present: Present) -> None:
    assert "signature" in reason(present("another"))


def test_the_key_id_is_the_credentials(api: Api, present: Present, client: dict[str, Any]) -> None:
    (kept,) = api("GET", f"/clients/{client['client_id']}/credentials", status=200)

    assert present(header={"kid": kept["kid"]}).status_code == 200
    assert "kid" in reason(present(header={"kid": "another"}))


def test_the_algorithm_is_the_credentials(api: Api, present: Present, client: dict[str, Any]) -> None:
    assert "alg" in reason(present(header={"alg": "PS256"}))
    path = f"/clients/{client['client_id']}"
    made = api("POST", f"{path}/credentials", credential("probabilistic", alg="PS256"), status=201)
    api("PATCH", path, link({"id": made["id"]}), status=200)
    assert present("probabilistic", header={"alg": "PS256"}).status_code == 200


def test_a_credential_expires(api: Api, present: Present, client: dict[str, Any]) -> None:
    path = f"/clients/{client['client_id']}/credentials"
    (kept,) = api("GET", path, status=200)
    past, future = (datetime.now(UTC) + timedelta(hours=hours) for hours in (-1, 1))

    api("PATCH", f"{path}/{kept['id']}", {"expires_at": past.isoformat()}, status=200)
    assert "expired" in reason(present())
    api("PATCH", f"{path}/{kept['id']}", {"expires_at": future.isoformat()}, status=200)
    assert present().status_code == 200


def test_keys_are_rotated_without_a_gap(api: Api, present: Present, client: dict[str, Any]) -> None:
    path = f"/clients/{client['client_id']}"
    (old,) = api("GET", f"{path}/credentials", status=200)
    new = api("POST", f"{path}/credentials", credential("next"), status=201)

    assert "signature" in reason(present("next"))
    api("PATCH", path, link({"id": old["id"]}, {"id": new["id"]}), status=200)
    assert [present(label).status_code for label in ("mine", "next")] == [200, 200]
    api("PATCH", path, link({"id": new["id"]}), status=200)
    api("DELETE", f"{path}/credentials/{old['id']}", status=204)
    assert "signature" in reason(present("mine"))
    assert present("next").status_code == 200


def test_a_client_with_keys_has_no_secret(
    http: httpx.Client, client: dict[str, Any], present: Present
) -> None:
    fields = {"grant_type": "client_credentials", "client_id": client["client_id"]}
    secret = client.get("client_secret") or ""

    answer = http.post("/oauth/token", json={**fields, "client_secret": secret})

    assert (answer.status_code, answer.json()["error"]) == (401, "access_denied")
    both = present(fields={"client_secret": "x"})
    assert (both.status_code, both.json()["error"]) == (400, "invalid_request")


def test_a_client_without_keys_has_no_assertion(present: Present, machine: dict[str, Any]) -> None:
    other = machine["client"]["client_id"]

    assert "credential" in reason(present(sub=other, iss=other))


@pytest.mark.parametrize("text", ["", "x", "a.b.c", "e30.e30.e30", "....", "ü"])
def test_what_is_no_assertion(present: Present, text: str) -> None:
    assert reason(present(fields={"client_assertion": text})) == "it is no signed JWT"


def test_an_assertion_that_is_not_signed(present: Present, client: dict[str, Any]) -> None:
    claims = {"iss": client["client_id"], "sub": client["client_id"]}
    parts = (base64.urlsafe_b64encode(json.dumps(part).encode()) for part in ({"alg": "none"}, claims))
    unsigned = b".".join([*(part.rstrip(b"=") for part in parts), b""]).decode()

    assert "alg" in reason(present(fields={"client_assertion": unsigned}))


def test_another_type_of_assertion(present: Present) -> None:
    answer = present(fields={"client_assertion_type": "saml"})

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_no_read_shows_the_key(http: httpx.Client, api: Api, client: dict[str, Any]) -> None:
    path = f"/clients/{client['client_id']}"
    (kept,) = api("GET", f"{path}/credentials", status=200)
    added = api("POST", f"{path}/credentials", credential("next"), status=201)
    changed = api(
        "PATCH", f"{path}/credentials/{kept['id']}", {"expires_at": "2099-01-01T00:00:00Z"}, status=200
    )
    one = api("GET", f"{path}/credentials/{kept['id']}", status=200)

    for shown in (kept, added, changed, one):
        assert {"id", "kid", "alg", "credential_type", "created_at"} <= set(shown)
        assert "pem" not in shown
    assert "BEGIN PUBLIC KEY" not in str(api("GET", path, status=200))


def test_a_snapshot_has_credentials(
    http: httpx.Client, api: Api, client: dict[str, Any], present: Present
) -> None:
    """What a snapshot can't tell, the key, is kept; a credential that it writes out with its key is made."""
    path = f"/clients/{client['client_id']}"
    shown = api("GET", path, status=200)
    pool = api("GET", f"{path}/credentials", status=200)

    def seed(*credentials: dict[str, Any]) -> httpx.Response:
        sections = {"clients": [{**shown, "credentials": list(credentials)}]}
        return http.post("/__sandbox__/seed", json={"sections": sections})

    assert seed(*pool).status_code == 204
    assert api("GET", f"{path}/credentials", status=200) == pool
    assert "credentials" not in api("GET", path, status=200)
    assert present().status_code == 200

    assert seed({**pool[0], "id": "cred_foreign"}, credential("written")).status_code == 204
    names = [each["name"] for each in api("GET", f"{path}/credentials", status=200)]
    assert names == ["mine", "written"]
    api("PATCH", path, link({"id": "cred_foreign"}), status=200)
    assert "pem" in reason(present())


@pytest.mark.parametrize("bad", [1, [1], [{"credential_type": "public_key", "pem": "x"}]])
def test_credentials_of_a_snapshot_that_are_none(http: httpx.Client, api: Api, bad: Any) -> None:
    sections = {"clients": [{"client_id": "c", "name": "C", "credentials": bad}]}

    assert http.post("/__sandbox__/seed", json={"sections": sections}).status_code == 400
    assert "C" not in [each["name"] for each in api("GET", "/clients", status=200)]

"""Auth0's own verifier of access tokens, as a Python API uses it, on the sandbox's tokens."""

from __future__ import annotations

import asyncio
import base64
import json
import warnings
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tenantctl.sandbox.tokens import DEFAULT_LIFETIME
from tests.cli.served import Served, run_process

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it uses a module of its JOSE library that this one deprecates
    from auth0_api_python import ApiClient, ApiClientOptions
    from auth0_api_python.errors import VerifyAccessTokenError

AUDIENCE = "https://aaa-api"


class Tenant:
    """A served sandbox with an API, a client and a grant; and the verifier of that API."""

    def __init__(self, served: Served, http: httpx.Client) -> None:
        self.http = http
        token = run_process("sandbox", "token", "--state", str(served.state)).stdout.strip()
        self.headers = {"Authorization": f"Bearer {token}"}
        self.domain = served.secure_domain
        scopes = [{"value": "read:a"}]
        self.api = self.call(
            "POST", "resource-servers", {"identifier": AUDIENCE, "name": "AAA", "scopes": scopes}
        )
        self.client = self.call("POST", "clients", {"name": "M2M", "app_type": "non_interactive"})
        self.call(
            "POST",
            "client-grants",
            {"client_id": self.client["client_id"], "audience": AUDIENCE, "scope": ["read:a"]},
        )

    def call(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.http.request(method, f"/api/v2/{path}", json=body, headers=self.headers)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def change_api(self, **fields: Any) -> None:
        self.call("PATCH", f"resource-servers/{self.api['id']}", fields)

    def token(self, **fields: Any) -> str:
        asked = {
            "grant_type": "client_credentials",
            "client_id": self.client["client_id"],
            "client_secret": self.client["client_secret"],
            "audience": AUDIENCE,
            **fields,
        }
        answer = self.http.post("/oauth/token", json=asked)
        answer.raise_for_status()
        return str(answer.json()["access_token"])

    def verify(self, token: str) -> dict[str, Any]:
        verifier = ApiClient(ApiClientOptions(domain=self.domain, audience=AUDIENCE))
        return dict(asyncio.run(verifier.verify_access_token(token)))


@pytest.fixture
def tenant(served: Served, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tenant]:
    monkeypatch.setenv("SSL_CERT_FILE", str(served.ca))
    with httpx.Client(base_url=f"https://{served.secure_domain}") as http:
        http.post("/__sandbox__/reset")
        yield Tenant(served, http)


def test_a_good_token_is_accepted(tenant: Tenant) -> None:
    claims = tenant.verify(tenant.token())
    assert claims["iss"] == f"https://{tenant.domain}/"
    assert claims["aud"] == AUDIENCE
    assert claims["scope"] == "read:a"
    assert claims["exp"] - claims["iat"] == DEFAULT_LIFETIME


def test_a_token_signed_before_the_rotation_is_accepted(tenant: Tenant) -> None:
    before = tenant.token()
    tenant.call("POST", "keys/signing/rotate")
    assert tenant.verify(before)["aud"] == AUDIENCE
    assert tenant.verify(tenant.token())["aud"] == AUDIENCE


def refused(tenant: Tenant, token: str) -> None:
    with pytest.raises(VerifyAccessTokenError):
        tenant.verify(token)


def test_the_wrong_algorithm_is_refused(tenant: Tenant) -> None:
    tenant.change_api(signing_alg="HS256", signing_secret="0123456789abcdef0123456789abcdef")
    refused(tenant, tenant.token())


def test_an_encrypted_token_is_refused(tenant: Tenant) -> None:
    refused(tenant, tenant.token(audience=""))


def test_another_audience_is_refused(tenant: Tenant) -> None:
    tenant.call("POST", "resource-servers", {"identifier": "https://other", "name": "Other"})
    grant = {"client_id": tenant.client["client_id"], "audience": "https://other", "scope": []}
    tenant.call("POST", "client-grants", grant)
    refused(tenant, tenant.token(audience="https://other"))


def test_a_revoked_key_is_refused(tenant: Tenant) -> None:
    token = tenant.token()
    (current,) = (key for key in tenant.call("GET", "keys/signing") if key["current"])
    tenant.call("POST", "keys/signing/rotate")
    tenant.call("PUT", f"keys/signing/{current['kid']}/revoke")
    refused(tenant, token)


def test_an_expired_token_is_refused(tenant: Tenant) -> None:
    tenant.change_api(token_lifetime=1)
    token = tenant.token()
    asyncio.run(asyncio.sleep(2.1))
    refused(tenant, token)


def test_a_changed_token_is_refused(tenant: Tenant) -> None:
    header, payload, signature = tenant.token().split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
    more = json.dumps({**claims, "scope": "read:a write:a"}).encode()
    changed = base64.urlsafe_b64encode(more).rstrip(b"=").decode()
    refused(tenant, f"{header}.{changed}.{signature}")

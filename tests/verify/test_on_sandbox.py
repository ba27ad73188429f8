"""Every failure that the scenario can meet, produced on the sandbox as an administrator would produce it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest
from joserfc.jwk import RSAKey
from tenacity import wait_none

from tenantctl.sandbox.app import make_app
from tenantctl.sandbox.store import SandboxStore
from tenantctl.states import Current
from tenantctl.verify.credentials import Places, find_credentials
from tenantctl.verify.entry import VerifyRequest
from tenantctl.verify.jwks import TenantKeys
from tenantctl.verify.known import KnownTenant
from tenantctl.verify.patience import Patience
from tenantctl.verify.results import CheckResult
from tenantctl.verify.run import RunOptions, run_checks
from tests.verify.makers import API, CLIENT, declared

ORIGIN = "https://sandbox.localhost"
TOKEN = "management-token-of-the-tests"
ENTRY = VerifyRequest(CLIENT, API, ("read:aaa",))
PATIENCE = Patience(2, wait_none())
Body = dict[str, Any]


@dataclass
class Tenant:
    """A sandbox with the AAA architecture on it, and its Management API."""

    http: httpx.AsyncClient
    api: str = ""
    client: str = ""
    grant: str = ""

    async def manage(self, method: str, path: str, body: Body | None = None) -> Any:
        url = path if path.startswith("/__sandbox__/") else f"/api/v2/{path}"
        answer = await self.http.request(method, url, json=body, headers={"Authorization": f"Bearer {TOKEN}"})
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    async def build(self) -> None:
        scopes = [{"value": "read:aaa"}, {"value": "write:aaa"}]
        api = {"name": "AAA", "identifier": API, "signing_alg": "RS256", "scopes": scopes}
        self.api = (await self.manage("POST", "resource-servers", api))["id"]
        client = {"name": CLIENT, "app_type": "non_interactive", "grant_types": ["client_credentials"]}
        self.client = (await self.manage("POST", "clients", client))["client_id"]
        grant = {"client_id": self.client, "audience": API, "scope": ["read:aaa"]}
        self.grant = (await self.manage("POST", "client-grants", grant))["id"]

    async def verify(self, *entries: VerifyRequest, patience: Patience = PATIENCE) -> tuple[CheckResult, ...]:
        live = await self.manage("GET", "clients")
        credentials = find_credentials(entries, Places(current_clients=live))
        apis = await self.manage("GET", "resource-servers")
        sections = {"clients": tuple(live), "resourceServers": tuple(apis)}
        known = KnownTenant(declared(), Current("sandbox.localhost", sections))
        return await run_checks(self.http, ORIGIN, entries, credentials, known, RunOptions(patience=patience))


def on_sandbox(steps: Callable[[Tenant], Awaitable[None]]) -> None:
    async def go() -> None:
        with SandboxStore(None) as store:
            transport = httpx.ASGITransport(make_app(store, management_token=TOKEN))
            async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as http:
                tenant = Tenant(http)
                await tenant.build()
                await steps(tenant)

    asyncio.run(go())


def patch_api(**body: Any) -> Callable[[Tenant], Awaitable[Any]]:
    return lambda tenant: tenant.manage("PATCH", f"resource-servers/{tenant.api}", body)


def patch_client(**body: Any) -> Callable[[Tenant], Awaitable[Any]]:
    return lambda tenant: tenant.manage("PATCH", f"clients/{tenant.client}", body)


PEM = RSAKey.generate_key(2048).as_pem(private=False).decode()
ENCRYPTION = {
    "format": "compact-nested-jwe",
    "encryption_key": {"name": "k", "kid": "enc-1", "alg": "RSA-OAEP-256", "pem": PEM},
}
API_ADDRESS = f"resourceServers/{API}"
GRANT = f"clientGrants/{CLIENT}:{API}"


@dataclass(frozen=True)
class Failure:
    change: Callable[[Tenant], Awaitable[Any]]
    code: str
    address: str | None
    field: str | None
    entry: VerifyRequest = ENTRY


async def nothing(_: Tenant) -> None:
    """Leave the tenant as it is; the request is what is wrong."""


FAILURES: Mapping[str, Failure] = {
    "JWE dir": Failure(
        nothing, "token-encrypted-userinfo", "tenantctl/verify", "audience", VerifyRequest(CLIENT, None)
    ),
    "JWE by token_encryption": Failure(
        patch_api(token_encryption=ENCRYPTION), "token-encrypted-api", API_ADDRESS, "token_encryption"
    ),
    "HS256": Failure(
        patch_api(signing_alg="HS256", signing_secret="0123456789abcdef0123456789abcdef"),
        "wrong-algorithm", API_ADDRESS, "signing_alg",
    ),
    "PS256": Failure(patch_api(signing_alg="PS256"), "wrong-algorithm", API_ADDRESS, "signing_alg"),
    "grant type": Failure(
        patch_client(grant_types=["authorization_code"]),
        "grant-type-not-allowed", f"clients/{CLIENT}", "grant_types",
    ),
    "grant deleted": Failure(
        lambda tenant: tenant.manage("DELETE", f"client-grants/{tenant.grant}"),
        "client-grant-missing", GRANT, "audience",
    ),
    "scope": Failure(
        nothing, "scope-not-granted", GRANT, "scope", replace(ENTRY, scopes=("read:aaa", "write:aaa"))
    ),
    "trailing slash": Failure(
        nothing, "unknown-audience", API_ADDRESS, "identifier", replace(ENTRY, audience=f"{API}/")
    ),
    "API deleted": Failure(
        lambda tenant: tenant.manage("DELETE", f"resource-servers/{tenant.api}"),
        "unknown-audience", API_ADDRESS, "identifier",
    ),
    "stale key set": Failure(
        lambda tenant: tenant.manage("PUT", "/__sandbox__/faults", {"stale_jwks": True}),
        "key-not-in-jwks", None, None,
    ),
    "wider grant": Failure(
        lambda tenant: tenant.manage(
            "PATCH", f"client-grants/{tenant.grant}", {"scope": ["read:aaa", "write:aaa"]}
        ),
        "scope-beyond-grant", GRANT, "scope", VerifyRequest(CLIENT, API),
    ),
}  # fmt: skip


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES.keys())
def test_each_failure_is_named(failure: Failure) -> None:
    async def steps(tenant: Tenant) -> None:
        assert [check.code for check in await tenant.verify(ENTRY)] == [None]
        await failure.change(tenant)
        (check,) = await tenant.verify(failure.entry)
        assert (check.code, check.address, check.field) == (failure.code, failure.address, failure.field)

    on_sandbox(steps)


def test_deny_all() -> None:
    async def steps(tenant: Tenant) -> None:
        policy = {"client": {"policy": "deny_all"}, "user": {"policy": "allow_all"}}
        await patch_api(subject_type_authorization=policy)(tenant)
        (check,) = await tenant.verify(ENTRY)
        assert (check.code, check.address) == ("client-grant-missing", API_ADDRESS)
        assert check.field == "subject_type_authorization.client.policy"

    on_sandbox(steps)


def test_wrong_secret() -> None:
    async def steps(tenant: Tenant) -> None:
        variables = {"AUTH0_M2M_CLIENT_ID": tenant.client, "AUTH0_M2M_CLIENT_SECRET": "stale"}
        live = await tenant.manage("GET", "clients")
        credentials = find_credentials(
            [ENTRY], Places(sources=[(".env.local", variables)], current_clients=live)
        )
        (check,) = await run_checks(tenant.http, ORIGIN, [ENTRY], credentials)
        assert (check.code, check.field) == ("bad-credentials", "token_endpoint_auth_method")
        assert check.cause is not None
        assert ".env.local" in check.cause

    on_sandbox(steps)


def test_client_secret_basic_and_rfc_9068() -> None:
    async def steps(tenant: Tenant) -> None:
        await patch_client(token_endpoint_auth_method="client_secret_basic")(tenant)
        await patch_api(token_dialect="rfc9068_profile_authz", enforce_policies=True)(tenant)
        (check,) = await tenant.verify(ENTRY)
        assert check.ok, check
        assert check.token is not None
        assert check.token.header is not None
        assert check.token.header["typ"] == "at+jwt"

    on_sandbox(steps)


@pytest.mark.parametrize("alg", ["RS512", "PS256"])
def test_other_algorithms_when_they_are_expected(alg: str) -> None:
    async def steps(tenant: Tenant) -> None:
        await patch_api(signing_alg=alg)(tenant)
        (check,) = await tenant.verify(replace(ENTRY, algorithm=alg))
        assert check.ok, check

    on_sandbox(steps)


def test_a_rotated_key_is_found() -> None:
    async def steps(tenant: Tenant) -> None:
        (before,) = await tenant.verify(ENTRY)
        await tenant.manage("POST", "keys/signing/rotate")
        (after,) = await tenant.verify(ENTRY)
        assert before.token is not None
        assert after.token is not None
        assert after.ok
        assert before.token.kid != after.token.kid
        keys = TenantKeys(tenant.http, ORIGIN, PATIENCE)
        assert (await keys.find(before.token.kid)).key is not None

    on_sandbox(steps)


def test_a_fault_that_passes_is_waited_out() -> None:
    async def steps(tenant: Tenant) -> None:
        faults = "/__sandbox__/faults"
        await tenant.manage("PUT", faults, {"stale_jwks": True})

        async def mend_later() -> None:
            while True:
                seen = (await tenant.manage("GET", "/__sandbox__/requests"))["requests"]
                if any("jwks.json" in str(request) for request in seen):
                    break
                await asyncio.sleep(0)
            await tenant.manage("PUT", faults, {"stale_jwks": False})

        mending = asyncio.create_task(mend_later())
        (check,) = await tenant.verify(ENTRY, patience=Patience(500, wait_none()))
        await mending
        assert check.ok
        assert check.attempts > 1

    on_sandbox(steps)

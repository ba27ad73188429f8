"""Keys of clients (private_key_jwt and the like): written out in the file, linked by id on the tenant."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from tenantctl.apply.outcome import Outcome
from tenantctl.plan.model import Plan
from tenantctl.states import Desired
from tests.apply.runs import Between, Run, on_sandbox
from tests.states import make_desired

NAME = "Batch"
EXPIRES = datetime(2040, 5, 6, 7, 8, 9, tzinfo=UTC)


@cache
def private_key(label: str) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def pem(label: str) -> str:
    public = private_key(label).public_key()
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def certificate(label: str) -> str:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, label)])
    key = private_key(label)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(EXPIRES - timedelta(days=9999))
        .not_valid_after(EXPIRES)
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(Encoding.PEM).decode()


def credential(label: str, **members: Any) -> dict[str, Any]:
    return {"name": label, "credential_type": "public_key", "pem": pem(label), **members}


def client(**fields: Any) -> Desired:
    return make_desired(clients=[{"name": NAME, "app_type": "non_interactive", **fields}])


def with_keys(*credentials: Mapping[str, Any], **fields: Any) -> Desired:
    methods = {"private_key_jwt": {"credentials": list(credentials)}}
    return client(client_authentication_methods=methods, **fields)


class Tenant:
    """A run in which writes are noted, with ids left out of their paths."""

    def __init__(self, run: Run, between: Between) -> None:
        self.run = run
        self.between = between

    async def apply(self, desired: Desired) -> tuple[Plan, Outcome, list[str]]:
        self.between.writes.clear()
        plan, outcome = await self.run.apply(desired)
        return plan, outcome, [without_ids(request) for request in self.between.writes]

    async def settle(self, desired: Desired) -> list[str]:
        """Apply, see that all went well and that nothing is left to do; return the writes."""
        _, outcome, writes = await self.apply(desired)
        assert [result.problem for result in outcome.results if result.problem] == []
        again, _, more = await self.apply(desired)
        assert [change.fields for change in again.changes] == []
        assert more == []
        return writes

    async def client(self) -> dict[str, Any]:
        clients = await self.run.manage("GET", "/clients")
        return next(each for each in clients if each["name"] == NAME)

    async def credentials(self) -> dict[str, dict[str, Any]]:
        found = await self.run.manage("GET", f"/clients/{(await self.client())['client_id']}/credentials")
        return {each["name"]: each for each in found}


def without_ids(request: str) -> str:
    method, path = request.split(" ")
    steps = path.strip("/").split("/")
    return f"{method} {'/'.join(step for index, step in enumerate(steps) if index % 2 == 0)}"


def on_tenant(steps: Any) -> Any:
    between: list[Between] = []

    def wrap(app: Any) -> Between:
        between.append(Between(app, {}))
        return between[0]

    return on_sandbox(lambda run: steps(Tenant(run, between[0])), wrap)


ADD, WIRE, DROP = "POST clients/credentials", "PATCH clients", "DELETE clients/credentials"


def test_new_client_takes_its_keys_along() -> None:
    async def steps(tenant: Tenant) -> None:
        assert await tenant.settle(with_keys(credential("one"))) == ["POST clients"]
        live = await tenant.client()
        held = await tenant.credentials()
        linked = live["client_authentication_methods"]["private_key_jwt"]["credentials"]
        assert linked == [{"id": held["one"]["id"]}]
        assert "pem" not in held["one"]
        assert "client_secret" not in live

    on_tenant(steps)


def test_existing_client_gets_keys_in_place_of_its_secret() -> None:
    async def steps(tenant: Tenant) -> None:
        await tenant.settle(client(token_endpoint_auth_method="client_secret_post"))
        assert await tenant.settle(with_keys(credential("one"), credential("two"))) == [ADD, ADD, WIRE]
        live = await tenant.client()
        assert live.get("token_endpoint_auth_method") is None

    on_tenant(steps)


def test_key_is_changed_without_a_gap() -> None:
    async def steps(tenant: Tenant) -> None:
        await tenant.settle(with_keys(credential("one")))
        other = {**credential("one"), "pem": pem("another")}
        assert await tenant.settle(with_keys(other)) == [ADD, WIRE, DROP]

    on_tenant(steps)


def test_both_keys_are_changed_one_after_the_other() -> None:
    async def steps(tenant: Tenant) -> None:
        await tenant.settle(with_keys(credential("one"), credential("two")))
        writes = await tenant.settle(with_keys(credential("three"), credential("four")))
        assert writes == [WIRE, DROP, ADD, WIRE, DROP, ADD, WIRE]
        assert set(await tenant.credentials()) == {"three", "four"}

    on_tenant(steps)


def test_rename_makes_another_credential() -> None:
    async def steps(tenant: Tenant) -> None:
        await tenant.settle(with_keys(credential("one")))
        assert await tenant.settle(with_keys({**credential("one"), "name": "uno"})) == [ADD, WIRE, DROP]

    on_tenant(steps)


def test_expiry_alone_touches_the_credential_alone() -> None:
    async def steps(tenant: Tenant) -> None:
        await tenant.settle(with_keys(credential("one", expires_at="2040-01-01T00:00:00Z")))
        later = with_keys(credential("one", expires_at="2041-01-01T00:00:00+02:00"))
        assert await tenant.settle(later) == ["PATCH clients/credentials"]
        assert (await tenant.credentials())["one"]["expires_at"] == "2040-12-31T22:00:00.000Z"

    on_tenant(steps)


def test_expiry_is_read_from_the_certificate() -> None:
    async def steps(tenant: Tenant) -> None:
        signed = {**credential("one"), "pem": certificate("one"), "parse_expiry_from_cert": True}
        await tenant.settle(with_keys(signed))
        held = await tenant.credentials()
        assert held["one"]["expires_at"] == "2040-05-06T07:08:09.000Z"

    on_tenant(steps)


def test_back_to_a_secret_removes_the_keys() -> None:
    async def steps(tenant: Tenant) -> None:
        await tenant.settle(with_keys(credential("one")))
        assert await tenant.settle(client(token_endpoint_auth_method="client_secret_post")) == [WIRE, DROP]
        assert await tenant.credentials() == {}
        assert (await tenant.client())["client_secret"]

    on_tenant(steps)


def test_other_method_takes_the_place_of_the_first() -> None:
    async def steps(tenant: Tenant) -> None:
        await tenant.settle(with_keys(credential("one")))
        subject = {"name": "tls", "credential_type": "cert_subject_dn", "subject_dn": "CN=batch"}
        methods = {"tls_client_auth": {"credentials": [subject]}}
        assert await tenant.settle(client(client_authentication_methods=methods)) == [ADD, WIRE, DROP]
        assert set((await tenant.client())["client_authentication_methods"]) == {"tls_client_auth"}

    on_tenant(steps)


def test_credential_of_an_apply_that_broke_off_is_used() -> None:
    async def steps(tenant: Tenant) -> None:
        await tenant.settle(client())
        live = await tenant.client()
        await tenant.run.manage("POST", f"/clients/{live['client_id']}/credentials", credential("one"))
        assert await tenant.settle(with_keys(credential("one"))) == [WIRE]

    on_tenant(steps)


def test_keys_of_one_purpose_leave_those_of_another() -> None:
    async def steps(tenant: Tenant) -> None:
        await tenant.settle(with_keys(credential("one")))
        signed = {"required": True, "credentials": [credential("request")]}
        both = with_keys(credential("one"), signed_request_object=signed)
        assert await tenant.settle(both) == [ADD, WIRE]
        assert set(await tenant.credentials()) == {"one", "request"}
        unsigned = with_keys(credential("one"), signed_request_object={"required": False, "credentials": []})
        assert await tenant.settle(unsigned) == [WIRE, DROP]

    on_tenant(steps)


def test_order_of_keys_means_nothing() -> None:
    async def steps(tenant: Tenant) -> None:
        await tenant.settle(with_keys(credential("one"), credential("two")))
        assert await tenant.settle(with_keys(credential("two"), credential("one"))) == []

    on_tenant(steps)


def test_ids_may_be_written_instead() -> None:
    async def steps(tenant: Tenant) -> None:
        await tenant.settle(with_keys(credential("one")))
        held = await tenant.credentials()
        assert await tenant.settle(with_keys({"id": held["one"]["id"]})) == []

    on_tenant(steps)


def test_what_is_no_key_is_refused_by_the_tenant() -> None:
    async def steps(tenant: Tenant) -> None:
        await tenant.settle(client())
        _, outcome, writes = await tenant.apply(with_keys({**credential("one"), "pem": "nonsense"}))
        assert writes == [ADD]
        assert not outcome.ok

    on_tenant(steps)


@pytest.mark.parametrize("unmanaged", ["one", "two"])
def test_plan_names_each_key(unmanaged: str) -> None:
    async def steps(tenant: Tenant) -> Plan:
        await tenant.settle(with_keys(credential("one"), credential("two")))
        (kept,) = {"one", "two"} - {unmanaged}
        return await tenant.run.plan(with_keys(credential(kept), credential("three")))

    plan = on_tenant(steps)
    (change,) = plan.changes
    added, removed = change.fields
    assert added.path == "client_authentication_methods.private_key_jwt.credentials[three]"
    assert added.before is None
    assert removed.before["name"] == unmanaged
    assert removed.after is None

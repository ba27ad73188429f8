"""What holds for a tenant, whether it is the sandbox, a cassette, or a live one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import quote

from joserfc import jwt
from joserfc.jwk import KeySet

from tenantctl.catalog.endpoints import Endpoint
from tenantctl.catalog.registry import BY_SECTION
from tenantctl.catalog.spec import ResourceType
from tenantctl.tenant.client import TenantClient
from tenantctl.tenant.errors import RequestError
from tenantctl.tenant.paging import read_list
from tests.contract.samples import A_CLIENT, A_GRANT, AN_API, API, SAMPLES, Body, Sample

Objects = Mapping[str, Mapping[str, Any]]


async def live_through(client: TenantClient, resource_type: ResourceType) -> None:
    """Carry the contract of a type out from create to delete, and leave nothing behind."""
    sample = SAMPLES[resource_type.section]
    if resource_type.is_singleton:
        await _settings(client, resource_type, sample)
        return
    async with _existing(client, sample.needed) as needed:
        wanted = _filled(sample.create, needed)
        object_id = await _create(client, resource_type, wanted)
        await _update(client, resource_type, object_id, {**wanted, **sample.update}, sample.update)
        await _clear(client, resource_type, object_id, sample.clear)
        await _associate(client, resource_type, object_id, sample.items)
        await _delete(client, resource_type, object_id)


async def _send(
    client: TenantClient, endpoint: Endpoint | None, object_id: str = "", body: Any = None
) -> Any:
    assert endpoint is not None
    return await client.request(endpoint.method, endpoint.url(id=object_id), body=body)


@asynccontextmanager
async def _existing(client: TenantClient, bodies: Mapping[str, Body]) -> AsyncIterator[Objects]:
    """Create an object in each of several sections, and delete them in the end, the last one first."""
    made: dict[str, Mapping[str, Any]] = {}
    try:
        for section, body in bodies.items():
            made[section] = await _send(client, BY_SECTION[section].create, body=_filled(body, made))
        yield made
    finally:
        for section, each in reversed(made.items()):
            resource_type = BY_SECTION[section]
            await _send(client, resource_type.delete, each[resource_type.id_field or ""])


def _filled(body: Body, objects: Objects) -> dict[str, Any]:
    """Return the body with ``{section.field}`` replaced by what the section's object has there."""
    values = {f"{{{section}.{name}}}": each[name] for section, each in objects.items() for name in each}
    return {
        name: values.get(value, value) if isinstance(value, str) else value for name, value in body.items()
    }


def _holds(live: Mapping[str, Any], wanted: Body) -> None:
    assert {name: live.get(name) for name in wanted} == wanted


async def _listed(client: TenantClient, resource_type: ResourceType) -> list[Any]:
    assert resource_type.listing is not None
    return [each[resource_type.id_field or ""] for each in await read_list(client, resource_type.listing)]


async def _create(client: TenantClient, resource_type: ResourceType, wanted: Body) -> str:
    created = await _send(client, resource_type.create, body=wanted)
    object_id = created[resource_type.id_field or ""]
    _holds(created, wanted)
    _holds(await _read_one(client, resource_type, object_id), wanted)
    assert (await _listed(client, resource_type)).count(object_id) == 1
    return str(object_id)


async def _update(
    client: TenantClient, resource_type: ResourceType, object_id: str, expected: Body, update: Body
) -> None:
    _holds(await _send(client, resource_type.update, object_id, update), update)
    _holds(await _read_one(client, resource_type, object_id), expected)


async def _clear(client: TenantClient, resource_type: ResourceType, object_id: str, clear: Body) -> None:
    await _send(client, resource_type.update, object_id, clear)
    live = await _read_one(client, resource_type, object_id)
    assert [name for name in clear if live.get(name)] == []


async def _associate(
    client: TenantClient, resource_type: ResourceType, object_id: str, items: Mapping[str, Body]
) -> None:
    assert {association.field for association in resource_type.associations} == set(items)
    for association in resource_type.associations:
        item = items[association.field]
        await _send(client, association.add, object_id, {association.wrapper: [item]})
        (live,) = await read_list(client, association.listing, id=object_id)
        _holds(live, item)
        await _send(client, association.remove, object_id, {association.wrapper: [item]})
        assert await read_list(client, association.listing, id=object_id) == []


async def _delete(client: TenantClient, resource_type: ResourceType, object_id: str) -> None:
    await _send(client, resource_type.delete, object_id)
    try:
        await _read_one(client, resource_type, object_id)
    except RequestError as error:
        assert error.status == 404  # noqa: PT017 - the suite runs in the recorder too, without pytest
    else:
        raise AssertionError(f"{resource_type.title} {object_id} is still there")
    assert object_id not in await _listed(client, resource_type)


async def _settings(client: TenantClient, resource_type: ResourceType, sample: Sample) -> None:
    """Change settings, and put back what they were."""
    before = await _read_one(client, resource_type, "")
    try:
        await _update(client, resource_type, "", sample.update, sample.update)
        await _clear(client, resource_type, "", sample.clear)
    finally:
        kept = {name: before.get(name, "") for name in {**sample.update, **sample.clear}}
        await _send(client, resource_type.update, body=kept)
    _holds(await _read_one(client, resource_type, ""), kept)


async def prove_tokens(client: TenantClient, *, secrets_are_real: bool) -> None:
    """Get a token for a declared API, and see that it is an RS256 JWT whose key is in the JWK Set.

    secrets_are_real: whether tokens are; in a cassette they are scrubbed.
    """
    async with _existing(client, {"resourceServers": AN_API, "clients": A_CLIENT}) as made:
        machine = made["clients"]
        status, refused = await _ask_token(client, machine)
        assert (status, refused["error"]) == (403, "access_denied")
        async with _existing(client, {"clientGrants": _filled(A_GRANT, made)}):
            status, granted = await _ask_token(client, machine)
            assert (status, granted["token_type"], granted["scope"]) == (200, "Bearer", "read:a")
        keys = (await client.http.get(f"{client.target.origin}/.well-known/jwks.json")).json()
        assert {(key["kty"], key["use"]) for key in keys["keys"]} == {("RSA", "sig")}
        if secrets_are_real:
            _verify(granted["access_token"], keys, f"{client.target.origin}/")


async def _ask_token(client: TenantClient, machine: Mapping[str, Any]) -> tuple[int, Any]:
    form = {
        "grant_type": "client_credentials",
        "client_id": machine["client_id"],
        "client_secret": machine["client_secret"],
        "audience": API,
    }
    response = await client.http.post(f"{client.target.origin}/oauth/token", json=form)
    return response.status_code, response.json()


def _verify(token: str, keys: Any, issuer: str) -> None:
    read = jwt.decode(token, KeySet.import_key_set(keys), algorithms=["RS256"])
    assert read.header["alg"] == "RS256"
    assert (read.claims["iss"], read.claims["aud"], read.claims["scope"]) == (issuer, API, "read:a")


async def _read_one(client: TenantClient, resource_type: ResourceType, object_id: str) -> Mapping[str, Any]:
    assert resource_type.get is not None, resource_type.section
    path = resource_type.get.url(id=quote(object_id, safe=""))
    answer: Mapping[str, Any] = await client.request(resource_type.get.method, path)
    return answer

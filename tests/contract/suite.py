"""What holds for a tenant, whether it is the sandbox, a cassette, or a live one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from joserfc import jwt
from joserfc.jwk import KeySet

from tenantctl.apply.executor import apply_plan
from tenantctl.catalog.keys import key_of
from tenantctl.catalog.registry import BY_SECTION
from tenantctl.catalog.spec import ResourceType
from tenantctl.plan.interest import make_interest
from tenantctl.plan.model import Action, Plan
from tenantctl.plan.planner import make_plan
from tenantctl.plan.policy import Policy
from tenantctl.states import Current
from tenantctl.tenant.client import TenantClient
from tenantctl.tenant.paging import read_list
from tenantctl.tenant.read import read_current
from tests.contract.samples import A_CLIENT, A_GRANT, AN_API, API, Sample
from tests.entries import Entry
from tests.states import make_desired

Sections = Mapping[str, list[Entry]]


async def live_through(client: TenantClient, resource_type: ResourceType, sample: Sample) -> None:
    """Carry the contract of a type out: what a tenant took is what it returns, until it is gone again.

    Nothing is left behind: what was created is deleted, settings are what they were.
    """
    section = resource_type.section
    async with existing(client, sample.needed):
        first, *later = [{**sample.needed, section: [entry]} for entry in sample.life]
        before = current = await read(client, first)
        try:
            for each in (first, *later):
                current = await settle(client, each, current)
        finally:
            if resource_type.delete is None:
                as_before = _as_before(resource_type, sample.life[0], before)
                await settle(client, {section: [as_before]}, await read(client, first))
            else:
                await delete(client, first, section)
                gone = make_plan(make_desired(**first), await read(client, first))
                assert [change.action for change in gone.changes] == [Action.CREATE]


@asynccontextmanager
async def existing(client: TenantClient, sections: Sections) -> AsyncIterator[None]:
    """Have resources of some sections there, and delete them in the end, the last ones first."""
    made: list[str] = []
    try:
        for section, entries in sections.items():
            made.append(section)
            own: Sections = {section: entries}
            await settle(client, own, await read(client, own))
        yield
    finally:
        for section in reversed(made):
            await delete(client, {section: sections[section]}, section)


async def read(client: TenantClient, sections: Sections) -> Current:
    return await read_current(client, make_interest(make_desired(**sections)))


async def settle(client: TenantClient, sections: Sections, before: Current) -> Current:
    """Apply sections and return what is there then: nothing else than what they say."""
    desired = make_desired(**sections)
    await _apply(client, make_plan(desired, before))
    after = await read(client, sections)
    left = make_plan(desired, after)
    assert [(change.address, change.fields) for change in left.changes] == []
    return after


async def _apply(client: TenantClient, plan: Plan) -> None:
    outcome = await apply_plan(plan, client)
    assert outcome.ok, [result.problem for result in outcome.results if result.problem]


async def delete(client: TenantClient, sections: Sections, section: str) -> None:
    """Delete the resources of one section, and no other ones."""
    own = tuple(resource.address for resource in make_desired(**sections).sections[section])
    policy = Policy(prune=frozenset({section}), only=own, force_unsafe=frozenset({section}))
    without: dict[str, list[Entry]] = {**sections, section: []}
    await _apply(client, make_plan(make_desired(**without), await read(client, without), policy))


def _as_before(resource_type: ResourceType, entry: Entry, before: Current) -> Entry:
    """Return an entry with what its fields were when its object was read."""
    objects = before.sections[resource_type.section]
    key = key_of(resource_type, entry)
    live = next((each for each in objects if key_of(resource_type, each) == key), {})
    kept = {*resource_type.key, *(name for name in resource_type.not_null if live.get(name) is None)}
    return {name: value if name in kept else live.get(name) for name, value in entry.items()}


async def prove_tokens(client: TenantClient, *, secrets_are_real: bool) -> None:
    """Get a token for a declared API, and see that it is an RS256 JWT whose key is in the JWK Set.

    secrets_are_real: whether tokens are; in a cassette they are scrubbed.
    """
    async with existing(client, {"resourceServers": [AN_API], "clients": [A_CLIENT]}):
        (machine,) = await _named(client, "clients", A_CLIENT["name"])
        status, refused = await _ask_token(client, machine)
        assert (status, refused["error"]) == (403, "access_denied")
        async with existing(client, {"clientGrants": [A_GRANT]}):
            status, granted = await _ask_token(client, machine)
            assert (status, granted["token_type"], granted["scope"]) == (200, "Bearer", "read:a")
        keys = (await client.http.get(f"{client.target.origin}/.well-known/jwks.json")).json()
        assert {(key["kty"], key["use"]) for key in keys["keys"]} == {("RSA", "sig")}
        if secrets_are_real:
            _verify(granted["access_token"], keys, f"{client.target.origin}/")


async def _named(client: TenantClient, section: str, name: str) -> list[Mapping[str, Any]]:
    listing = BY_SECTION[section].listing
    assert listing is not None
    return [each for each in await read_list(client, listing) if each["name"] == name]


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

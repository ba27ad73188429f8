"""The life of an object of every type, through the methods of Auth0's own SDKs.

The tool plans and applies; an SDK sends what it asks for, with the types that it declares, and takes the
answers for what it says they are. So neither the tool nor the sandbox is the judge of the other.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator, Mapping
from itertools import product

import httpx
import pytest

from tenantctl.catalog.endpoints import Endpoint
from tenantctl.catalog.fields import fields_of
from tenantctl.catalog.registry import RESOURCE_TYPES
from tenantctl.catalog.spec import ResourceType
from tenantctl.sandbox.routes import endpoints_of, is_placeholder
from tenantctl.states import Current
from tenantctl.tenant.details import names_of
from tenantctl.tenant.paging import read_list
from tenantctl.tenant.refusals import path_of, read_endpoint
from tenantctl.tenant.settings import Credentials, Target
from tests.cli.served import Served
from tests.contract.suite import delete, existing, read, settle
from tests.entries import DECLARABLE, VARIANTS, Entry, cleared, each_of, entry_of, every_type, needed
from tests.peers.sdk_node import run_node_sdk
from tests.peers.sdk_python import PythonSdk
from tests.peers.sdks import Request, Sdk, ThroughSdk, steps_of

PYTHON, NODE = "auth0-python", "auth0-node"

LEFT_OUT: Mapping[str, Mapping[str, str]] = {
    "resourceServers": {
        "token_encryption": "recorded tenants leave the PEM out of answers; the model can't do without it"
    },
    "clients": {"express_configuration": "made-up values lack the application that it leads to"},
    "guardianFactorProviders": dict.fromkeys(
        (
            *("aws_access_key_id", "aws_secret_access_key", "aws_region", "sandbox", "bundle_id", "p12"),
            *("sns_apns_platform_application_arn", "sns_gcm_platform_application_arn"),
            *("server_key", "server_credentials"),
        ),
        "it belongs to another provider than Twilio",
    ),
}
"""Fields that no SDK is tried with, by section, and why."""

_NOT_OFFERED = "the sandbox tells every item of such a list by itself, the API does not"
_NO_CLIENT = "auth0 7.1.0 has no client for it"
_OF_OTHERS = {
    "* /guardian/factors/webauthn-": "other clients of the API read and write these settings",
    "* /prompts/mfa-push": "other clients of the API read and write the names of an app of one's own",
}
LACKING: Mapping[str, Mapping[str, str]] = {
    PYTHON: {
        **_OF_OTHERS,
        "GET /connections/{id}/scim-configuration/tokens/{item}": _NOT_OFFERED,
        "GET /organizations/{id}/client-grants/{item}": _NOT_OFFERED,
    },
    NODE: {
        **_OF_OTHERS,
        "GET /connections/{id}/scim-configuration/tokens/{item}": _NOT_OFFERED,
        "GET /organizations/{id}/client-grants/{item}": _NOT_OFFERED,
        "* /attack-protection/captcha/policies": _NO_CLIENT,
        "* /client-profiles": _NO_CLIENT,
        "* /experimentation": _NO_CLIENT,
    },
}
"""What an SDK has no method for, by operation or by the beginning of the path, and why."""

_RECORDED = "recorded tenants take it; the SDK knows it of answers alone"
FOREIGN: Mapping[str, Mapping[str, str]] = {
    "resourceServers": {
        "resource_servers.create token_lifetime_for_web": _RECORDED,
        "resource_servers.update token_lifetime_for_web": _RECORDED,
    },
    "rules": {"rules.create stage": _RECORDED},
}
"""Members of bodies that auth0-python has no argument for, by section, and why they are sent."""


@pytest.fixture(scope="module", params=[PYTHON, NODE])
def sdk(request: pytest.FixtureRequest, served: Served, token: str) -> Iterator[Sdk]:
    if request.param == NODE:
        with run_node_sdk(str(shutil.which("node")), request.getfixturevalue("node_env")) as node:
            yield node
        return
    with PythonSdk(served.secure_domain, token, served.ca) as python:
        yield python


@pytest.fixture
def target(served: Served, token: str, sdk: Sdk) -> Target:
    sdk.foreign.clear()
    httpx.post(f"{served.url}/__sandbox__/reset").raise_for_status()
    return Target(origin=served.url, credentials=Credentials(access_token=token))


@every_type
def test_the_life_of_an_object(sdk: Sdk, target: Target, resource_type: ResourceType) -> None:
    async def go() -> None:
        async with ThroughSdk(target, sdk) as client:
            await live_through(client, resource_type)
            assert {each for each in not_sent(client, resource_type) if not reason(sdk, each)} == set()
            if sdk.name == PYTHON:
                assert sdk.foreign == FOREIGN.get(resource_type.section, {}).keys()

    asyncio.run(go())


async def live_through(client: ThroughSdk, resource_type: ResourceType) -> None:
    """Create, read, list, change, clear and delete an object with a value for every field."""
    section = resource_type.section
    first, second = (entry_for_sdks(resource_type, variant) for variant in VARIANTS)
    life = (first, second, cleared(resource_type, second))
    others = needed(resource_type, life)
    async with existing(client, others):
        for each in life:
            wanted = {**others, section: [each]}
            current = await settle(client, wanted, await read(client, wanted))
            await look_at(client, resource_type, current)
        await touch(client, resource_type, current)
        if resource_type.delete:
            await delete(client, {**others, section: [first]}, section)


def entry_for_sdks(resource_type: ResourceType, variant: int) -> Entry:
    left_out = LEFT_OUT.get(resource_type.section, {})
    made = entry_of(resource_type, variant)
    return {name: value for name, value in made.items() if name not in left_out}


async def look_at(client: ThroughSdk, resource_type: ResourceType, current: Current) -> None:
    """Read each object by itself, as the tool does only where there is no list."""
    for each in current.sections[resource_type.section] if resource_type.get else ():
        assert resource_type.get
        names = {} if resource_type.is_singleton else names_of(resource_type, each)
        await read_endpoint(client, resource_type.get, names)


async def touch(client: ThroughSdk, resource_type: ResourceType, current: Current) -> None:
    """Update an object of which the tool had nothing to change, as reads show nothing that can be."""
    if resource_type.update is None or called(resource_type.update) not in not_sent(client, resource_type):
        return
    each = current.sections[resource_type.section][0]
    body = {name: each[name] for name in resource_type.key}
    path = path_of(resource_type.update, names_of(resource_type, each))
    await client.request(resource_type.update.method, path, body=resource_type.encode(body))


def not_sent(client: ThroughSdk, resource_type: ResourceType) -> set[str]:
    """Return the operations on objects of a type that went through no method of the SDK."""
    operations = [resource_type.create, resource_type.get, resource_type.update, resource_type.delete]
    operations += [resource_type.listing.endpoint] if resource_type.listing else []
    return {
        called(endpoint)
        for endpoint in operations
        if endpoint and not any(fits(endpoint, steps) for steps in client.by_sdk.get(endpoint.method, ()))
    }


def called(endpoint: Endpoint) -> str:
    return f"{endpoint.method} {endpoint.path}"


def fits(endpoint: Endpoint, steps: tuple[str, ...]) -> bool:
    own = endpoint.path.strip("/").split("/")
    return len(own) == len(steps) and all(
        is_placeholder(mine) or mine == step for mine, step in zip(own, steps, strict=True)
    )


@each_of([each for each in RESOURCE_TYPES if each not in DECLARABLE])
def test_what_no_file_declares_is_read(sdk: Sdk, target: Target, resource_type: ResourceType) -> None:
    async def go() -> None:
        async with ThroughSdk(target, sdk) as client:
            assert resource_type.listing
            assert resource_type.get
            for each in await read_list(client, resource_type.listing):
                await read_endpoint(client, resource_type.get, names_of(resource_type, each))
            assert client.by_sdk

    asyncio.run(go())


def test_every_operation_has_a_method_or_a_reason(sdk: Sdk) -> None:
    unknown = {
        called(endpoint)
        for resource_type in RESOURCE_TYPES
        for endpoint in endpoints_of(resource_type)
        if not any(sdk.knows(Request(endpoint.method, steps)) for steps in paths_of(resource_type, endpoint))
    }
    assert {operation for operation in unknown if not reason(sdk, operation)} == set()
    assert {reason(sdk, operation) for operation in unknown} == LACKING[sdk.name].keys()


def reason(sdk: Sdk, operation: str) -> str:
    """Return what is written down of an operation that an SDK lacks."""
    anything = f"* {operation.partition(' ')[2]}"
    found = (each for each in LACKING[sdk.name] if each == operation or anything.startswith(each))
    return next(found, "")


def paths_of(resource_type: ResourceType, endpoint: Endpoint) -> list[tuple[str, ...]]:
    """Return the paths of an operation: one for each name that a key of few values has."""
    known = fields_of(resource_type)
    chosen = [name for name in resource_type.key if f"{{{name}}}" in endpoint.path and known[name].enum]
    names = {step.strip("{}"): "x" for step in endpoint.path.split("/") if is_placeholder(step)}
    choices = product(*(known[name].enum for name in chosen))
    ids = [{**names, **dict(zip(chosen, choice, strict=True))} for choice in choices]
    return [steps_of(f"/api/v2{path_of(endpoint, each)}") for each in ids]

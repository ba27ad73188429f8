"""Read what a plan needs from the tenant, as much side by side as the rate limit allows."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from typing import TypeAlias
from urllib.parse import quote

from tenantctl.catalog.keys import key_of
from tenantctl.catalog.registry import BY_SECTION
from tenantctl.catalog.spec import Association, ResourceType
from tenantctl.problems import Problem, ProblemsError
from tenantctl.states import Current, Interest, Json
from tenantctl.tenant.client import TenantClient
from tenantctl.tenant.paging import read_list

_Section: TypeAlias = tuple[Mapping[str, Json], ...]


async def read_current(client: TenantClient, interest: Interest) -> Current:
    """Return the sections and associations of `interest` as they are on the tenant.

    Raises ProblemsError if anything could not be read completely.
    """
    reads = [_read_section(client, BY_SECTION[section], interest) for section in interest.sections]
    results = await asyncio.gather(*reads, return_exceptions=True)
    return Current(
        domain=client.target.domain,
        sections=dict(zip(interest.sections, _all_or_raise(results), strict=True)),
        own_client_id=await client.tokens.client_id(),
    )


def _all_or_raise(results: Iterable[_Section | BaseException]) -> list[_Section]:
    """Return the results, or raise what went wrong: all problems at once, each once."""
    problems: dict[Problem, None] = {}
    sections: list[_Section] = []
    for result in results:
        if isinstance(result, ProblemsError):
            problems.update(dict.fromkeys(result.problems))
        elif isinstance(result, BaseException):
            raise result
        else:
            sections.append(result)
    if problems:
        raise ProblemsError(problems)
    return sections


async def read_one(client: TenantClient, section: str, object_id: str) -> Mapping[str, Json]:
    """Return one live object by its id."""
    endpoint = BY_SECTION[section].get
    path = endpoint.url(id=quote(object_id, safe=""))
    answer: Mapping[str, Json] = await client.request(endpoint.method, path, scopes=endpoint.scopes)
    return answer


async def _read_section(
    client: TenantClient, resource_type: ResourceType, interest: Interest
) -> tuple[Mapping[str, Json], ...]:
    if resource_type.listing is None:
        endpoint = resource_type.get
        return (await client.request(endpoint.method, endpoint.path, scopes=endpoint.scopes),)
    items = await read_list(client, resource_type.listing)
    for association in resource_type.associations:
        wanted = interest.associations.get((resource_type.section, association.field), frozenset())
        items = await _with_association(client, resource_type, association, items, wanted)
    return tuple(items)


async def _with_association(
    client: TenantClient,
    resource_type: ResourceType,
    association: Association,
    items: list[Mapping[str, Json]],
    wanted: frozenset[str],
) -> list[Mapping[str, Json]]:
    """Return the items, those that are `wanted` (by key or id) with the associated list put in."""

    async def read(item: Mapping[str, Json]) -> Mapping[str, Json]:
        object_id = str(item.get(resource_type.id_field or "", ""))
        if not wanted & {key_of(resource_type, item), object_id}:
            return item
        associated = await read_list(client, association.listing, id=quote(object_id, safe=""))
        return {**item, association.field: associated}

    return list(await asyncio.gather(*map(read, items)))

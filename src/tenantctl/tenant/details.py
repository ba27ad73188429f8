"""Read what the API keeps of an object under endpoints of its own: parts and associations."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from tenantctl.catalog.keys import key_of
from tenantctl.catalog.spec import Association, Endpoint, Part, ResourceType
from tenantctl.states import Interest, Json
from tenantctl.tenant.client import TenantClient
from tenantctl.tenant.errors import RequestError
from tenantctl.tenant.paging import read_list

_NOT_FOUND = 404


async def with_details(
    client: TenantClient,
    resource_type: ResourceType,
    items: Iterable[Mapping[str, Json]],
    interest: Interest,
) -> tuple[Mapping[str, Json], ...]:
    """Return the objects with their parts and associations put in, where `interest` asks for them."""
    if not resource_type.details:
        return tuple(items)

    async def read(item: Mapping[str, Json]) -> Mapping[str, Json]:
        known_as = {key_of(resource_type, item), str(item.get(resource_type.id_field or "", ""))}
        wanted = [
            each
            for each in resource_type.details
            if known_as & interest.details.get((resource_type.section, each.field), frozenset())
        ]
        found = await asyncio.gather(*(_read_detail(client, resource_type, each, item) for each in wanted))
        present = {each.field: value for each, value in zip(wanted, found, strict=True) if value is not None}
        return {**item, **present}

    return tuple(await asyncio.gather(*map(read, items)))


async def _read_detail(
    client: TenantClient, resource_type: ResourceType, detail: Part | Association, item: Mapping[str, Json]
) -> Json:
    names = names_of(resource_type, item)
    if isinstance(detail, Part):
        answer = await read_optional(client, detail.get, names)
        return None if answer is None else detail.decode(answer)
    found = await read_list(
        client, detail.listing, **{key: quote(value, safe="") for key, value in names.items()}
    )
    return [each[detail.scalar] for each in found] if detail.scalar else found


def names_of(resource_type: ResourceType, item: Mapping[str, Json]) -> dict[str, str]:
    """Return what may stand in a path of this object: its id and its key fields."""
    names = {name: str(item[name]) for name in resource_type.key if name in item}
    if resource_type.id_field and resource_type.id_field in item:
        names["id"] = str(item[resource_type.id_field])
    return names


async def read_optional(client: TenantClient, endpoint: Endpoint, names: Mapping[str, str]) -> Any:
    """Return the answer of a read, or None if there is no such object."""
    path = endpoint.url(**{name: quote(value, safe="") for name, value in names.items()})
    try:
        return await client.request(endpoint.method, path, scopes=endpoint.scopes)
    except RequestError as error:
        if error.status == _NOT_FOUND:
            return None
        raise

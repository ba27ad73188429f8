"""Read the parts of an object; those that stand in nested mappings with free keys, key by key."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import Any, TypeAlias

from tenantctl.catalog.endpoints import Listing, Part
from tenantctl.catalog.marks import default_at
from tenantctl.catalog.registry import BY_SECTION
from tenantctl.states import Json
from tenantctl.tenant.client import TenantClient
from tenantctl.tenant.errors import RequestError
from tenantctl.tenant.paging import read_list
from tenantctl.tenant.refusals import read_endpoint, read_optional, refusal

Keys: TypeAlias = tuple[str, ...]
"""The free keys that lead to one object, in the order of `Part.names`."""

_UNKNOWN_KEY = frozenset({400, 404})


async def read_part(client: TenantClient, part: Part, names: Mapping[str, str]) -> Json:
    """Return a part of an object, or None where it may lack; `names` fill the placeholders of its path."""
    answer = await read_optional(client, part.get, names, may_lack=part.may_lack)
    return None if answer is None else part.decode(answer)


async def read_named(
    client: TenantClient, part: Part, names: Mapping[str, str], wanted: Iterable[Keys]
) -> Mapping[str, Json]:
    """Return the nested mappings with the objects that are `wanted`."""
    keys = tuple(wanted)
    found = await asyncio.gather(*(read_part(client, part, _filled(part, names, each)) for each in keys))
    return _nested(zip(keys, found, strict=True))


async def read_all_listed(
    client: TenantClient, part: Part, listing: Listing, names: Mapping[str, str]
) -> Mapping[str, Json]:
    """Return the nested mappings with all objects, which one list tells."""
    items = await read_list(client, listing, **names)
    return _nested((tuple(str(item[name]) for name in part.names), part.decode(item)) for item in items)


async def read_known(
    client: TenantClient, part: Part, names: Mapping[str, str], known: Sequence[Keys]
) -> Mapping[str, Json]:
    """Return the nested mappings with the objects that there are for these keys; the empty ones are left out.

    A tenant need not know every key. Raises RefusedError if it knows none, or the token lacks a scope.
    """
    refused: list[RequestError] = []

    async def read(keys: Keys) -> Json:
        try:
            return await read_part(client, part, _filled(part, names, keys))
        except RequestError as error:
            if error.status not in _UNKNOWN_KEY:
                raise
            refused.append(error)
            return None

    found = await asyncio.gather(*map(read, known))
    if refused and len(refused) == len(known):
        raise refusal(part.get, refused[0])
    return _nested((keys, each) for keys, each in zip(known, found, strict=True) if each)


async def possible_keys(client: TenantClient, part: Part) -> Sequence[Keys]:
    """Return the keys that lead to every object there can be; some of them the tenant has to tell."""
    values = [
        part.keys[name] if name in part.keys else await _listed(client, part, name) for name in part.names
    ]
    return tuple(product(*values))


async def _listed(client: TenantClient, part: Part, name: str) -> Sequence[str]:
    section, field = part.keys_from[name]
    holder = BY_SECTION[section]
    settings = await read_endpoint(client, holder.get, {}) if holder.get else {}
    return tuple(settings.get(field) or default_at(holder, (field,), ()))


def _filled(part: Part, names: Mapping[str, str], keys: Keys) -> Mapping[str, str]:
    return {**names, **dict(zip(part.names, keys, strict=True))}


def _nested(objects: Iterable[tuple[Keys, Json]]) -> Mapping[str, Json]:
    """Return nested mappings that lead to the objects there are, by their keys."""
    nested: dict[str, Any] = {}
    for keys, found in objects:
        if found is not None:
            inner = nested
            for key in keys[:-1]:
                inner = inner.setdefault(key, {})
            inner[keys[-1]] = found
    return nested

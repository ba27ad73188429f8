"""Read what a plan needs from the tenant, as much side by side as the rate limit allows."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from typing import TypeAlias

from tenantctl.catalog.keys import key_of, own_names, possible_keys
from tenantctl.catalog.registry import BY_SECTION
from tenantctl.catalog.spec import ResourceType
from tenantctl.problems import Problem, ProblemsError
from tenantctl.states import Current, Interest, Json
from tenantctl.tenant.client import TenantClient
from tenantctl.tenant.details import names_of, with_details
from tenantctl.tenant.paging import read_list
from tenantctl.tenant.refusals import RefusedError, read_optional
from tenantctl.tenant.withheld import withheld

_Section: TypeAlias = tuple[Mapping[str, Json], ...]


async def read_current(client: TenantClient, interest: Interest) -> Current:
    """Return the sections and associations of `interest` as they are on the tenant.

    What the tenant refuses to tell, for want of a scope or a feature, is `unread`. Raises ProblemsError if
    anything else could not be read completely.
    """
    unread: dict[tuple[str, str], Problem] = {}
    reads = [_read_section(client, BY_SECTION[section], interest, unread) for section in interest.sections]
    results = _all_or_raise(await asyncio.gather(*reads, return_exceptions=True))
    found = zip(interest.sections, results, strict=True)
    return Current(
        domain=client.target.domain,
        sections={section: items for section, items in found if (section, "") not in unread},
        own_client_id=await client.tokens.client_id(),
        unread={place: unread[place] for place in sorted(unread)},
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


async def _read_section(
    client: TenantClient,
    resource_type: ResourceType,
    interest: Interest,
    unread: dict[tuple[str, str], Problem],
) -> _Section:
    try:
        items = await _read_objects(client, resource_type, interest)
    except RefusedError as error:
        unread[resource_type.section, ""] = error.problems[0]
        return ()
    if resource_type.read_scopes:
        untold = withheld(resource_type, items, await client.tokens.scopes())
        unread.update({(resource_type.section, name): problem for name, problem in untold.items()})
        items = [{name: item[name] for name in item if name not in untold} for item in items]
    return await with_details(client, resource_type, items, interest, unread)


async def _read_objects(
    client: TenantClient, resource_type: ResourceType, interest: Interest
) -> list[Mapping[str, Json]]:
    if resource_type.listing is not None:
        listed = await read_list(client, resource_type.listing)
        items = [item for item in listed if resource_type.belongs(item)]
        return await _read_whole(client, resource_type, items, interest)
    if resource_type.is_singleton:
        return [await _read_singleton(client, resource_type)]
    if interest.everything:
        return await _read_named(client, resource_type, possible_keys(resource_type))
    return await _read_named(client, resource_type, interest.objects.get(resource_type.section, ()))


async def _read_whole(
    client: TenantClient, resource_type: ResourceType, items: list[Mapping[str, Json]], interest: Interest
) -> list[Mapping[str, Json]]:
    """Return the items of a list, read one by one where it tells too little and the file names them."""
    summary = resource_type.listing is not None and resource_type.listing.summary
    endpoint = resource_type.get if summary else None

    async def read(item: Mapping[str, Json]) -> Mapping[str, Json] | None:
        if endpoint is None or not interest.wants_whole(
            resource_type.section, own_names(resource_type, item)
        ):
            return item
        answer = await read_optional(client, endpoint, names_of(resource_type, item))
        return None if answer is None else resource_type.decode(answer)

    found = await asyncio.gather(*map(read, items))
    return [item for item in found if item is not None]


async def _read_singleton(client: TenantClient, resource_type: ResourceType) -> Mapping[str, Json]:
    """Return the one object; empty if it consists of parts alone, or can be created and is not there."""
    if resource_type.get is None:
        return {}
    may_lack = resource_type.create is not None
    answer = await read_optional(client, resource_type.get, {}, may_lack=may_lack)
    return resource_type.decode(answer) if answer is not None else {}


async def _read_named(
    client: TenantClient, resource_type: ResourceType, names: Iterable[Mapping[str, str]]
) -> list[Mapping[str, Json]]:
    """Return those of the named objects that exist, of a type that can't be listed."""

    async def read(name: Mapping[str, str]) -> Mapping[str, Json] | None:
        place = resource_type.places.get(key_of(resource_type, name))
        endpoint = place.get if place else resource_type.get
        answer = await read_optional(client, endpoint, name) if endpoint else None
        if answer is None:
            return name if resource_type.permanent else None
        found = place.decode(answer) if place else resource_type.decode(answer)
        return None if found is None else {**name, **found}

    found = await asyncio.gather(*map(read, names))
    return [item for item in found if item is not None]


async def read_again(
    client: TenantClient, resource_type: ResourceType, item: Mapping[str, Json]
) -> Mapping[str, Json] | None:
    """Return one object as it is by now, without what lies under endpoints of its own; None if it is gone.

    One of a type that can't be read by itself is returned as it was. Raises ProblemsError.
    """
    place = resource_type.places.get(key_of(resource_type, item)) if resource_type.places else None
    endpoint = place.get if place else resource_type.get
    if endpoint is None:
        return item
    answer = await read_optional(client, endpoint, names_of(resource_type, item))
    if answer is None:
        return None
    return place.decode(answer) if place else resource_type.decode(answer)


async def read_whole(
    client: TenantClient, resource_type: ResourceType, item: Mapping[str, Json]
) -> Mapping[str, Json]:
    """Return one object with all that lies under endpoints of its own, as far as the tenant tells it.

    Raises ProblemsError.
    """
    told = await read_again(client, resource_type, item)
    interest = Interest((resource_type.section,), everything=True)
    (found,) = await with_details(client, resource_type, [{**item, **(told or {})}], interest, {})
    return found

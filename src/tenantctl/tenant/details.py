"""Read what the API keeps of an object under endpoints of its own: parts and associations."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tenantctl.catalog.endpoints import Association, Endpoint, Listing, Part
from tenantctl.catalog.keys import own_names
from tenantctl.catalog.spec import ResourceType
from tenantctl.problems import Problem
from tenantctl.states import Interest, Json
from tenantctl.tenant.client import TenantClient
from tenantctl.tenant.paging import read_list
from tenantctl.tenant.refusals import RefusedError, read_endpoint


async def with_details(
    client: TenantClient,
    resource_type: ResourceType,
    items: Sequence[Mapping[str, Json]],
    interest: Interest,
    unread: dict[tuple[str, str], Problem],
) -> tuple[Mapping[str, Json], ...]:
    """Return the objects with their parts and associations put in, where `interest` asks for them.

    What the tenant refuses to tell goes into `unread`, by section and field.
    """
    if not (resource_type.details or resource_type.runtime):
        return tuple(items)
    in_bulk = await _read_in_bulk(client, resource_type, items, interest, unread)
    reader = _DetailReader(client, resource_type, interest, unread, in_bulk)
    return tuple(await asyncio.gather(*map(reader.read, items)))


@dataclass(frozen=True, slots=True)
class _DetailReader:
    """Reads what is kept below the objects of one type.

    in_bulk: the parts that were read at once, by field and by the id of their object.
    """

    client: TenantClient
    resource_type: ResourceType
    interest: Interest
    unread: dict[tuple[str, str], Problem]
    in_bulk: Mapping[str, Mapping[str, Json]]

    async def read(self, item: Mapping[str, Json]) -> Mapping[str, Json]:
        """Return an object with what `interest` asks for put in."""
        resource_type = self.resource_type
        details = (*resource_type.details, *resource_type.runtime)
        wanted = [each for each in details if _is_named(resource_type, each, item, self.interest)]
        found = await asyncio.gather(*(self._read_one(each, item) for each in wanted))
        present = {
            _name_of(each): value for each, value in zip(wanted, found, strict=True) if value is not None
        }
        return {**item, **present, **await self._with_lists(item, present)}

    async def _with_lists(
        self, item: Mapping[str, Json], present: Mapping[str, Json]
    ) -> Mapping[str, Mapping[str, Json]]:
        """Return those parts that hold lists to be read by themselves (`Part.lists`), with these lists."""
        lists = [
            (part.root, each)
            for part in self.resource_type.parts
            if isinstance(present.get(part.root), Mapping)
            for each in part.lists
            if _is_named(self.resource_type, each, item, self.interest)
        ]
        found = await asyncio.gather(*(self._read_one(each, item) for _, each in lists))
        parts: dict[str, dict[str, Json]] = {root: dict(present[root]) for root, _ in lists}
        for (root, each), value in zip(lists, found, strict=True):
            parts[root][each.field] = value
        return parts

    async def _read_one(self, detail: Part | Association, item: Mapping[str, Json]) -> Json:
        if detail.field in self.in_bulk:
            return self.in_bulk[detail.field].get(names_of(self.resource_type, item)["id"])
        try:
            if isinstance(detail, Part) and detail.names:
                keys = self.interest.named.get((self.resource_type.section, detail.field), ())
                return await _read_nested(self.client, self.resource_type, detail, item, keys)
            return await _read_detail(self.client, self.resource_type, detail, item)
        except RefusedError as error:
            _note(self.unread, self.resource_type, detail, error)
            return None


def _is_named(
    resource_type: ResourceType, detail: Part | Association, item: Mapping[str, Json], interest: Interest
) -> bool:
    return bool(
        own_names(resource_type, item)
        & interest.details.get((resource_type.section, detail.field), frozenset())
    )


async def _read_in_bulk(
    client: TenantClient,
    resource_type: ResourceType,
    items: Sequence[Mapping[str, Json]],
    interest: Interest,
    unread: dict[tuple[str, str], Problem],
) -> Mapping[str, Mapping[str, Json]]:
    """Return the parts that are read at once, by field and by the id of their object.

    Those of which all that there can be take fewer requests than what `interest` asks for, one by one. Where
    the tenant does not know the list, none: there it tells of each by itself.
    """
    listed: dict[str, Mapping[str, Json]] = {}

    async def read(part: Part, listing: Listing) -> None:
        try:
            found = await read_list(client, listing)
        except RefusedError as error:
            if not error.is_absent:
                _note(unread, resource_type, part, error)
                listed[part.field] = {}
            return
        listed[part.field] = {str(each[part.owner]): part.decode(each) for each in found}

    reads = []
    for part in resource_type.parts:
        wanted = sum(_is_named(resource_type, part, item, interest) for item in items)
        if part.in_bulk is not None and wanted > -(-len(items) // part.in_bulk.page_size):
            reads.append(read(part, part.in_bulk))
    await asyncio.gather(*reads)
    return listed


def _note(
    unread: dict[tuple[str, str], Problem],
    resource_type: ResourceType,
    detail: Part | Association,
    error: RefusedError,
) -> None:
    holders = (part for part in resource_type.parts if detail in part.lists)
    roots = next((part.roots for part in holders), detail.roots)
    unread.update({(resource_type.section, root): error.problems[0] for root in roots})


def _name_of(detail: Part | Association) -> str:
    return detail.root if isinstance(detail, Part) else detail.field


async def _read_detail(
    client: TenantClient, resource_type: ResourceType, detail: Part | Association, item: Mapping[str, Json]
) -> Json:
    names = names_of(resource_type, item)
    if isinstance(detail, Part):
        return await _read_part(client, detail, names)
    found = await read_list(client, detail.listing, **names)
    return [each[detail.scalar] if detail.scalar else detail.decode(each) for each in found]


async def _read_part(client: TenantClient, part: Part, names: Mapping[str, str]) -> Json:
    answer = await read_optional(client, part.get, names, may_lack=part.may_lack)
    return None if answer is None else part.decode(answer)


async def _read_nested(
    client: TenantClient,
    resource_type: ResourceType,
    part: Part,
    item: Mapping[str, Json],
    wanted: Iterable[tuple[str, ...]],
) -> Mapping[str, Json]:
    """Return the nested mappings whose keys lead to objects of their own, those that are `wanted`."""
    names = names_of(resource_type, item)
    keys = tuple(wanted)
    reads = (_read_part(client, part, {**names, **dict(zip(part.names, each, strict=True))}) for each in keys)
    nested: dict[str, Any] = {}
    for each, found in zip(keys, await asyncio.gather(*reads), strict=True):
        if found is not None:
            inner = nested
            for key in each[:-1]:
                inner = inner.setdefault(key, {})
            inner[each[-1]] = found
    return nested


def names_of(resource_type: ResourceType, item: Mapping[str, Json]) -> dict[str, str]:
    """Return what may stand in a path of this object: its id and its key fields."""
    names = {name: str(item[name]) for name in resource_type.key if name in item}
    if resource_type.id_field and resource_type.id_field in item:
        names["id"] = str(item[resource_type.id_field])
    return names


async def read_optional(
    client: TenantClient, endpoint: Endpoint, names: Mapping[str, str], *, may_lack: bool = True
) -> Any:
    """Return the answer of a read, or None if there is no such object and there may be none (`may_lack`).

    Raises RefusedError if the tenant or the token lacks something for it.
    """
    try:
        return await read_endpoint(client, endpoint, names)
    except RefusedError as error:
        if error.is_absent and may_lack:
            return None
        raise

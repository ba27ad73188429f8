"""Read what the API keeps of an object under endpoints of its own: parts and associations."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tenantctl.catalog.endpoints import Association, Listing, Part, Pool
from tenantctl.catalog.keys import own_names
from tenantctl.catalog.paths import values_at
from tenantctl.catalog.registry import referred_histories
from tenantctl.catalog.spec import ResourceType
from tenantctl.problems import Problem
from tenantctl.states import Interest, Json
from tenantctl.tenant.client import TenantClient
from tenantctl.tenant.nested import possible_keys, read_all_listed, read_known, read_named, read_part
from tenantctl.tenant.paging import read_list
from tenantctl.tenant.refusals import RefusedError


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
        names = names_of(self.resource_type, item)
        try:
            if isinstance(detail, Part) and detail.names:
                return await self._read_nested(detail, names)
            return await _read_detail(self.client, detail, names)
        except RefusedError as error:
            _note(self.unread, self.resource_type, detail, error)
            return None

    async def _read_nested(self, part: Part, names: Mapping[str, str]) -> Json:
        if not self.interest.everything:
            keys = self.interest.named.get((self.resource_type.section, part.field), ())
            return await read_named(self.client, part, names, keys)
        if part.listing is not None:
            return await read_all_listed(self.client, part, part.listing, names)
        return await read_known(self.client, part, names, await possible_keys(self.client, part))


def _is_named(
    resource_type: ResourceType, detail: Part | Association, item: Mapping[str, Json], interest: Interest
) -> bool:
    if not interest.everything:
        return interest.names_detail(resource_type.section, detail.field, own_names(resource_type, item))
    if isinstance(detail, Pool):
        # Nothing is configured with objects that no list links.
        return any(items for link in detail.links for _, items in values_at(item, link))
    return detail not in resource_type.runtime or detail.field in referred_histories(resource_type.section)


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


async def _read_detail(client: TenantClient, detail: Part | Association, names: Mapping[str, str]) -> Json:
    if isinstance(detail, Part):
        return await read_part(client, detail, names)
    found = await read_list(client, detail.listing, **names)
    return [each[detail.scalar] if detail.scalar else detail.decode(each) for each in found]


def names_of(resource_type: ResourceType, item: Mapping[str, Json]) -> dict[str, str]:
    """Return what may stand in a path of this object: its id and its key fields."""
    names = {name: str(item[name]) for name in resource_type.key if name in item}
    if resource_type.id_field and resource_type.id_field in item:
        names["id"] = str(item[resource_type.id_field])
    return names

"""Read a whole list, or fail: a list that is cut short would look like drift."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from tenantctl.catalog.endpoints import Listing, Paging
from tenantctl.problems import Problem, ProblemsError
from tenantctl.states import Json
from tenantctl.tenant.client import TenantClient
from tenantctl.tenant.refusals import path_of, read_endpoint


async def read_list(client: TenantClient, listing: Listing, **ids: str) -> list[Mapping[str, Json]]:
    """Return all items of a list.

    Page lists are read side by side once the first page has told the total; checkpoint lists one after the
    other, as each answer names the next. Raises RefusedError if the tenant or the token lacks something for
    it, ProblemsError if the list did not come whole.
    """
    reader = _ListReader(client, listing, ids)
    match listing.paging:
        case Paging.NONE:
            return reader.items(await reader.get({}))
        case Paging.CHECKPOINT:
            return await reader.by_checkpoint()
        case Paging.PAGE:
            return await reader.by_page()


class _ListReader:
    def __init__(self, client: TenantClient, listing: Listing, ids: Mapping[str, str]) -> None:
        self.client = client
        self.listing = listing
        self.ids = ids
        self.path = path_of(listing.endpoint, ids)

    async def get(self, query: Mapping[str, Json]) -> Any:
        asked = {**self.listing.query, **query}
        return await read_endpoint(self.client, self.listing.endpoint, self.ids, asked)

    def items(self, answer: Any) -> list[Mapping[str, Json]]:
        envelope = self.listing.envelope
        # A bare array would be the first page of who knows how many, so it will not do where pages are due.
        found = answer.get(envelope) if isinstance(answer, Mapping) else None if envelope else answer
        if not isinstance(found, list) or not all(isinstance(item, Mapping) for item in found):
            raise self._incomplete(f"the answer has no list '{envelope}' of objects")
        return found

    async def by_checkpoint(self) -> list[Mapping[str, Json]]:
        found: list[Mapping[str, Json]] = []
        query: dict[str, Json] = {"take": self.listing.page_size}
        seen: set[str] = set()
        while True:
            answer = await self.get(query)
            found += self.items(answer)
            following = answer.get("next") if isinstance(answer, Mapping) else None
            if not following:
                return self._each_once(found)
            if not isinstance(following, str) or following in seen:
                raise self._incomplete("the server names the same next page twice")
            seen.add(following)
            query["from"] = following

    async def by_page(self) -> list[Mapping[str, Json]]:
        first = await self._page(0)
        found, total = self.items(first), self._total(first)
        later = range(1, -(-total // self.listing.page_size))
        for page in await asyncio.gather(*map(self._page, later)):
            found += self.items(page)
            if self._total(page) != total:
                raise self._incomplete(
                    f"it had {total} items at first, and {self._total(page)} a moment later"
                )
        if len(found) != total:
            raise self._incomplete(f"{len(found)} of {total} items came")
        return self._each_once(found)

    def _total(self, answer: Any) -> int:
        total = answer.get("total", 0 if self.listing.sparse else None)
        if not isinstance(total, int):
            raise self._incomplete("the answer does not say how many items there are")
        return total

    def _each_once(self, found: list[Mapping[str, Json]]) -> list[Mapping[str, Json]]:
        """Return the items unless one came twice: then the pages moved, and another may not have come."""
        if len({json.dumps(item, sort_keys=True) for item in found}) != len(found):
            raise self._incomplete("an item came twice")
        return found

    async def _page(self, number: int) -> Any:
        totals = {} if self.listing.enveloped else {"include_totals": True}
        return await self.get({"page": number, "per_page": self.listing.page_size, **totals})

    def _incomplete(self, detail: str) -> ProblemsError:
        return ProblemsError(
            [
                Problem(
                    code="incomplete-list",
                    summary=f"the list {self.path} did not come whole",
                    detail=detail,
                    hint="Try again; someone may be changing the tenant at this moment.",
                )
            ]
        )

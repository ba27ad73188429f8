"""Look again, just before the first write: has somebody else changed what the plan is about to change?

Between the reading of a tenant and the first write lie a question that a person answers, or another apply.
There is nothing on a tenant to lock, so the fields that would be written are read once more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping

from tenantctl.apply.fingerprint import fingerprint
from tenantctl.catalog.registry import BY_SECTION
from tenantctl.plan.model import Change, Plan
from tenantctl.plan.parts import first_name
from tenantctl.problems import Problem, ProblemsError
from tenantctl.states import Interest, Json
from tenantctl.tenant.client import TenantClient
from tenantctl.tenant.read import read_again, read_current

_MAX_BY_ITSELF = 20
"""So many objects are read one by one; for more, lists take fewer requests."""


async def check_unmoved(client: TenantClient, plan: Plan) -> None:
    """Check that what a plan changes is still as it was when the plan was made.

    Raises:
        ProblemsError: ``stale-plan``, one for each object that has moved; or the tenant can't be read.
    """
    changes = [change for change in plan.changes if change.live is not None and change.id]
    listed = [change for change in changes if BY_SECTION[change.section].listing is not None]
    by_lists = listed if len(listed) > _MAX_BY_ITSELF else []
    by_itself = [change for change in changes if change not in by_lists]
    found = {**await _one_by_one(client, by_itself), **await _by_lists(client, by_lists)}
    if problems := list(_moved(changes, found)):
        raise ProblemsError(problems)


async def _one_by_one(client: TenantClient, changes: Iterable[Change]) -> dict[str, Mapping[str, Json]]:
    async def read(change: Change) -> Mapping[str, Json] | None:
        return await read_again(client, BY_SECTION[change.section], change.live or {})

    items = await asyncio.gather(*map(read, changes))
    return {change.address: item for change, item in zip(changes, items, strict=True) if item is not None}


async def _by_lists(client: TenantClient, changes: Iterable[Change]) -> dict[str, Mapping[str, Json]]:
    sections = dict.fromkeys(change.section for change in changes)
    current = await read_current(client, Interest(tuple(sections)))
    by_id = {
        (section, item.get(BY_SECTION[section].id_field or "")): item
        for section, items in current.sections.items()
        for item in items
    }
    found = ((change.address, by_id.get((change.section, change.id))) for change in changes)
    return {address: item for address, item in found if item is not None}


def _moved(changes: Iterable[Change], found: Mapping[str, Mapping[str, Json]]) -> Iterator[Problem]:
    for change in changes:
        item = found.get(change.address)
        if item is None:
            yield _stale(change, "has been deleted since it was read")
        elif names := _moved_fields(change, item):
            yield _stale(change, f"has changed since it was read: {', '.join(names)}")


def _moved_fields(change: Change, item: Mapping[str, Json]) -> list[str]:
    """Return the fields that the change is about and that have moved, as far as this read tells them."""
    resource_type = BY_SECTION[change.section]
    before, after = (fingerprint(resource_type, each) for each in (change.live or {}, item))
    # A part that was not read again is missing in `item`; its fingerprint would be that of one that is gone.
    told = item.keys() & before.keys() & after.keys()
    names = sorted({first_name(field.path) for field in change.fields} & told)
    return [name for name in names if before[name] != after[name]]


def _stale(change: Change, told: str) -> Problem:
    return Problem(
        code="stale-plan",
        summary=f"{change.address} {told}",
        detail="Nothing was sent: somebody else, or another apply, is at work on this tenant.",
        hint="Plan again, and look at what it shows.",
        position=change.position,
        address=change.address,
    )

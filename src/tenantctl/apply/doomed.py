"""Read all of what is about to be deleted, so that the journal can tell how to make it again.

A plan reads of an object that no file names only what lists tell; not its permissions, connections, texts.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace

from tenantctl.catalog.registry import BY_SECTION
from tenantctl.plan.model import Change, Plan
from tenantctl.tenant.client import TenantClient
from tenantctl.tenant.read import read_whole


async def with_all_of_the_doomed(client: TenantClient, plan: Plan) -> Plan:
    """Return the plan, with the whole of each object that it deletes or replaces as `Change.live`.

    What the tenant does not tell stays unknown. Raises ProblemsError if it can't be read.
    """

    async def read(change: Change) -> Change:
        if not change.action.deletes or change.live is None:
            return change
        return replace(change, live=await read_whole(client, BY_SECTION[change.section], change.live))

    return replace(plan, changes=tuple(await asyncio.gather(*map(read, plan.changes))))

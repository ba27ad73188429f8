"""A sandbox on which entries of one type are applied, each time until nothing is left to do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, NamedTuple

from tenantctl.apply.executor import apply_plan
from tenantctl.catalog.spec import ResourceType
from tenantctl.plan.interest import make_interest
from tenantctl.plan.model import Action, Plan
from tenantctl.plan.parts import first_name
from tenantctl.plan.planner import make_plan
from tenantctl.plan.policy import Policy
from tenantctl.states import Current, Desired
from tenantctl.tenant.read import read_current
from tests.apply.runs import Run, on_sandbox
from tests.entries import Entry, needed
from tests.states import make_desired


class Done(NamedTuple):
    """What an apply did to the type: its actions, and the top-level fields that they changed."""

    actions: list[Action]
    fields: set[str]


class Tenant:
    """A tenant, and one type on it whose entries are applied."""

    def __init__(self, resource_type: ResourceType, run: Run) -> None:
        self.resource_type = resource_type
        self.run = run

    def desired(self, *entries: Entry) -> Desired:
        """Return a file with these entries and what they refer to."""
        return make_desired(
            **needed(self.resource_type, entries), **{self.resource_type.section: list(entries)}
        )

    async def read(self, desired: Desired, policy: Policy | None = None) -> Current:
        moved = policy.moved if policy else {}
        return await read_current(self.run.client, make_interest(desired, moved))

    async def plan(self, *entries: Entry, policy: Policy | None = None) -> Plan:
        desired = self.desired(*entries)
        forced = replace(policy or Policy(), force_unsafe=frozenset({self.resource_type.section}))
        return make_plan(desired, await self.read(desired, policy), forced)

    async def apply(self, *entries: Entry, policy: Policy | None = None) -> Done:
        """Apply entries and return what was done to them; after that nothing is left to do or to send."""
        plan = await self.plan(*entries, policy=policy)
        outcome = await apply_plan(plan, self.run.client)
        assert outcome.ok, [result.problem.detail for result in outcome.results if result.problem]
        await self.run.logged_writes()
        again = await self.plan(*entries)
        assert [(change.address, change.action, change.fields) for change in again.changes] == []
        await apply_plan(again, self.run.client)
        assert await self.run.logged_writes() == []
        own = [change for change in plan.changes if change.section == self.resource_type.section]
        fields = {first_name(field.path) for change in own for field in change.fields}
        return Done([change.action for change in own], fields)

    async def prune(self) -> Done:
        """Apply a file without entries and delete what is not in it; after that, nothing is there."""
        policy = Policy(prune=frozenset({self.resource_type.section}))
        done = await self.apply(policy=policy)
        left = await self.plan(policy=policy)
        own = {self.resource_type.section}
        assert [each for each in left.unmanaged if each.address.partition("/")[0] in own] == []
        assert left.is_empty
        return done


def on_tenant(resource_type: ResourceType, steps: Callable[[Tenant], Awaitable[Any]]) -> None:
    """Carry `steps` out on a fresh sandbox."""
    on_sandbox(lambda run: steps(Tenant(resource_type, run)))

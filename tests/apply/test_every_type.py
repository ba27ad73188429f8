"""What holds for every type on a tenant: apply, plan again, expect nothing; whatever happens to an object."""

from __future__ import annotations

import json
import random
from collections.abc import Awaitable, Callable
from typing import Any

from tenantctl.apply.executor import apply_plan
from tenantctl.catalog.fields import fields_of, is_immutable
from tenantctl.catalog.spec import ResourceType
from tenantctl.plan.interest import make_interest
from tenantctl.plan.model import Action, Plan
from tenantctl.plan.planner import make_plan
from tenantctl.plan.policy import Policy
from tenantctl.states import make_address
from tenantctl.tenant.client import TenantClient
from tenantctl.tenant.read import read_current
from tenantctl.views.plan_document import plan_document
from tests.apply.entries import (
    DECLARABLE,
    Entry,
    cleared,
    each_of,
    entry_of,
    every_type,
    identity_of,
    needed,
)
from tests.apply.runs import on_sandbox
from tests.plan.test_properties import plant, shuffle
from tests.states import make_desired


class Tenant:
    """A tenant, and one type on it whose entries are applied."""

    def __init__(self, resource_type: ResourceType, client: TenantClient) -> None:
        self.resource_type = resource_type
        self.client = client

    async def plan(self, *entries: Entry, policy: Policy | None = None) -> Plan:
        section = self.resource_type.section
        own: Any = entries[0] if self.resource_type.is_singleton else list(entries)
        desired = make_desired(**needed(self.resource_type), **{section: own})
        moved = policy.moved if policy else {}
        return make_plan(desired, await read_current(self.client, make_interest(desired, moved)), policy)

    async def apply(self, *entries: Entry, policy: Policy | None = None) -> Plan:
        """Apply entries; after that, nothing is left to do, and no write is sent."""
        plan = await self.plan(*entries, policy=policy)
        outcome = await apply_plan(plan, self.client)
        assert outcome.ok, [result.problem.detail for result in outcome.results if result.problem]
        again = await self.plan(*entries)
        assert [(change.address, change.action, change.fields) for change in again.changes] == []
        writes = self.client.count.writes
        await apply_plan(again, self.client)
        assert self.client.count.writes == writes
        return plan


def on_tenant(resource_type: ResourceType, steps: Callable[[Tenant], Awaitable[None]]) -> None:
    on_sandbox(lambda run: steps(Tenant(resource_type, run.client)))


def own_changes(plan: Plan, resource_type: ResourceType) -> list[Action]:
    return [change.action for change in plan.changes if change.section == resource_type.section]


@every_type
def test_what_is_applied_is_there(resource_type: ResourceType) -> None:
    async def steps(tenant: Tenant) -> None:
        await tenant.apply(entry_of(resource_type, 0))
        plan = await tenant.apply(entry_of(resource_type, 1))
        assert set(own_changes(plan, resource_type)) <= {Action.UPDATE}
        plan = await tenant.apply(cleared(resource_type, entry_of(resource_type, 1)))
        assert set(own_changes(plan, resource_type)) <= {Action.UPDATE}

    on_tenant(resource_type, steps)


@every_type
def test_the_order_does_not_matter(resource_type: ResourceType) -> None:
    async def steps(tenant: Tenant) -> None:
        entry = entry_of(resource_type, 0)
        await tenant.apply(entry)
        for seed in range(3):
            mixed = shuffle(resource_type, entry, (), random.Random(seed))  # noqa: S311 - a shuffle
            assert (await tenant.plan(mixed)).is_empty

    on_tenant(resource_type, steps)


@each_of([each for each in DECLARABLE if each.delete and not each.is_singleton])
def test_what_is_deleted_is_gone(resource_type: ResourceType) -> None:
    async def steps(tenant: Tenant) -> None:
        section = frozenset({resource_type.section})
        await tenant.apply(identity_of(resource_type))
        plan = await tenant.apply(policy=Policy(prune=section, force_unsafe=section))
        assert Action.DELETE in own_changes(plan, resource_type)
        left = await tenant.plan(policy=Policy(prune=section, force_unsafe=section))
        mine = [each for each in left.unmanaged if each.address.startswith(f"{resource_type.section}/")]
        assert (left.changes, mine) == ((), [])

    on_tenant(resource_type, steps)


def can_be_renamed(resource_type: ResourceType) -> bool:
    """Whether an object's key is one field, of free text, that an update may change."""
    if resource_type.create is None or len(resource_type.key) != 1:
        return False
    name = resource_type.key[0]
    return not is_immutable(resource_type, name) and not fields_of(resource_type)[name].enum


@each_of(list(filter(can_be_renamed, DECLARABLE)))
def test_a_rename_keeps_the_object(resource_type: ResourceType) -> None:
    name = resource_type.key[0]

    async def steps(tenant: Tenant) -> None:
        entry = identity_of(resource_type)
        await tenant.apply(entry)
        addresses = [make_address(resource_type.section, str(key)) for key in (entry[name], "renamed")]
        policy = Policy(moved={addresses[1]: addresses[0]})
        plan = await tenant.apply({**entry, name: "renamed"}, policy=policy)
        assert own_changes(plan, resource_type) == [Action.UPDATE]

    on_tenant(resource_type, steps)


@every_type
def test_no_plan_and_no_outcome_shows_a_secret(resource_type: ResourceType) -> None:
    async def steps(tenant: Tenant) -> None:
        for variant, canary in enumerate(("canary-one", "canary-two")):
            entry = plant(resource_type, entry_of(resource_type, variant), canary)
            plan = await tenant.plan(entry)
            outcome = await apply_plan(plan, tenant.client)
            assert "canary" not in json.dumps(plan_document(plan)) + repr(plan) + repr(outcome)

    on_tenant(resource_type, steps)

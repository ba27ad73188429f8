"""What holds for every type on a tenant: apply, plan again, expect nothing; whatever happens to an object."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, NamedTuple

from tenantctl.apply.executor import apply_plan
from tenantctl.catalog.fields import fields_of, is_immutable
from tenantctl.catalog.keys import key_of
from tenantctl.catalog.marks import is_write_only
from tenantctl.catalog.spec import ResourceType
from tenantctl.plan.interest import make_interest
from tenantctl.plan.model import Action, Plan
from tenantctl.plan.parts import first_name
from tenantctl.plan.planner import make_plan
from tenantctl.plan.policy import Policy
from tenantctl.states import Current, Desired, make_address
from tenantctl.tenant.read import read_current
from tests.apply.runs import Run, on_sandbox
from tests.entries import (
    DECLARABLE,
    Entry,
    clearable_names,
    cleared,
    each_of,
    entry_of,
    entry_with,
    every_type,
    identity_of,
    needed,
    value_of,
    writable_names,
)
from tests.plan.test_properties import is_compared, leaves, shuffle
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
        """Return a file with these entries and what they refer to; of a singleton, none is an empty one."""
        own: Any = list(entries)
        if self.resource_type.is_singleton:
            own = entries[0] if entries else {}
        return make_desired(**needed(self.resource_type, entries), **{self.resource_type.section: own})

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


def on_tenant(resource_type: ResourceType, steps: Callable[[Tenant], Awaitable[None]]) -> None:
    on_sandbox(lambda run: steps(Tenant(resource_type, run)))


@every_type
def test_what_is_applied_is_there(resource_type: ResourceType) -> None:
    async def steps(tenant: Tenant) -> None:
        await tenant.apply(entry_of(resource_type, 0))
        changed = await tenant.apply(entry_of(resource_type, 1))
        assert Action.CREATE not in changed.actions
        emptied = await tenant.apply(cleared(resource_type, entry_of(resource_type, 1)))
        assert set(emptied.actions) <= {Action.UPDATE}

    on_tenant(resource_type, steps)


@every_type
def test_each_field_can_be_changed_and_cleared_by_itself(resource_type: ResourceType) -> None:
    async def steps(tenant: Tenant) -> None:
        for name in writable_names(resource_type):
            first = entry_with(resource_type, name)
            await tenant.apply(first)
            other = value_of(resource_type, name, 1)
            is_noticed = other != first[name] and is_told(resource_type, name, other)
            changed = await tenant.apply({**first, name: other})
            assert changed.fields == ({name} if is_noticed else set())
            for value in empty_values(resource_type, name, first):
                assert (await tenant.apply({**first, name: value})).fields <= {name}

    on_tenant(resource_type, steps)


def is_told(resource_type: ResourceType, name: str, value: Any) -> bool:
    """Whether reads tell anything of the value of a field; a step is asked for, and not read."""
    told = [path for path in leaves(value, (name,)) if is_compared(resource_type, path)]
    return bool(told) and name not in {step.field for step in resource_type.steps}


def empty_values(resource_type: ResourceType, name: str, entry: Entry) -> list[Any]:
    """Return what a field is cleared by: an empty list, null, as far as it can be."""
    values: list[Any] = [[]] if isinstance(entry[name], list) else []
    return [*values, None] if name in clearable_names(resource_type, entry) else values


@every_type
def test_the_order_does_not_matter(resource_type: ResourceType) -> None:
    async def steps(tenant: Tenant) -> None:
        entry = entry_of(resource_type, 0)
        await tenant.apply(entry)
        for seed in range(3):
            mixed = shuffle(resource_type, entry, (), random.Random(seed))  # noqa: S311 - a shuffle
            assert (await tenant.plan(mixed)).is_empty

    on_tenant(resource_type, steps)


@each_of([each for each in DECLARABLE if each.delete])
def test_what_is_deleted_is_gone(resource_type: ResourceType) -> None:
    section = frozenset({resource_type.section})
    prune = Policy(prune=section)

    async def steps(tenant: Tenant) -> None:
        await tenant.apply(entry_of(resource_type, 0))
        assert Action.DELETE in (await tenant.apply(policy=prune)).actions
        left = await tenant.plan(policy=prune)
        mine = [each for each in left.unmanaged if each.address.partition("/")[0] in section]
        assert (left.changes, mine) == ((), [])

    on_tenant(resource_type, steps)


def is_replaceable(resource_type: ResourceType) -> bool:
    """Whether a change of something fixed makes another object of the same key."""
    return resource_type.delete is not None and bool(fixed_names(resource_type))


def fixed_names(resource_type: ResourceType) -> list[str]:
    """Return the fields that are fixed at create, that reads show, and that have another value to take."""
    return [
        name
        for name in writable_names(resource_type)
        if is_immutable(resource_type, name)
        and not is_write_only(resource_type, (name,))
        and len(fields_of(resource_type)[name].enum) != 1
    ]


@each_of(list(filter(is_replaceable, DECLARABLE)))
def test_a_replaced_object_has_all_that_the_file_says(resource_type: ResourceType) -> None:
    async def steps(tenant: Tenant) -> None:
        entry = entry_of(resource_type, 0)
        for name in fixed_names(resource_type):
            await tenant.apply(entry)
            entry = {**entry, name: value_of(resource_type, name, 1)}
            assert (await tenant.apply(entry)).actions == [Action.REPLACE]

    on_tenant(resource_type, steps)


def names_that_can_change(resource_type: ResourceType) -> list[str]:
    """Return the key fields whose value a person chooses, of objects that the API creates."""
    known = fields_of(resource_type)
    chosen = identity_of(resource_type)
    return [
        name for name in resource_type.key if resource_type.create and name in chosen and not known[name].enum
    ]


@each_of([each for each in DECLARABLE if names_that_can_change(each)])
def test_a_rename_keeps_the_object_unless_its_name_is_fixed(resource_type: ResourceType) -> None:
    async def steps(tenant: Tenant) -> None:
        entry = identity_of(resource_type)
        for name in names_that_can_change(resource_type):
            await tenant.apply(entry)
            renamed = {**entry, name: value_of(resource_type, name, 1)}
            former, latter = (
                make_address(resource_type.section, key_of(resource_type, each)) for each in (entry, renamed)
            )
            done = await tenant.apply(renamed, policy=Policy(moved={latter: former}))
            is_fixed = is_immutable(resource_type, name)
            assert done.actions == [Action.REPLACE if is_fixed else Action.UPDATE]
            entry = renamed

    on_tenant(resource_type, steps)

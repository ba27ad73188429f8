"""What holds for every type on a tenant: apply, plan again, expect nothing; whatever happens to an object."""

from __future__ import annotations

from typing import Any

from tenantctl.catalog.fields import fields_of, is_immutable
from tenantctl.catalog.keys import key_of
from tenantctl.catalog.marks import is_write_only
from tenantctl.catalog.spec import ResourceType
from tenantctl.plan.model import Action
from tenantctl.plan.policy import Policy
from tenantctl.states import make_address
from tests.apply.tenant import Tenant, on_tenant
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
    value_of,
    writable_names,
)
from tests.plan.test_properties import is_compared, leaves


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


@each_of([each for each in DECLARABLE if each.delete])
def test_what_is_deleted_is_gone(resource_type: ResourceType) -> None:
    async def steps(tenant: Tenant) -> None:
        await tenant.apply(entry_of(resource_type, 0))
        assert Action.DELETE in (await tenant.prune()).actions

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

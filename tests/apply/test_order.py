"""The order of what has none, in the file and on the tenant, makes no other plan: for every type."""

from __future__ import annotations

import random
from typing import Any

from tenantctl.catalog.registry import BY_SECTION
from tenantctl.catalog.spec import ResourceType
from tenantctl.plan.model import Change, Plan
from tenantctl.plan.planner import make_plan
from tenantctl.plan.values import unseal
from tenantctl.states import Current, Desired
from tests.apply.tenant import Tenant, on_tenant
from tests.entries import Entry, entry_of, every_type, identity_of
from tests.plan.test_properties import shuffle
from tests.states import make_resource

TIMES = 4


@every_type
def test_the_order_does_not_matter(resource_type: ResourceType) -> None:
    async def steps(tenant: Tenant) -> None:
        first = entry_of(resource_type, 0)
        await tenant.apply(first)
        for entries in ([first], [entry_of(resource_type, 1), *another(resource_type)]):
            desired = tenant.desired(*entries)
            filled = await tenant.read(desired)
            empty = Current(filled.domain, dict.fromkeys(filled.sections, ()))
            for current in (filled, empty) if resource_type.create else (filled,):
                expected = told(make_plan(desired, current))
                for seed in range(TIMES):
                    source = random.Random(seed)  # noqa: S311 - a shuffle
                    plan = make_plan(mixed_file(desired, source), mixed_tenant(current, source))
                    assert told(plan) == expected
                    assert is_in_order(plan)

    on_tenant(resource_type, steps)


def another(resource_type: ResourceType) -> list[Entry]:
    """Return an entry of another object, if the file may have a second one."""
    has_many = resource_type.create is not None and bool(resource_type.key)
    return [identity_of(resource_type, 1)] if has_many else []


def mixed_file(desired: Desired, source: random.Random) -> Desired:
    """Return a file with its sections, their resources, and what in these has no order in another order."""
    sections = {}
    for section in mixed(desired.sections, source):
        resources = mixed(desired.sections[section], source)
        data = (shuffle(BY_SECTION[section], resource.data, (), source) for resource in resources)
        sections[section] = tuple(make_resource(section, each) for each in data)
    return Desired(sections)


def mixed_tenant(current: Current, source: random.Random) -> Current:
    """Return a tenant that lists its objects, and what in these has no order, in another order."""
    sections = {
        section: tuple(shuffle(BY_SECTION[section], item, (), source) for item in mixed(items, source))
        for section, items in current.sections.items()
    }
    return Current(current.domain, sections, current.own_client_id)


def mixed(items: Any, source: random.Random) -> list[Any]:
    return source.sample(list(items), len(items))


def told(plan: Plan) -> list[str]:
    """Return what a plan says, but for the order in which it says it."""
    unmanaged = [repr(each) for each in plan.unmanaged]
    return sorted([*unmanaged, *(repr(each) for each in map(_said, plan.changes))])


def _said(change: Change) -> Any:
    fields = [(field.path, sorted_lists(field.before), sorted_lists(field.after)) for field in change.fields]
    writes = [(write.method, write.path, sorted_lists(unseal(write.body, str))) for write in change.writes]
    ordered = (sorted(each, key=repr) for each in (fields, writes, change.depends_on))
    return (change.address, change.action, *ordered)


def sorted_lists(value: Any) -> Any:
    """Return a JSON value with its members and items in an order that depends on their values alone."""
    if isinstance(value, dict):
        return {name: sorted_lists(value[name]) for name in sorted(value)}
    return sorted(map(sorted_lists, value), key=repr) if isinstance(value, list) else value


def is_in_order(plan: Plan) -> bool:
    """Whether each change comes after those that it depends on."""
    seen: set[str] = set()
    for change in plan.changes:
        if not change.depends_on <= seen:
            return False
        seen.add(change.address)
    return True

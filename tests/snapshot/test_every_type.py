"""What holds for every type: a snapshot is the tenant as far as anyone may see it, and stands for it."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

from tenantctl.catalog.marks import is_secret
from tenantctl.catalog.registry import BY_SECTION, RESOURCE_TYPES
from tenantctl.catalog.spec import ResourceType
from tenantctl.plan.interest import make_interest
from tenantctl.plan.model import Change, FieldDiff, Plan
from tenantctl.plan.recorded import recorded
from tenantctl.plan.values import SENSITIVE
from tenantctl.sandbox.seed import seed
from tenantctl.states import FieldPath
from tests.apply.runs import aaa, open_run
from tests.apply.tenant import Tenant, on_tenant
from tests.entries import Entry, cleared, each_of, entry_of, every_type
from tests.snapshot.takes import plan_against, take, write

CANARY = "canary-7d1f"
OF_ITS_OWN = frozenset({"signingKeys"})
"""Sections of which no other tenant can have the objects: nobody is told their private keys."""


@every_type
def test_a_seeded_tenant_has_the_same_snapshot(resource_type: ResourceType) -> None:
    async def steps() -> None:
        async with open_run() as one, open_run() as other:
            tenant, entry = Tenant(resource_type, one), entry_of(resource_type, 0)
            await tenant.apply(entry)
            sections = make_interest(tenant.desired(entry)).sections
            first = await take(one, *sections)
            seed(other.store.tenant(), json.loads(json.dumps(first)))
            assert (await take(other, *sections))["sections"] == first["sections"]

    asyncio.run(steps())


def test_a_whole_tenant_is_seeded() -> None:
    async def steps() -> None:
        async with open_run() as one, open_run() as other:
            await one.apply(aaa())
            first = await take(one)
            assert list(first["sections"]) == list(BY_SECTION)
            seed(one.store.tenant(), json.loads(json.dumps(first)))
            assert await take(one) == first
            seed(other.store.tenant(), json.loads(json.dumps(first)))
            second = await take(other)
            for section in BY_SECTION.keys() - OF_ITS_OWN:
                assert second["sections"][section] == first["sections"][section]

    asyncio.run(steps())


@every_type
def test_a_plan_against_it_is_the_plan_of_the_tenant(resource_type: ResourceType, tmp_path: Path) -> None:
    async def steps(tenant: Tenant) -> None:
        first, second = (with_known_keys(resource_type, entry_of(resource_type, each)) for each in (0, 1))
        await tenant.apply(first)
        sections = make_interest(tenant.desired(first, second)).sections
        path = write(tmp_path, await take(tenant.run, *sections))
        assert plan_against(path, tenant.desired(first)).is_empty
        for entry in (second, cleared(resource_type, first), {**first, **second}):
            live = await tenant.plan(entry)
            offline = plan_against(path, tenant.desired(entry))
            assert told(offline) == told(live)
            assert set(offline.unmanaged) == set(live.unmanaged)
            assert (offline.domain, offline.snapshot) == (live.domain, str(path))

    on_tenant(resource_type, steps)


def with_known_keys(resource_type: ResourceType, entry: Entry) -> Entry:
    """Return an entry whose nested mappings have keys that the tenant may know."""
    known = {part.root: part for part in resource_type.parts if part.keys}
    return {
        name: _moved(value, [known[name].keys.get(key, ("en",))[0] for key in known[name].names])
        if name in known
        else value
        for name, value in entry.items()
    }


def _moved(nested: Any, keys: list[str]) -> Any:
    if not keys:
        return nested
    (inner,) = nested.values()
    return {keys[0]: _moved(inner, keys[1:])}


def told(plan: Plan) -> list[tuple[Any, ...]]:
    """Return what a plan changes, secrets aside: a snapshot has none to compare with."""
    return [_told(change) for change in plan.changes if _told(change)[-1] or change.action.value != "update"]


def _told(change: Change) -> tuple[Any, ...]:
    shown = {each.path: without_secrets(each) for each in change.fields if not each.sensitive}
    return change.address, change.action, change.id, shown


def without_secrets(field: FieldDiff) -> tuple[Any, Any]:
    return _without(field.before), _without(field.after)


def _without(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without(member) for name, member in value.items() if member != SENSITIVE}
    return [_without(item) for item in value] if isinstance(value, list) else value


@every_type
def test_no_secret_is_in_it(resource_type: ResourceType) -> None:
    async def steps(tenant: Tenant) -> None:
        entry = with_canaries(resource_type, entry_of(resource_type, 0), ())
        await tenant.apply(entry)
        assert CANARY not in json.dumps(await take(tenant.run, resource_type.section))

    on_tenant(resource_type, steps)


@each_of([each for each in RESOURCE_TYPES if each.secret or each.write_only])
def test_nothing_that_is_marked_is_in_it_even_if_the_tenant_tells_it(resource_type: ResourceType) -> None:
    for mark in (resource_type.secret | resource_type.write_only) - resource_type.returned.keys():
        item = at_mark(mark)
        assert CANARY in json.dumps(item)
        assert CANARY not in json.dumps(recorded(resource_type, item, ()))


@each_of([each for each in RESOURCE_TYPES if each.returned])
def test_what_is_told_of_some_kinds_of_object_is_in_it_then(resource_type: ResourceType) -> None:
    for mark in resource_type.returned.keys() - resource_type.secret:
        assert recorded(resource_type, at_mark(mark), ()).items() >= at_mark(mark).items()


def at_mark(mark: str) -> dict[str, Any]:
    """Return an object that has the canary where a mark is (``a.b[].*``)."""
    value: Any = CANARY
    for step in reversed(mark.split(".")):
        name = step.removesuffix("[]")
        value = {name.replace("*", "any"): [value] if step.endswith("[]") else value}
    found: dict[str, Any] = value
    return found


def with_canaries(resource_type: ResourceType, value: Any, path: FieldPath) -> Any:
    """Return an entry whose secrets are known when they are seen."""
    if isinstance(value, dict):
        return {name: with_canaries(resource_type, member, (*path, name)) for name, member in value.items()}
    if isinstance(value, list):
        return [with_canaries(resource_type, item, (*path, 0)) for item in value]
    hidden = path and is_secret(resource_type, path)
    return CANARY if hidden and isinstance(value, str) and value.startswith("text") else value

"""What holds for every type: an apply, rolled back, leaves the tenant as it was before."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tenantctl.apply.doomed import with_all_of_the_doomed
from tenantctl.apply.executor import apply_plan
from tenantctl.apply.journal import open_journal
from tenantctl.apply.unfinished import latest
from tenantctl.catalog.keys import key_of
from tenantctl.catalog.spec import ResourceType
from tenantctl.plan.model import Plan
from tenantctl.plan.parts import first_name
from tenantctl.plan.planner import make_plan
from tenantctl.plan.policy import Policy
from tenantctl.problems import Problem
from tenantctl.rollback.past import Past, past_of
from tenantctl.tenant.read import read_current
from tests.apply.tenant import Tenant, on_tenant
from tests.entries import DECLARABLE, Entry, cleared, each_of, entry_of, every_type


class Journaled:
    """A tenant on which applies are journaled, and rolled back."""

    def __init__(self, tenant: Tenant, folder: Path) -> None:
        self.tenant = tenant
        self.folder = folder
        self.section = tenant.resource_type.section

    async def carry_out(self, plan: Plan) -> None:
        plan = await with_all_of_the_doomed(self.tenant.run.client, plan)
        with open_journal(plan, self.folder) as journal:
            outcome = await apply_plan(plan, self.tenant.run.client, record=journal.record)
            assert outcome.ok, [each.problem for each in outcome.results if each.problem]
            journal.end(outcome)

    async def apply(self, *entries: Entry, policy: Policy | None = None) -> Plan:
        plan = await self.tenant.plan(*entries, policy=policy)
        await self.carry_out(plan)
        return plan

    async def roll_back(self) -> tuple[Past, Plan]:
        run = latest("sandbox.localhost", self.folder)
        assert run
        past = past_of(run, {change.section for change in run.changes.values()})
        current = await read_current(self.tenant.run.client, past.interest)
        plan = make_plan(past.desired, current, past.policy)
        assert plan.is_applicable, plan.problems
        await self.carry_out(plan)
        return past, plan

    async def keys(self) -> set[str]:
        """Return the keys of the objects that the tenant has of the type."""
        current = await self.tenant.read(self.tenant.desired())
        resource_type = self.tenant.resource_type
        return {key_of(resource_type, item) for item in current.sections[resource_type.section]}

    async def assert_back(self, entry: Entry, problems: Iterable[Problem]) -> None:
        """Assert that an entry is on the tenant, but for its secrets and what was said to stay."""
        told = " ".join(problem.summary for problem in problems)
        # Of texts in made-up languages, nobody knows what to ask for.
        told += " ".join(part.root for part in self.tenant.resource_type.parts if part.names)
        left = await self.tenant.plan(entry)
        assert [
            f"{change.address}#{field.path}: {field.before} → {field.after}"
            for change in left.changes
            for field in change.fields
            if not field.sensitive and first_name(field.path) not in told
        ] == []


@every_type
def test_a_change_is_undone(resource_type: ResourceType, tmp_path: Path) -> None:
    async def steps(tenant: Tenant) -> None:
        journaled = Journaled(tenant, tmp_path)
        first, second = entry_of(resource_type, 0), entry_of(resource_type, 1)
        await journaled.apply(first)
        if not (await journaled.apply(second)).is_empty:
            past, _ = await journaled.roll_back()
            await journaled.assert_back(first, past.problems)

    on_tenant(resource_type, steps)


@each_of([each for each in DECLARABLE if each.delete])
def test_a_creation_is_undone(resource_type: ResourceType, tmp_path: Path) -> None:
    async def steps(tenant: Tenant) -> None:
        journaled = Journaled(tenant, tmp_path)
        entry = entry_of(resource_type, 0)
        before = await journaled.keys()
        await journaled.apply(entry)
        await journaled.roll_back()
        assert await journaled.keys() == before

    on_tenant(resource_type, steps)


@each_of([each for each in DECLARABLE if each.delete])
def test_a_deletion_is_undone_or_said_to_be_for_good(resource_type: ResourceType, tmp_path: Path) -> None:
    async def steps(tenant: Tenant) -> None:
        journaled = Journaled(tenant, tmp_path)
        entry = entry_of(resource_type, 0)
        await journaled.apply(entry)
        before = await journaled.keys()
        await journaled.apply(policy=Policy(prune=frozenset({resource_type.section})))
        past, _ = await journaled.roll_back()
        if not any(problem.code == "not-restorable" for problem in past.problems):
            assert await journaled.keys() == before
            await journaled.assert_back(entry, past.problems)

    on_tenant(resource_type, steps)


@every_type
def test_what_was_cleared_is_back(resource_type: ResourceType, tmp_path: Path) -> None:
    async def steps(tenant: Tenant) -> None:
        journaled = Journaled(tenant, tmp_path)
        entry = entry_of(resource_type, 0)
        await journaled.apply(entry)
        if not (await journaled.apply(cleared(resource_type, entry))).is_empty:
            past, _ = await journaled.roll_back()
            await journaled.assert_back(entry, past.problems)

    on_tenant(resource_type, steps)

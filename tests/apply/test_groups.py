"""Groups come from a directory; a file links them with roles."""

from __future__ import annotations

import asyncio
from typing import Any

from tenantctl.plan.interest import make_interest
from tenantctl.plan.planner import make_plan
from tenantctl.plan.policy import Policy
from tests.apply.runs import Run, open_run
from tests.states import make_desired

ROLES: list[dict[str, Any]] = [{"name": "Editor"}, {"name": "Viewer"}]
CONNECTION = {"name": "corp", "strategy": "samlp"}


async def with_a_group(run: Run) -> None:
    """Let the directory of a connection bring a group, as a snapshot does."""
    _, outcome = await run.apply(make_desired(connections=[CONNECTION], roles=ROLES))
    assert outcome.ok, outcome
    (connection,) = (await run.read(make_desired(connections=[CONNECTION]))).sections["connections"]
    group = {"id": "grp_1234567890123456", "name": "Engineering", "connection_id": connection["id"]}
    run.store.tenant().insert("groups", group)


def groups(*roles: str) -> Any:
    return make_desired(groups=[{"connection_id": "corp", "name": "Engineering", "roles": list(roles)}])


def test_roles_are_linked_by_name() -> None:
    async def steps() -> None:
        async with open_run() as run:
            await with_a_group(run)
            plan, outcome = await run.apply(groups("Editor"))
            assert outcome.ok, outcome
            assert [change.address for change in plan.changes] == ["groups/corp:Engineering"]
            assert (await run.plan(groups("Editor"))).is_empty
            plan, _ = await run.apply(groups("Viewer"))
            assert [write.method for change in plan.changes for write in change.writes] == ["POST", "DELETE"]
            assert (await run.plan(groups("Viewer"))).is_empty

    asyncio.run(steps())


def test_a_group_goes_only_where_that_is_asked_for() -> None:
    async def steps() -> None:
        async with open_run() as run:
            await with_a_group(run)
            nothing = make_desired(groups=[])
            current = await run.read(nothing)
            assert not make_plan(nothing, current).changes
            assert make_interest(nothing).sections == ("groups",)
            prune = frozenset({"groups"})
            assert not make_plan(nothing, current, Policy(prune=prune)).is_applicable
            assert make_plan(nothing, current, Policy(prune=prune, force_unsafe=prune)).is_applicable

    asyncio.run(steps())

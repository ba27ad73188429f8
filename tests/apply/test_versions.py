"""A file names a module by its name and the number of a version; the API wants the ids of both."""

from __future__ import annotations

from typing import Any

import pytest

from tenantctl.plan.model import Plan
from tenantctl.plan.planner import make_plan
from tenantctl.plan.policy import Policy
from tenantctl.plan.values import Pending
from tenantctl.problems import Problem, ProblemsError
from tenantctl.states import Desired
from tests.apply.runs import Run, on_sandbox
from tests.states import make_desired

TRIGGER = [{"id": "post-login", "version": "v3"}]


def module(code: str = "1", *, publish: bool = True) -> dict[str, Any]:
    return {"name": "greet", "code": code, "all_changes_published": publish}


def action(**version: int) -> dict[str, Any]:
    used = [{"module_name": "greet", **version}]
    return {"name": "welcome", "code": "0", "supported_triggers": TRIGGER, "modules": used}


def tenant(*modules: dict[str, Any], **version: int) -> Desired:
    return make_desired(actionModules=list(modules), actions=[action(**version)])


async def applied(run: Run, desired: Desired) -> tuple[Plan, dict[str, Any]]:
    """Apply, see that nothing is left, and return the plan and what the tenant says of the module's use."""
    plan, outcome = await run.apply(desired)
    assert outcome.ok, outcome
    assert (await run.plan(desired)).is_empty
    (live,) = (await run.read(make_desired(actions=[{"name": "welcome"}]))).sections["actions"]
    (used,) = live["modules"]
    return plan, used


async def problem_of(run: Run, desired: Desired) -> Problem:
    with pytest.raises(ProblemsError) as raised:
        await run.plan(desired)
    (problem,) = raised.value.problems
    return problem


def test_a_module_and_its_first_version_come_with_the_action_that_uses_it() -> None:
    async def steps(run: Run) -> None:
        _, used = await applied(run, tenant(module(), module_version_number=1))
        assert (used["module_name"], used["module_version_number"]) == ("greet", 1)

    on_sandbox(steps)


def test_without_a_number_it_is_the_newest_and_follows_what_is_published() -> None:
    async def steps(run: Run) -> None:
        _, first = await applied(run, tenant(module("1")))
        plan, second = await applied(run, tenant(module("2")))
        assert [change.address for change in plan.changes] == ["actionModules/greet", "actions/welcome"]
        assert (first["module_version_number"], second["module_version_number"]) == (1, 2)

    on_sandbox(steps)


def test_a_number_stays_with_its_version_and_is_looked_up() -> None:
    async def steps(run: Run) -> None:
        _, first = await applied(run, tenant(module("1"), module_version_number=1))
        plan, second = await applied(run, tenant(module("2"), module_version_number=1))
        assert [change.address for change in plan.changes] == ["actionModules/greet"]
        assert first == second
        # The file need not declare the module.
        _, third = await applied(run, tenant(module_version_number=2))
        assert third["module_version_number"] == 2
        assert third["module_version_id"] != first["module_version_id"]

    on_sandbox(steps)


def test_a_version_that_there_is_not_is_told_with_those_that_there_are() -> None:
    async def steps(run: Run) -> None:
        await applied(run, tenant(module("1")))
        await applied(run, tenant(module("2")))
        problem = await problem_of(run, tenant(module("2"), module_version_number=7))
        assert problem.code == "unknown-version"
        assert "version 7" in problem.summary
        assert problem.detail == "It has: 1, 2."

    on_sandbox(steps)


def test_a_module_that_is_not_published_has_nothing_to_use() -> None:
    async def steps(run: Run) -> None:
        problem = await problem_of(run, tenant(module(publish=False)))
        assert (problem.code, problem.detail) == ("unknown-version", "Nothing of it was published yet.")
        assert "all_changes_published: true" in problem.hint

    on_sandbox(steps)


def test_only_the_action_needs_the_version_that_the_module_is_to_get() -> None:
    async def steps(run: Run) -> None:
        await applied(run, tenant(module("1")))
        desired, only = tenant(module("2")), Policy(only=("actions/*",))
        current = await run.read(desired)
        assert [each.code for each in make_plan(desired, current, only).problems] == ["only-leaves-out"]
        pinned = tenant(module("2"), module_version_number=1)
        assert make_plan(pinned, await run.read(pinned), only).is_applicable

    on_sandbox(steps)


def test_versions_are_read_of_those_modules_alone_that_actions_name() -> None:
    async def steps(run: Run) -> None:
        other = {**module(), "name": "other"}
        await applied(run, make_desired(actionModules=[module(), other], actions=[action()]))
        run.log.clear()
        await run.plan(make_desired(actionModules=[module(), other], actions=[action()]))
        assert len([line for line in run.log if "/versions" in line]) == 1

    on_sandbox(steps)


def test_a_module_in_use_is_not_deleted_before_the_action() -> None:
    async def steps(run: Run) -> None:
        await applied(run, tenant(module()))
        prune = Policy(prune=frozenset({"actions", "actionModules"}))
        nothing = make_desired(actionModules=[], actions=[])
        forced = Policy(prune=prune.prune, force_unsafe=prune.prune)
        plan = make_plan(nothing, await run.read(nothing), forced)
        assert [change.address for change in plan.changes] == ["actions/welcome", "actionModules/greet"]
        _, outcome = await run.apply(nothing, forced)
        assert outcome.ok, outcome

    on_sandbox(steps)


def test_the_id_of_a_version_is_left_as_it_is() -> None:
    async def steps(run: Run) -> None:
        _, used = await applied(run, tenant(module()))
        by_id = {"module_id": used["module_id"], "module_version_id": used["module_version_id"]}
        exported = {**action(), "modules": [by_id]}
        assert (await run.plan(make_desired(actions=[exported]))).is_empty
        assert not any(isinstance(value, Pending) for value in used.values())

    on_sandbox(steps)

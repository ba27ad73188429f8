"""Which groups of a directory are taken over: a list inside a part, under an endpoint of its own."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from tenantctl.plan.planner import make_plan
from tenantctl.problems import ProblemsError
from tenantctl.states import Desired
from tests.apply.runs import App, Run, on_sandbox
from tests.states import make_desired

_PATH = "directory-provisioning"


def workspace(*groups: str, **more: Any) -> Desired:
    directory = {"synchronize_groups": "selected", "synchronized_groups": [{"id": each} for each in groups]}
    options = {"domain": "example.com", "api_enable_groups": True}
    connection = {"name": "corp", "strategy": "google-apps", "options": options}
    provisioning = {"directory_provisioning_configuration": directory | more}
    return make_desired(connections=[connection | provisioning])


async def requests(run: Run, desired: Desired) -> list[tuple[str, str, Any]]:
    """Apply, see that nothing is left, and return what was sent of the directory."""
    plan, outcome = await run.apply(desired)
    assert outcome.ok, outcome
    assert (await run.plan(desired)).is_empty
    sent = [write for change in plan.changes for write in change.writes if _PATH in write.path]
    return [(write.method, write.path.partition(_PATH)[2], write.body) for write in sent]


def test_groups_come_go_and_are_left_alone() -> None:
    async def steps(run: Run) -> None:
        first = await requests(run, workspace("a", "b"))
        assert first == [
            ("POST", "", {"synchronize_groups": "selected"}),
            ("POST", "/synchronized-groups", {"groups": [{"id": "a"}, {"id": "b"}]}),
        ]
        assert await requests(run, workspace("c", "b")) == [
            ("POST", "/synchronized-groups", {"groups": [{"id": "c"}]}),
            ("DELETE", "/synchronized-groups", {"groups": [{"id": "a"}]}),
        ]
        assert (await run.plan(workspace("b", "c"))).is_empty
        assert await requests(run, workspace("b", "c", synchronize_automatically=True)) == [
            ("PATCH", "", {"synchronize_automatically": True})
        ]
        assert [method for method, _, _ in await requests(run, workspace())] == ["DELETE"]

    on_sandbox(steps)


def refusing_groups(app: App) -> App:
    """Let the tenant lack what the list of groups takes."""
    told = {"statusCode": 403, "error": "Forbidden", "errorCode": "insufficient_entitlement"}
    told["message"] = "Please upgrade your subscription"

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        is_list = scope["method"] == "GET" and scope["path"].endswith("/synchronized-groups")
        await (JSONResponse(told, 403) if is_list else app)(scope, receive, send)

    return answer


def test_groups_that_the_tenant_does_not_tell_are_not_taken_for_none() -> None:
    async def steps(run: Run) -> None:
        plan, outcome = await run.apply(workspace("a"))
        assert outcome.ok, plan
        with pytest.raises(ProblemsError) as raised:
            await run.plan(workspace("a"))
        (problem,) = raised.value.problems
        assert "connections.directory_provisioning_configuration can't be read" in problem.summary

    on_sandbox(steps, refusing_groups)


def test_a_directory_is_read_without_its_groups_where_the_file_names_none() -> None:
    async def steps(run: Run) -> None:
        await requests(run, workspace("a"))
        (entry,) = workspace("a").sections["connections"]
        named = {**entry.data, "directory_provisioning_configuration": {"synchronize_groups": "selected"}}
        run.log.clear()
        desired = make_desired(connections=[named])
        assert make_plan(desired, await run.read(desired)).is_empty
        assert not [line for line in run.log if "synchronized-groups" in line]

    on_sandbox(steps)

"""An action is deployed once it is built; one that can't be built says why."""

from __future__ import annotations

import asyncio
from typing import Any

from tenantctl.apply.executor import apply_plan
from tenantctl.apply.outcome import ChangeResult, Status
from tenantctl.plan.planner import make_plan
from tests.states import make_current, make_desired

ACTION = {"name": "A", "supported_triggers": [{"id": "post-login"}], "deployed": True}
BUILD_ERROR = "Cannot find module 'nope'"


class Tenant:
    """Stands in for a client: the action it creates goes through these states, one at each read."""

    is_stopped = False

    def __init__(self, *states: str) -> None:
        self.states = list(states)
        self.sent: list[tuple[str, str]] = []

    async def request(self, method: str, path: str, *, body: Any = None) -> Any:
        self.sent.append((method, path))
        if path.endswith("/versions"):
            return {"versions": [{"errors": [{"id": "e1", "msg": BUILD_ERROR}]}]}
        if method == "GET":
            return {"id": "act_1", "status": self.states.pop(0)}
        return {"id": "act_1", **(body or {})}


def apply_to(tenant: Tenant) -> ChangeResult:
    plan = make_plan(make_desired(actions=[ACTION]), make_current(actions=[]))
    (result,) = asyncio.run(apply_plan(plan, tenant)).results  # type: ignore[arg-type]  # all that it uses
    return result


def test_it_is_deployed_once_it_is_built() -> None:
    tenant = Tenant("pending", "building", "built")
    assert apply_to(tenant).status is Status.APPLIED
    reads = [("GET", "/actions/actions/act_1")] * 3
    assert tenant.sent == [
        ("POST", "/actions/actions"),
        *reads,
        ("POST", "/actions/actions/act_1/deploy"),
    ]


def test_a_failed_build_fails_the_change_with_its_errors() -> None:
    tenant = Tenant("building", "failed")
    result = apply_to(tenant)
    assert result.status is Status.FAILED
    assert result.problem is not None
    assert (result.problem.code, result.problem.detail) == ("not-ready", BUILD_ERROR)
    assert ("POST", "/actions/actions/act_1/deploy") not in tenant.sent

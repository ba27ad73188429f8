"""A plan is carried out as it was shown: in order, side by side, and as far as it goes."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from starlette.responses import JSONResponse, Response

from tenantctl.apply.executor import apply_plan
from tenantctl.apply.outcome import ChangeResult, Outcome, Status
from tenantctl.plan.model import Action, Plan
from tenantctl.plan.policy import Policy
from tenantctl.problems import Position, Problem, ProblemsError
from tests.apply.runs import AAA, App, Between, Run, aaa, on_sandbox
from tests.states import make_desired

API, CLIENT, GRANT = (
    "resourceServers/https://aaa-api",
    "clients/AAA M2M",
    "clientGrants/AAA M2M:https://aaa-api",
)


def statuses(outcome: Outcome) -> dict[str, Status]:
    return {result.address: result.status for result in outcome.results}


def problem_of(outcome: Outcome, address: str) -> Problem:
    problem = next(result.problem for result in outcome.results if result.address == address)
    assert problem is not None
    return problem


def test_the_aaa_tenant_is_built_and_then_left_alone() -> None:
    async def steps(run: Run) -> None:
        plan, outcome = await run.apply(aaa())
        assert plan.counts() == {"create": 3, "update": 0, "replace": 0, "delete": 0, "no-op": 0}
        assert outcome.ok
        assert outcome.counts() == {"applied": 3, "failed": 0, "skipped": 0}
        again, empty = await run.apply(aaa())
        assert again.is_empty
        assert (empty.ok, empty.results) == (True, ())
        assert run.client.count.writes == 3

    on_sandbox(steps)


def test_a_grant_comes_after_its_client_and_its_api() -> None:
    between: list[Between] = []

    def wrap(app: App) -> App:
        between.append(Between(app, {}))
        return between[0]

    on_sandbox(lambda run: run.apply(aaa()), wrap)
    assert between[0].writes[2] == "POST /client-grants"
    assert set(between[0].writes[:2]) == {"POST /resource-servers", "POST /clients"}


def test_results_are_told_as_they_come() -> None:
    async def steps(run: Run) -> None:
        told: list[ChangeResult] = []
        outcome = await apply_plan(await run.plan(aaa()), run.client, on_result=told.append)
        assert tuple(told) == outcome.results
        assert all(result.seconds > 0 for result in told)
        assert outcome.domain == "sandbox.localhost"

    on_sandbox(steps)


def test_independent_changes_go_side_by_side() -> None:
    names = ["one", "two", "three"]
    inside: list[str] = []
    all_in = asyncio.Event()

    def wrap(app: App) -> App:
        async def wait_for_all(scope: Any, receive: Any, send: Any) -> None:
            if scope["method"] == "POST":
                inside.append(scope["path"])
                if len(inside) == len(names):
                    all_in.set()
                await asyncio.wait_for(all_in.wait(), 5)
            await app(scope, receive, send)

        return wait_for_all

    async def steps(run: Run) -> None:
        _, outcome = await run.apply(make_desired(clients=[{"name": name} for name in names]))
        assert outcome.ok

    on_sandbox(steps, wrap)


REFUSED = JSONResponse({"statusCode": 409, "message": "Already there", "errorCode": "x"}, 409)


def test_a_failure_fails_alone_and_what_needs_it_is_skipped() -> None:
    desired = make_desired(**AAA, roles=[{"name": "Editor"}])

    async def steps(run: Run) -> None:
        _, outcome = await run.apply(desired)
        assert not outcome.ok
        assert statuses(outcome) == {
            API: Status.APPLIED,
            CLIENT: Status.FAILED,
            GRANT: Status.SKIPPED,
            "roles/Editor": Status.APPLIED,
        }
        failed = problem_of(outcome, CLIENT)
        assert (failed.code, failed.detail) == ("conflict", "Already there")
        assert (failed.address, failed.position) == (CLIENT, Position("tenant.yaml", 1, 1))
        skipped = problem_of(outcome, GRANT)
        assert (skipped.code, skipped.position) == ("dependency-failed", Position("tenant.yaml", 1, 1))
        assert CLIENT in skipped.summary

    on_sandbox(steps, lambda app: Between(app, {"POST /clients": REFUSED}))


def test_a_second_apply_goes_on_from_there() -> None:
    answers: dict[str, App] = {"POST /clients": REFUSED}

    async def steps(run: Run) -> None:
        await run.apply(aaa())
        answers.clear()
        plan, outcome = await run.apply(aaa())
        assert [change.address for change in plan.changes] == [CLIENT, GRANT]
        assert outcome.ok

    on_sandbox(steps, lambda app: Between(app, answers))


def test_what_depends_on_the_skipped_is_skipped() -> None:
    async def steps(run: Run) -> None:
        plan = await run.plan(aaa())
        api, client, grant = plan.changes
        chained = replace(client, depends_on=frozenset({api.address}))
        last = replace(grant, depends_on=frozenset({client.address}))
        outcome = await apply_plan(replace(plan, changes=(api, chained, last)), run.client)
        assert list(statuses(outcome).values()) == [Status.FAILED, Status.SKIPPED, Status.SKIPPED]

    on_sandbox(steps, lambda app: Between(app, {"POST /resource-servers": REFUSED}))


def test_a_create_whose_answer_is_lost_is_in_doubt_and_not_sent_twice() -> None:
    between: list[Between] = []
    busy = JSONResponse({"message": "Bad gateway"}, 502)

    def wrap(app: App) -> App:
        between.append(Between(app, {"POST /clients": busy}, after=True))
        return between[0]

    async def steps(run: Run) -> None:
        _, outcome = await run.apply(aaa())
        failed = problem_of(outcome, CLIENT)
        assert failed.code == "server-error"
        assert "may have happened all the same" in failed.hint
        assert between[0].writes.count("POST /clients") == 1
        # It did happen, and the next plan knows.
        assert [change.address for change in (await run.plan(aaa())).changes] == [GRANT]

    on_sandbox(steps, wrap)


@pytest.mark.parametrize(
    "odd", [Response(status_code=201), JSONResponse([], 201), JSONResponse({"name": "AAA M2M"}, 201)]
)
def test_a_create_that_tells_no_id_has_failed(odd: Response) -> None:
    async def steps(run: Run) -> None:
        _, outcome = await run.apply(aaa())
        assert statuses(outcome)[GRANT] is Status.SKIPPED
        failed = problem_of(outcome, CLIENT)
        assert (failed.code, failed.detail) == ("unexpected-response", "the answer has no 'client_id'")
        assert "may have happened" in failed.hint

    on_sandbox(steps, lambda app: Between(app, {"POST /clients": odd}))


def test_an_update_that_meets_a_busy_server_is_sent_again() -> None:
    answers: dict[str, App] = {}

    async def steps(run: Run) -> None:
        await run.apply(aaa())
        (client,) = [c for c in await run.manage("GET", "/clients") if c["name"] == "AAA M2M"]
        path = f"PATCH /clients/{client['client_id']}"

        async def once(scope: Any, receive: Any, send: Any) -> None:
            del answers[path]
            await JSONResponse({}, 503)(scope, receive, send)

        answers[path] = once
        changed = make_desired(clients=[{"name": "AAA M2M", "description": "changed"}])
        _, outcome = await run.apply(changed)
        assert outcome.ok
        assert (await run.plan(changed)).is_empty

    on_sandbox(steps, lambda app: Between(app, answers))


ROLES: list[dict[str, Any]] = [
    {"name": "Editor", "permissions": [("read:a",), ("write:a",)]},
    {"name": "Editor", "permissions": [("write:a",)], "description": "now with words"},
    {"name": "Editor", "permissions": []},
]


def test_permissions_are_added_and_removed() -> None:
    def with_role(role: dict[str, Any]) -> Any:
        permissions = [
            {"permission_name": name, "resource_server_identifier": "https://aaa-api"}
            for (name,) in role["permissions"]
        ]
        apis = AAA["resourceServers"]
        return make_desired(resourceServers=apis, roles=[{**role, "permissions": permissions}])

    async def steps(run: Run) -> None:
        for role in ROLES:
            desired = with_role(role)
            _, outcome = await run.apply(desired)
            assert outcome.ok
            assert (await run.plan(desired)).is_empty
            (live,) = (await run.read(desired)).sections["roles"]
            assert {each["permission_name"] for each in live["permissions"]} == {
                name for (name,) in role["permissions"]
            }

    on_sandbox(steps)


def test_an_object_that_cannot_change_is_replaced_and_what_refers_to_it_follows() -> None:
    strict = {**AAA["clients"][0], "third_party_security_mode": "strict"}
    changed = make_desired(**{**AAA, "clients": [strict]})

    async def steps(run: Run) -> None:
        await run.apply(aaa())
        plan, outcome = await run.apply(changed)
        assert {change.address: change.action for change in plan.changes}[CLIENT] is Action.REPLACE
        assert outcome.ok, outcome
        assert (await run.plan(changed)).is_empty

    on_sandbox(steps)


def test_what_is_pruned_is_gone() -> None:
    everything: dict[str, list[Any]] = {section: [] for section in AAA}

    async def steps(run: Run) -> None:
        await run.apply(aaa())
        plan, outcome = await run.apply(make_desired(**everything), Policy(prune=frozenset(AAA)))
        assert {change.address for change in plan.changes} == {API, CLIENT, GRANT}
        assert plan.changes[0].address == GRANT
        assert outcome.ok
        assert [change.action for change in (await run.plan(aaa())).changes] == [Action.CREATE] * 3

    on_sandbox(steps)


def forbidden(plan: Plan) -> Plan:
    return replace(plan, problems=(Problem(code="too-many-deletions", summary="no"),))


def test_a_plan_that_a_guard_forbids_sends_nothing() -> None:
    async def steps(run: Run) -> None:
        plan = forbidden(await run.plan(aaa()))
        with pytest.raises(ProblemsError) as caught:
            await apply_plan(plan, run.client)
        assert [problem.code for problem in caught.value.problems] == ["too-many-deletions"]
        assert run.client.count.writes == 0

    on_sandbox(steps)


def test_a_mass_deletion_is_forbidden_until_it_is_forced() -> None:
    many = make_desired(roles=[{"name": f"role {number}"} for number in range(12)])
    few = make_desired(roles=[{"name": "role 0"}])
    prune = Policy(prune=frozenset({"roles"}))

    async def steps(run: Run) -> None:
        await run.apply(many)
        writes = run.client.count.writes
        with pytest.raises(ProblemsError):
            await run.apply(few, prune)
        assert run.client.count.writes == writes
        _, outcome = await run.apply(few, replace(prune, force_unsafe=frozenset({"roles"})))
        assert outcome.counts()["applied"] == 11

    on_sandbox(steps)


def test_a_bug_keeps_its_traceback() -> None:
    def broken(_: App) -> App:
        async def app(scope: Any, receive: Any, send: Any) -> None:
            if scope["method"] == "POST":
                raise ZeroDivisionError
            await JSONResponse({"clients": []})(scope, receive, send)

        return app

    with pytest.raises(ExceptionGroup) as caught:
        on_sandbox(lambda run: run.apply(make_desired(clients=[{"name": "x"}])), broken)
    assert caught.group_contains(ZeroDivisionError)

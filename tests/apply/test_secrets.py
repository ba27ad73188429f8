"""What an apply sends and gets of secrets stays between it and the tenant."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse

from tenantctl.apply.executor import apply_plan
from tenantctl.apply.outcome import Outcome
from tenantctl.apply.secrets import created_clients, env_values
from tenantctl.catalog.spec import ResourceType
from tenantctl.plan.policy import Policy
from tenantctl.views.outcome_document import outcome_document
from tenantctl.views.plan_document import plan_document
from tenantctl.views.text import render_outcome, render_plan
from tests.apply.runs import App, Run, aaa, on_sandbox
from tests.apply.tenant import Tenant
from tests.entries import DECLARABLE, Entry, cleared, each_of, entry_of
from tests.plan.test_properties import plant
from tests.states import make_desired

CANARY = "canary-0123456789-0123456789-0123456789"
WITH_SECRETS = make_desired(
    resourceServers=[
        {"identifier": "https://hs", "name": "hs", "signing_alg": "HS256", "signing_secret": CANARY}
    ],
    clients=[{"name": "fb", "addons": {"firebase": {"secret": CANARY, "private_key": f"{CANARY}-longer"}}}],
)


def shown(outcome: Outcome) -> str:
    problems = [repr(result.problem) for result in outcome.results]
    document = outcome_document(outcome)
    return repr(outcome) + json.dumps(document) + render_outcome(document).plain + "".join(problems)


def secretive(resource_type: ResourceType, variant: int, canary: str = CANARY) -> Entry:
    """Return an entry that has the canary in every place of a secret."""
    entry: Entry = plant(resource_type, entry_of(resource_type, variant), canary)
    return entry


def test_what_a_create_returns_is_kept_but_not_shown() -> None:
    async def steps(run: Run) -> None:
        _, outcome = await run.apply(aaa())
        (client,) = created_clients(outcome)
        assert client["client_secret"]
        assert client["client_secret"] not in shown(outcome)
        assert env_values(created_clients(outcome), {"AAA M2M": "AUTH0_M2M"}) == {
            "AUTH0_M2M_CLIENT_ID": client["client_id"],
            "AUTH0_M2M_CLIENT_SECRET": client["client_secret"],
        }

    on_sandbox(steps)


def test_secrets_of_the_file_reach_the_tenant_and_nothing_else() -> None:
    async def steps(run: Run) -> None:
        plan, outcome = await run.apply(WITH_SECRETS)
        assert outcome.ok
        assert CANARY not in shown(outcome) + repr(plan)
        (live,) = [api for api in await run.manage("GET", "/resource-servers") if api["name"] == "hs"]
        assert live["signing_secret"] == CANARY

    on_sandbox(steps)


SECRETIVE = [each for each in DECLARABLE if CANARY in repr(secretive(each, 0))]
with_secrets = each_of(SECRETIVE)


@with_secrets
def test_no_view_and_no_log_shows_a_secret(resource_type: ResourceType) -> None:
    async def steps(run: Run) -> None:
        tenant = Tenant(resource_type, run)
        changed = secretive(resource_type, 1, f"{CANARY}, changed")
        for entry in (secretive(resource_type, 0), changed, cleared(resource_type, changed)):
            desired = tenant.desired(entry)
            current = await tenant.read(desired)
            plan = await tenant.plan(entry, policy=Policy(send_secrets=True))
            outcome = await apply_plan(plan, run.client)
            assert outcome.ok, [result.problem.detail for result in outcome.results if result.problem]
            words = f"{desired!r} {current!r} {plan!r} {run.log}"
            document = plan_document(plan)
            words += json.dumps(document) + render_plan(document).plain + shown(outcome)
            assert CANARY not in words

    on_sandbox(steps)


class Repeating:
    """Stands before the sandbox and refuses a request with a secret as a validation does that repeats it."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = await Request(scope, receive).body()
        if CANARY.encode() in body:
            refusal = {"message": f"Object didn't pass validation: {body.decode()}"}
            await JSONResponse(refusal, 400)(scope, receive, send)
            return

        async def received() -> Any:
            return {"type": "http.request", "body": body, "more_body": False}

        await self.app(scope, received, send)


@with_secrets
def test_a_server_that_repeats_a_secret_is_not_quoted(resource_type: ResourceType) -> None:
    async def steps(run: Run) -> None:
        outcome = await apply_plan(
            await Tenant(resource_type, run).plan(secretive(resource_type, 0)), run.client
        )
        problems = [result.problem for result in outcome.results if result.problem]
        assert any("(sensitive value)" in problem.detail for problem in problems), problems
        assert CANARY not in shown(outcome)

    on_sandbox(steps, Repeating)

"""What an apply sends and gets of secrets stays between it and the tenant."""

from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse

from tenantctl.apply.outcome import Outcome, Status
from tenantctl.apply.secrets import created_clients, env_values
from tenantctl.views.outcome_document import outcome_document
from tests.apply.runs import App, Between, Run, aaa, on_sandbox
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
    return repr(outcome) + str(outcome) + json.dumps(outcome_document(outcome)) + "".join(problems)


def test_what_a_create_returns_is_kept_but_not_shown() -> None:
    async def steps(run: Run) -> None:
        _, outcome = await run.apply(aaa())
        (client,) = created_clients(outcome)
        assert client["client_secret"]
        assert client["client_secret"] not in shown(outcome)
        assert env_values(outcome, {"AAA M2M": "AUTH0_M2M"}) == {
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


async def repeating(scope: Any, receive: Any, send: Any) -> None:
    """Refuse as a validation does that repeats what it refuses."""
    body = (await Request(scope, receive).body()).decode()
    await JSONResponse({"message": f"Object didn't pass validation: {body}"}, 400)(scope, receive, send)


@pytest.mark.parametrize("path", ["POST /clients", "POST /resource-servers"])
def test_a_server_that_repeats_a_secret_is_not_quoted(path: str) -> None:
    async def steps(run: Run) -> None:
        _, outcome = await run.apply(WITH_SECRETS)
        (failed,) = [result for result in outcome.results if result.status is Status.FAILED]
        assert failed.problem is not None
        assert "(sensitive value)" in failed.problem.detail
        assert CANARY not in shown(outcome)

    def wrap(app: App) -> App:
        return Between(app, {path: repeating})

    on_sandbox(steps, wrap)

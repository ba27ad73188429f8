"""A token that may not read everything, on the sandbox: what is said, and that nothing is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tenantctl.sandbox import SandboxStore, issue_management_token
from tenantctl.sandbox.fresh import management_scopes

from .program import Program, Result
from .served import Served, serve_sandbox

Plan = Callable[..., Result]

OPTIONS = "read:connections_options"
CONNECTION = "connections:\n  - {name: corp, strategy: oidc, options: {client_id: %s, scope: openid}}\n"
GRANT = "clientGrants:\n  - {client_id: %s, audience: https://aaa-api, scope: []}\n"


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serve_sandbox(tmp_path_factory.mktemp("scoped")) as served:
        yield served


@pytest.fixture
def with_token(run: Program, sandbox: Served) -> Plan:
    """``with_token(text, *arguments, lacking=…)``: run with a token of all scopes but some."""

    def call(text: str, *arguments: str, lacking: tuple[str, ...] = ()) -> Result:
        Path("tenant.yaml").write_text(text, encoding="utf-8")
        scopes = [scope for scope in management_scopes() if scope not in lacking]
        with SandboxStore(sandbox.state) as store:
            token = issue_management_token(store, issuer=f"{sandbox.url}/", scopes=scopes, lifetime=60)
        return run("--domain", sandbox.url, *arguments, env={"AUTH0_ACCESS_TOKEN": token})

    return call


def test_options_that_cannot_be_read_are_not_wiped(with_token: Plan) -> None:
    assert with_token(CONNECTION % "one", "apply", "--yes").code == 0
    refused = with_token(CONNECTION % "two", "plan", lacking=(OPTIONS,))
    assert refused.code == 1
    assert "connections.options can't be read" in refused.err
    assert f"Grant {OPTIONS} to" in refused.err
    assert with_token(CONNECTION % "two", "apply", "--yes", lacking=(OPTIONS,)).code == 1
    assert with_token(CONNECTION % "one", "plan", "--detailed-exitcode").code == 0


def test_a_connection_without_options_needs_no_such_scope(with_token: Plan) -> None:
    assert with_token(CONNECTION % "one", "apply", "--yes").code == 0
    plan = with_token(
        "connections:\n  - {name: corp, strategy: oidc, display_name: Corp}\n",
        "apply",
        "--yes",
        lacking=(OPTIONS,),
    )
    assert plan.code == 0, plan.err
    assert with_token(CONNECTION % "one", "plan", "--detailed-exitcode").code == 0


CLIENT_SCOPES = ("read:clients", "read:client_keys", "read:client_credentials", "read:client_summary")
API = "resourceServers:\n  - {identifier: https://aaa-api, name: AAA}\n"


def test_what_the_file_only_refers_to_is_a_warning_of_the_document(with_token: Plan) -> None:
    assert with_token(API, "apply", "--yes").code == 0
    made = with_token(GRANT % ("A" * 32), "plan", "--format", "json", lacking=CLIENT_SCOPES)
    assert made.code == 0, made.err
    (problem,) = made.json()["problems"]
    assert (problem["code"], problem["severity"], problem["address"]) == (
        "insufficient-scope",
        "warning",
        "clients",
    )
    assert f"Grant one of {', '.join(CLIENT_SCOPES)} to" in problem["hint"]


def test_a_name_that_cannot_be_looked_up_is_an_error(with_token: Plan) -> None:
    refused = with_token(GRANT % "AAA M2M", "plan", lacking=CLIENT_SCOPES)
    assert refused.code == 1
    assert refused.err.count("[unread-reference]") == refused.err.count("[insufficient-scope]") == 1

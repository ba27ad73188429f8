"""Connections and databases: what a PATCH would lose, what lies elsewhere, what can't be brought back."""

from __future__ import annotations

from typing import Any

import pytest

from tenantctl.plan.interest import make_interest
from tenantctl.plan.model import Action, Plan
from tenantctl.plan.planner import make_plan
from tenantctl.plan.policy import Policy
from tenantctl.plan.values import unseal
from tests.states import make_current, make_desired

DATABASE = {"id": "con_1", "name": "Users", "strategy": "auth0"}
OIDC = {"id": "con_2", "name": "Partner", "strategy": "oidc"}


def plan_database(desired: dict[str, Any], live: dict[str, Any], policy: Policy | None = None) -> Plan:
    current = make_current(databases=[{**DATABASE, **live}])
    return make_plan(make_desired(databases=[{"name": "Users", **desired}]), current, policy)


def plan_connection(desired: dict[str, Any], live: dict[str, Any]) -> Plan:
    desired = {"name": "Partner", "strategy": "oidc", **desired}
    return make_plan(make_desired(connections=[desired]), make_current(connections=[{**OIDC, **live}]))


def sent(plan: Plan) -> list[tuple[str, str, Any]]:
    return [
        (write.method, write.path, unseal(write.body, lambda pending: f"<{pending.address}>"))
        for change in plan.changes
        for write in change.writes
    ]


def test_options_that_the_file_does_not_name_survive() -> None:
    live = {"options": {"client_id": "c", "client_secret": "s", "scope": "openid"}}
    plan = plan_connection({"options": {"scope": "openid email"}}, live)
    options = {"client_id": "c", "client_secret": "s", "scope": "openid email"}
    assert sent(plan) == [("PATCH", "/connections/{id}", {"options": options})]


@pytest.mark.parametrize(
    ("named", "kept"),
    [
        ({"password_options": {"history": {"active": True}}}, {"password_options"}),
        ({"passwordPolicy": "fair"}, {"passwordPolicy", "password_history"}),
        ({"import_mode": True}, {"password_options", "import_mode"}),
    ],
)
def test_options_that_exclude_each_other_are_not_sent_together(named: dict[str, Any], kept: set[str]) -> None:
    live = {
        "password_options": {"history": {"active": False}},
        "passwordPolicy": "good",
        "password_history": {"enable": False},
    }
    ((_, _, body),) = sent(plan_database({"options": named}, {"options": live}))
    assert set(body["options"]) == kept


def test_what_scripts_are_configured_with_is_sent_and_not_compared() -> None:
    live = {"options": {"configuration": {"KEY": "2.0$ciphertext", "OTHER": "2.0$more"}}}
    assert plan_database({"options": {"configuration": {"KEY": "clear"}}}, live).is_empty
    plan = plan_database({"options": {"configuration": {"KEY": "clear"}, "import_mode": True}}, live)
    assert sent(plan)[0][2]["options"]["configuration"] == {"KEY": "clear", "OTHER": "2.0$more"}


def test_a_null_endpoint_is_the_one_that_the_provider_names() -> None:
    live = {
        "options": {
            "token_endpoint": "https://p/token",
            "oidc_metadata": {"token_endpoint": "https://p/token"},
        }
    }
    assert plan_connection({"options": {"token_endpoint": None}}, live).is_empty
    live["options"]["token_endpoint"] = "https://elsewhere/token"
    assert not plan_connection({"options": {"token_endpoint": None}}, live).is_empty


def test_clients_are_enabled_and_disabled_in_one_request() -> None:
    desired = make_desired(
        clients=[{"name": "New"}, {"name": "Kept"}],
        databases=[{"name": "Users", "enabled_clients": ["New", "Kept"]}],
    )
    clients = [{"client_id": "k", "name": "Kept"}, {"client_id": "o", "name": "Other"}]
    current = make_current(clients=clients, databases=[{**DATABASE, "enabled_clients": ["o", "k"]}])
    assert sent(make_plan(desired, current))[1:] == [
        (
            "PATCH",
            "/connections/{id}/clients",
            [{"client_id": "<clients/New>", "status": True}, {"client_id": "o", "status": False}],
        )
    ]


def test_a_new_database_says_that_it_is_one() -> None:
    plan = make_plan(make_desired(databases=[{"name": "Users"}]), make_current(databases=[]))
    assert sent(plan) == [("POST", "/connections", {"strategy": "auth0", "name": "Users"})]


@pytest.mark.parametrize(
    ("desired", "live", "requests"),
    [
        ({}, None, [("POST", {})]),
        ({}, {"user_id_attribute": "sub"}, []),
        (None, {"user_id_attribute": "sub"}, [("DELETE", None)]),
        (
            {"user_id_attribute": "id"},
            {"user_id_attribute": "sub", "mapping": [{"scim": "a", "auth0": "b"}], "tenant_name": "t"},
            [("PATCH", {"user_id_attribute": "id", "mapping": [{"scim": "a", "auth0": "b"}]})],
        ),
    ],
)
def test_scim_is_there_or_not(desired: Any, live: Any, requests: list[tuple[str, Any]]) -> None:
    plan = plan_connection({"scim_configuration": desired}, {"scim_configuration": live} if live else {})
    path = "/connections/{id}/scim-configuration"
    assert sent(plan) == [(method, path, body) for method, body in requests]


def test_a_database_is_not_replaced_or_deleted_by_the_way() -> None:
    attributes = {"options": {"attributes": {"email": {"unique": False}}}}
    live = {"options": {"attributes": {"email": {"unique": True}}}}
    plan = plan_database(attributes, live)
    assert [change.action for change in plan.changes] == [Action.REPLACE]
    assert [problem.code for problem in plan.problems] == ["irreplaceable"]
    assert plan_database(attributes, live, Policy(force_unsafe=frozenset({"databases"}))).is_applicable
    prune = Policy(prune=frozenset({"databases"}))
    plan = make_plan(make_desired(databases=[]), make_current(databases=[DATABASE]), prune)
    assert not plan.is_applicable


def test_a_name_is_looked_up_among_all_connections() -> None:
    organization = {"name": "acme", "connections": [{"name": "Users"}]}
    interest = make_interest(make_desired(organizations=[organization]))
    assert set(interest.sections) == {"organizations", "connections", "databases"}

"""Organizations: what each has enabled, item by item, under the names that a file uses."""

from __future__ import annotations

from typing import Any

import pytest

from tenantctl.plan.interest import make_interest
from tenantctl.plan.planner import make_plan
from tenantctl.problems import ProblemsError
from tests.plan.test_connections import sent
from tests.states import make_current, make_desired

DATABASE = {"id": "con_1", "name": "Users", "strategy": "auth0"}
GRANTS = [
    {"id": "cgr_1", "client_id": "c", "audience": "https://one"},
    {"id": "cgr_2", "client_id": "c", "audience": "https://two"},
]
CLIENT = {"client_id": "c", "name": "M2M"}


def plan(desired: dict[str, Any], live: dict[str, Any], **sections: Any) -> list[tuple[str, str, Any]]:
    current = make_current(
        organizations=[{"id": "org_1", "name": "acme", **live}],
        connections=[],
        databases=[DATABASE],
        clients=[CLIENT],
        clientGrants=GRANTS,
    )
    return sent(make_plan(make_desired(organizations=[{"name": "acme", **desired}], **sections), current))


def test_a_connection_goes_by_its_name() -> None:
    desired = {"connections": [{"name": "Users", "show_as_button": False}]}
    assert plan(desired, {"connections": []}) == [
        ("POST", "/organizations/{id}/connections", {"connection_id": "con_1", "show_as_button": False})
    ]
    live = {"connections": [{"connection_id": "con_1", "show_as_button": True}]}
    assert plan(desired, live) == [
        ("PATCH", "/organizations/{id}/connections/con_1", {"show_as_button": False})
    ]
    assert plan({"connections": []}, live) == [("DELETE", "/organizations/{id}/connections/con_1", None)]


def test_what_a_connection_leaves_out_has_its_default() -> None:
    desired = {"connections": [{"name": "Users", "is_signup_enabled": False}]}
    assert plan(desired, {"connections": [{"connection_id": "con_1"}]}) == []


@pytest.mark.parametrize(
    "item",
    [
        {"client_id": "M2M", "audience": "https://two"},
        {"client_id": "c", "audience": "https://two"},
        {"audience": "https://two"},
        {"grant_id": "cgr_2"},
    ],
)
def test_a_grant_is_told_by_its_client_and_api(item: dict[str, str]) -> None:
    assert plan({"client_grants": [item]}, {"client_grants": [{"grant_id": "cgr_1"}]}) == [
        ("POST", "/organizations/{id}/client-grants", {"grant_id": "cgr_2"}),
        ("DELETE", "/organizations/{id}/client-grants/cgr_1", None),
    ]
    assert plan({"client_grants": [item]}, {"client_grants": [{"grant_id": "cgr_2"}]}) == []


def test_a_grant_that_several_could_be_is_refused() -> None:
    with pytest.raises(ProblemsError) as caught:
        plan({"client_grants": [{"client_id": "M2M"}]}, {"client_grants": []})
    assert [problem.code for problem in caught.value.problems] == ["ambiguous-reference"]


def test_a_grant_may_be_new() -> None:
    grant = {"client_id": "M2M", "audience": "https://three", "scope": []}
    desired = {"client_grants": [{"client_id": "M2M", "audience": "https://three"}]}
    assert plan(desired, {"client_grants": []}, clientGrants=[grant])[-1] == (
        "POST",
        "/organizations/{id}/client-grants",
        {"grant_id": "<clientGrants/M2M:https://three>"},
    )


def test_grants_told_by_members_need_their_sections() -> None:
    organization = {"name": "acme", "client_grants": [{"client_id": "M2M"}]}
    interest = make_interest(make_desired(organizations=[organization]))
    assert {"clientGrants", "clients"} <= set(interest.sections)


def test_clients_go_in_batches_and_leave_by_id() -> None:
    live = {"clients": [{"client_id": f"x{number}"} for number in range(12)]}
    desired = {"clients": [{"client_id": "M2M", "use_for_member_access": True}]}
    path = "/organizations/{id}/clients"
    assert plan(desired, live) == [
        ("POST", path, {"clients": [{"client_id": "c", "use_for_member_access": True}]}),
        ("DELETE", path, {"clients": [f"x{number}" for number in range(10)]}),
        ("DELETE", path, {"clients": ["x10", "x11"]}),
    ]
    kept: dict[str, Any] = {"clients": [{"client_id": "c", "use_for_member_access": False}]}
    assert plan(desired, kept) == [("PATCH", f"{path}/c", {"use_for_member_access": True})]

"""What a plan says for the cases of docs/semantics.md, one by one."""

from __future__ import annotations

from typing import Any

import pytest

from tenantctl.plan.model import Action, Change, Plan
from tenantctl.plan.planner import make_plan
from tenantctl.plan.policy import Policy
from tenantctl.plan.values import Pending, unseal
from tenantctl.problems import ProblemsError
from tenantctl.states import Current, Desired
from tests.states import make_current, make_desired

AUDIENCE = "https://aaa-api"
API = {"identifier": AUDIENCE, "name": "AAA API", "signing_alg": "RS256", "scopes": [{"value": "read:x"}]}
LIVE_API = {"id": "api1", "is_system": False, "token_lifetime": 86400, **API}
M2M = {"name": "AAA M2M", "app_type": "non_interactive", "grant_types": ["client_credentials"]}
LIVE_M2M = {"client_id": "cid1", "is_first_party": True, **M2M}
GRANT = {"client_id": "AAA M2M", "audience": AUDIENCE, "scope": ["read:x"]}
LIVE_GRANT = {
    "id": "cgr_1",
    "client_id": "cid1",
    "audience": AUDIENCE,
    "scope": ["read:x"],
    "subject_type": "client",
}


def aaa(**changes: Any) -> Desired:
    return make_desired(**{"resourceServers": [API], "clients": [M2M], "clientGrants": [GRANT], **changes})


def aaa_live(**changes: Any) -> Current:
    live = {"resourceServers": [LIVE_API], "clients": [LIVE_M2M], "clientGrants": [LIVE_GRANT]}
    return make_current(**{**live, **changes})


EMPTY = make_current(resourceServers=[], clients=[], clientGrants=[])


def only_change(plan: Plan) -> Change:
    assert len(plan.changes) == 1, plan.changes
    return plan.changes[0]


def body_of(change: Change, index: int = 0) -> Any:
    return unseal(change.writes[index].body, lambda pending: f"<{pending.address}>")


def test_an_empty_tenant_gets_three_creates_in_reference_order() -> None:
    plan = make_plan(aaa(), EMPTY)
    assert [(change.action, change.address) for change in plan.changes] == [
        (Action.CREATE, "resourceServers/https://aaa-api"),
        (Action.CREATE, "clients/AAA M2M"),
        (Action.CREATE, "clientGrants/AAA M2M:https://aaa-api"),
    ]
    grant = plan.changes[2]
    assert grant.depends_on == {"clients/AAA M2M", "resourceServers/https://aaa-api"}
    assert grant.writes[0].body is not None
    assert grant.writes[0].body["client_id"] == Pending("clients/AAA M2M", "AAA M2M", "client_id")


def test_a_tenant_as_the_file_says_needs_nothing() -> None:
    plan = make_plan(aaa(), aaa_live())
    assert plan.is_empty
    assert plan.counts()["no-op"] == 3


def test_an_unmanaged_field_is_neither_compared_nor_sent() -> None:
    plan = make_plan(
        aaa(), aaa_live(resourceServers=[{**LIVE_API, "signing_alg": "HS256", "token_lifetime": 60}])
    )
    change = only_change(plan)
    assert [(field.path, field.before, field.after) for field in change.fields] == [
        ("signing_alg", "HS256", "RS256")
    ]
    assert change.writes[0].method == "PATCH"
    assert body_of(change) == {"signing_alg": "RS256"}


def test_null_clears() -> None:
    encrypted = {
        **LIVE_API,
        "token_encryption": {"format": "compact-nested-jwe", "encryption_key": {"kid": "k"}},
    }
    plan = make_plan(
        aaa(resourceServers=[{**API, "token_encryption": None}]), aaa_live(resourceServers=[encrypted])
    )
    assert only_change(plan).fields[0].path == "token_encryption"
    assert body_of(only_change(plan)) == {"token_encryption": None}


@pytest.mark.parametrize(
    ("desired", "live"),
    [
        ({"token_encryption": None}, {}),
        ({"allow_offline_access": False}, {}),
        ({"allow_offline_access": None}, {"allow_offline_access": False}),
        ({"authorization_details": []}, {}),
        ({"subject_type_authorization": {"client": {"policy": "require_client_grant"}}}, {}),
        ({"scopes": [{"value": "read:x"}]}, {"scopes": [{"value": "read:x", "description": "kept"}]}),
    ],
)
def test_absent_and_default_are_the_same(desired: dict[str, Any], live: dict[str, Any]) -> None:
    plan = make_plan(
        aaa(resourceServers=[{**API, **desired}]), aaa_live(resourceServers=[{**LIVE_API, **live}])
    )
    assert plan.is_empty


@pytest.mark.parametrize("value", [True, 1, 1.0, "1", [1], {"a": 1}])
def test_values_of_another_type_differ(value: Any) -> None:
    others = [other for other in (True, 1, "1", [1], {"a": 1}) if type(other) is not type(value)]
    for other in others:
        if isinstance(value, float) and other == 1 and not isinstance(other, bool):
            continue  # JSON has one kind of number
        plan = make_plan(
            aaa(clients=[{**M2M, "client_metadata": {"k": value}}]),
            aaa_live(clients=[{**LIVE_M2M, "client_metadata": {"k": other}}]),
        )
        assert not plan.is_empty, (value, other)


@pytest.mark.parametrize(("desired", "live"), [({"__team": "a"}, {"__team": "b"}), ({"__team": "a"}, {})])
def test_no_name_hides_a_member(desired: dict[str, str], live: dict[str, str]) -> None:
    file = make_desired(clients=[{"name": "A", "client_metadata": desired}])
    tenant = make_current(clients=[{"client_id": "c", "name": "A", "client_metadata": live}])
    change = only_change(make_plan(file, tenant))
    assert [field.path for field in change.fields] == ["client_metadata.__team"]


def test_members_the_file_does_not_name_survive_a_replaced_object() -> None:
    live = {**LIVE_M2M, "refresh_token": {"rotation_type": "rotating", "leeway": 5, "token_lifetime": 60}}
    plan = make_plan(aaa(clients=[{**M2M, "refresh_token": {"leeway": 0}}]), aaa_live(clients=[live]))
    assert body_of(only_change(plan)) == {
        "refresh_token": {"rotation_type": "rotating", "leeway": 0, "token_lifetime": 60}
    }


def test_a_merged_object_is_sent_in_part() -> None:
    live = {**LIVE_M2M, "client_metadata": {"kept": "1", "gone": "2"}}
    plan = make_plan(
        aaa(clients=[{**M2M, "client_metadata": {"gone": None, "new": "3"}}]), aaa_live(clients=[live])
    )
    assert body_of(only_change(plan)) == {"client_metadata": {"gone": None, "new": "3"}}


def test_scope_descriptions_the_file_does_not_name_survive() -> None:
    live = {**LIVE_API, "scopes": [{"value": "read:x", "description": "kept"}]}
    desired = {**API, "scopes": [{"value": "read:x"}, {"value": "write:x", "description": "new"}]}
    change = only_change(make_plan(aaa(resourceServers=[desired]), aaa_live(resourceServers=[live])))
    assert change.fields[0].path == "scopes[write:x]"
    assert body_of(change) == {
        "scopes": [{"value": "read:x", "description": "kept"}, {"value": "write:x", "description": "new"}]
    }


def test_write_only_values_are_counted_and_sent_along() -> None:
    key = {
        "format": "compact-nested-jwe",
        "encryption_key": {"pem": "PEM", "alg": "RSA-OAEP-256", "kid": "k"},
    }
    echoed = {"format": "compact-nested-jwe", "encryption_key": {"alg": "RSA-OAEP-256", "kid": "k"}}
    desired = aaa(resourceServers=[{**API, "token_encryption": key}])
    same = make_plan(desired, aaa_live(resourceServers=[{**LIVE_API, "token_encryption": echoed}]))
    assert (same.is_empty, same.not_comparable) == (True, 1)
    other = make_plan(
        desired, aaa_live(resourceServers=[{**LIVE_API, "token_encryption": echoed, "name": "?"}])
    )
    assert body_of(only_change(other)) == {"name": "AAA API", "token_encryption": key}
    forced = make_plan(
        desired,
        aaa_live(resourceServers=[{**LIVE_API, "token_encryption": echoed}]),
        Policy(send_secrets=True),
    )
    assert body_of(only_change(forced)) == {"token_encryption": key}


def test_a_secret_the_create_refuses_follows_in_an_update() -> None:
    change = make_plan(aaa(clients=[{**M2M, "client_secret": "s3cret"}]), EMPTY).changes[1]
    assert [(write.method, write.path) for write in change.writes] == [
        ("POST", "/clients"),
        ("PATCH", "/clients/{id}"),
    ]
    assert "client_secret" not in body_of(change)
    assert body_of(change, 1) == {"client_secret": "s3cret"}
    assert "s3cret" not in repr(change)


def test_a_fixed_field_replaces_and_its_grant_follows() -> None:
    desired = aaa(clients=[{**M2M, "third_party_security_mode": "strict"}])
    plan = make_plan(desired, aaa_live(clients=[{**LIVE_M2M, "third_party_security_mode": "permissive"}]))
    assert [change.action for change in plan.changes] == [Action.REPLACE, Action.CREATE]
    assert [write.method for write in plan.changes[0].writes] == ["DELETE", "POST"]


def test_a_name_may_be_changed_when_the_id_is_given() -> None:
    desired = aaa(clients=[{**M2M, "client_id": "cid1", "name": "Renamed"}], clientGrants=[])
    change = only_change(make_plan(desired, aaa_live(clientGrants=[])))
    assert (change.action, change.id, body_of(change)) == (Action.UPDATE, "cid1", {"name": "Renamed"})


def test_moved_renames_in_place() -> None:
    desired = aaa(clients=[{**M2M, "name": "New"}], clientGrants=[{**GRANT, "client_id": "New"}])
    plan = make_plan(desired, aaa_live(), Policy(moved={"clients/New": "clients/AAA M2M"}))
    assert body_of(only_change(plan)) == {"name": "New"}


def test_a_close_new_name_is_pointed_out() -> None:
    plan = make_plan(aaa(clients=[{**M2M, "name": "AAA M2M 2"}], clientGrants=[]), aaa_live(clientGrants=[]))
    assert "looks like a rename of clients/AAA M2M" in only_change(plan).reason


def test_unmanaged_objects_are_reported_and_left_alone() -> None:
    plan = make_plan(aaa(clientGrants=[]), aaa_live())
    assert plan.is_empty
    assert [item.address for item in plan.unmanaged] == ["clientGrants/AAA M2M:https://aaa-api"]


def test_pruning_deletes_what_refers_before_what_is_referred_to() -> None:
    policy = Policy(prune=frozenset({"resourceServers", "clients", "clientGrants"}))
    plan = make_plan(make_desired(resourceServers=[], clients=[], clientGrants=[]), aaa_live(), policy)
    assert [change.section for change in plan.changes] == ["clientGrants", "clients", "resourceServers"]
    assert {change.action for change in plan.changes} == {Action.DELETE}


def test_removed_lets_go_without_deleting() -> None:
    policy = Policy(prune=frozenset({"clients"}), removed=frozenset({"clients/AAA M2M"}))
    plan = make_plan(make_desired(clients=[]), make_current(clients=[LIVE_M2M]), policy)
    assert plan.is_empty
    assert [item.address for item in plan.unmanaged] == ["clients/AAA M2M"]


@pytest.mark.parametrize(
    ("section", "item", "policy"),
    [
        ("clients", {"client_id": "g", "name": "All Applications", "global": True}, {}),
        ("resourceServers", {"id": "m", "identifier": "https://t.example/api/v2/", "is_system": True}, {}),
        ("clients", {"client_id": "own", "name": "tenantctl"}, {}),
        ("clientGrants", {"id": "cg", "client_id": "own", "audience": "https://t.example/api/v2/"}, {}),
        ("clients", {"client_id": "x", "name": "Legacy shop"}, {"protect": ("clients/Legacy *",)}),
    ],
)
def test_protected_objects_are_never_planned(
    section: str, item: dict[str, Any], policy: dict[str, Any]
) -> None:
    current = make_current(own_client_id="own", **{section: [item]})
    pruned = make_plan(make_desired(**{section: []}), current, Policy(prune=frozenset({section}), **policy))
    assert (pruned.is_empty, pruned.unmanaged) == (True, ())
    changed = {**item, "name": item.get("name"), "description": "changed", "scope": ["none"]}
    named = make_plan(make_desired(**{section: [changed]}), current, Policy(**policy))
    assert named.is_empty
    assert [problem.code for problem in named.problems] == ["protected-object"]


def test_too_many_deletions_need_a_word() -> None:
    live = [{"client_id": f"c{n}", "name": f"client {n}"} for n in range(10)]
    desired = make_desired(clients=[{"name": f"client {n}"} for n in range(6)])
    plan = make_plan(
        desired, make_current(own_client_id="own", clients=live), Policy(prune=frozenset({"clients"}))
    )
    assert len(plan.changes) == 4
    assert not plan.is_applicable
    assert "--force-unsafe clients" in plan.problems[0].hint
    lifted = Policy(prune=frozenset({"clients"}), force_unsafe=frozenset({"clients"}))
    assert make_plan(desired, make_current(own_client_id="own", clients=live), lifted).is_applicable


def test_an_unknown_reference_stops_with_a_suggestion() -> None:
    with pytest.raises(ProblemsError) as caught:
        make_plan(aaa(clientGrants=[{**GRANT, "client_id": "AAA M2N"}]), EMPTY)
    problem = caught.value.problems[0]
    assert (problem.code, problem.hint) == ("unknown-reference", "Did you mean 'AAA M2M'?")


def test_an_id_works_as_a_reference() -> None:
    assert make_plan(aaa(clientGrants=[{**GRANT, "client_id": "cid1"}]), aaa_live()).is_empty


def test_a_reference_the_tenant_holds_needs_no_resolving() -> None:
    desired = make_desired(tenant={"default_audience": "https://gone"})
    live = make_current(tenant={"default_audience": "https://gone"}, resourceServers=[])
    assert make_plan(desired, live).is_empty


def test_two_clients_of_one_name_are_ambiguous() -> None:
    twins = [LIVE_M2M, {**LIVE_M2M, "client_id": "cid2"}]
    with pytest.raises(ProblemsError) as caught:
        make_plan(aaa(clientGrants=[]), aaa_live(clients=twins, clientGrants=[]))
    assert caught.value.problems[0].code == "ambiguous-match"
    assert "cid1, cid2" in caught.value.problems[0].hint
    named = aaa(clients=[{**M2M, "client_id": "cid2"}], clientGrants=[])
    assert make_plan(named, aaa_live(clients=twins, clientGrants=[])).is_empty


def test_permissions_are_added_and_removed_through_their_own_endpoint() -> None:
    def permission(name: str) -> dict[str, str]:
        return {"permission_name": name, "resource_server_identifier": AUDIENCE}

    role = {"name": "Reader", "permissions": [permission("read:x"), permission("write:x")]}
    live = {
        "id": "rol_1",
        "name": "Reader",
        "description": "",
        "permissions": [permission("old:x"), permission("read:x")],
    }
    change = only_change(
        make_plan(make_desired(roles=[role]), make_current(roles=[live], resourceServers=[LIVE_API]))
    )
    assert [(write.method, write.path, write.body) for write in change.writes] == [
        ("POST", "/roles/{id}/permissions", {"permissions": [permission("write:x")]}),
        ("DELETE", "/roles/{id}/permissions", {"permissions": [permission("old:x")]}),
    ]


@pytest.mark.parametrize(
    ("hours", "body"),
    [(24, {"session_lifetime": 24}), (3.0166, {"session_lifetime_in_minutes": 181})],
)
def test_session_lifetimes_go_out_in_whole_hours_or_in_minutes(hours: float, body: dict[str, Any]) -> None:
    plan = make_plan(
        make_desired(tenant={"session_lifetime": hours}), make_current(tenant={"session_lifetime": 168})
    )
    assert body_of(only_change(plan)) == body
    assert make_plan(
        make_desired(tenant={"session_lifetime": hours}), make_current(tenant={"session_lifetime": hours})
    ).is_empty


def test_only_keeps_the_rest_out_and_names_what_is_missing() -> None:
    plan = make_plan(aaa(), EMPTY, Policy(only=("clientGrants/*",)))
    assert [change.section for change in plan.changes] == ["clientGrants"]
    assert {problem.code for problem in plan.problems} == {"only-leaves-out"}
    assert not plan.is_applicable

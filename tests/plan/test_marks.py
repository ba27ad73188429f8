"""What each mark of the catalog makes of a plan, shown on a type that bears it."""

from __future__ import annotations

from typing import Any

import pytest

from tenantctl.plan.interest import make_interest
from tenantctl.plan.model import Action, Change, Plan
from tenantctl.plan.planner import make_plan
from tenantctl.plan.policy import Policy
from tenantctl.plan.values import unseal
from tenantctl.problems import ProblemsError
from tests.states import make_current, make_desired

HIDDEN = "_VALUE_NOT_SHOWN_"


def plan_of(section: str, desired: dict[str, Any], live: dict[str, Any]) -> Plan:
    objects: dict[str, Any] = {section: [live]}
    return make_plan(make_desired(**{section: [desired]}), make_current(**objects))


def change_of(section: str, desired: dict[str, Any], live: dict[str, Any]) -> Change:
    (change,) = plan_of(section, desired, live).changes
    return change


def requests_of(change: Change) -> list[tuple[str, str, Any]]:
    return [(write.method, write.path, unseal(write.body, str)) for write in change.writes]


ACTION = {"name": "A", "code": "1", "id": "i", "all_changes_deployed": True, "status": "built"}


def test_deploying_follows_a_change_and_waits_for_the_build() -> None:
    change = change_of("actions", {"name": "A", "code": "2", "deployed": True}, ACTION)
    patch, wait, deploy = change.writes
    assert (patch.method, patch.body) == ("PATCH", {"code": "2"})
    assert wait.method == "GET"
    assert wait.wait is not None
    assert (wait.wait.done, wait.wait.failed) == (("built",), ("failed",))
    assert (deploy.method, deploy.path) == ("POST", "/actions/actions/{id}/deploy")


@pytest.mark.parametrize("state", [{"all_changes_deployed": False}, {"status": "pending"}])
def test_what_is_not_deployed_is_a_difference_only_where_the_file_asks_for_it(state: dict[str, Any]) -> None:
    live = ACTION | state
    assert not plan_of("actions", {"name": "A", "deployed": True}, live).is_empty
    assert plan_of("actions", {"name": "A", "deployed": False}, live).is_empty
    assert plan_of("actions", {"name": "A"}, live).is_empty


@pytest.mark.parametrize("asked", [{}, {"deployed": True}])
def test_an_action_whose_build_failed_is_built_again(asked: dict[str, Any]) -> None:
    change = change_of("actions", {"name": "A", "code": "1", **asked}, ACTION | {"status": "failed"})
    assert change.reason == "its build failed"
    assert requests_of(change)[0] == ("PATCH", "/actions/actions/{id}", {"name": "A", "code": "1"})


def test_bindings_go_whole_and_in_order() -> None:
    live = {"post-login": [{"action_name": name, "display_name": name} for name in "AB"]}
    change = change_of("triggers", {"post-login": live["post-login"][::-1]}, live)
    bindings = [{"ref": {"type": "action_name", "value": name}, "display_name": name} for name in "BA"]
    assert requests_of(change) == [("PATCH", "/actions/triggers/post-login/bindings", {"bindings": bindings})]
    emptied = change_of("triggers", {"post-login": []}, live)
    assert requests_of(emptied)[0][2] == {"bindings": []}


def test_bindings_come_after_the_actions_that_they_name() -> None:
    desired = make_desired(
        triggers={"post-login": [{"action_name": "A", "display_name": "A"}]},
        actions=[{"name": "A", "supported_triggers": [{"id": "post-login"}]}],
    )
    plan = make_plan(desired, make_current(triggers={}, actions=[]))
    assert [change.address for change in plan.changes] == ["actions/A", "triggers"]
    assert plan.changes[1].depends_on == {"actions/A"}


def test_references_at_any_depth_become_ids() -> None:
    flow = {"name": "F", "actions": [{"id": "a", "params": {"connection_id": "http"}}]}
    desired = make_desired(flows=[flow], flowVaultConnections=[{"name": "http", "app_id": "HTTP"}])
    vault = {"id": "ac_1", "name": "http", "app_id": "HTTP"}
    plan = make_plan(desired, make_current(flows=[], flowVaultConnections=[vault]))
    assert plan.changes[0].writes[0].body["actions"][0]["params"] == {"connection_id": "ac_1"}


def test_members_of_another_kind_are_let_go() -> None:
    live = {"id": "i", "description": "D", "rule": {"action": {"block": True}, "scope": "tenant"}}
    change = change_of("networkACLs", {"description": "D", "rule": {"action": {"allow": True}}}, live)
    assert change.writes[0].body == {"rule": {"action": {"allow": True}, "scope": "tenant"}}
    assert {field.path: field.after for field in change.fields} == {
        "rule.action.allow": True,
        "rule.action.block": None,
    }


def test_items_are_completed_from_the_same_item_only() -> None:
    live = {"id": "i", "name": "F", "actions": [{"id": "a", "alias": "A"}, {"id": "b", "notes": "B"}]}
    change = change_of("flows", {"name": "F", "actions": [{"id": "b"}, {"id": "a", "alias": "C"}]}, live)
    assert change.writes[0].body == {"actions": [{"id": "b"}, {"id": "a", "alias": "C"}]}


def test_what_an_update_would_clear_goes_along() -> None:
    live = {
        "id": "i",
        "name": "S",
        "type": "http",
        "status": "active",
        "pii_config": {"log_fields": ["email"]},
    }
    change = change_of("logStreams", {"name": "S", "status": "paused"}, live)
    assert change.writes[0].body == {"status": "paused", "pii_config": {"log_fields": ["email"]}}


def test_so_does_it_when_a_create_takes_two_requests() -> None:
    stream = {"name": "S", "type": "http", "sink": {}, "status": "paused", "pii_config": {"log_fields": []}}
    plan = make_plan(make_desired(logStreams=[stream]), make_current(logStreams=[]))
    assert plan.changes[0].writes[1].body == {"status": "paused", "pii_config": {"log_fields": []}}


@pytest.mark.parametrize(
    ("kind", "action"),
    [("http", Action.UPDATE), ("eventbridge", Action.REPLACE), ("eventgrid", Action.REPLACE)],
)
def test_a_sink_in_another_account_is_another_stream(kind: str, action: Action) -> None:
    live = {"id": "i", "name": "S", "type": kind, "sink": {"x": "1"}}
    assert change_of("logStreams", {"name": "S", "type": kind, "sink": {"x": "2"}}, live).action is action


@pytest.mark.parametrize(
    ("before", "after", "action"),
    [
        ("webhook", "webhook", Action.UPDATE),
        ("webhook", "action", Action.REPLACE),
        ("action", "action", Action.REPLACE),
    ],
)
def test_only_webhooks_change_their_destination(before: str, after: str, action: Action) -> None:
    live = {
        "id": "i",
        "name": "S",
        "destination": {"type": before, "configuration": {"webhook_endpoint": "1"}},
    }
    wanted = {"name": "S", "destination": {"type": after, "configuration": {"webhook_endpoint": "2"}}}
    assert change_of("eventStreams", wanted, live).action is action


def test_hidden_values_are_added_changed_and_removed_by_name() -> None:
    live = {"id": "i", "name": "h", "enabled": True, "secrets": {"A": HIDDEN, "B": HIDDEN}}
    assert plan_of("hooks", {"name": "h", "secrets": {"A": "1"}}, live).is_empty
    assert plan_of("hooks", {"name": "h", "secrets": {"A": HIDDEN, "Z": HIDDEN}}, live).is_empty
    change = change_of("hooks", {"name": "h", "secrets": {"A": "canary", "B": None, "C": "canary"}}, live)
    assert requests_of(change) == [
        ("POST", "/hooks/{id}/secrets", {"C": "canary"}),
        ("PATCH", "/hooks/{id}/secrets", {"A": "canary"}),
        ("DELETE", "/hooks/{id}/secrets", ["B"]),
    ]
    assert "canary" not in repr(change)
    (cleared,) = requests_of(change_of("hooks", {"name": "h", "secrets": None}, live))
    assert cleared == ("DELETE", "/hooks/{id}/secrets", ["A", "B"])


def test_an_object_without_an_id_is_put_under_its_key() -> None:
    plan = make_plan(make_desired(rulesConfigs=[{"key": "K/1", "value": "v"}]), make_current(rulesConfigs=[]))
    assert requests_of(plan.changes[0]) == [("PUT", "/rules-configs/K%2F1", {"value": "v"})]
    assert plan_of("rulesConfigs", {"key": "K", "value": "v"}, {"key": "K"}).is_empty


def test_a_secret_that_is_fixed_is_not_sent_again() -> None:
    key = {"name": "K", "alg": "hmac-sha256", "value": "v"}
    live = make_current(keysNetworkAcls=[{"id": "i", "name": "K", "alg": "hmac-sha256"}])
    assert make_plan(make_desired(keysNetworkAcls=[key]), live, Policy(send_secrets=True)).is_empty


def test_a_status_that_the_server_sets_is_not_sent() -> None:
    live = {"id": "i", "name": "S", "type": "http", "status": "active"}
    assert plan_of("logStreams", {"name": "S", "status": "suspended"}, live).is_empty


def test_what_a_list_tells_too_little_of_is_read_whole() -> None:
    interest = make_interest(make_desired(forms=[{"name": "F"}], rules=[{"name": "R"}]))
    assert interest.whole == {"forms": {"F"}}


LIMITED = {"resource": "oauth_authentication_api", "consumer": "client", "configuration": {"action": "allow"}}
CIMD = "https://app.example/client.json"
SELECTORS = {
    "a name": ("client_id:App", "client_id:client-1"),
    "an id": ("client_id:client-1", "client_id:client-1"),
    "the URI of a metadata document": (f"client_id:{CIMD}", f"client_id:{CIMD}"),
    "a group of clients": ("cimd_clients", "cimd_clients"),
}


@pytest.mark.parametrize(("written", "sent"), SELECTORS.values(), ids=SELECTORS.keys())
def test_what_stands_behind_a_prefix_is_a_reference(written: str, sent: str) -> None:
    clients = [{"client_id": "client-1", "name": "App"}, {"client_id": "tpc_1", "external_client_id": CIMD}]
    desired = make_desired(rateLimitPolicies=[{**LIMITED, "consumer_selector": written}])
    (change,) = make_plan(desired, make_current(rateLimitPolicies=[], clients=clients)).changes
    assert change.writes[0].body["consumer_selector"] == sent
    live = {"id": "rlp_1", **LIMITED, "consumer_selector": sent}
    assert make_plan(desired, make_current(rateLimitPolicies=[live], clients=clients)).is_empty


def test_a_name_behind_a_prefix_leads_to_something() -> None:
    desired = make_desired(rateLimitPolicies=[{**LIMITED, "consumer_selector": "client_id:Nobody"}])
    with pytest.raises(ProblemsError) as caught:
        make_plan(desired, make_current(rateLimitPolicies=[], clients=[]))
    assert [problem.code for problem in caught.value.problems] == ["unknown-reference"]


def webhook(**authorization: str) -> dict[str, Any]:
    configuration = {"webhook_endpoint": "https://a.example", "webhook_authorization": authorization}
    return {"type": "webhook", "configuration": configuration}


def left_out(section: str, desired: dict[str, Any], live: dict[str, Any]) -> list[str]:
    problems = plan_of(section, desired, live).problems
    assert {problem.code for problem in problems} <= {"secret-left-out"}
    assert not any(problem.is_error for problem in problems)
    return [problem.summary.split()[4].rstrip(",").rpartition(".")[2] for problem in problems]


MOVED = {"destination": {"configuration": {"webhook_endpoint": "https://b.example"}}}


@pytest.mark.parametrize(
    ("shown", "lost"),
    [
        ({"method": "bearer"}, ["token"]),
        ({"method": "basic", "username": "u"}, ["password"]),
        ({"method": "custom_header", "header_key": "k"}, ["header_value"]),
    ],
)
def test_a_secret_that_an_update_would_lose_is_told(shown: dict[str, str], lost: list[str]) -> None:
    live = {"id": "i", "name": "E", "destination": webhook(**shown)}
    assert left_out("eventStreams", {"name": "E", **MOVED}, live) == lost


@pytest.mark.parametrize(
    "desired",
    [
        {"name": "E", "status": "disabled"},
        {"name": "E", "destination": webhook(method="bearer", token="t"), "status": "disabled"},
        {"name": "E", "destination": webhook(method="bearer", token="t")},
        {"name": "E", "destination": webhook(method="basic", username="u", password="p")},
        {"name": "E", "destination": {"configuration": {"webhook_authorization": {"token": None}}}},
        {"name": "E", "destination": {"type": "action", "configuration": {"action_id": "a"}}},
    ],
    ids=["not sent", "named", "not changed", "of another method", "cleared", "of another kind"],
)
def test_a_secret_that_stays_or_is_named_is_not_told(desired: dict[str, Any]) -> None:
    live = {"id": "i", "name": "E", "destination": webhook(method="bearer")}
    assert left_out("eventStreams", desired, live) == []


@pytest.mark.parametrize(
    ("section", "desired", "live", "lost"),
    [
        (
            "logStreams",
            {"sink": {"mixpanelRegion": "eu"}},
            {"sink": {"mixpanelServiceAccountUsername": "u"}},
            1,
        ),
        ("logStreams", {"sink": {"httpEndpoint": "b"}}, {"sink": {"httpEndpoint": "a"}}, 0),
        ("emailProvider", {"credentials": {"region": "eu"}}, {"name": "ses", "credentials": {}}, 2),
        ("emailProvider", {"credentials": {"region": "eu"}}, {"name": "mailgun", "credentials": {}}, 1),
        ("emailProvider", {"enabled": False}, {"name": "mailgun", "credentials": {}}, 0),
        ("emailProvider", {"credentials": {"smtp_port": 1}}, {"name": "smtp", "credentials": {}}, 0),
        (
            "captchaPolicies",
            {"action": {"arkose": {"site_key": "b"}}},
            {"action": {"arkose": {"site_key": "a"}}},
            1,
        ),
        ("captchaPolicies", {"action": {"arkose": {"site_key": "b"}}}, {"action": {"simple_captcha": {}}}, 0),
        (
            "attackProtection",
            {"captcha": {"hcaptcha": {"site_key": "b"}}},
            {"captcha": {"hcaptcha": {"site_key": "a"}, "arkose": {"site_key": "a"}}},
            1,
        ),
        (
            "attackProtection",
            {"captcha": {"hcaptcha": {"site_key": "b"}}},
            {"captcha": {"hcaptcha": {"site_key": ""}}},
            0,
        ),
        (
            "guardianFactorProviders",
            {"name": "sms", "provider": "twilio", "from": "2"},
            {"name": "sms", "provider": "twilio", "from": "1", "sid": "s"},
            1,
        ),
        (
            "resourceServers",
            {"identifier": "a", "token_encryption": {"format": "b"}},
            {
                "identifier": "a",
                "token_encryption": {"format": "a", "encryption_key": {"thumbprint_sha256": "t"}},
            },
            1,
        ),
    ],
)
def test_each_type_tells_its_own(
    section: str, desired: dict[str, Any], live: dict[str, Any], lost: int
) -> None:
    name = {"name": "A"} if section in {"logStreams", "captchaPolicies"} else {}
    assert len(left_out(section, name | desired, {"id": "i"} | name | live)) == lost

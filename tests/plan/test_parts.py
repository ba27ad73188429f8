"""What the API keeps elsewhere than in the object: parts by name, pieces of other objects, and the like."""

from __future__ import annotations

from typing import Any

import pytest

from tenantctl.plan.interest import make_interest
from tenantctl.plan.model import Action, Plan
from tenantctl.plan.planner import make_plan
from tenantctl.plan.policy import Policy
from tenantctl.plan.values import Secret
from tests.states import make_current, make_desired


def plan(section: str, desired: Any, live: Any, policy: Policy | None = None) -> Plan:
    return make_plan(make_desired(**{section: desired}), make_current(**{section: live}), policy)


def requests(made: Plan) -> list[tuple[str, str, Any]]:
    return [(write.method, write.path, write.body) for change in made.changes for write in change.writes]


def test_each_key_of_nested_mappings_leads_to_a_request_of_its_own() -> None:
    live = {"customText": {"en": {"login": {"login": {"title": "Hi", "description": "There"}}}}}
    desired = {
        "customText": {
            "en": {"login": {"login": {"title": "Ho"}}, "signup": {"signup": {"title": "New"}}},
            "de": {"login": {}},
        }
    }
    assert requests(plan("prompts", desired, live)) == [
        ("PUT", "/prompts/login/custom-text/en", {"login": {"title": "Ho", "description": "There"}}),
        ("PUT", "/prompts/signup/custom-text/en", {"signup": {"title": "New"}}),
    ]


def test_null_clears_what_is_put_whole() -> None:
    live = {"partials": {"login": {"login": {"form-content-start": "<div>"}}}}
    assert requests(plan("prompts", {"partials": {"login": None}}, live)) == [
        ("PUT", "/prompts/login/partials", {})
    ]


def test_a_list_of_nested_mappings_is_one_mapping() -> None:
    live = {"screenRenderers": {"login-id": {"login-id": {"rendering_mode": "standard"}}}}
    desired = {
        "screenRenderers": [
            {"login-id": {"login-id": {"rendering_mode": "standard"}}},
            {"signup": {"signup": {"rendering_mode": "advanced", "filters": None}}},
        ]
    }
    assert requests(plan("prompts", desired, live)) == [
        ("PATCH", "/prompts/signup/screen/signup/rendering", {"rendering_mode": "advanced"})
    ]
    interest = make_interest(make_desired(prompts=desired))
    field = "screenRenderers.{prompt}.{screen}"
    assert interest.named["prompts", field] == (("login-id", "login-id"), ("signup", "signup"))


def test_only_the_parts_that_the_file_names_are_read() -> None:
    interest = make_interest(make_desired(attackProtection={"botDetection": {}}))
    assert set(interest.details) == {("attackProtection", "botDetection")}


def test_what_reads_leave_out_goes_along_with_a_change() -> None:
    live = {"captcha": {"hcaptcha": {"site_key": "a"}}, "bruteForceProtection": {"enabled": True}}
    desired = {
        "captcha": {"hcaptcha": {"site_key": "a", "secret": "s"}},
        "bruteForceProtection": {"enabled": False},
    }
    captcha, brute_force = sorted(requests(plan("attackProtection", desired, live)), reverse=True)
    assert captcha[1:] == (
        "/attack-protection/captcha",
        {"hcaptcha": {"site_key": "a", "secret": Secret("attackProtection#captcha.hcaptcha.secret", "s")}},
    )
    assert brute_force[1:] == ("/attack-protection/brute-force-protection", {"enabled": False})


@pytest.mark.parametrize(
    ("key", "path", "body"),
    [
        ("login", "/clients/{id}", {"custom_login_page": "<p>", "custom_login_page_on": False}),
        ("error_page", "/tenants/settings", {"error_page": {"html": "<p>", "enabled": False}}),
    ],
)
def test_a_piece_of_another_object_is_written_there(key: str, path: str, body: Any) -> None:
    live = {"id": "global", "name": key, "html": "<p>", "enabled": True}
    made = plan("pages", [{"name": key, "enabled": False}], [live])
    assert requests(made) == [("PATCH", path, body)]
    assert made.changes[0].id == "global"


def test_a_singleton_that_need_not_be_there() -> None:
    provider = {"name": "mandrill", "credentials": {}}
    created = plan("emailProvider", provider, {}).changes[0]
    assert (created.action, created.writes[0].method) == (Action.CREATE, "POST")
    assert plan("emailProvider", {}, {}).is_empty
    kept = plan("emailProvider", {}, provider)
    assert kept.is_empty
    assert [each.address for each in kept.unmanaged] == ["emailProvider"]
    pruned = plan("emailProvider", {}, provider, Policy(prune=frozenset({"emailProvider"}))).changes[0]
    assert (pruned.action, pruned.address, pruned.key) == (Action.DELETE, "emailProvider", "")


def test_of_another_kind_nothing_is_kept() -> None:
    live = {"name": "smtp", "enabled": True, "credentials": {"smtp_host": "h"}, "settings": {"headers": {}}}
    desired = {"name": "mandrill", "enabled": True, "credentials": {"api_key": "k"}}
    ((_, _, body),) = requests(plan("emailProvider", desired, live))
    assert body == {
        "name": "mandrill",
        "enabled": True,
        "credentials": {"api_key": Secret("emailProvider#credentials.api_key", "k")},
    }


def test_of_at_most_one_the_name_is_a_field_like_others() -> None:
    live = {"id": "pro_1", "name": "twilio", "configuration": {"sid": "s"}}
    change = plan("phoneProviders", [{"name": "custom", "credentials": {}}], [live]).changes[0]
    assert (change.action, change.address, change.id) == (Action.UPDATE, "phoneProviders", "pro_1")
    assert make_interest(make_desired(themes=[])).objects["themes"] == ({},)


def test_a_patch_that_takes_the_whole_object_gets_it() -> None:
    live = {"themeId": "t", "displayName": "T", "borders": {"a": 1, "b": 2}}
    ((method, _, body),) = requests(plan("themes", [{"borders": {"a": 3}}], [live]))
    assert (method, body) == ("PATCH", {"displayName": "T", "borders": {"a": 3, "b": 2}})


def test_a_put_sends_nothing_that_reads_alone_tell() -> None:
    live = {"name": "push-notification", "provider": "apns", "bundle_id": "a", "enabled": True}
    desired = {"name": "push-notification", "provider": "apns", "sandbox": True}
    ((_, path, body),) = requests(plan("guardianFactorProviders", [desired], [live]))
    assert path == "/guardian/factors/push-notification/providers/apns"
    assert body == {"bundle_id": "a", "sandbox": True}


def test_a_bare_list_on_the_wire() -> None:
    made = plan("guardianPolicies", {"policies": ["all-applications"]}, {"policies": []})
    assert requests(made) == [("PUT", "/guardian/policies", ["all-applications"])]


def test_what_comes_after_without_a_reference() -> None:
    desired = make_desired(prompts={"identifier_first": True}, branding={"font": {"url": "https://a"}})
    branding, prompts = make_plan(desired, make_current(prompts={}, branding={})).changes
    assert (branding.address, prompts.address) == ("branding", "prompts")
    assert prompts.depends_on == {"branding"}


def test_what_no_request_could_clear_stays_and_is_told() -> None:
    live = {"botDetection": {"bot_detection_level": "low"}}
    made = plan("attackProtection", {"botDetection": None}, live)
    assert made.is_empty
    assert [problem.code for problem in made.problems] == ["not-clearable"]
    assert made.is_applicable

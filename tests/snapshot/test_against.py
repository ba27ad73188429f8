"""What a snapshot lacks is unknown: an error where the file names it, and never an empty tenant."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tenantctl.catalog.spec import NOTHING
from tenantctl.plan.policy import Policy
from tenantctl.problems import Problem, ProblemsError
from tenantctl.states import Desired
from tests.snapshot.takes import plan_against, write
from tests.states import make_desired

ROLE = {"id": "rol_1", "name": "Reader"}
PERMISSION = {"resource_server_identifier": "https://aaa-api", "permission_name": "read:things"}
CLIENT = {"client_id": "C" * 32, "name": "App"}


def recorded(folder: Path, more: Mapping[str, Any] = NOTHING, **sections: Any) -> Path:
    document = {"format_version": "1.0", "domain": "t.example", "sections": sections}
    return write(folder, {**document, **more})


def refused(path: Path, desired: Desired) -> list[Problem]:
    with pytest.raises(ProblemsError) as caught:
        plan_against(path, desired)
    return list(caught.value.problems)


def test_a_section_that_it_lacks_is_an_error_at_its_place(tmp_path: Path) -> None:
    path = recorded(tmp_path, roles=[ROLE])
    (problem,) = refused(path, make_desired(clients=[{"name": "App"}], rules=[{"name": "r"}]))
    assert problem.code == "not-in-snapshot"
    assert problem.summary == f"clients and rules can't be read: the snapshot {path} does not have it"
    assert f"tenantctl snapshot --out {path}" in problem.hint
    assert problem.position is not None


def test_a_section_that_has_nothing_is_empty(tmp_path: Path) -> None:
    made = plan_against(recorded(tmp_path, clients=[]), make_desired(clients=[{"name": "App"}]))
    assert [change.action.value for change in made.changes] == ["create"]


def test_why_it_lacks_something_is_told(tmp_path: Path) -> None:
    unread = [{"section": "rules", "field": "", "reason": "the token lacks a scope for GET /rules"}]
    (problem,) = refused(recorded(tmp_path, {"unread": unread}), make_desired(rules=[]))
    assert "the token lacks a scope for GET /rules" in problem.detail


def test_a_field_that_the_tenant_did_not_tell_is_unknown(tmp_path: Path) -> None:
    unread = [{"section": "connections", "field": "options", "reason": "it tells it to others"}]
    connection = {"id": "con_1", "name": "c", "strategy": "oidc"}
    path = recorded(tmp_path, {"unread": unread}, connections=[connection])
    assert plan_against(path, make_desired(connections=[{"name": "c", "strategy": "oidc"}])).is_empty
    (problem,) = refused(path, make_desired(connections=[{"name": "c", "options": {"scope": "a"}}]))
    assert problem.summary.startswith("connections.options can't be read")


BELOW = {
    "association": ("roles", ROLE, {"name": "Reader", "permissions": [PERMISSION]}, "roles.permissions"),
    "part": (
        "connections",
        {"id": "con_1", "name": "c", "strategy": "samlp"},
        {"name": "c", "scim_configuration": {"user_id_attribute": "a"}},
        "connections.scim_configuration",
    ),
    "list inside a part": (
        "connections",
        {"id": "con_1", "name": "c", "strategy": "samlp", "directory_provisioning_configuration": {"a": 1}},
        {"name": "c", "directory_provisioning_configuration": {"synchronized_groups": []}},
        "connections.directory_provisioning_configuration",
    ),
    "pool": (
        "clients",
        {**CLIENT, "client_authentication_methods": {"private_key_jwt": {"credentials": [{"id": "cred_1"}]}}},
        {"name": "App", "client_authentication_methods": {"private_key_jwt": {"credentials": []}}},
        "clients.client_authentication_methods",
    ),
    "nested": ("prompts", {}, {"customText": {"en": {"login": {}}}}, "prompts.customText"),
}


@pytest.mark.parametrize(("section", "live", "entry", "place"), BELOW.values(), ids=BELOW.keys())
def test_what_was_not_recorded_of_an_object_is_unknown(
    tmp_path: Path, section: str, live: Any, entry: Any, place: str
) -> None:
    is_one = section == "prompts"
    objects: dict[str, Any] = {"clients": [], "resourceServers": [], section: live if is_one else [live]}
    path = recorded(tmp_path, **objects)
    problems = refused(path, make_desired(**{section: entry if is_one else [entry]}))
    assert any(
        each.code == "not-in-snapshot" and each.summary.startswith(f"{place} can't be read")
        for each in problems
    )


def test_a_part_that_is_not_set_is_known_not_to_be(tmp_path: Path) -> None:
    live = {"id": "con_1", "name": "c", "strategy": "samlp", "scim_configuration": None}
    path = recorded(tmp_path, connections=[live])
    entry = {"name": "c", "scim_configuration": {"user_id_attribute": "a"}}
    (change,) = plan_against(path, make_desired(connections=[entry])).changes
    assert [write.method for write in change.writes] == ["POST"]


def test_an_application_that_links_no_credential_has_none(tmp_path: Path) -> None:
    entry = {"name": "App", "token_endpoint_auth_method": None, "client_authentication_methods": None}
    assert plan_against(recorded(tmp_path, clients=[CLIENT]), make_desired(clients=[entry])).is_empty


def test_a_text_that_is_not_set_is_no_unknown_one(tmp_path: Path) -> None:
    path = recorded(tmp_path, prompts={"customText": {}})
    entry = {"customText": {"en": {"login": {"login": {"title": "Hello"}}}}}
    (change,) = plan_against(path, make_desired(prompts=entry)).changes
    assert [field.path for field in change.fields] == ["customText.en.login.login.title"]


def test_secrets_are_not_comparable(tmp_path: Path) -> None:
    path = recorded(tmp_path, clients=[CLIENT])
    entry = {"name": "App", "client_secret": "s3cret"}
    made = plan_against(path, make_desired(clients=[entry]))
    assert (made.is_empty, made.not_comparable) == (True, 1)


GRANT = {"client_id": "App", "audience": "https://aaa-api", "scope": []}


def test_of_a_chosen_part_of_a_section_the_rest_is_unknown(tmp_path: Path) -> None:
    path = recorded(tmp_path, {"only": ["clients/A*"]}, clients=[CLIENT])
    assert plan_against(path, make_desired(clients=[{"name": "App"}])).is_empty
    (problem,) = refused(path, make_desired(clients=[{"name": "App"}, {"name": "Other"}]))
    assert "only what --only 'clients/A*' chose" in problem.summary


def test_a_name_in_a_chosen_part_is_resolved_and_another_is_unknown(tmp_path: Path) -> None:
    path = recorded(tmp_path, {"only": ["clients/A*", "clientGrants"]}, clients=[CLIENT], clientGrants=[])
    made = plan_against(path, make_desired(clientGrants=[{**GRANT, "client_id": "App"}]))
    assert made.changes[0].writes[0].body["client_id"] == CLIENT["client_id"]
    codes = {
        each.code for each in refused(path, make_desired(clientGrants=[{**GRANT, "client_id": "Other"}]))
    }
    assert "unread-reference" in codes


def test_the_client_as_which_it_was_read_is_left_alone(tmp_path: Path) -> None:
    path = recorded(tmp_path, {"own_client_id": CLIENT["client_id"]}, clients=[CLIENT])
    made = plan_against(path, make_desired(clients=[]), Policy(prune=frozenset({"clients"})))
    assert (made.is_empty, made.is_applicable) == (True, True)


def test_templates_that_the_file_does_not_name_are_nobodys_concern(tmp_path: Path) -> None:
    recorded_ones = [{"template": name, "body": "x"} for name in ("verify_email", "welcome_email")]
    path = recorded(tmp_path, emailTemplates=recorded_ones)
    made = plan_against(path, make_desired(emailTemplates=[{"template": "verify_email", "body": "y"}]))
    assert ([change.key for change in made.changes], made.unmanaged) == (["verify_email"], ())

"""Create, read, update, delete: one set of handlers, looked at through the five types there are."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import pytest

from tenantctl.catalog.registry import RESOURCE_TYPES
from tenantctl.catalog.spec import ResourceType
from tenantctl.sandbox import SandboxStore
from tenantctl.sandbox.routes import endpoints_of

from .conftest import Api, make_client


def test_a_fresh_tenant(api: Api) -> None:
    clients = api("GET", "/clients", status=200)
    (resource_server,) = api("GET", "/resource-servers", status=200)
    (grant,) = api("GET", "/client-grants", status=200)

    assert [(client["name"], client["global"]) for client in clients] == [
        ("All Applications", True),
        ("tenantctl", False),
    ]
    assert clients[1]["grant_types"] == ["client_credentials"]
    assert resource_server["is_system"] is True
    assert resource_server["identifier"] == "https://sandbox.localhost/api/v2/"
    scopes = {scope["value"] for scope in resource_server["scopes"]}
    assert scopes >= {
        scope for each in RESOURCE_TYPES for endpoint in endpoints_of(each) for scope in endpoint.scopes
    }
    assert (grant["client_id"], set(grant["scope"])) == (clients[1]["client_id"], scopes)
    assert api("GET", "/roles", status=200) == []
    assert api("GET", "/tenants/settings", status=200)["enabled_locales"] == ["en"]


@pytest.mark.parametrize(
    ("path", "body", "status", "id_pattern"),
    [
        ("/clients", {"name": "x"}, 201, r"[A-Za-z0-9]{32}"),
        ("/resource-servers", {"identifier": "https://x"}, 201, r"[0-9a-f]{24}"),
        ("/roles", {"name": "x"}, 200, r"rol_[A-Za-z0-9]{16}"),
    ],
)
def test_create_read_update_delete(
    api: Api, path: str, body: dict[str, Any], status: int, id_pattern: str
) -> None:
    made = api("POST", path, body, status=status)
    object_id = made["client_id" if path == "/clients" else "id"]
    assert re.fullmatch(id_pattern, object_id)
    assert {name: made[name] for name in body} == body
    read = api("GET", f"{path}/{object_id}", status=200)
    assert made.keys() ^ read.keys() <= {"encrypted", "description"}  # see test_answers
    assert {**read, **made} == {**made, **read}

    changed = api("PATCH", f"{path}/{object_id}", {"name": "y"}, status=200)
    assert changed == {**read, "name": "y"}

    api("DELETE", f"{path}/{object_id}")
    assert api("GET", f"{path}/{object_id}", status=404)["statusCode"] == 404


def test_defaults_are_laid_under_what_was_sent(api: Api) -> None:
    made = api("POST", "/clients", {"name": "x", "jwt_configuration": {"alg": "RS256"}}, status=201)

    assert made["jwt_configuration"] == {
        "alg": "RS256",
        "lifetime_in_seconds": 36000,
        "secret_encoded": False,
    }
    assert "client_credentials" in made["grant_types"]


def test_patch_replaces_merges_and_clears(api: Api) -> None:
    made = api(
        "POST",
        "/clients",
        {"name": "x", "callbacks": ["https://a"], "client_metadata": {"a": "1", "b": "2"}},
        status=201,
    )
    path = f"/clients/{made['client_id']}"

    changed = api("PATCH", path, {"client_metadata": {"a": None, "c": "3"}, "callbacks": None}, status=200)
    assert changed["client_metadata"] == {"b": "2", "c": "3"}
    assert "callbacks" not in changed
    assert api("PATCH", path, {"is_first_party": False}, status=200)["is_first_party"] is False
    assert api("PATCH", path, {"is_first_party": None}, status=200)["is_first_party"] is True


def test_settings_written_in_minutes_are_read_in_hours(api: Api) -> None:
    changed = api("PATCH", "/tenants/settings", {"session_lifetime_in_minutes": 181}, status=200)

    assert changed["session_lifetime"] == pytest.approx(181 / 60)
    assert "session_lifetime_in_minutes" not in changed
    assert api("PATCH", "/tenants/settings", {"flags": {"enable_sso": False}}, status=200)["flags"][
        "disable_impersonation"
    ]


@pytest.mark.parametrize(
    ("method", "path", "body", "message"),
    [
        ("POST", "/clients", {"name": "x", "nope": 1}, "'Additional properties not allowed: nope'."),
        (
            "POST",
            "/clients",
            {"name": "x", "client_id": "a"},
            "'Additional properties not allowed: client_id'.",
        ),
        ("POST", "/clients", {}, "'Missing required property: name'."),
        ("POST", "/clients", {"name": 1}, "'Expected type string but found type integer' on property name"),
        ("POST", "/clients", [], "'Expected type object but found type array'."),
        ("POST", "/clients", None, "'Expected type object but found type null'."),
        (
            "POST",
            "/roles",
            {"name": "x", "permissions": []},
            "'Additional properties not allowed: permissions'.",
        ),
        (
            "PUT",
            "/guardian/factors/phone/message-types",
            {"message_types": None},
            "'Expected type array but found type null' on property message_types.",
        ),
        ("PATCH", "/clients/ID", {"global": True}, "'Additional properties not allowed: global'."),
        (
            "PATCH",
            "/clients/ID",
            {"name": None},
            "'Expected type string but found type null' on property name.",
        ),
        (
            "PATCH",
            "/clients/ID",
            {"refresh_token": {"leeway": "x"}},
            "'Expected type integer but found type string' on property refresh_token.leeway",
        ),
        (
            "PATCH",
            "/clients/ID",
            {"refresh_token": {"nope": 1}},
            "'Additional properties not allowed: nope' on property refresh_token.",
        ),
        ("PATCH", "/clients/ID", {"app_type": "nope"}, "'No enum match for: nope' on property app_type"),
        (
            "PATCH",
            "/resource-servers/ID",
            {"identifier": "https://b"},
            "'Additional properties not allowed: identifier'.",
        ),
    ],
)
def test_what_a_body_may_not_say(
    api: Api, machine: dict[str, Any], method: str, path: str, body: Any, message: str
) -> None:
    object_id = machine["api"]["id"] if path.startswith("/res") else machine["client"]["client_id"]

    refused = api(method, path.replace("ID", object_id), body, status=400)

    assert refused["errorCode"] == "invalid_body"
    assert refused["message"].startswith(f"Payload validation error: {message}")


@pytest.mark.parametrize(
    ("path", "code", "message"),
    [
        ("/clients/x", "inexistent_client", "The client does not exist"),
        ("/resource-servers/x", "inexistent_resource_server", "The resource server does not exist"),
        ("/client-grants/x", None, "The client grant does not exist."),
        ("/roles/x", "inexistent_role", "The role does not exist."),
        ("/roles/x/permissions", "inexistent_role", "The role does not exist."),
        ("/nope", None, "Not Found"),
        ("/clients/x/y/z", None, "Not Found"),
    ],
)
def test_what_is_not_there(api: Api, path: str, code: str | None, message: str) -> None:
    expected = {"statusCode": 404, "error": "Not Found", "message": message}

    assert api("GET", path, status=404) == ({**expected, "errorCode": code} if code else expected)


def test_a_verb_that_the_path_does_not_have(api: Api) -> None:
    api("PUT", "/clients", {}, status=404)


def test_a_fingerprint_tells_that_a_secret_is_another(api: Api) -> None:
    path = "/flows/vault/connections"
    body = {"name": "x", "app_id": "HTTP", "setup": {"type": "BEARER", "token": "a"}}
    made = api("POST", path, body, status=201)
    renamed = api("PATCH", f"{path}/{made['id']}", {"name": "y"}, status=200)
    changed = api("PATCH", f"{path}/{made['id']}", {"setup": {"type": "BEARER", "token": "b"}}, status=200)
    assert made["fingerprint"] == renamed["fingerprint"] != changed["fingerprint"]


def test_messages_of_mfa_that_nobody_has_set(api: Api) -> None:
    assert api("GET", "/guardian/factors/sms/templates", status=204) is None
    assert "{{code}}" in api("GET", "/guardian/factors/phone/templates", status=200)["enrollment_message"]


def test_a_put_of_a_part_keeps_when_it_was_made(api: Api) -> None:
    connection = api("POST", "/connections", {"name": "ad", "strategy": "ad"}, status=201)
    path = f"/connections/{connection['id']}/scim-configuration"
    made = api("POST", path, {}, status=201)
    changed = {"user_id_attribute": "externalId", "mapping": made.get("mapping", [])}
    assert api("PATCH", path, changed, status=200)["created_at"] == made["created_at"]


def test_conflicts(api: Api, granted: dict[str, Any]) -> None:
    assert api("POST", "/resource-servers", {"identifier": "https://aaa-api"}, status=409)["errorCode"]
    again = {name: granted["grant"][name] for name in ("client_id", "audience", "scope")}
    assert api("POST", "/client-grants", again, status=409)["error"] == "Conflict"
    api("POST", "/roles", {"name": "a"}, status=200)
    other = api("POST", "/roles", {"name": "b"}, status=200)
    api("PATCH", f"/roles/{other['id']}", {"name": "a"}, status=409)


def destination(kind: str, **configuration: Any) -> dict[str, Any]:
    return {"type": kind, "configuration": configuration}


AWS = {"aws_account_id": "123456789012", "aws_region": "eu-west-1"}


@pytest.mark.parametrize(
    ("before", "changed", "repeated"),
    [
        (destination("webhook", webhook_endpoint="https://a"), destination("eventbridge", **AWS), {}),
        (
            destination("eventbridge", **AWS),
            destination("eventbridge", **AWS | {"aws_region": "us-east-1"}),
            destination("eventbridge", **AWS),
        ),
    ],
    ids=["kind", "account"],
)
def test_what_is_fixed_inside_an_object(
    api: Api, before: dict[str, Any], changed: dict[str, Any], repeated: dict[str, Any]
) -> None:
    subscriptions = [{"event_type": "user.created"}]
    body = {"name": "a", "destination": before, "subscriptions": subscriptions}
    path = f"/event-streams/{api('POST', '/event-streams', body, status=201)['id']}"
    refused = api("PATCH", path, {"destination": changed}, status=400)
    reason = "'Cannot be changed once it is created' on property destination."
    assert refused["message"] == f"Payload validation error: {reason}"
    api("PATCH", path, {"destination": repeated} if repeated else {"name": "b"})
    assert api("GET", path)["destination"]["type"] == before["type"]


def test_what_is_immutable_inside_an_object(api: Api) -> None:
    body = {"type": "otp_verify", "content": {"syntax": "liquid", "from": "1"}}
    path = f"/branding/phone/templates/{api('POST', '/branding/phone/templates', body, status=201)['id']}"
    api("PATCH", path, {"content": {"syntax": "other"}}, status=400)
    assert api("PATCH", path, {"content": {"from": "2"}})["content"]["from"] == "2"


@pytest.mark.parametrize("path", ["event-streams", "network-acls"])
def test_an_id_of_another_form(api: Api, path: str) -> None:
    """Recorded: these tell it from one that is not there."""
    assert api("GET", f"/{path}/x", status=400)["errorCode"] == "invalid_uri"
    prefix = {"event-streams": "est", "network-acls": "acl"}[path]
    api("GET", f"/{path}/{prefix}_{'1' * 22}", status=404)


def test_a_conflict_is_told_in_english(api: Api) -> None:
    body = {"name": "a", "destination": destination("webhook"), "subscriptions": []}
    api("POST", "/event-streams", body, status=201)
    message = api("POST", "/event-streams", body, status=409)["message"]
    assert message == "An event stream with the same name already exists."


def test_a_grant_needs_its_client_and_its_api(api: Api, machine: dict[str, Any]) -> None:
    client_id = machine["client"]["client_id"]
    missing_api = {"client_id": client_id, "audience": "https://nowhere", "scope": []}
    missing_client = {"client_id": "nobody", "audience": "https://aaa-api", "scope": []}

    assert api("POST", "/client-grants", missing_api, status=404)["errorCode"] == "inexistent_resource_server"
    assert api("POST", "/client-grants", missing_client, status=404)["errorCode"] == "inexistent_client"


@pytest.mark.parametrize("deleted", ["client", "api"])
def test_a_deleted_object_takes_its_grants_along(api: Api, granted: dict[str, Any], deleted: str) -> None:
    paths = {
        "client": f"/clients/{granted['client']['client_id']}",
        "api": f"/resource-servers/{granted['api']['id']}",
    }

    api("DELETE", paths[deleted], status=204)

    api("GET", f"/client-grants/{granted['grant']['id']}", status=404)


def test_what_excludes_each_other(api: Api, granted: dict[str, Any]) -> None:
    path = f"/client-grants/{granted['grant']['id']}"

    api("PATCH", path, {"allow_all_scopes": True, "scope": ["read:a"]}, status=400)
    assert "scope" not in api("PATCH", path, {"allow_all_scopes": True}, status=200)
    api("POST", "/client-grants", {"audience": "https://aaa-api", "scope": []}, status=400)


def test_an_identifier_names_an_api_in_the_path(api: Api, machine: dict[str, Any]) -> None:
    once = quote("https://aaa-api", safe="")

    assert api("GET", f"/resource-servers/{once}", status=200) == machine["api"]
    assert api("GET", f"/resource-servers/{quote(once, safe='')}", status=200) == machine["api"]


def test_what_the_system_needs_stays(api: Api) -> None:
    (resource_server,) = api("GET", "/resource-servers", status=200)

    api("DELETE", f"/resource-servers/{resource_server['id']}", status=403)


def test_permissions_of_a_role(api: Api, machine: dict[str, Any]) -> None:
    scopes = [{"value": "read:a", "description": "Read A"}, {"value": "write:a"}]
    api("PATCH", f"/resource-servers/{machine['api']['id']}", {"scopes": scopes}, status=200)
    path = f"/roles/{api('POST', '/roles', {'name': 'r'}, status=200)['id']}/permissions"
    items = [
        {"resource_server_identifier": "https://aaa-api", "permission_name": name}
        for name in ("read:a", "write:a")
    ]

    api("POST", path, {"permissions": items}, status=201)
    api("POST", path, {"permissions": items[:1]}, status=201)
    assert api("GET", path, status=200)[0] == {
        **items[0],
        "resource_server_name": "AAA",
        "description": "Read A",
    }
    api("DELETE", path, {"permissions": items[:1]}, status=204)
    listed = api("GET", f"{path}?include_totals=true", status=200)
    assert (listed["total"], listed["permissions"][0]["permission_name"]) == (1, "write:a")

    unknown = [{**items[0], "resource_server_identifier": "https://nowhere"}]
    api("POST", path, {"permissions": unknown}, status=404)
    api("POST", path, {"permissions": [{"permission_name": "x"}]}, status=400)
    api("POST", path, {}, status=400)
    api("DELETE", f"/resource-servers/{machine['api']['id']}", status=204)
    assert api("GET", path, status=200) == []


def test_a_new_type_needs_nothing_but_its_description(
    monkeypatch: pytest.MonkeyPatch, store: SandboxStore
) -> None:
    """The handlers read the catalog: a type of another name and path is served as it is described."""
    from dataclasses import replace  # noqa: PLC0415 - used by this test alone

    from tenantctl.catalog import registry  # noqa: PLC0415 - the same
    from tenantctl.sandbox import make_app  # noqa: PLC0415 - the same

    role = registry.BY_SECTION["roles"]
    assert role.listing
    assert role.get
    assert role.create
    assert role.update
    badge: ResourceType = replace(
        role,
        section="badges",
        id_format=("bdg_", 16),
        listing=replace(
            role.listing, endpoint=replace(role.listing.endpoint, path="/badges"), envelope="badges"
        ),
        get=replace(role.get, path="/badges/{id}"),
        create=replace(role.create, path="/badges"),
        update=replace(role.update, path="/badges/{id}"),
        delete=None,
        associations=(),
    )
    monkeypatch.setitem(registry.BY_SECTION, "badges", badge)
    from tenantctl.catalog import fields  # noqa: PLC0415 - the same

    known = fields.fields_of(role)
    load = fields._load
    monkeypatch.setattr(fields, "_load", lambda section: known if section == "badges" else load(section))
    with make_client(make_app(store, management_token="t")) as http:
        headers = {"Authorization": "Bearer t"}
        made = http.post("/api/v2/badges", json={"name": "gold", "description": "x"}, headers=headers).json()
        listed = http.get("/api/v2/badges?include_totals=true", headers=headers).json()

    assert made["id"].startswith("bdg_")
    assert listed == {"start": 0, "limit": 50, "total": 1, "badges": [made]}

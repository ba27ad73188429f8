"""Reset, seed, the request log, faults."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from .conftest import MANAGEMENT_TOKEN, Api


def test_reset_leaves_a_fresh_tenant_with_the_same_keys(http: httpx.Client, api: Api) -> None:
    keys = http.get("/.well-known/jwks.json").json()
    tool = api("GET", "/clients?is_global=false", status=200)[0]["client_id"]
    api("POST", "/roles", {"name": "x"}, status=200)

    assert http.post("/__sandbox__/reset", json={"scenario": "x"}).status_code == 204
    assert http.post("/__sandbox__/reset", content=b"\xff{").status_code == 204

    assert api("GET", "/roles", status=200) == []
    assert api("GET", "/clients?is_global=false", status=200)[0]["client_id"] == tool
    assert http.get("/.well-known/jwks.json").json() == keys


def test_the_log_of_requests(http: httpx.Client, api: Api) -> None:
    http.delete("/__sandbox__/requests")
    api("GET", "/roles?page=0", status=200)
    http.get("/nope")

    assert http.get("/__sandbox__/requests").json() == {
        "count": 2,
        "requests": [
            {"method": "GET", "path": "/api/v2/roles", "query": "page=0", "status": 200},
            {"method": "GET", "path": "/nope", "query": "", "status": 404},
        ],
    }
    assert http.delete("/__sandbox__/requests").status_code == 204
    assert http.get("/__sandbox__/requests").json()["count"] == 0


@pytest.mark.parametrize("body", [{"nope": True}, {"stale_jwks": 1}, [], None, "x"])
def test_faults_that_there_are_not(http: httpx.Client, body: Any) -> None:
    assert http.put("/__sandbox__/faults", json=body).status_code == 400


def test_seed_replaces_the_sections_it_has(http: httpx.Client, api: Api, granted: dict[str, Any]) -> None:
    clients = api("GET", "/clients", status=200)
    shown = [{name: value for name, value in client.items() if name != "client_secret"} for client in clients]
    permission = {"resource_server_identifier": "https://aaa-api", "permission_name": "read:a"}
    snapshot = {
        "format_version": "1.0",
        "domain": "sandbox.localhost",
        "sections": {
            "clients": [*shown, {"client_id": "new", "name": "New"}],
            "tenant": {"friendly_name": "Seeded"},
            "roles": [{"id": "rol_1", "name": "r", "permissions": [permission]}],
        },
    }

    assert http.post("/__sandbox__/seed", json=snapshot).status_code == 204

    seeded = api("GET", "/clients", status=200)
    assert [client["name"] for client in seeded] == [*(client["name"] for client in clients), "New"]
    assert seeded[2]["client_secret"] == clients[2]["client_secret"]
    assert api("GET", "/tenants/settings", status=200) == {"friendly_name": "Seeded"}
    assert api("GET", "/roles/rol_1/permissions", status=200)[0]["permission_name"] == "read:a"
    assert len(api("GET", "/client-grants", status=200)) == 2


@pytest.mark.parametrize(
    "snapshot",
    [
        None,
        [],
        {"sections": []},
        {"format_version": "2.0", "sections": {}},
        {"format_version": 1, "sections": {}},
        {"sections": {"nope": []}},
        {"sections": {"roles": {}}},
        {"sections": {"roles": [1]}},
        {"sections": {"roles": [{"id": 1}]}},
        {"sections": {"roles": [{"id": "a"}, {"id": "a"}]}},
        {"sections": {"roles": [{"id": "a", "permissions": 1}]}},
        {"sections": {"roles": [{"id": "a", "permissions": [{}]}]}},
        {"sections": {"tenant": []}},
        {"sections": {"resourceServers": [{"identifier": "https://x", "scopes": [1]}]}},
    ],
)
def test_what_is_no_snapshot_changes_nothing(http: httpx.Client, api: Api, snapshot: Any) -> None:
    api("POST", "/roles", {"name": "kept"}, status=200)

    assert http.post("/__sandbox__/seed", json=snapshot).status_code == 400

    assert [role["name"] for role in api("GET", "/roles", status=200)] == ["kept"]


def test_there_is_nothing_else(http: httpx.Client) -> None:
    headers = {"Authorization": f"Bearer {MANAGEMENT_TOKEN}"}
    assert http.get("/__sandbox__/reset", headers=headers).status_code == 404
    assert http.get("/__sandbox__/", headers=headers).status_code == 404

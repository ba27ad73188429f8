"""A file whose entries change, and an administrator who changes the tenant beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx
import yaml

from benchmarks.served import TOKEN
from reliability.stage import Stage
from reliability.state import State

CANARY = "canary"
MANAGED = "m-"
NUMBERS = (0, 1)
VARIANTS = (0, 1, 2)

Entries = dict[tuple[str, int], int]
"""(section, number) → the variant of the entry that the file has."""

# Protected: what the tenant has besides, and what the administrator adds.
_OPTIONS = {"prune": [], "protect": ["*/*egacy*", "*/stranger*"]}


def _client(number: int, variant: int, _: list[str]) -> dict[str, Any]:
    told = {"description": f"variant {variant}", "callbacks": [f"https://{variant}.example/callback"]}
    return {"name": f"m-app {number}", "app_type": "regular_web", **told}


def _role(number: int, variant: int, _: list[str]) -> dict[str, Any]:
    return {"name": f"m-role {number}", "description": f"variant {variant}"}


def _connection(number: int, variant: int, clients: list[str]) -> dict[str, Any]:
    return {
        "name": f"m-con-{number}",
        "strategy": "google-oauth2" if variant == VARIANTS[-1] else "github",
        "options": {"client_id": f"id {variant}", "client_secret": f"{CANARY}-connection-{variant}"},
        "enabled_clients": clients[:variant],
    }


def _action(number: int, variant: int, _: list[str]) -> dict[str, Any]:
    return {
        "name": f"m-action {number}",
        "supported_triggers": [{"id": "post-login", "version": "v3"}],
        "code": f"exports.onExecutePostLogin = async () => {{ /* {variant} */ }};",
        "runtime": "node22",
        "secrets": [{"name": f"KEY_{variant}", "value": f"{CANARY}-action-{variant}"}],
        "deployed": True,
    }


def _stream(number: int, variant: int, _: list[str]) -> dict[str, Any]:
    sinks = (
        ("datadog", {"datadogApiKey": f"{CANARY}-datadog-0", "datadogRegion": "eu"}),
        ("datadog", {"datadogApiKey": f"{CANARY}-datadog-1", "datadogRegion": "us"}),
        (
            "mixpanel",
            {
                "mixpanelRegion": "eu",
                "mixpanelProjectId": "1",
                "mixpanelServiceAccountUsername": "robot",
                "mixpanelServiceAccountPassword": f"{CANARY}-mixpanel",
            },
        ),
    )
    kind, sink = sinks[variant]
    return {"name": f"m-stream {number}", "type": kind, "sink": sink}


def _hook(number: int, variant: int, _: list[str]) -> dict[str, Any]:
    return {
        "name": f"m-hook {number}",
        "script": f"module.exports = {variant};",
        "triggerId": "credentials-exchange",
        "secrets": {f"KEY_{variant}": f"{CANARY}-hook-{variant}"},
    }


ENTRIES = {
    "clients": _client,
    "roles": _role,
    "connections": _connection,
    "actions": _action,
    "logStreams": _stream,
    "hooks": _hook,
}


def render(entries: Mapping[tuple[str, int], int]) -> str:
    """Return the file with these entries; what it has left out is deleted from the tenant."""
    clients = sorted(f"m-app {number}" for section, number in entries if section == "clients")
    document: dict[str, Any] = {"tenantctl": {**_OPTIONS, "prune": list(ENTRIES)}}
    for section, entry in ENTRIES.items():
        own = sorted((number, variant) for (each, number), variant in entries.items() if each == section)
        document[section] = [entry(number, variant, clients) for number, variant in own]
    return yaml.safe_dump(document, sort_keys=False)


def unmanaged(state: State) -> dict[tuple[str, str], str]:
    """Return the objects that the file has never named, as they are stored."""
    return {
        place: body
        for place, body in state.raw.items()
        if f"/{MANAGED}" not in state.names.get(place[1], place[1])
    }


class Administrator:
    """Somebody who changes the tenant by other means."""

    def __init__(self, stage: Stage) -> None:
        self._http = httpx.Client(
            base_url=f"{stage.sandbox.url}/api/v2", headers={"Authorization": f"Bearer {TOKEN}"}
        )

    def roles(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._call("GET", "/roles")
        return found

    def clients(self) -> list[dict[str, Any]]:
        return [each for each in self._call("GET", "/clients") if each["name"].startswith(MANAGED)]

    def describe_role(self, role: Mapping[str, Any], text: str) -> None:
        self._call("PATCH", f"/roles/{role['id']}", {"description": text})

    def describe_client(self, client: Mapping[str, Any], text: str) -> None:
        self._call("PATCH", f"/clients/{client['client_id']}", {"description": text})

    def delete_role(self, role: Mapping[str, Any]) -> None:
        self._call("DELETE", f"/roles/{role['id']}")

    def delete_client(self, client: Mapping[str, Any]) -> None:
        self._call("DELETE", f"/clients/{client['client_id']}")

    def add_role(self, name: str) -> None:
        self._call("POST", "/roles", {"name": name})

    def _call(self, method: str, path: str, body: Any = None) -> Any:
        answer = self._http.request(method, path, json=body).raise_for_status()
        return answer.json() if answer.content else None

    def close(self) -> None:
        self._http.close()

"""Somebody who changes the sandbox's tenant behind the tool's back, through its own APIs."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tenantctl.sandbox import SandboxStore, make_app

TOKEN = "the-administrator"
_ORIGIN = "https://sandbox.localhost"


@dataclass(frozen=True)
class Administrator:
    """Works on a state file that no command has open at the moment."""

    state: Path

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Send a request to the Management API, or to a path below ``/__sandbox__/``."""
        url = path if path.startswith("/__sandbox__/") else f"/api/v2/{path}"
        with SandboxStore(self.state) as store:
            transport = httpx.ASGITransport(make_app(store, management_token=TOKEN))
            answer = asyncio.run(self._send(transport, method, url, body))
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    async def _send(self, transport: httpx.ASGITransport, method: str, url: str, body: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        async with httpx.AsyncClient(transport=transport, base_url=_ORIGIN, headers=headers) as client:
            return await client.request(method, url, json=body)

    def find(self, path: str, **fields: str) -> dict[str, Any]:
        """Return the one object of a list with these fields."""
        items = self.call("GET", path)
        (found,) = (each for each in items if fields.items() <= each.items())
        return dict(found)

    def patch_api(self, **body: Any) -> None:
        api = self.find("resource-servers", name="AAA API")
        self.call("PATCH", f"resource-servers/{api['id']}", body)

    def patch_client(self, **body: Any) -> None:
        client = self.find("clients", name="AAA M2M")
        self.call("PATCH", f"clients/{client['client_id']}", body)

    def patch_grant(self, **body: Any) -> None:
        grant = self.find("client-grants", audience="https://aaa-api")
        self.call("PATCH", f"client-grants/{grant['id']}", body)

    def delete_api(self) -> None:
        api = self.find("resource-servers", name="AAA API")
        self.call("DELETE", f"resource-servers/{api['id']}")

    def delete_grant(self) -> None:
        grant = self.find("client-grants", audience="https://aaa-api")
        self.call("DELETE", f"client-grants/{grant['id']}")

    def delete_client(self) -> None:
        client = self.find("clients", name="AAA M2M")
        self.call("DELETE", f"clients/{client['client_id']}")

    def stale_jwks(self, *, stale: bool) -> None:
        self.call("PUT", "/__sandbox__/faults", {"stale_jwks": stale})

    def rotate_and_revoke(self) -> None:
        """Take the key that signs now out of use for good."""
        (current,) = (key for key in self.call("GET", "keys/signing") if key.get("current"))
        self.call("POST", "keys/signing/rotate")
        self.call("PUT", f"keys/signing/{current['kid']}/revoke")

    def requests(self) -> list[tuple[str, str]]:
        """Return method and path of every request since the log was cleared."""
        found = self.call("GET", "/__sandbox__/requests")["requests"]
        return [(each["method"], each["path"]) for each in found]

    def clear_requests(self) -> None:
        self.call("DELETE", "/__sandbox__/requests")

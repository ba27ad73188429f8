"""One request, and the tenant that it is for."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request

from tenantctl.sandbox.domains import MANAGEMENT_PATH, TOKEN_PATH
from tenantctl.sandbox.tenant_state import TenantState


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and the tenant that it is for; path: percent-encoded, as it came."""

    request: Request
    tenant: TenantState
    path: str

    @property
    def issuer(self) -> str:
        """The URL that was asked, up to and with the first slash."""
        host = self.request.headers.get("host") or self.tenant.domain
        return f"{self.request.scope['scheme']}://{host}/"

    @property
    def authorization(self) -> str | None:
        """The header."""
        return self.request.headers.get("authorization")

    @property
    def verb(self) -> str:
        """The method by which it is routed: HEAD is GET without the body (RFC 9110, 9.3.2)."""
        return "GET" if self.request.method == "HEAD" else self.request.method

    @property
    def fault_path(self) -> str | None:
        """The path in the words of `Fault.path`; None if faults don't reach it."""
        if self.path.startswith(MANAGEMENT_PATH):
            return f"/{self.path.removeprefix(MANAGEMENT_PATH)}"
        return TOKEN_PATH if self.path == TOKEN_PATH else None

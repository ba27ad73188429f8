"""Which requests are the page's, and what is known of one. It imports little: in process there is no page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias

from starlette.responses import Response

from tenantctl.sandbox.exchange import Exchange
from tenantctl.sandbox.faults import Faults
from tenantctl.sandbox.page.links import HOME_PATH, PAGE_PATH
from tenantctl.sandbox.store import SandboxStore
from tenantctl.sandbox.tenant_state import TenantState


@dataclass(frozen=True, slots=True)
class Visit:
    """One request for a page, and the faults that are in force."""

    store: SandboxStore
    exchange: Exchange
    faults: Faults

    @property
    def tenant(self) -> TenantState:
        """Whose page is asked for."""
        return self.exchange.tenant

    @property
    def path(self) -> str:
        """The path as it came, percent-encoded."""
        return self.exchange.path


Host: TypeAlias = Callable[[Visit], Awaitable[Response]]
"""Answers the requests for which `is_page` holds."""


def is_page(method: str, path: str) -> bool:
    """Return whether a request is for the page rather than for the tenant; `path` is percent-encoded."""
    return path.startswith(PAGE_PATH) or (path == HOME_PATH and method in {"GET", "HEAD"})

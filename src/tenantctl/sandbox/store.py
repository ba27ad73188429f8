"""The state of the sandbox: several tenants in one SQLite file, or in memory."""

from __future__ import annotations

import sqlite3
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from tenantctl.catalog.registry import BY_SECTION, RESOURCE_TYPES
from tenantctl.problems import Problem, ProblemsError
from tenantctl.sandbox.credentials import make_id, make_secret
from tenantctl.sandbox.database import Database
from tenantctl.sandbox.domains import DEFAULT_DOMAIN
from tenantctl.sandbox.fresh import make_fresh
from tenantctl.sandbox.keys import make_direct_key
from tenantctl.sandbox.seed import put_object
from tenantctl.sandbox.tenant_state import TenantState

_LOOKED_UP = sorted({fields[0] for each in RESOURCE_TYPES for fields in each.unique})
"""Fields that no two objects may share: each create looks for another that has the value."""


class SandboxStore:
    """What all tenants of a sandbox hold; it survives a restart, also after ``kill -9``.

    path: the state file, created if it is missing; None keeps everything in memory.

    Raises:
        ProblemsError: the state file can't be opened or is none (``sandbox-state``).
    """

    def __init__(self, path: Path | None = None) -> None:
        try:
            self._database = Database(path, _LOOKED_UP)
        except (sqlite3.Error, OSError) as error:
            problem = Problem(
                code="sandbox-state",
                summary=f"The sandbox's state file {path} can't be used.",
                detail=str(error),
                hint="Name another file with --state, or remove this one.",
            )
            raise ProblemsError([problem]) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the state file."""
        self._database.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make the changes inside one unit: all of them are kept, or none."""
        with self._database.transaction():
            yield

    def tenant(self, domain: str = DEFAULT_DOMAIN) -> TenantState:
        """Return the tenant of a canonical domain, a fresh one if it is asked for the first time."""
        if not self._database.row("SELECT 1 FROM tenants WHERE domain = ?", domain):
            with self.transaction():
                self._found(domain)
        return TenantState(self._database, domain)

    def copy(self, domain: str) -> TenantState:
        """Return the tenant as it is now, in memory; it is gone when nobody holds it any more."""
        copied = self._database.copy()
        tenant = TenantState(copied, domain)
        weakref.finalize(tenant, copied.close)
        return tenant

    def reset(self, domain: str = DEFAULT_DOMAIN) -> None:
        """Give the tenant a fresh start. Its keys and the tool's own client keep their values."""
        tenant = self.tenant(domain)
        with self.transaction():
            tenant.clear()
            self._fill(tenant)

    def _found(self, domain: str) -> None:
        # Another process may have been faster, between the look and the transaction.
        self._database.execute(
            "INSERT OR IGNORE INTO tenants (domain, direct_key, tool_client_id, tool_client_secret)"
            " VALUES (?, ?, ?, ?)",
            domain,
            make_direct_key(),
            make_id(BY_SECTION["clients"].id_format),
            make_secret(),
        )
        tenant = TenantState(self._database, domain)
        if not tenant.all("tenant"):
            self._fill(tenant)

    def _fill(self, tenant: TenantState) -> None:
        client_id, client_secret = tenant.tool_credentials()
        for section, objects in make_fresh(tenant.domain, client_id, client_secret).items():
            for body in objects:
                put_object(tenant, BY_SECTION[section], body)

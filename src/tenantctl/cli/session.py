"""What the commands share: the chosen tenant, the loaded file, and a client to talk with."""

from __future__ import annotations

import os
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import click

from tenantctl.cli.output import Output
from tenantctl.config.files import read_mapping, read_settings
from tenantctl.config.load import Draft, Loaded, load
from tenantctl.config.variables import given_mappings
from tenantctl.tenant.settings import Target, choose_target, read_variables
from tenantctl.views.text import render_requests

_SAME_WAIT_SECONDS = 0.1
_WORTH_A_WORD_SECONDS = 1.0
_NO_DRAFT = Draft()


class Session:
    """One run of one command."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        self.options = options
        self.output = Output(options.get("color"))
        self.variables = read_variables(os.environ)
        config = options.get("config")
        self.config = read_settings(Path(config)) if config else {}
        self._waits_until = 0.0
        self._keeps_pace = False

    @property
    def mappings(self) -> Mapping[str, Any]:
        """The keyword mappings of the settings, with those of ``--vars`` laid over them."""
        named = self.options.get("vars")
        given = read_mapping(Path(named)) if named else {}
        return {**given_mappings(self.config, self.variables), **given}

    def target(self) -> Target:
        """Return the chosen tenant."""
        return choose_target(
            self.variables,
            domain=self.options.get("domain"),
            sandbox=self.options.get("sandbox"),
            config=self.config,
        )

    def refuse_tenant(self, option: str) -> None:
        """Refuse a tenant on the command line beside an option that does without one.

        Raises:
            click.UsageError: there is one.
        """
        for name in ("sandbox", "domain"):
            if self.options.get(name) is not None:
                raise click.UsageError(f"{option} asks no tenant; leave --{name} out.")

    def load(self, file: str, draft: Draft = _NO_DRAFT) -> Loaded:
        """Load the configuration and report its warnings."""
        loaded = self.read(file, draft)
        self.output.problems(loaded.problems)
        return loaded

    def read(self, file: str, draft: Draft = _NO_DRAFT, *, tenant_decides: bool = True) -> Loaded:
        """Load the configuration (`tenantctl.config.load`)."""
        return load(
            Path(file),
            variables=self.variables,
            mappings=self.mappings,
            environment=self.options.get("env"),
            settings={**self.config, **self.variables},
            draft=draft,
            tenant_decides=tenant_decides,
        )

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[Any]:
        """Open a client for the chosen tenant, and say on stderr which one it is."""
        from tenantctl.tenant.client import TenantClient  # noqa: PLC0415  # the SDK takes time to import
        from tenantctl.tenant.rate_limit import DEFAULT_SHARE  # noqa: PLC0415  # as above

        target = self.target()
        with ExitStack() as stack:
            app = None
            if target.sandbox is not None:
                app, target = stack.enter_context(_embedded(target, target.sandbox))
            where = f"the sandbox ({target.sandbox})" if target.sandbox else target.domain
            self.output.talk(f"Tenant: {where}")
            share = self.options.get("rate_share") or 100 * DEFAULT_SHARE
            client = TenantClient(
                target,
                app=app,
                rate_share=share / 100,
                on_wait=self._waiting,
                on_request=self._requested,
            )
            async with client:
                yield client
            sent = asdict(client.count)
            if any(sent.values()):
                self.output.talk(render_requests(sent))

    def _waiting(self, seconds: float) -> None:
        """Say that there is something to wait for; once for requests that wait side by side, or a little."""
        if seconds < _WORTH_A_WORD_SECONDS:
            if not self._keeps_pace:
                self.output.talk("Keeping to a share of the tenant's rate limit (--rate-share) …")
            self._keeps_pace = True
            return
        until = time.monotonic() + seconds
        if until > self._waits_until + _SAME_WAIT_SECONDS:
            self._waits_until = until
            self.output.talk(f"Waiting {seconds:.1f} s for the tenant …")

    def _requested(self, method: str, path: str, status: int) -> None:
        if self.options.get("verbose"):
            self.output.talk(f"{method} /api/v2{path} {status}")


@contextmanager
def _embedded(target: Target, state: Path) -> Iterator[tuple[Any, Target]]:
    """Open the sandbox, and return its application and the target with a token for it."""
    from tenantctl.cli.embedded import open_state  # noqa: PLC0415  # only where the sandbox is used
    from tenantctl.sandbox.app import make_app  # noqa: PLC0415  # as above
    from tenantctl.sandbox.tokens import issue_management_token  # noqa: PLC0415  # as above

    with open_state(state) as store:
        token = issue_management_token(store, issuer=target.issuer, scopes=None, lifetime=3600)
        yield make_app(store), replace(target, credentials=replace(target.credentials, access_token=token))

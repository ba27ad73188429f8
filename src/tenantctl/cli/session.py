"""What the commands share: the chosen tenant, the loaded file, and a client to talk with."""

from __future__ import annotations

import functools
import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from tenantctl.cli.output import Output
from tenantctl.config.load import Loaded, load
from tenantctl.tenant.settings import Target, choose_target, read_config_json, read_variables

DEFAULT_FILE = "tenant.yaml"


class Session:
    """One run of one command."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        self.options = options
        self.output = Output(options.get("color") or "auto")
        self.variables = read_variables(os.environ)
        config = options.get("config")
        self.config = read_config_json(Path(config)) if config else {}

    @property
    def mappings(self) -> Mapping[str, Any]:
        """The keyword mappings of the ``config.json``."""
        return self.config.get("AUTH0_KEYWORD_REPLACE_MAPPINGS") or {}

    def target(self) -> Target:
        """Return the chosen tenant."""
        return choose_target(
            self.variables,
            domain=self.options.get("domain"),
            sandbox=self.options.get("sandbox"),
            config=self.config,
        )

    def load(self, file: str) -> Loaded:
        """Load the configuration and report its warnings."""
        loaded = load(Path(file), variables=self.variables, mappings=self.mappings)
        self.output.problems(loaded.problems)
        return loaded

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[Any]:
        """Open a client for the chosen tenant, and say on stderr which one it is."""
        from tenantctl.tenant.client import TenantClient  # noqa: PLC0415  # the SDK takes time to import

        target = self.target()
        app = None
        if target.sandbox is not None:
            app, target = _embedded(target, target.sandbox)
        where = f"the sandbox ({target.sandbox})" if target.sandbox else target.domain
        self.output.talk(f"Tenant: {where}")
        async with TenantClient(target, app=app, on_wait=self._waiting, on_request=self._requested) as client:
            yield client
        self.output.talk(f"{client.count}.")

    def _waiting(self, seconds: float) -> None:
        self.output.talk(f"Waiting {seconds:.1f} s for the tenant …")

    def _requested(self, method: str, path: str, status: int) -> None:
        if self.options.get("verbose"):
            self.output.talk(f"{method} /api/v2{path} {status}")


def _embedded(target: Target, state: Path) -> tuple[Any, Target]:
    """Return the sandbox's application and the target with a token for it."""
    from tenantctl.sandbox.app import make_app  # noqa: PLC0415  # only where the sandbox is used
    from tenantctl.sandbox.store import SandboxStore  # noqa: PLC0415
    from tenantctl.sandbox.tokens import issue_management_token  # noqa: PLC0415

    state.parent.mkdir(parents=True, exist_ok=True)
    store = SandboxStore(state)
    token = issue_management_token(store, issuer=target.issuer, scopes=None, lifetime=3600)
    return make_app(store), replace(target, credentials=replace(target.credentials, access_token=token))


def tenant_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Let a command take the tenant options after its name too, and pass it a `Session`."""

    @click.option("--sandbox", metavar="[=STATE_FILE]", help="Use the embedded tenant.")
    @click.option("--domain", help="The tenant's domain (or AUTH0_DOMAIN).")
    @click.option("--config", type=click.Path(), help="Settings from an auth0-deploy-cli config.json.")
    @click.pass_context
    @functools.wraps(command)
    def with_session(ctx: click.Context, /, **options: Any) -> Any:
        given = {name: options.pop(name) for name in ("sandbox", "domain", "config")}
        named = {name: value for name, value in given.items() if value is not None}
        return command(Session({**(ctx.obj or {}), **named}), **options)

    return with_session


file_option = click.option(
    "-f", "--file", default=DEFAULT_FILE, show_default=True, type=click.Path(), help="The configuration."
)

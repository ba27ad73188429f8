"""``tenantctl sandbox``: the embedded tenant, over HTTP and HTTPS."""

from __future__ import annotations

from pathlib import Path

import click

from tenantctl.cli.embedded import open_state
from tenantctl.cli.output import Output
from tenantctl.sandbox.server import Addresses, serve
from tenantctl.sandbox.tokens import issue_management_token
from tenantctl.tenant.settings import SANDBOX_ORIGIN, SANDBOX_STATE

_DAY = 86400

state_option = click.option(
    "--state",
    default=SANDBOX_STATE,
    show_default=True,
    type=click.Path(path_type=Path),
    help="The state file.",
)


@click.group()
def sandbox() -> None:
    """An Auth0 tenant on this machine: Management API, token endpoint, discovery and JWKS."""


@sandbox.command("serve", short_help="Serve the sandbox over HTTP and HTTPS.")
@click.option("--host", default="127.0.0.1", show_default=True, help="A loopback address.")
@click.option("--port", default=8080, show_default=True, help="HTTP port; 0 lets the system choose.")
@click.option("--tls-port", type=int, help="HTTPS port, with a certificate of the sandbox's own authority.")
@click.option(
    "--ca-out", type=click.Path(path_type=Path), help="Where to write that authority's certificate."
)
@click.option("--management-token", help="A fixed token that the Management API accepts.")
@state_option
def serve_command(
    host: str,
    port: int,
    tls_port: int | None,
    ca_out: Path | None,
    management_token: str | None,
    state: Path,
) -> None:
    """Serve the sandbox until it is told to stop; prints one line when it is ready."""
    addresses = Addresses(host=host, port=port, tls_port=tls_port, ca_out=ca_out)
    with open_state(state) as store:
        serve(store, addresses, management_token=management_token, ready=click.echo)


@sandbox.command()
@state_option
def reset(state: Path) -> None:
    """Make the sandbox a fresh tenant again."""
    with open_state(state) as store:
        store.reset()
    Output().talk(f"The sandbox in {state} is a fresh tenant.")


@sandbox.command("token")
@click.option("--scope", "scopes", multiple=True, help="Only this scope; may be repeated.")
@click.option("--lifetime", default=_DAY, show_default=True, help="Seconds until it expires.")
@state_option
def token_command(scopes: tuple[str, ...], lifetime: int, state: Path) -> None:
    """Print an access token for the sandbox's Management API."""
    with open_state(state) as store:
        issuer = f"{SANDBOX_ORIGIN}/"
        click.echo(issue_management_token(store, issuer=issuer, scopes=scopes or None, lifetime=lifetime))

"""``tenantctl sandbox``: the embedded tenant, over HTTP and HTTPS."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tenantctl.cli.embedded import open_state, seed_from_file
from tenantctl.cli.output import Output
from tenantctl.sandbox.faults import make_faults
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
    "--ca-out",
    type=click.Path(path_type=Path),
    help="Where to write that authority's certificate; sandbox-ca.pem beside the state file if left out.",
)
@click.option("--management-token", help="A fixed token that the Management API accepts.")
@click.option(
    "--rate-limit",
    default="none",
    show_default=True,
    metavar="PLAN",
    help="Limits of a plan: free, paid, none, or a number of requests per second.",
)
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="SPEC",
    help="Something to go wrong, such as 503:rate=0.1 or 'reset-after:POST /clients:nth=3' (docs/sandbox.md);"
    " may be repeated.",
)
@click.option(
    "--seed", default=0, show_default=True, help="Of the faults' randomness: same seed, same faults."
)
@state_option
def serve_command(
    host: str,
    port: int,
    tls_port: int | None,
    ca_out: Path | None,
    management_token: str | None,
    state: Path,
    **trouble: Any,
) -> None:
    """Serve the sandbox until it is told to stop; prints one line when it is ready."""
    try:
        faults = make_faults({**trouble, "faults": list(trouble["faults"])})
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    ca_out = ca_out or state.with_name("sandbox-ca.pem")
    addresses = Addresses(host=host, port=port, tls_port=tls_port, ca_out=ca_out)

    def ready(line: str) -> None:
        click.echo(line)
        if tls_port is not None:
            Output().talk(f"Certificate of its authority: {ca_out}")

    with open_state(state) as store:
        serve(store, addresses, management_token=management_token, faults=faults, ready=ready)


@sandbox.command()
@state_option
def reset(state: Path) -> None:
    """Make the sandbox a fresh tenant again."""
    with open_state(state) as store:
        store.reset()
    Output().talk(f"The sandbox in {state} is a fresh tenant.")


@sandbox.command("seed")
@click.argument("snapshot", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@state_option
def seed_command(snapshot: Path, state: Path) -> None:
    """Replace sections of the sandbox by those of a snapshot (JSON)."""
    with open_state(state) as store:
        seed_from_file(store, snapshot)
    Output().talk(f"The sandbox in {state} has what {snapshot} says.")


@sandbox.command("token")
@click.option("--scope", "scopes", multiple=True, help="Only this scope; may be repeated.")
@click.option("--lifetime", default=_DAY, show_default=True, help="Seconds until it expires.")
@state_option
def token_command(scopes: tuple[str, ...], lifetime: int, state: Path) -> None:
    """Print an access token for the sandbox's Management API."""
    with open_state(state) as store:
        issuer = f"{SANDBOX_ORIGIN}/"
        click.echo(issue_management_token(store, issuer=issuer, scopes=scopes or None, lifetime=lifetime))

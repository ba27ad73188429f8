"""``tenantctl keys``: the tenant's own keys, read and changed on request."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

import click

from tenantctl.apply import keys as operations
from tenantctl.apply.keys import KeyRequest, Keys
from tenantctl.catalog.encryption_key import ENCRYPTION_KEY
from tenantctl.catalog.signing_key import SIGNING_KEY
from tenantctl.cli.consent import is_confirmed
from tenantctl.cli.main import EXIT_ERROR
from tenantctl.cli.options import tenant_options
from tenantctl.cli.session import Session
from tenantctl.problems import raise_errors
from tenantctl.states import Interest, Json
from tenantctl.tenant.client import TenantClient
from tenantctl.tenant.read import read_current
from tenantctl.views.keys import keys_document, render_keys

yes_option = click.option("--yes", is_flag=True, help="Do not ask.")


@click.group()
def keys() -> None:
    """The tenant's own keys, which no file declares: list them, and change them on request."""


@keys.command("list", short_help="Show the signing and encryption keys.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@tenant_options
def list_command(session: Session, form: str) -> int:
    """Show the tenant's signing and encryption keys; public parts only."""
    found = asyncio.run(_list(session))
    document = keys_document(found[SIGNING_KEY.section], found[ENCRYPTION_KEY.section])
    if form == "json":
        session.output.json(document)
    else:
        session.output.data(render_keys(document))
    return 0


async def _list(session: Session) -> Mapping[str, Keys]:
    async with session.connect() as client:
        return await _read(client, SIGNING_KEY.section, ENCRYPTION_KEY.section)


@keys.command(short_help="Let the next signing key sign.")
@yes_option
@tenant_options
def rotate(session: Session, yes: bool) -> int:  # noqa: FBT001  # click passes options by name
    """Let the next signing key sign tokens from now on; the current one stays valid until it is revoked."""
    return asyncio.run(_change(session, SIGNING_KEY.section, operations.rotation, yes=yes))


@keys.command(short_help="Revoke a previous signing key.")
@click.argument("kid")
@yes_option
@tenant_options
def revoke(session: Session, kid: str, yes: bool) -> int:  # noqa: FBT001  # as above
    """Take the previous signing key KID out of the JWK Set: what it signed is worth nothing any more."""

    def make(found: Keys) -> KeyRequest:
        return operations.revocation(found, kid)

    return asyncio.run(_change(session, SIGNING_KEY.section, make, yes=yes))


@keys.command(short_help="Make the encryption keys anew.")
@yes_option
@tenant_options
def rekey(session: Session, yes: bool) -> int:  # noqa: FBT001  # as above
    """Make the tenant's encryption keys below the root key anew."""
    return asyncio.run(_change(session, ENCRYPTION_KEY.section, operations.rekeying, yes=yes))


async def _change(session: Session, section: str, make: Callable[[Keys], KeyRequest], *, yes: bool) -> int:
    """Say what will be, ask, and do it."""
    async with session.connect() as client:
        request = make((await _read(client, section))[section])
        session.output.talk(request.effect)
        if not yes and not is_confirmed("Go on?", "change the keys"):
            session.output.talk("Nothing was changed.")
            return EXIT_ERROR
        await operations.send(client, request)
    session.output.data(request.done)
    return 0


async def _read(client: TenantClient, *sections: str) -> Mapping[str, tuple[Mapping[str, Json], ...]]:
    current = await read_current(client, Interest(sections))
    raise_errors(tuple(current.unread.values()))
    return current.sections

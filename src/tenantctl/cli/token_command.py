"""``tenantctl token``: get a client-credentials token, or say what a token is."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from tenantctl.cli.main import EXIT_ERROR
from tenantctl.cli.options import env_file_option, file_option, tenant_options
from tenantctl.cli.session import Session
from tenantctl.cli.steps import make_verifier, verify_requests
from tenantctl.config.load import Loaded
from tenantctl.problems import ProblemsError
from tenantctl.verify.entry import VerifyRequest
from tenantctl.verify.inspection import Inspection, Inspector, inspect_offline
from tenantctl.views.token_text import render_inspection


@click.group()
def token() -> None:
    """Issue a token, or say what one is."""


@token.command(short_help="Get an access token and print it.")
@file_option
@click.option("--client", help="Name of the application; the first of `verify:` without it.")
@click.option("--audience", help="Identifier of the API; the one of that entry without it.")
@click.option("--no-audience", is_flag=True, help="Name no API in the request.")
@click.option("--scope", "scopes", multiple=True, help="Ask for this scope only; may be repeated.")
@env_file_option
@click.option("--json", "as_json", is_flag=True, help="Print what the token is, and not the token.")
@tenant_options
def issue(session: Session, file: str, env_file: Path, as_json: bool, **asked: Any) -> int:  # noqa: FBT001  # click passes options by name
    """Get an access token by client credentials and print it, and nothing else, to stdout."""
    loaded = session.load(file)
    request = _request(loaded, **asked)

    async def get() -> str:
        async with session.connect() as client:
            return await make_verifier(session, client, loaded, env_file).issue(request)

    issued = asyncio.run(get())
    if as_json:
        session.output.json(inspect_offline(issued).facts.as_dict())
    else:
        click.echo(issued)
    return 0


def _request(
    loaded: Loaded, *, client: str | None, audience: str | None, no_audience: bool, scopes: tuple[str, ...]
) -> VerifyRequest:
    entries = [entry for entry in verify_requests(loaded) if client in {None, entry.client}]
    if client is None and not entries:
        raise click.UsageError("name the application with --client; the file has no `verify:` entry")
    if not entries and audience is None and not no_audience:
        raise click.UsageError("name the API with --audience (or say --no-audience)")
    request = entries[0] if entries else VerifyRequest(client or "", audience)
    wanted = None if no_audience else audience or request.audience
    return replace(request, audience=wanted, scopes=scopes or None)


@token.command(short_help="Say what a token is, and what is wrong with it.")
@click.argument("text", metavar="[TOKEN|-]", default="-")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--offline", is_flag=True, help="Ask no tenant; say only what the token itself tells.")
@tenant_options
def inspect(session: Session, text: str, as_json: bool, offline: bool) -> int:  # noqa: FBT001  # as above
    """Say what a token is: JWS, JWE or opaque, its header and claims, and whether its key is in the JWKS."""
    found = _read_stdin(session) if text == "-" else text
    inspection = inspect_offline(found) if offline else asyncio.run(_inspect(session, found))
    if as_json:
        session.output.json(inspection.as_dict())
    else:
        session.output.data(render_inspection(inspection.as_dict()))
    return 0 if inspection.ok else EXIT_ERROR


def _read_stdin(session: Session) -> str:
    if sys.stdin.isatty():
        session.output.talk("Paste the token, then press Enter and Ctrl-D.")
    found = sys.stdin.buffer.read().decode(errors="replace")
    if not found.strip():
        raise click.UsageError("stdin holds no token; give it as an argument, or pipe it in")
    return found


async def _inspect(session: Session, text: str) -> Inspection:
    try:
        session.target()
    except ProblemsError as error:
        session.output.talk(f"The signature is not checked: {error}.")
        return inspect_offline(text)
    async with session.connect() as client:
        return await Inspector(client.http, client.target.issuer).inspect(text)

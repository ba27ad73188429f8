"""``tenantctl snapshot``: the live tenant as one JSON file, without secrets."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import click

from tenantctl.cli.options import tenant_options
from tenantctl.cli.output import json_text, write_private_file
from tenantctl.cli.session import Session
from tenantctl.snapshot.choice import Choice
from tenantctl.snapshot.document import left_out, make_document, snapshot_interest
from tenantctl.tenant.read import read_current
from tenantctl.views.text import count_of


@click.command()
@click.option("--out", type=click.Path(path_type=Path), help="Write to a file instead of stdout.")
@click.option(
    "--only",
    multiple=True,
    metavar="SECTION|ADDRESS_PATTERN",
    help="Only these, e.g. roles or 'clients/AAA *'; may be repeated.",
)
@tenant_options
def snapshot(session: Session, out: Path | None, only: tuple[str, ...]) -> None:
    """Record the tenant's configuration as JSON; secrets and write-only values are left out.

    `plan --against FILE` plans against it without a tenant, `sandbox seed FILE` puts it into the sandbox.
    """
    document = asyncio.run(_take(session, Choice(only)))
    if out is None:
        session.output.json(document)
        return
    write_private_file(out, json_text(document))
    session.output.talk(
        f"Wrote {out}: {count_of(len(document['sections']), 'section')} of {document['domain']}."
    )


async def _take(session: Session, choice: Choice) -> dict[str, Any]:
    interest = snapshot_interest(choice)
    async with session.connect() as client:
        current = await read_current(client, interest)
    session.output.problems(left_out(current, choice))
    return make_document(current, choice)

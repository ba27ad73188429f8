"""``tenantctl pull``: bring the live tenant into the configuration."""

from __future__ import annotations

import asyncio
from typing import Any

import click

from tenantctl.cli.main import EXIT_ERROR
from tenantctl.cli.options import file_option, only_option, tenant_options
from tenantctl.cli.session import Session
from tenantctl.cli.steps import check_only, make_policy
from tenantctl.config.load import Loaded
from tenantctl.config.writing import write_files
from tenantctl.pull.interest import pull_interest
from tenantctl.pull.model import Pulled
from tenantctl.pull.rounds import pull as pull_edits
from tenantctl.pull.secrets import secret_texts
from tenantctl.states import Current
from tenantctl.tenant.read import read_current
from tenantctl.views.pull_document import pull_document
from tenantctl.views.pull_text import file_diff, render_diff, render_pull


@click.command()
@file_option
@click.option("--all", "everything", is_flag=True, help="Add the sections that the file lacks, too.")
@click.option("--diff", is_flag=True, help="Show what would be written, and write nothing.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@only_option
@tenant_options
def pull(session: Session, file: str, form: str, *, diff: bool, **flags: Any) -> int:
    """Bring the live tenant into the configuration: what differs is edited, all other text stays.

    After it a plan is empty. Comments, order, anchors, quotes and keywords are kept; secrets become keywords.
    """
    loaded, current, pulled = asyncio.run(_make(session, file, flags))
    changes = file_diff(pulled.files, secret_texts(loaded.desired, current)) if diff else ""
    if not diff:
        write_files(pulled.files, loaded.roots)
    document = pull_document(pulled, written=not diff)
    if form == "json":
        session.output.json({**document, "diff": changes} if diff else document)
    elif diff:
        session.output.data(render_diff(changes))
        session.output.talk(render_pull({**document, "changes": []}))
    else:
        session.output.data(render_pull(document))
    return EXIT_ERROR if any(problem.is_error for problem in pulled.problems) else 0


async def _make(session: Session, file: str, flags: dict[str, Any]) -> tuple[Loaded, Current, Pulled]:
    """Load the configuration, read the tenant, and find what to edit."""
    loaded = session.load(file)
    policy = make_policy(loaded, flags)
    everything = flags["everything"]
    async with session.connect() as client:
        current = await read_current(client, pull_interest(loaded.desired, everything=everything))
    pulled = pull_edits(
        loaded, current, policy, lambda texts: session.read(file, texts), everything=everything
    )
    check_only(policy.only, loaded, (change.address for change in pulled.changes))
    return loaded, current, pulled

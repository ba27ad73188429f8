"""``tenantctl plan``: show what apply would do."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import click

from tenantctl.cli.main import EXIT_CHANGES, EXIT_ERROR
from tenantctl.cli.options import against_option, file_option, planning_options, tenant_options
from tenantctl.cli.recovery import Recovery
from tenantctl.cli.saving import save_plan
from tenantctl.cli.session import Session
from tenantctl.cli.steps import make_policy, plan_against, plan_live
from tenantctl.config.load import Loaded
from tenantctl.plan.model import Plan
from tenantctl.views.plan_document import plan_document
from tenantctl.views.text import render_plan


@click.command()
@file_option
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--detailed-exitcode", is_flag=True, help="Exit 2 when there are changes.")
@click.option(
    "--out", type=click.Path(path_type=Path), help="Keep the plan in a file, to apply just that later."
)
@against_option
@planning_options
@tenant_options
def plan(
    session: Session,
    file: str,
    form: str,
    detailed_exitcode: bool,  # noqa: FBT001  # click passes options by name
    out: Path | None,
    against: Path | None,
    **flags: Any,
) -> int:
    """Show what apply would do; nothing is written to the tenant."""
    if out is not None and against is not None:
        raise click.UsageError("a plan against a snapshot can't be applied; leave --out or --against out.")
    made, loaded = asyncio.run(make(session, file, against, flags))
    show(session, made, form)
    if out is not None:
        save_plan(session, out, made, loaded, file, flags)
    if not made.is_applicable:
        return EXIT_ERROR
    return EXIT_CHANGES if detailed_exitcode and not made.is_empty else 0


async def make(
    session: Session, file: str, against: Path | None, flags: dict[str, Any]
) -> tuple[Plan, Loaded]:
    """Load the file, read the tenant or its snapshot, and plan; return what was loaded, too."""
    if against is not None:
        session.refuse_tenant("--against")
    loaded = session.load(file)
    if against is not None:
        return plan_against(session, against, loaded, make_policy(loaded, flags)), loaded
    async with session.connect() as client:
        recovery = Recovery(client.target.domain)
        recovery.tell(session.output)
        made, _ = await plan_live(client, loaded, make_policy(loaded, flags, recovery.resend))
    return made, loaded


def show(session: Session, made: Plan, form: str) -> None:
    """Print a plan to stdout."""
    document = plan_document(made)
    if form == "json":
        session.output.json(document)
    else:
        session.output.data(render_plan(document, positions=bool(session.options.get("verbose"))))

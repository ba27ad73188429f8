"""``tenantctl drift``: the guard for CI."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from tenantctl.cli import plan_command
from tenantctl.cli.main import EXIT_CHANGES, EXIT_ERROR
from tenantctl.cli.options import against_option, file_option, only_option, tenant_options
from tenantctl.cli.session import Session


@click.command()
@file_option
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@against_option
@only_option
@tenant_options
def drift(session: Session, file: str, form: str, against: Path | None, only: tuple[str, ...]) -> int:
    """Compare the tenant with the file; exit 2 when it has drifted, 0 when it has not."""
    made, _ = asyncio.run(plan_command.make(session, file, against, {"only": only}))
    plan_command.show(session, made, form)
    if not made.is_applicable:
        return EXIT_ERROR
    if made.is_empty:
        return 0
    session.output.talk(f"Drift: the tenant is not as {file} says; `tenantctl apply` would make it so.")
    return EXIT_CHANGES

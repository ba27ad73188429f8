"""``tenantctl verify``: issue the file's test tokens and check them."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from tenantctl.cli.main import EXIT_ERROR
from tenantctl.cli.options import env_file_option, file_option, tenant_options
from tenantctl.cli.session import Session
from tenantctl.cli.steps import make_verifier, verify_requests
from tenantctl.verify.results import CheckReport
from tenantctl.views.token_text import render_checks


@click.command()
@file_option
@env_file_option
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@tenant_options
def verify(session: Session, file: str, env_file: Path, form: str) -> int:
    """Issue the test tokens that `tenantctl: verify:` names, check them, and explain what is wrong."""
    loaded = session.load(file)

    async def check() -> CheckReport:
        async with session.connect() as client:
            return await make_verifier(session, client, loaded, env_file).check(verify_requests(loaded))

    return show_report(session, asyncio.run(check()), form)


def show_report(session: Session, report: CheckReport, form: str) -> int:
    """Print a report to stdout and return the exit code."""
    if form == "json":
        session.output.json(report.as_dict())
    elif report.checks:
        session.output.data(render_checks(report.as_dict()))
    else:
        session.output.talk("Nothing to verify: the file has no `tenantctl: verify:` entry.")
    return 0 if report.ok else EXIT_ERROR

"""``tenantctl apply``: make the tenant what the file says, then verify it."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import click

from tenantctl.apply.executor import apply_plan
from tenantctl.apply.outcome import Outcome
from tenantctl.apply.secrets import created_clients, env_values
from tenantctl.cli.main import EXIT_ERROR
from tenantctl.cli.plan_command import show
from tenantctl.cli.session import Session, file_option, tenant_options
from tenantctl.cli.steps import make_policy, make_verifier, plan_live, verify_requests
from tenantctl.cli.verify_command import show_report
from tenantctl.config.env_file import merge_env
from tenantctl.config.load import Loaded
from tenantctl.plan.model import Plan
from tenantctl.tenant.client import TenantClient
from tenantctl.verify.entry import ClientCredentials
from tenantctl.views.outcome_document import outcome_document
from tenantctl.views.text import render_outcome, render_result


@click.command()
@file_option
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--no-verify", is_flag=True, help="Do not issue test tokens afterwards.")
@click.option("--env-file", default=".env.local", show_default=True, type=click.Path(path_type=Path))
@click.option(
    "--only", multiple=True, metavar="ADDRESS_PATTERN", help="Only these resources, e.g. 'clients/*'."
)
@click.option("--prune", multiple=True, metavar="SECTION", help="Delete what the file does not name there.")
@click.option("--send-secrets", is_flag=True, help="Send write-only values even where nothing else differs.")
@click.option("--force-unsafe", multiple=True, metavar="SECTION", help="Lift the deletion guard there.")
@tenant_options
def apply(session: Session, file: str, **options: Any) -> int:
    """Plan, ask, make the changes, then verify the tokens."""
    return asyncio.run(_apply(session, file, options))


async def _apply(session: Session, file: str, options: dict[str, Any]) -> int:
    loaded = session.load(file)
    policy = make_policy(loaded, options)
    async with session.connect() as client:
        plan, current = await plan_live(client, loaded, policy)
        show(session, plan, "text")
        if not plan.is_applicable:
            return EXIT_ERROR
        created: dict[str, ClientCredentials] = {}
        if not plan.is_empty:
            _confirm(plan, yes=options["yes"])
            outcome = await _carry_out(session, client, plan)
            created = _keep_secrets(session, outcome, loaded, options["env_file"])
            if not outcome.ok:
                return EXIT_ERROR
        if options["no_verify"]:
            return 0
        verifier = make_verifier(session, client, loaded, options["env_file"], created, current)
        report = await verifier.check(verify_requests(loaded))
    return show_report(session, report, "text")


def _confirm(plan: Plan, *, yes: bool) -> None:
    """Ask for consent; without a terminal there is nobody to ask."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise click.UsageError("nobody can be asked, as stdin is no terminal; pass --yes to apply the plan")
    count = len(plan.changes)
    click.confirm(f"Apply {'this change' if count == 1 else f'these {count} changes'}?", abort=True, err=True)


async def _carry_out(session: Session, client: TenantClient, plan: Plan) -> Outcome:
    def progress(result: Any) -> None:
        line = render_result(outcome_document(Outcome(plan.domain, (result,)))["changes"][0])
        line.right_crop(1)
        session.output.talk(line)

    outcome = await apply_plan(plan, client, on_result=progress)
    session.output.data(render_outcome(outcome_document(outcome)))
    return outcome


def _keep_secrets(
    session: Session, outcome: Outcome, loaded: Loaded, env_file: Path
) -> dict[str, ClientCredentials]:
    """Put the credentials of created clients into the env file, and hand them to the checks."""
    values = env_values(outcome, loaded.options.env_prefixes)
    if values:
        merge_env(env_file, values)
        session.output.talk(f"Wrote {', '.join(values)} to {env_file}.")
    return {
        client["name"]: ClientCredentials(client["client_id"], client["client_secret"], "the create's answer")
        for client in created_clients(outcome)
    }

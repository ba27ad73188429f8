"""``tenantctl apply``: make the tenant what the file says, then verify it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import click

from tenantctl.apply.executor import apply_plan
from tenantctl.apply.outcome import ChangeResult, Outcome
from tenantctl.apply.saved import SavedPlan
from tenantctl.cli.consent import is_confirmed
from tenantctl.cli.keeper import SecretKeeper
from tenantctl.cli.main import EXIT_ERROR
from tenantctl.cli.options import env_file_option, file_option, planning_options, tenant_options
from tenantctl.cli.plan_command import show
from tenantctl.cli.saving import open_saved, plan_again
from tenantctl.cli.session import Session
from tenantctl.cli.steps import make_policy, make_verifier, plan_live, verify_requests
from tenantctl.cli.verify_command import show_report
from tenantctl.config.load import Loaded
from tenantctl.plan.model import Plan
from tenantctl.tenant.client import TenantClient
from tenantctl.views.outcome_document import outcome_document
from tenantctl.views.text import render_outcome, render_result


@click.command()
@click.argument("plan_file", required=False, type=click.Path(path_type=Path))
@file_option
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--no-verify", is_flag=True, help="Do not issue test tokens afterwards.")
@env_file_option
@planning_options
@tenant_options
def apply(session: Session, plan_file: Path | None, file: str, **options: Any) -> int:
    """Plan, ask, make the changes, then verify the tokens.

    With PLAN_FILE, which `plan --out` wrote: make just these changes, without asking, if nothing that
    they touch has changed since.
    """
    saved, loaded = open_saved(session, plan_file) if plan_file else (None, session.load(file))
    return asyncio.run(_apply(session, loaded, saved, options))


async def _apply(session: Session, loaded: Loaded, saved: SavedPlan | None, options: dict[str, Any]) -> int:
    async with session.connect() as client:
        if saved:
            plan, current = await plan_again(client, saved, loaded), None
        else:
            plan, current = await plan_live(client, loaded, make_policy(loaded, options))
        show(session, plan, "text")
        if not plan.is_applicable:
            return EXIT_ERROR
        keeper = SecretKeeper(options["env_file"], loaded.options.env_prefixes, session.output.talk)
        if not plan.is_empty:
            if not saved and not options["yes"] and not _is_confirmed(plan):
                session.output.talk("Nothing was changed.")
                return EXIT_ERROR
            keeper.prepare(plan)
            outcome = await _carry_out(session, client, plan, keeper)
            keeper.raise_problems()
            if not outcome.ok:
                return EXIT_ERROR
        if options["no_verify"]:
            return 0
        verifier = make_verifier(session, client, loaded, options["env_file"], keeper.created, current)
        report = await verifier.check(verify_requests(loaded))
    return show_report(session, report, "text")


def _is_confirmed(plan: Plan) -> bool:
    count = len(plan.changes)
    question = f"Apply {'this change' if count == 1 else f'these {count} changes'}?"
    return is_confirmed(question, "apply the plan")


async def _carry_out(session: Session, client: TenantClient, plan: Plan, keeper: SecretKeeper) -> Outcome:
    def note(result: ChangeResult) -> None:
        # First of all: whatever happens next, the secret is safe.
        keeper.keep(Outcome(plan.domain, (result,)))
        session.output.talk(render_result(outcome_document(Outcome(plan.domain, (result,)))["changes"][0]))

    outcome = await apply_plan(plan, client, on_result=note)
    session.output.data(render_outcome(outcome_document(outcome)))
    return outcome

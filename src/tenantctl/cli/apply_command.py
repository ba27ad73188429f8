"""``tenantctl apply``: make the tenant what the file says, then verify it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import click

from tenantctl.apply.recheck import check_unmoved
from tenantctl.apply.saved import SavedPlan
from tenantctl.cli.carrying import alone_on, carry_out
from tenantctl.cli.consent import is_confirmed
from tenantctl.cli.keeper import SecretKeeper
from tenantctl.cli.main import EXIT_ERROR, EXIT_INTERRUPTED
from tenantctl.cli.options import env_file_option, file_option, planning_options, tenant_options
from tenantctl.cli.plan_command import show
from tenantctl.cli.recovery import Recovery
from tenantctl.cli.saving import open_saved, plan_again
from tenantctl.cli.session import Session
from tenantctl.cli.steps import make_policy, make_verifier, plan_live, verify_requests
from tenantctl.cli.verify_command import show_report
from tenantctl.config.load import Loaded
from tenantctl.plan.model import Plan


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
        with alone_on(client.target.domain):
            recovery = Recovery(client.target.domain)
            recovery.tell(session.output)
            if saved:
                plan, current = await plan_again(client, saved, loaded, recovery.resend)
            else:
                policy = make_policy(loaded, options, recovery.resend)
                plan, current = await plan_live(client, loaded, policy)
            show(session, plan, "text")
            if not plan.is_applicable:
                return EXIT_ERROR
            if not (saved or plan.is_empty or options["yes"] or _is_confirmed(plan)):
                session.output.talk("Nothing was changed.")
                return EXIT_ERROR
            keeper = SecretKeeper(options["env_file"], loaded.options.env_prefixes, session.output)
            keeper.recover(recovery.brought(current))
            journal = None
            if not plan.is_empty:
                keeper.prepare(plan)
                if not saved:
                    await check_unmoved(client, plan)
                outcome, journal = await carry_out(session, client, plan, keeper)
                keeper.raise_problems()
                if client.is_stopped:
                    return EXIT_INTERRUPTED
                if not outcome.ok:
                    return EXIT_ERROR
            recovery.settle(journal)
        if options["no_verify"]:
            return 0
        known = None if saved else current  # of a saved plan only what it touches was read
        verifier = make_verifier(session, client, loaded, options["env_file"], keeper.created, known)
        report = await verifier.check(verify_requests(loaded))
    return show_report(session, report, "text")


def _is_confirmed(plan: Plan) -> bool:
    count = len(plan.changes)
    question = f"Apply {'this change' if count == 1 else f'these {count} changes'}?"
    return is_confirmed(question, "apply the plan")

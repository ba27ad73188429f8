"""``tenantctl rollback``: back to what stood before an apply, as a plan like any other."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from tenantctl.apply.journal import FOLDER
from tenantctl.apply.recheck import check_unmoved
from tenantctl.apply.unfinished import JournaledRun, latest, read_journal, reconcile
from tenantctl.cli.carrying import alone_on, carry_out
from tenantctl.cli.consent import is_confirmed
from tenantctl.cli.keeper import SecretKeeper
from tenantctl.cli.main import EXIT_ERROR, EXIT_INTERRUPTED
from tenantctl.cli.options import env_file_option, force_unsafe_option, tenant_options
from tenantctl.cli.plan_command import show
from tenantctl.cli.session import Session
from tenantctl.plan.model import Plan
from tenantctl.plan.planner import make_plan
from tenantctl.problems import Problem, ProblemsError
from tenantctl.rollback.past import past_of
from tenantctl.tenant.client import TenantClient
from tenantctl.tenant.read import read_current


@click.command()
@click.argument("journal", required=False, type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help="Do not ask.")
@env_file_option
@force_unsafe_option
@tenant_options
def rollback(session: Session, journal: Path | None, **options: Any) -> int:
    """Undo the last apply, or that of JOURNAL: plan back to what stood before, show it, ask, apply it.

    Secrets and what was deleted with an object can't come back; the plan says so before anything is done.
    """
    return asyncio.run(_rollback(session, journal, options))


async def _rollback(session: Session, journal: Path | None, options: dict[str, Any]) -> int:
    async with session.connect() as client:
        with alone_on(client.target.domain):
            run = _chosen(journal, client.target.domain)
            session.output.talk(f"Back to what stood before the apply of {run.started} ({run.path})")
            plan = await _plan(client, run, options["force_unsafe"])
            if plan.is_empty:
                session.output.problems(plan.problems)
                session.output.data(f"Nothing to roll back: {plan.domain} is as it was before.")
                return 0
            show(session, plan, "text")
            if not plan.is_applicable:
                return EXIT_ERROR
            if not (options["yes"] or is_confirmed("Roll back?", "roll back")):
                session.output.talk("Nothing was changed.")
                return EXIT_ERROR
            keeper = SecretKeeper(options["env_file"], {}, session.output)
            keeper.prepare(plan)
            await check_unmoved(client, plan)
            outcome, _ = await carry_out(session, client, plan, keeper)
            keeper.raise_problems()
            if not outcome.ok:
                return EXIT_INTERRUPTED if client.is_stopped else EXIT_ERROR
            if run.is_left:
                reconcile([run], by=None)
    return 0


async def _plan(client: TenantClient, run: JournaledRun, force_unsafe: tuple[str, ...]) -> Plan:
    past = past_of(run, force_unsafe)
    current = await read_current(client, past.interest)
    plan = make_plan(past.desired, current, past.policy)
    # What else is on the tenant has nothing to do with it.
    return replace(plan, unmanaged=(), problems=(*past.problems, *plan.problems))


def _chosen(journal: Path | None, domain: str) -> JournaledRun:
    """Return the apply to roll back.

    Raises:
        ProblemsError: there is none, it is none, or of another tenant.
    """
    run = read_journal(journal) if journal else latest(domain)
    if run is None:
        told = (
            f"{journal} tells of nothing that was done" if journal else f"no apply to {domain} is known here"
        )
        hint = f"Journals stand in {FOLDER}, below the folder in which `tenantctl apply` ran."
        raise ProblemsError([Problem(code="nothing-to-roll-back", summary=told, hint=hint)])
    if run.domain != domain:
        told = f"{run.path} tells of {run.domain}, and this is {domain}"
        raise ProblemsError([Problem(code="journal-of-another-tenant", summary=told)])
    return run

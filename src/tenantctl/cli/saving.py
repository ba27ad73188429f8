"""Plans on file: write one, and make ready to apply one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from tenantctl.apply.saved import (
    Made,
    SavedPlan,
    check_fresh,
    check_origin,
    digests_of,
    read_saved,
    requests_document,
)
from tenantctl.cli.output import json_text, write_private_file
from tenantctl.cli.session import Session
from tenantctl.cli.steps import make_policy
from tenantctl.config.load import Loaded
from tenantctl.plan.interest import make_interest
from tenantctl.plan.model import Plan
from tenantctl.plan.planner import make_plan
from tenantctl.problems import Problem, ProblemsError
from tenantctl.states import Current, Desired
from tenantctl.tenant.client import TenantClient
from tenantctl.tenant.read import read_current
from tenantctl.views.plan_document import plan_document

_CHOICES = ("file", "env", "vars", "only", "prune", "send_secrets", "force_unsafe")


def save_plan(
    session: Session, out: Path, plan: Plan, loaded: Loaded, file: str, flags: Mapping[str, Any]
) -> None:
    """Write a plan, readable by its owner alone.

    Raises:
        ProblemsError: a guard forbids it, or the file can't be written.
    """
    if not plan.is_applicable:
        summary = f"{out} is not written, as this plan can't be applied"
        hint = "Mend what is said above first."
        raise ProblemsError([Problem(code="plan-not-applicable", summary=summary, hint=hint)])
    made = Made(
        file=file,
        environment=session.options.get("env"),
        vars=session.options.get("vars"),
        only=tuple(flags["only"]),
        prune=tuple(flags["prune"]),
        force_unsafe=tuple(flags["force_unsafe"]),
        send_secrets=flags["send_secrets"],
        files=digests_of(loaded.texts),
    )
    document = {**plan_document(plan), "made": made.model_dump(), "requests": requests_document(plan)}
    write_private_file(out, json_text(document))
    session.output.talk(f"Wrote {out}: `tenantctl apply {out}` does this, and nothing else.")


def open_saved(session: Session, path: Path) -> tuple[SavedPlan, Loaded]:
    """Read a plan, and load the files that it was made of.

    Raises:
        click.UsageError: what the plan has settled is chosen again. ProblemsError: as `read_saved`, `load`.
    """
    context = click.get_current_context()
    for name in _CHOICES:
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            raise click.UsageError(f"{path} says what is applied; leave --{name.replace('_', '-')} out.")
    saved = read_saved(path)
    chosen = {"env": saved.made.environment, "vars": saved.made.vars}
    session.options = {**session.options, **chosen}
    return saved, session.load(saved.made.file)


async def plan_again(
    client: TenantClient, saved: SavedPlan, loaded: Loaded, resend: frozenset[str]
) -> tuple[Plan, Current]:
    """Read what a saved plan touches, and plan that again; return what was read, too.

    Raises:
        ProblemsError: it is a plan for another tenant or of other files, or an object has moved.
    """
    check_origin(saved, client.target.domain, digests_of(loaded.texts))
    policy = make_policy(loaded, saved.made.model_dump(), resend)
    touched = {name: found for name, found in loaded.desired.sections.items() if name in saved.sections}
    desired = Desired(touched)
    current = await read_current(client, make_interest(desired, policy.moved))
    plan = make_plan(desired, current, policy)
    check_fresh(saved, plan)
    return plan, current

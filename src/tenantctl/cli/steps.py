"""The steps that several commands are made of: plan against the live tenant, and verify."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from tenantctl.cli.session import Session
from tenantctl.config.env_file import read_env
from tenantctl.config.load import DOUBTS, Loaded
from tenantctl.plan.interest import make_interest
from tenantctl.plan.model import Plan
from tenantctl.plan.planner import make_plan
from tenantctl.plan.policy import Policy, matches_any
from tenantctl.problems import Problem, ProblemsError, Severity, did_you_mean
from tenantctl.snapshot.current import current_of
from tenantctl.snapshot.read import read_snapshot
from tenantctl.states import Current
from tenantctl.tenant.client import TenantClient
from tenantctl.tenant.read import read_current
from tenantctl.verify.credentials import Places
from tenantctl.verify.entry import ClientCredentials, VerifyRequest
from tenantctl.verify.live import LiveVerifier


def make_policy(loaded: Loaded, flags: Mapping[str, Any], resend: frozenset[str] = frozenset()) -> Policy:
    """Return the file's ownership choices with the command line's laid over them.

    resend: addresses whose write-only values may not have arrived.
    Raises ProblemsError if a flag names a section that the file does not have.
    """
    options = loaded.options
    named = {*flags.get("prune", ()), *flags.get("force_unsafe", ())}
    if unknown := sorted(named - loaded.desired.sections.keys()):
        raise ProblemsError(_not_in_file(section, loaded) for section in unknown)
    prune = frozenset({*options.prune, *flags.get("prune", ())})
    if partial := sorted(prune & loaded.selection.partial):
        raise ProblemsError(map(_not_prunable, partial))
    return Policy(
        prune=prune,
        protect=tuple(options.protect),
        moved={move.to: move.from_ for move in options.moved},
        removed=frozenset(options.removed),
        only=tuple(flags.get("only", ())),
        force_unsafe=frozenset(flags.get("force_unsafe", ())),
        send_secrets=bool(flags.get("send_secrets")),
        resend=resend,
    )


def _not_prunable(section: str) -> Problem:
    return Problem(
        code="prune-excluded",
        summary=f"{section} can't be pruned: a setting leaves objects alone that the file does not name",
        hint="Take out AUTH0_INCLUDED_CONNECTIONS, or AUTH0_EXCLUDE_THIRD_PARTY_CLIENTS; or don't prune.",
    )


def _not_in_file(section: str, loaded: Loaded) -> Problem:
    return Problem(
        code="section-not-in-file",
        summary=f"the file has no section '{section}'",
        hint=f"It has: {', '.join(loaded.desired.sections) or 'none'}.",
    )


async def plan_live(client: TenantClient, loaded: Loaded, policy: Policy) -> tuple[Plan, Current]:
    """Read what the file is about and plan; return what was read, too."""
    current = await read_current(client, make_interest(loaded.desired, policy.moved))
    plan = with_doubts(make_plan(loaded.desired, current, policy), loaded)
    check_only(policy.only, loaded, (change.address for change in plan.changes))
    return plan, current


def plan_against(session: Session, file: Path, loaded: Loaded, policy: Policy) -> Plan:
    """Plan against a snapshot; no tenant is asked.

    Raises ProblemsError, too, for what the file names and the snapshot lacks.
    """
    snapshot = read_snapshot(file)
    session.output.talk(f"Tenant: {snapshot.domain}, as the snapshot {snapshot.file} has it")
    interest = make_interest(loaded.desired, policy.moved)
    own = session.variables.get("AUTH0_CLIENT_ID")
    current = current_of(snapshot, loaded.desired, interest, own)
    plan = with_doubts(make_plan(loaded.desired, current, policy), loaded)
    check_only(policy.only, loaded, (change.address for change in plan.changes))
    return plan


def with_doubts(plan: Plan, loaded: Loaded) -> Plan:
    """Return a plan with an error for each doubt about a resource that it would change."""
    declared = {resource.address for group in loaded.desired.sections.values() for resource in group}
    settled = declared - {change.address for change in plan.changes}
    errors = (
        replace(problem, severity=Severity.ERROR)
        for problem in loaded.problems
        if problem.code in DOUBTS and problem.address not in settled
    )
    return replace(plan, problems=(*plan.problems, *errors))


def check_only(patterns: tuple[str, ...], loaded: Loaded, changed: Iterable[str]) -> None:
    """Refuse an ``--only`` that fits nothing: taken at its word, it would hide every change.

    changed: addresses besides those that the file declares.
    """
    known = {resource.address for group in loaded.desired.sections.values() for resource in group}
    known.update(changed)
    if stray := [each for each in patterns if not any(matches_any(name, (each,)) for name in known)]:
        raise ProblemsError(
            Problem(
                code="only-fits-nothing",
                summary=f"--only '{pattern}' fits no resource",
                hint=did_you_mean(pattern, known) or "An address is written as in the plan: section/name.",
            )
            for pattern in stray
        )


def make_verifier(
    session: Session,
    client: TenantClient,
    loaded: Loaded,
    env_file: Path,
    created: Mapping[str, ClientCredentials] | None = None,
    current: Current | None = None,
) -> LiveVerifier:
    """Return a verifier that knows the file and where credentials may be found.

    created: credentials of clients that were created a moment ago. current: what was read of the tenant, if
    anything was; it is not read again.
    """
    places = Places(
        created=created or {},
        sources=[(str(env_file), read_env(env_file)), ("the environment", session.variables)],
        prefixes=loaded.options.env_prefixes,
    )
    return LiveVerifier(
        client,
        loaded.desired,
        places,
        current=current,
        on_credentials=lambda name, source: session.output.talk(f"Credentials of {name}: from {source}"),
    )


def verify_requests(loaded: Loaded) -> list[VerifyRequest]:
    """Return the checks that the file asks for."""
    return [
        VerifyRequest(
            client=entry.client,
            audience=entry.audience,
            scopes=tuple(entry.scopes) if entry.scopes is not None else None,
            algorithm=entry.expect.alg,
            position=entry.position,
        )
        for entry in loaded.options.verify
    ]

"""Refuse plans that look like an accident; the plan is shown all the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tenantctl.catalog.registry import BY_SECTION
from tenantctl.catalog.spec import ResourceType
from tenantctl.plan.model import Action, Change
from tenantctl.plan.policy import Policy
from tenantctl.plan.values import pending_in
from tenantctl.problems import Problem

MIN_OBJECTS = 10
"""Sections with fewer objects than this have no threshold."""

MAX_SHARE = 0.3
"""Share of a section's objects that may be deleted or replaced without further ado."""


def guard_deletions(
    section: str, changes: Sequence[Change], live_count: int, policy: Policy
) -> Iterable[Problem]:
    """Yield an error if `changes` take away too large a share of a section's `live_count` objects."""
    doomed = [change for change in changes if change.action.deletes]
    if section in policy.force_unsafe or not doomed:
        return
    if BY_SECTION[section].lost_with_it:
        yield from (_loss(section, change) for change in doomed)
    if live_count < MIN_OBJECTS or len(doomed) <= MAX_SHARE * live_count:
        return
    yield Problem(
        code="too-many-deletions",
        summary=f"{len(doomed)} of {live_count} {section} would be deleted or replaced",
        detail=f"More than {MAX_SHARE:.0%} of a section at once is more often a mistake than not.",
        hint=f"If that is what you want, pass --force-unsafe {section}.",
        address=section,
    )


def _loss(section: str, change: Change) -> Problem:
    return Problem(
        code="irreplaceable",
        summary=f"{change.address} would be {'deleted' if change.action is Action.DELETE else 'replaced'}",
        detail=f"With it goes {BY_SECTION[section].lost_with_it}, for good.",
        hint=f"If that is what you want, pass --force-unsafe {section}.",
        position=change.position,
        address=change.address,
    )


def guard_access(resource_type: ResourceType, changes: Sequence[Change]) -> Iterable[Problem]:
    """Yield an error if `changes` could take away the tool's own access, and nobody knows as whom it runs."""
    doomed = [change.address for change in changes if change.action.deletes]
    if resource_type.own is None or not doomed:
        return
    yield Problem(
        code="own-client-unknown",
        summary=f"{', '.join(doomed)}: one of these may be what tenantctl itself runs with",
        detail="The access token does not say which client it was issued to.",
        hint="Set AUTH0_CLIENT_ID to that client's id; it is then left alone.",
        address=resource_type.section,
    )


def guard_only(kept: Sequence[Change], changes: Sequence[Change]) -> Iterable[Problem]:
    """Yield an error for each kept change that needs what a change makes which ``--only`` leaves out."""
    chosen = {change.address for change in kept}
    new = {change.address for change in changes if change.action.creates}
    bringing = {write.brings: change.address for change in changes for write in change.writes}
    for change in kept:
        brought = {bringing[each] for each in _pending(change) if each in bringing}
        for missing in sorted(((change.depends_on & new) | brought) - chosen):
            yield Problem(
                code="only-leaves-out",
                summary=f"{change.address} needs {missing}, which does not exist yet and --only leaves out"
                if missing in new
                else f"{change.address} needs what is to be made of {missing}, which --only leaves out",
                hint=f"Add --only '{missing}'.",
                position=change.position,
                address=change.address,
            )


def _pending(change: Change) -> set[str]:
    return {pending.address for write in change.writes for pending in pending_in(write.body)}

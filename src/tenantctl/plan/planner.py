"""Desired and Current make a Plan: match, compare, decide, guard, order. No I/O, no clock, no surprises."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from difflib import get_close_matches

from tenantctl.catalog.fields import is_immutable, is_read_only
from tenantctl.catalog.marks import is_secret
from tenantctl.catalog.paths import values_at, without
from tenantctl.catalog.registry import BY_SECTION
from tenantctl.catalog.spec import NOTHING, ResourceType
from tenantctl.plan.diff import Comparison, compare
from tenantctl.plan.guard import guard_access, guard_deletions, guard_only
from tenantctl.plan.left_out import left_out
from tenantctl.plan.match import LiveObject, Match, Matching, match_section
from tenantctl.plan.model import Action, Change, FieldDiff, Plan, Unmanaged, Write
from tenantctl.plan.order import in_order, sections_in_order
from tenantctl.plan.parts import first_name, unclearable
from tenantctl.plan.payload import Payload
from tenantctl.plan.policy import Policy, is_untouchable
from tenantctl.plan.pools import linked, written_out
from tenantctl.plan.references import Directory
from tenantctl.plan.unread import named_unread, unread_problems
from tenantctl.plan.values import shown
from tenantctl.problems import Position, Problem, ProblemsError, Severity
from tenantctl.states import Current, Desired, Json, Resource

_STEPS = re.compile(r"\[[^\]]*\]|\.")


def make_plan(desired: Desired, current: Current, policy: Policy | None = None) -> Plan:
    """Return what has to be done so that the tenant becomes what the file says.

    Raises ProblemsError, with all problems at once, for references that lead nowhere, for entries that could
    stand for several objects, and for what the file names and the tenant would not tell.
    """
    planner = _Planner(desired, current, policy or Policy())
    unread = {section for section, _ in named_unread(desired, current)}
    for section in sections_in_order():
        if section in desired.sections and section not in unread:
            planner.plan_section(BY_SECTION[section])
    return planner.finish()


class _Planner:
    """Collects changes section by section, in an order in which references lead backwards."""

    def __init__(self, desired: Desired, current: Current, policy: Policy) -> None:
        self.desired = desired
        self.current = current
        self.policy = policy
        self.directory = Directory(desired, current)
        self.changes: list[Change] = []
        self.unmanaged: list[Unmanaged] = []
        unread = unread_problems(desired, current)
        self.problems: list[Problem] = [problem for problem in unread if not problem.is_error]
        self.fatal: list[Problem] = [problem for problem in unread if problem.is_error]
        self.unchanged: list[str] = []
        self.not_comparable = 0

    def plan_section(self, resource_type: ResourceType) -> None:
        resources = self.desired.sections[resource_type.section]
        matching = match_section(resource_type, resources, self.directory, self.policy.moved)
        self.fatal.extend(matching.problems)
        first = len(self.changes)
        for match in matching.matches:
            self._plan_match(resource_type, match, matching)
        for live in matching.unmatched:
            self._plan_unmatched(resource_type, live)
        section_changes = self.changes[first:]
        live_objects = self.current.sections.get(resource_type.section, ())
        owned = sum(not self._untouchable(resource_type, "", item) for item in live_objects)
        self.problems.extend(guard_deletions(resource_type.section, section_changes, owned, self.policy))
        if self.current.own_client_id is None:
            self.problems.extend(guard_access(resource_type, section_changes))

    def finish(self) -> Plan:
        if self.fatal:
            raise ProblemsError([*self.fatal, *self.problems])
        changes = [change for change in self.changes if self.policy.is_chosen(change.address)]
        self.problems.extend(guard_only(changes, self.changes))
        return Plan(
            domain=self.current.domain,
            changes=in_order(changes),
            unmanaged=tuple(item for item in self.unmanaged if self.policy.is_chosen(item.address)),
            unchanged=sum(map(self.policy.is_chosen, self.unchanged)),
            not_comparable=self.not_comparable,
            problems=tuple(self.problems),
            snapshot=self.current.snapshot,
        )

    def _plan_match(self, resource_type: ResourceType, match: Match, matching: Matching) -> None:
        self.fatal.extend(_unresolved(resource_type, match))
        self.problems.extend(
            _not_clearable(match, place) for place in unclearable(resource_type, match.resolved.data)
        )
        if match.live is None:
            if not self.policy.protects(match.resource.address):
                self._create(resource_type, match, matching)
            return
        observed = written_out(resource_type, resource_type.observe(match.live))
        wanted, _ = linked(resource_type, match.resource.address, _sendable(resource_type, match), match.live)
        tells_secrets = not self.current.snapshot
        comparison = compare(resource_type, wanted, observed, tells_secrets=tells_secrets)
        # What is fixed at create can't be sent again.
        unseen = {first_name(path) for path in comparison.not_comparable}
        is_asked = self.policy.send_secrets or match.resource.address in self.policy.resend
        resends = is_asked and not all(is_immutable(resource_type, name) for name in unseen)
        if not comparison.fields and not resends and not resource_type.broken(match.live):
            self.unchanged.append(match.resource.address)
            self.not_comparable += len(comparison.not_comparable)
        elif self._untouchable(resource_type, match.resource.address, match.live):
            self.problems.append(_protected(match))
        elif fixed := _fixed(resource_type, match, comparison):
            self._replace(resource_type, match, comparison, fixed)
        else:
            self._update(resource_type, match, comparison)

    def _create(self, resource_type: ResourceType, match: Match, matching: Matching) -> None:
        if resource_type.create is None:
            self.fatal.append(_not_creatable(resource_type, match))
            return
        payload = _payload(resource_type, match)
        self.directory.pending.add(match.resource.address)
        self._add(
            match,
            Action.CREATE,
            reason=_rename_hint(resource_type, match, matching) or "not on the tenant",
            fields=_all_fields(resource_type, match.resource.data, payload.desired),
            writes=payload.create(resource_type.create),
        )

    def _update(self, resource_type: ResourceType, match: Match, comparison: Comparison) -> None:
        payload = _payload(resource_type, match)
        broken = resource_type.broken(match.live or {})
        names = comparison.top_level
        differ = f"{', '.join(names)} {'differs' if len(names) == 1 else 'differ'}" if names else ""
        writes = payload.update(payload.desired if broken else [field.path for field in comparison.fields])
        lost = left_out(resource_type, match.resolved.data, match.live or {}, writes)
        self.problems.extend(_left_out(match, place) for place in lost)
        self._add(
            match,
            Action.UPDATE,
            reason=broken or differ or self._why_again(match),
            fields=comparison.fields,
            writes=writes,
            id=_id(resource_type, match.live),
            not_comparable=comparison.not_comparable,
        )

    def _why_again(self, match: Match) -> str:
        is_in_doubt = match.resource.address in self.policy.resend
        return f"secrets are sent again, as {'they may not have arrived' if is_in_doubt else 'asked'}"

    def _replace(
        self, resource_type: ResourceType, match: Match, comparison: Comparison, fixed: list[str]
    ) -> None:
        if resource_type.create is None or resource_type.delete is None:
            self.fatal.append(_not_replaceable(match, fixed))
            return
        payload = _payload(resource_type, match)
        self.directory.pending.add(match.resource.address)
        self._add(
            match,
            Action.REPLACE,
            reason=f"{', '.join(fixed)} cannot be changed once it is created",
            fields=comparison.fields,
            # Of what the old one had, the new one has nothing.
            writes=(
                *payload.delete(resource_type.delete),
                *replace(payload, current=NOTHING).create(resource_type.create),
            ),
            id=_id(resource_type, match.live),
            not_comparable=comparison.not_comparable,
        )

    def _add(
        self,
        match: Match,
        action: Action,
        *,
        writes: tuple[Write, ...],
        fields: tuple[FieldDiff, ...],
        **details: object,
    ) -> None:
        resource = match.resource
        self.directory.brought.update(write.brings for write in writes)
        self.changes.append(
            Change(
                address=resource.address,
                section=resource.section,
                key=resource.key,
                action=action,
                position=resource.position,
                live=match.live,
                depends_on=match.resolved.refers_to,
                writes=writes,
                fields=tuple(replace(field, position=_position(resource, field)) for field in fields),
                **details,  # type: ignore[arg-type]  # each caller passes Change's own fields
            )
        )

    def _plan_unmatched(self, resource_type: ResourceType, live: LiveObject) -> None:
        """Report an object that the file does not name, or delete it where pruning is asked for."""
        if self._untouchable(resource_type, live.address, live.data):
            return
        section, id_of = resource_type.section, _id(resource_type, live.data)
        undone = not self.policy.undo.isdisjoint({(section, id_of or ""), (section, live.address)})
        pruned = section in self.policy.prune and live.address not in self.policy.removed
        if not (pruned or undone) or resource_type.delete is None:
            self.unmanaged.append(Unmanaged(live.address, id_of))
            return
        self.changes.append(
            Change(
                address=live.address,
                section=resource_type.section,
                key=live.address.removeprefix(resource_type.section).removeprefix("/"),
                action=Action.DELETE,
                reason="its creation is undone" if undone else f"not in the file, and {section} are pruned",
                id=_id(resource_type, live.data),
                live=live.data,
                writes=Payload(resource_type, live.address, {}, live.data).delete(resource_type.delete),
            )
        )

    def _untouchable(self, resource_type: ResourceType, address: str, item: Mapping[str, Json]) -> bool:
        return is_untouchable(resource_type, address, item, self.current.own_client_id, self.policy)


def _sendable(resource_type: ResourceType, match: Match) -> Mapping[str, Json]:
    """Return the fields of a resource that can be written: not its id, nor what the API alone sets.

    A step that is not asked for says nothing: what was deployed can't be undone.
    """
    data = match.resolved.data
    for place in unclearable(resource_type, data):
        data = without(data, place)
    idle = {step.field for step in resource_type.steps if data.get(step.field) is not True}
    dropped = idle | ({resource_type.id_field} - set(resource_type.key))
    return {
        name: value
        for name, value in data.items()
        if name not in dropped and not is_read_only(resource_type, name)
    }


def _fixed(resource_type: ResourceType, match: Match, comparison: Comparison) -> list[str]:
    """Return the fields that differ and can't, as they are fixed when the object is created."""
    nested = [field.path for field in comparison.fields if field.path in resource_type.immutable]
    own = resource_type.fixed(match.resolved.data, match.live or {})
    names = [name for name in comparison.top_level if name in own or is_immutable(resource_type, name)]
    return list(dict.fromkeys([*names, *nested]))


def _payload(resource_type: ResourceType, match: Match) -> Payload:
    return Payload(resource_type, match.resource.address, _sendable(resource_type, match), match.live or {})


def _all_fields(
    resource_type: ResourceType, written: Mapping[str, Json], sent: Mapping[str, Json]
) -> tuple[FieldDiff, ...]:
    """Return what a create sets, as differences from nothing, in the words of the file where it has them."""
    return tuple(
        FieldDiff(
            name,
            None,
            shown(resource_type, (name,), written.get(name, value)),
            is_secret(resource_type, (name,)),
        )
        for name, value in sent.items()
        if value is not None
    )


def _unresolved(resource_type: ResourceType, match: Match) -> Iterable[Problem]:
    """Yield the problems of references that the live object does not hold just as the file writes them."""
    unresolved = match.resolved.unresolved
    held = {
        reference.target_in(value)
        for reference in resource_type.references
        for _, value in values_at(match.live or {}, reference.field)
        if unresolved
    }
    return [problem for value, problem in unresolved.items() if value not in held]


def _position(resource: Resource, field: FieldDiff) -> Position | None:
    """Return where the file says a field, or what it stands in."""
    return resource.locate(tuple(step for step in _STEPS.split(field.path) if step))


def _id(resource_type: ResourceType, item: Mapping[str, Json] | None) -> str | None:
    return item.get(resource_type.id_field) if item and resource_type.id_field else None


def _rename_hint(resource_type: ResourceType, match: Match, matching: Matching) -> str:
    """Point out an object that the file does not name and whose key is much like this new one."""
    if all(is_immutable(resource_type, name) for name in resource_type.key):
        return ""
    candidates = {live.address: live.address for live in matching.unmatched}
    close = get_close_matches(match.resource.address, candidates, n=1, cutoff=0.85)
    return (
        f"not on the tenant; looks like a rename of {close[0]} (say so under tenantctl: moved:)"
        if close
        else ""
    )


def _protected(match: Match) -> Problem:
    return Problem(
        code="protected-object",
        severity=Severity.WARNING,
        summary=f"{match.resource.address} is protected, so its differences are not planned",
        hint="Take it out of the file, or out of `protect:`. System objects and what tenantctl itself runs "
        "with are always protected.",
        position=match.resource.position,
        address=match.resource.address,
    )


def _not_clearable(match: Match, place: tuple[str, ...]) -> Problem:
    name = ".".join(place)
    return Problem(
        code="not-clearable",
        severity=Severity.WARNING,
        summary=f"{match.resource.address}: {name} is null, but the API can't clear it",
        hint="It stays as it is. Name its members instead, with the values that they should have.",
        position=match.resource.locate(place),
        address=match.resource.address,
    )


def _left_out(match: Match, place: tuple[str, ...]) -> Problem:
    return Problem(
        code="secret-left-out",
        severity=Severity.WARNING,
        summary=f"{match.resource.address}: this update removes {'.'.join(place)}, which the file leaves out",
        hint="The API replaces what it stands in, and never returns it, so that it can't be sent along. "
        "Name it in the file, or set it again on the tenant after the apply.",
        position=match.resource.locate(place[:-1]),
        address=match.resource.address,
    )


def _not_creatable(resource_type: ResourceType, match: Match) -> Problem:
    return Problem(
        code="not-creatable",
        summary=f"{match.resource.address} is not on the tenant; the API can't create {resource_type.title}s",
        position=match.resource.position,
        address=match.resource.address,
    )


def _not_replaceable(match: Match, fixed: list[str]) -> Problem:
    return Problem(
        code="immutable-field",
        summary=f"{match.resource.address}: {', '.join(fixed)} can't be changed, nor the object replaced",
        position=match.resource.locate((fixed[0],)),
        address=match.resource.address,
    )

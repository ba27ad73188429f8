"""From the journal of an apply to the state before it: as a file would declare it, and planned like one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from tenantctl.apply.unfinished import JournaledChange, JournaledRun
from tenantctl.catalog.marks import dotted
from tenantctl.catalog.registry import BY_SECTION
from tenantctl.catalog.spec import ResourceType
from tenantctl.plan.interest import make_interest
from tenantctl.plan.model import Action
from tenantctl.plan.policy import Policy
from tenantctl.plan.references import Directory
from tenantctl.problems import Problem, Severity
from tenantctl.pull.objects import entry_of, observed
from tenantctl.pull.secrets import SecretKeywords, keywords_in
from tenantctl.states import Current, Desired, Interest, Json, Resource


@dataclass(frozen=True, slots=True)
class Past:
    """The state before an apply, as far as that apply changed it.

    desired: the objects that it changed or deleted, as they were. policy: what it created, to be deleted.
    problems: warnings of what can't be as it was.
    """

    desired: Desired
    policy: Policy
    problems: tuple[Problem, ...]

    @property
    def interest(self) -> Interest:
        """What to read for the plan; what stands in the addresses of objects is looked up, too."""
        interest = make_interest(self.desired)
        named = (
            other
            for section in self.desired.sections
            for reference in BY_SECTION[section].references
            if reference.field in BY_SECTION[section].key
            for other in reference.sections
        )
        return replace(interest, sections=tuple(dict.fromkeys([*interest.sections, *named])))


def past_of(run: JournaledRun, force_unsafe: Iterable[str] = ()) -> Past:
    """Return what was before an apply.

    force_unsafe: sections in which the deletion guard is lifted.
    """
    begun = [change for change in run.changes.values() if change.is_begun]
    found = _Finder(run, begun)
    sections: dict[str, list[Resource]] = {change.section: [] for change in begun}
    for change in begun:
        if change.action is Action.CREATE and BY_SECTION[change.section].delete is None:
            found.problems.append(_not_deletable(change))
        if change.before is not None and (entry := found.entry(change, change.before)) is not None:
            sections[change.section].append(_resource(change, entry))
    policy = Policy(undo=frozenset(_made(begun)), force_unsafe=frozenset(force_unsafe))
    desired = Desired({section: tuple(resources) for section, resources in sections.items()})
    return Past(desired, policy, tuple(found.problems))


def _made(changes: Iterable[JournaledChange]) -> Iterator[tuple[str, str]]:
    """Yield section and id of what was created; its address where no answer told the id."""
    for change in changes:
        if change.action is Action.CREATE:
            yield change.section, change.id or change.address


def _resource(change: JournaledChange, entry: Mapping[str, Json]) -> Resource:
    key = change.address.removeprefix(change.section).removeprefix("/")
    return Resource(change.section, key, entry, lambda _: None)


class _Finder:
    """Finds the entries of what was before, and what can't be put into one."""

    def __init__(self, run: JournaledRun, changes: Iterable[JournaledChange]) -> None:
        self.changes = tuple(changes)
        self.problems: list[Problem] = []
        # Names of what was deleted stand for it: it gets another id. Other ids are left as they are.
        past: dict[str, tuple[Mapping[str, Json], ...]] = {}
        for change in self.changes:
            if change.before is not None:
                past[change.section] = (*past.get(change.section, ()), change.before)
        self.directory = Directory(Desired({}), Current(run.domain, past))

    def entry(self, change: JournaledChange, before: Mapping[str, Json]) -> Mapping[str, Json] | None:
        """Return what a file would say of an object that was changed or deleted; None if it can't be made."""
        resource_type = BY_SECTION[change.section]
        made = entry_of(resource_type, before, self.directory, SecretKeywords(frozenset())).data
        unseen = {dotted(path) for path, _ in keywords_in(made)}
        data = _without_keywords(made)
        seen = observed(resource_type, before)
        steps = {step.field: True for step in resource_type.steps if seen.get(step.field) is True}
        if change.action.deletes:
            return self._anew(change, {**data, **steps}, unseen)
        stays = _with_secrets({*change.hidden, *unseen}) & {*change.fields}
        if stays or change.secrets:
            self.problems.append(_stays(change, sorted({*stays, *change.secrets})))
        wanted = _together(resource_type, {*change.fields}) - stays
        kept = {name: value for name, value in data.items() if _wire_name(resource_type, name) in wanted}
        cleared = {name: None for name in change.fields if seen.get(name) is None and name not in stays}
        # By its id it is found under any name.
        own = {resource_type.id_field: change.id} if resource_type.id_field and change.id else {}
        keys = {name: value for name, value in data.items() if name in resource_type.key}
        return {**own, **keys, **cleared, **kept, **steps}

    def _anew(
        self, change: JournaledChange, data: Mapping[str, Json], unseen: set[str]
    ) -> Mapping[str, Json] | None:
        resource_type = BY_SECTION[change.section]
        if needed := [name for name in resource_type.required if data.get(name) is None]:
            self.problems.append(_not_restorable(change, needed))
            return None
        self.problems.extend(_made_anew(change, resource_type))
        if lost := sorted({*change.hidden, *unseen}):
            told = f"{change.address} is made without {', '.join(lost)}: no journal holds secrets"
            self.problems.append(_warning(change, "secret-not-restored", told, "Set it again afterwards."))
        return data


def _with_secrets(paths: Iterable[str]) -> set[str]:
    """Return the fields that are written as a whole, and would lose the secrets at these paths by that."""
    return {path.partition("[")[0].partition(".")[0] for path in paths if "[" in path}


def _together(resource_type: ResourceType, names: set[str]) -> set[str]:
    """Return fields, and those that say the same in another form."""
    groups = (
        {path.partition(".")[0] for group in groups for path in group} for groups in resource_type.exclusive
    )
    return names.union(*(group for group in groups if group & names))


def _wire_name(resource_type: ResourceType, name: str) -> str:
    """Return the field of the API that a field of a file becomes."""
    for reference in resource_type.references:
        if "." not in reference.field and (name == reference.alias or name in reference.by):
            return reference.name
    return name


def _without_keywords(value: Json) -> Any:
    """Return a value without what keywords stand for; items that a keyword is needed for go with it."""
    if isinstance(value, Mapping):
        members = {name: _without_keywords(member) for name, member in value.items()}
        return {name: member for name, member in members.items() if not _is_keyword(value[name])}
    if isinstance(value, list):
        return [_without_keywords(item) for item in value if not any(keywords_in(item))]
    return value


def _is_keyword(value: Json) -> bool:
    return any(path == () for path, _ in keywords_in(value))


def _made_anew(change: JournaledChange, resource_type: ResourceType) -> Iterator[Problem]:
    """Yield what is lost with an object that was deleted, though another one is made like it."""
    lost = [f"its {resource_type.id_field} is another" if resource_type.id_field else ""]
    lost += [f"its {name} is new" for name in sorted(resource_type.generated)]
    lost += [f"{resource_type.lost_with_it} stay lost" if resource_type.lost_with_it else ""]
    told = ", and ".join(filter(None, lost))
    if told:
        yield _warning(change, "made-anew", f"{change.address} is made anew: {told}")


def _stays(change: JournaledChange, names: Iterable[str]) -> Problem:
    told = f"{change.address}: {', '.join(names)} stays as the apply set it: no journal holds secrets"
    return _warning(change, "secret-not-restored", told, "Set it again afterwards, if it was another.")


def _not_deletable(change: JournaledChange) -> Problem:
    told = f"{change.address} stays: the API can't delete it"
    return _warning(change, "not-restorable", told, "Set its fields by hand.")


def _not_restorable(change: JournaledChange, names: list[str]) -> Problem:
    needed = " and ".join(names)
    told = f"{change.address} can't be made again: its {needed} is needed, and no journal holds it"
    return _warning(change, "not-restorable", told, "Add it by hand.")


def _warning(change: JournaledChange, code: str, summary: str, hint: str = "") -> Problem:
    return Problem(code=code, severity=Severity.WARNING, summary=summary, hint=hint, address=change.address)

"""Find what a configuration has to say otherwise so that it is as the tenant: one round of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import takewhile

from tenantctl.catalog.marks import is_secret
from tenantctl.catalog.registry import BY_SECTION
from tenantctl.catalog.spec import ResourceType
from tenantctl.config.edits import Edit, Insert, Keyword, Put, Remove, edited_data, edits_by_place
from tenantctl.config.load import Loaded
from tenantctl.config.selection import is_left_alone, third_party
from tenantctl.plan.diff import Walk
from tenantctl.plan.match import LiveObject, Match, Matching, match_section
from tenantctl.plan.model import FieldDiff
from tenantctl.plan.order import sections_in_order
from tenantctl.plan.policy import Policy, is_untouchable
from tenantctl.plan.pools import linked
from tenantctl.plan.references import Directory
from tenantctl.plan.unread import named_unread, unread_problems
from tenantctl.plan.values import map_leaves, shown
from tenantctl.problems import Problem, ProblemsError, Severity
from tenantctl.pull.fields import FieldPull
from tenantctl.pull.model import EntryChange, Kept, PullAction, Unpulled, Withheld
from tenantctl.pull.named import Names
from tenantctl.pull.objects import entry_of, observed
from tenantctl.pull.secrets import SecretKeywords, keywords_in
from tenantctl.states import Current, FieldPath, Json, Resource


@dataclass(slots=True)
class Round:
    """What one round found.

    edits: by the address that they are about; their paths are those of the configuration.
    sections: those that are new, with their entries by address.
    """

    edits: dict[str, list[Edit]] = field(default_factory=dict)
    sections: dict[str, dict[str, Json]] = field(default_factory=dict)
    changes: list[EntryChange] = field(default_factory=list)
    unpulled: list[Unpulled] = field(default_factory=list)
    withheld: list[Withheld] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def addresses(self) -> set[str]:
        """What the edits are about."""
        return {*self.edits, *(address for entries in self.sections.values() for address in entries)}

    def edits_without(self, left_out: AbstractSet[str]) -> list[Edit]:
        """Return all edits but those that are about certain addresses."""
        made = [edit for address, each in self.edits.items() if address not in left_out for edit in each]
        for section, entries in self.sections.items():
            kept = [data for address, data in entries.items() if address not in left_out]
            if kept:
                made.append(Put((section,), kept[0] if BY_SECTION[section].is_singleton else kept))
        return made


def find_edits(
    loaded: Loaded, current: Current, policy: Policy, secrets: SecretKeywords, *, everything: bool = False
) -> Round:
    """Return what to edit in a configuration so that a plan finds no difference.

    secrets: gives the keywords for them. everything: also add the sections that it lacks, as far as they were
    read.

    Raises:
        ProblemsError: an entry could stand for several objects, or the tenant would not tell what it names.
    """
    return _Finder(loaded, current, policy, secrets).find(everything=everything)


class _Finder:
    def __init__(self, loaded: Loaded, current: Current, policy: Policy, secrets: SecretKeywords) -> None:
        self.secrets = secrets
        self.loaded = loaded
        self.current = current
        self.policy = policy
        self.directory = Directory(loaded.desired, current)
        self.foreign = third_party(current.sections.get("clients"), loaded.selection)
        self.found = Round()

    def find(self, *, everything: bool) -> Round:
        unread = unread_problems(self.loaded.desired, self.current)
        fatal = [problem for problem in unread if problem.is_error]
        hidden = {section for section, _ in named_unread(self.loaded.desired, self.current)}
        matchings: dict[str, Matching] = {}
        for section in sections_in_order():
            resources = self.loaded.desired.sections.get(section)
            if resources is not None and section not in hidden:
                matching = match_section(BY_SECTION[section], resources, self.directory, self.policy.moved)
                matchings[section] = matching
                fatal += matching.problems
        if fatal:
            raise ProblemsError([*fatal, *(problem for problem in unread if not problem.is_error)])
        self.found.problems += [problem for problem in unread if everything and not problem.is_error]
        for section, matching in matchings.items():
            self._in_section(BY_SECTION[section], matching)
        for section in sections_in_order() if everything else ():
            if (
                section not in self.loaded.desired.sections
                and section in self.current.sections
                and self.loaded.selection.has(section)
            ):
                self._new_section(BY_SECTION[section])
        return self.found

    def _in_section(self, resource_type: ResourceType, matching: Matching) -> None:
        for match in matching.matches:
            address = match.resource.address
            if not self.policy.is_chosen(address) or self.policy.protects(address):
                continue
            if match.live is None:
                self._remove(match.resource)
            else:
                self._compare(resource_type, match, match.live)
        if resource_type.is_singleton:
            self.found.sections[resource_type.section] = dict(
                self._addressed(resource_type, matching.unmatched)
            )
            return
        end = len(self.loaded.document.data[resource_type.section])
        for address, data in self._addressed(resource_type, matching.unmatched):
            self.found.edits[address] = [Insert((resource_type.section, end), data)]

    def _remove(self, resource: Resource) -> None:
        path = self.loaded.places[resource.address]
        self.found.edits[resource.address] = [Remove(path)]
        self.found.changes.append(
            EntryChange(resource.address, PullAction.REMOVE, position=resource.position)
        )

    def _compare(self, resource_type: ResourceType, match: Match, live: Mapping[str, Json]) -> None:
        resource, document = match.resource, self.loaded.document
        base = self.loaded.places[resource.address]
        seen = observed(resource_type, live)
        wanted, _ = linked(resource_type, resource.address, match.resolved.data, live)
        pull = FieldPull(
            resource_type,
            Names(resource_type, self.directory, self.secrets, resource.address),
            Walk(resource_type, resource_type.computed_defaults(seen)),
            has_keyword=lambda path: document.has_keyword((*base, *path)),
            is_keyword=lambda path: document.is_keyword((*base, *path)),
        )
        pull.mapping((), resource.data, wanted, seen)
        pull.settle(resource.data)
        for kept in pull.kept:
            self._note_kept(resource, kept)
        if pull.edits:
            fields = tuple(_differences(resource_type, resource.data, pull.edits))
            for edit in pull.edits:
                self._note_keywords(resource.address, edit.path, getattr(edit, "value", None))
            self.found.edits[resource.address] = [_moved(edit, base) for edit in pull.edits]
            self.found.changes.append(
                EntryChange(resource.address, PullAction.CHANGE, fields, resource.position)
            )

    def _note_keywords(self, address: str, path: FieldPath, value: Json) -> None:
        self.found.withheld += [
            Withheld(address, label(place), keyword) for place, keyword in keywords_in(value, path)
        ]

    def _note_kept(self, resource: Resource, kept: Kept) -> None:
        position = resource.locate(kept.path)
        self.found.unpulled.append(Unpulled(resource.address, label(kept.path), kept.reason, position))

    def _new_section(self, resource_type: ResourceType) -> None:
        live = self.current.sections[resource_type.section]
        matching = match_section(resource_type, (), self.directory, {})
        objects = matching.unmatched
        if resource_type.is_singleton:
            objects = tuple(LiveObject(resource_type.section, item) for item in live if item)
        self.found.sections[resource_type.section] = dict(self._addressed(resource_type, objects))

    def _addressed(
        self, resource_type: ResourceType, objects: Iterable[LiveObject]
    ) -> Iterator[tuple[str, Mapping[str, Json]]]:
        """Yield the entries to be added, with their addresses, in an order of their own."""
        taken = Counter(
            resource.address for resource in self.loaded.desired.sections.get(resource_type.section, ())
        )
        wanted = [live for live in objects if self._is_wanted(resource_type, live)]
        taken.update(live.address for live in wanted)
        for live in sorted(wanted, key=lambda each: each.address):
            entry = entry_of(resource_type, live.data, self.directory, self.secrets)
            if resource_type.create is None and entry.data.keys() <= {*resource_type.key}:
                continue  # nothing of it is set
            if is_left_alone(resource_type.section, entry.data, self.loaded.selection, self.foreign):
                continue
            if taken[live.address] > 1:
                self.found.problems.append(_alike(resource_type, live.address))
            elif entry.lacking:
                self.found.problems.append(_lacking(entry.address, entry.lacking))
            else:
                self.found.changes.append(EntryChange(entry.address, PullAction.ADD))
                self._note_keywords(entry.address, (), entry.data)
                yield entry.address, entry.data

    def _is_wanted(self, resource_type: ResourceType, live: LiveObject) -> bool:
        return (
            self.policy.is_chosen(live.address)
            and live.address not in self.policy.removed
            and not is_untouchable(
                resource_type, live.address, live.data, self.current.own_client_id, self.policy
            )
        )


def label(path: FieldPath) -> str:
    """Return how people read a path: ``scopes[0].value``."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def _moved(edit: Edit, base: FieldPath) -> Edit:
    """Return an edit of an entry as one of the configuration."""
    path = (*base, *edit.path)
    match edit:
        case Put(value=value):
            return Put(path, value)
        case Insert(value=value):
            return Insert(path, value)
        case _:
            return Remove(path)


def _differences(
    resource_type: ResourceType, data: Mapping[str, Json], edits: Sequence[Edit]
) -> Iterator[FieldDiff]:
    """Yield what an entry says before and after, a list as a whole."""
    after = edited_data(data, edits_by_place(edits))
    for path in dict.fromkeys(_field_of(edit.path) for edit in edits):
        yield FieldDiff(
            path=label(path),
            before=_shown(resource_type, path, _at(data, path)),
            after=_shown(resource_type, path, _at(after, path)),
            sensitive=is_secret(resource_type, path),
        )


def _field_of(path: FieldPath) -> FieldPath:
    """Cut a path where it enters a list."""
    return tuple(takewhile(lambda step: isinstance(step, str), path))


def _shown(resource_type: ResourceType, path: FieldPath, value: Json) -> Json:
    """Return a value as output may show it: secrets masked, but not the keywords for them."""

    def visit(below: FieldPath, leaf: Json) -> Json:
        return str(leaf) if isinstance(leaf, Keyword) else shown(resource_type, (*path, *below), leaf)

    return map_leaves(value, visit)


def _at(data: Json, path: FieldPath) -> Json:
    for step in path:
        data = data.get(step) if isinstance(data, Mapping) else None
    return data


def _alike(resource_type: ResourceType, address: str) -> Problem:
    id_field = resource_type.id_field
    return Problem(
        code="several-of-one-name",
        severity=Severity.WARNING,
        summary=f"{address} is not added: the tenant has several objects that this could stand for",
        hint=f"Add those that you want by hand, each with its '{id_field}'." if id_field else "",
        address=address,
    )


def _lacking(address: str, names: tuple[str, ...]) -> Problem:
    return Problem(
        code="unread-field",
        severity=Severity.WARNING,
        summary=f"{address} is not added: its {' and '.join(names)} is needed, and no read tells it",
        hint="Add it by hand.",
        address=address,
    )

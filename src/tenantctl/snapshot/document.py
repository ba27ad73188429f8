"""Make a snapshot of what was read: ``{"format_version", "domain", "sections": {section: objects}}``.

Besides, where there is something to tell: ``only``, what was chosen; ``unread``, what the tenant would not
tell; ``own_client_id``, the client as which it was read. What a snapshot lacks is unknown, not empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from tenantctl.catalog.keys import key_of
from tenantctl.catalog.registry import BY_SECTION
from tenantctl.catalog.spec import ResourceType
from tenantctl.plan.recorded import recorded
from tenantctl.plan.references import Directory
from tenantctl.plan.unread import by_cause, in_words
from tenantctl.problems import Problem, Severity
from tenantctl.snapshot.choice import Choice
from tenantctl.states import Current, Desired, Interest, Json, make_address

FORMAT_VERSION = "1.0"


def snapshot_interest(choice: Choice) -> Interest:
    """Return what to read for a snapshot.

    Where only some objects of a section are chosen, what is in their addresses has to be looked up as well.
    """
    sections = dict.fromkeys(choice.sections)
    for section in choice.sections:
        if not choice.has_all_of(section):
            keys = BY_SECTION[section].key
            references = (each for each in BY_SECTION[section].references if each.field in keys)
            sections |= dict.fromkeys(other for each in references for other in each.sections)
    return Interest(tuple(sections), everything=True)


def make_document(current: Current, choice: Choice) -> dict[str, Json]:
    """Return the snapshot of what was read for `choice`, secrets and write-only values left out."""
    found = _Recorder(current, choice)
    read = [section for section in choice.sections if section in current.sections]
    unread = [
        {"section": section, "field": field, "reason": problem.summary}
        for (section, field), problem in current.unread.items()
        if section in choice.sections
    ]
    own = current.own_client_id
    return {
        "format_version": FORMAT_VERSION,
        "domain": current.domain,
        **({"own_client_id": own} if own else {}),
        **({"only": list(choice.patterns)} if choice.patterns else {}),
        "sections": {section: found.section(BY_SECTION[section]) for section in read},
        **({"unread": unread} if unread else {}),
    }


def left_out(current: Current, choice: Choice) -> tuple[Problem, ...]:
    """Return a warning for each cause why something of the choice is not in the snapshot."""
    chosen = [place for place in current.unread if place[0] in choice.sections]
    return tuple(
        replace(
            problem,
            severity=Severity.WARNING,
            summary=f"{in_words(concerned)} can't be read: {problem.summary}",
            hint=f"{problem.hint} The snapshot does without it: what the tenant has there stays unknown.",
        )
        for problem, concerned in by_cause(chosen, current.unread)
    )


class _Recorder:
    """Brings sections to the form of a snapshot."""

    def __init__(self, current: Current, choice: Choice) -> None:
        self.current = current
        self.choice = choice
        self.directory = Directory(Desired({}), current)

    def section(self, resource_type: ResourceType) -> Json:
        """Return the objects of a section in the order of their addresses, or the one of a singleton."""
        unread = {field for section, field in self.current.unread if section == resource_type.section}
        items = self._chosen(resource_type, self.current.sections[resource_type.section])
        objects = [recorded(resource_type, item, unread) for _, item in items]
        return objects[0] if resource_type.is_singleton else objects

    def _chosen(
        self, resource_type: ResourceType, items: Iterable[Mapping[str, Json]]
    ) -> list[tuple[tuple[str, str], Mapping[str, Json]]]:
        named = (((self._address(resource_type, item), _id(resource_type, item)), item) for item in items)
        chosen = (each for each in named if self.choice.has(resource_type.section, each[0][0]))
        return sorted(chosen, key=lambda each: each[0])

    def _address(self, resource_type: ResourceType, item: Mapping[str, Json]) -> str:
        key = key_of(resource_type, self.directory.named(resource_type, item))
        return make_address(resource_type.section, key)


def _id(resource_type: ResourceType, item: Mapping[str, Json]) -> str:
    return str(item.get(resource_type.id_field or ""))

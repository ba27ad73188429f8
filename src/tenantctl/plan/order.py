"""In which order changes are applied; it comes from references and from nothing else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from functools import cache
from graphlib import CycleError, TopologicalSorter

from tenantctl.catalog.registry import BY_SECTION, RESOURCE_TYPES
from tenantctl.plan.model import Action, Change
from tenantctl.problems import Problem, ProblemsError


def sections_in_order() -> tuple[str, ...]:
    """Return every section after those that it refers to or comes `after`; ties stay in registry order."""
    graph = {
        resource_type.section: {
            section
            for reference in resource_type.references
            for section in reference.sections
            if section != resource_type.section
        }
        | set(resource_type.after)
        for resource_type in RESOURCE_TYPES
    }
    return tuple(TopologicalSorter(graph).static_order())


def in_order(changes: Sequence[Change]) -> tuple[Change, ...]:
    """Return the changes so that each comes after those it depends on, with `depends_on` made exact.

    Raises ProblemsError if new resources refer to each other in a circle.
    """
    known = {change.address for change in changes}
    by_section: defaultdict[str, list[Change]] = defaultdict(list)
    for change in changes:
        by_section[change.section].append(change)
    exact = {
        change.address: replace(change, depends_on=_dependencies(change, by_section, known))
        for change in changes
    }
    sorter = TopologicalSorter({address: change.depends_on for address, change in exact.items()})
    rank = {change.address: index for index, change in enumerate(changes)}
    ordered: list[Change] = []
    try:
        sorter.prepare()
    except CycleError as error:
        raise ProblemsError([_cycle(error.args[1])]) from None
    while sorter.is_active():
        ready = sorted(sorter.get_ready(), key=rank.__getitem__)
        ordered.extend(exact[address] for address in ready)
        sorter.done(*ready)
    return tuple(ordered)


def _dependencies(
    change: Change, by_section: Mapping[str, Sequence[Change]], known: AbstractSet[str]
) -> frozenset[str]:
    """Return the addresses that must be applied before `change`.

    A deletion waits for whatever may still refer to the object: every change in the sections with a
    reference to it.
    """
    if change.action is not Action.DELETE:
        earlier = {
            other.address
            for section in BY_SECTION[change.section].after
            for other in by_section.get(section, ())
            if other.action is not Action.DELETE
        }
        return frozenset(((change.depends_on & known) | earlier) - {change.address})
    return frozenset(
        other.address
        for section in _referring_sections(change.section)
        for other in by_section.get(section, ())
        if change.address not in other.depends_on
    )


@cache
def _referring_sections(section: str) -> tuple[str, ...]:
    return tuple(
        resource_type.section
        for resource_type in RESOURCE_TYPES
        if resource_type.section != section
        and (
            section in resource_type.after
            or any(section in reference.sections for reference in resource_type.references)
        )
    )


def _cycle(addresses: Sequence[str]) -> Problem:
    return Problem(
        code="reference-cycle",
        summary=f"new resources refer to each other in a circle: {' → '.join(addresses)}",
        hint="Apply one of them without its reference first.",
        address=addresses[0],
    )

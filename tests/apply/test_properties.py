"""Apply, plan again, expect nothing: for entries of every type, with any values that the tenant takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, assume, given, note, settings
from hypothesis import strategies as st

from tenantctl.apply.executor import apply_plan
from tenantctl.apply.outcome import Outcome
from tenantctl.catalog.fields import fields_of
from tenantctl.catalog.registry import BY_SECTION, RESOURCE_TYPES
from tenantctl.catalog.spec import ResourceType
from tenantctl.plan.policy import Policy
from tenantctl.states import Desired
from tests.apply.runs import Run, on_sandbox
from tests.states import make_desired
from tests.strategies import resources

Entry = dict[str, Any]
NEEDED: Mapping[str, Entry] = {
    "resourceServers": {"identifier": "https://needed", "name": "Needed"},
    "clients": {"name": "Needed"},
}
"""What an entry may refer to, by section."""

LEAST_ACCEPTED = 0.6
MOST_EXAMPLES = 25


def identities(resource_type: ResourceType) -> st.SearchStrategy[Entry]:
    """Return values for the key fields that refer to something, or are one of an enumeration."""
    known = fields_of(resource_type)
    found: dict[str, st.SearchStrategy[Any]] = {}
    for reference in resource_type.references:
        if reference.field in resource_type.key:
            name = BY_SECTION[reference.section].key[0]
            found[reference.field] = st.just(NEEDED[reference.section][name])
    for name in resource_type.key:
        if name not in found and known[name].enum:
            found[name] = st.sampled_from(known[name].enum)
    for group in resource_type.any_of:
        for name in group[1:]:
            found.pop(name, None)
    return st.fixed_dictionaries(found)


@st.composite
def histories(draw: st.DrawFn, resource_type: ResourceType) -> tuple[Entry, Entry]:
    """Return an entry, and another of the same key: with other values, and some fields cleared."""
    first, second = draw(resources(resource_type)), draw(resources(resource_type))
    identity = {
        **{name: first[name] for name in resource_type.key if name in first},
        **draw(identities(resource_type)),
    }
    dropped = {name for group in resource_type.any_of for name in group[1:]}
    unkeyed = [name for name in first if name not in resource_type.key and name not in resource_type.required]
    cleared = draw(st.lists(st.sampled_from(unkeyed), max_size=2)) if unkeyed else []
    second |= dict.fromkeys(cleared)
    one, other = (
        {name: value for name, value in {**entry, **identity}.items() if name not in dropped}
        for entry in (first, second)
    )
    return _without_conflicts(resource_type, one), _without_conflicts(resource_type, other)


def _without_conflicts(resource_type: ResourceType, entry: Entry) -> Entry:
    """Return the entry without what contradicts the rest: a lifetime told in hours and in minutes, say."""
    refused = {other for name, value, other in resource_type.conflicts if entry.get(name) == value}
    return {
        name: value
        for name, value in entry.items()
        if f"{name}_in_minutes" not in entry and name not in refused
    }


def with_needed(resource_type: ResourceType, *entries: Entry) -> Desired:
    """Return the entries, and in other sections what they refer to."""
    sections = {reference.section for reference in resource_type.references} - {resource_type.section}
    needed = {section: [NEEDED[section]] for section in sections}
    return make_desired(**needed, **{resource_type.section: list(entries)})


def is_refused(outcome: Outcome) -> bool:
    """Whether the tenant found a value wrong; any other failure is one of ours."""
    problems = [result.problem for result in outcome.results if result.problem]
    for problem in problems:
        note(f"{problem.code}: {problem.summary}: {problem.detail}")
    assert {problem.code for problem in problems} <= {"rejected"}
    return bool(problems)


async def settle(run: Run, desired: Desired) -> bool:
    """Apply until nothing is left, which is at once; return whether the tenant took the values."""
    _, outcome = await run.apply(desired)
    if is_refused(outcome):
        return False
    again = await run.plan(desired)
    assert [(change.address, change.fields) for change in again.changes] == []
    writes = run.client.count.writes
    assert (await apply_plan(again, run.client)).ok
    assert run.client.count.writes == writes
    return True


async def prune(run: Run, resource_type: ResourceType) -> None:
    """Leave nothing of a type, and see that it is gone."""
    nothing = with_needed(resource_type)
    _, outcome = await run.apply(nothing, Policy(prune=frozenset({resource_type.section})))
    assert outcome.ok, outcome
    left = await run.plan(nothing)
    assert (left.changes, left.unmanaged) == ((), ())


async def live_through(run: Run, resource_type: ResourceType, history: tuple[Entry, Entry]) -> bool:
    for entry in history:
        if not await settle(run, with_needed(resource_type, entry)):
            return False
    if resource_type.delete:
        await prune(run, resource_type)
    return True


@pytest.mark.parametrize("resource_type", RESOURCE_TYPES, ids=lambda each: each.section)
def test_apply_then_plan_is_empty(resource_type: ResourceType) -> None:
    tally: Counter[bool] = Counter()

    @settings(
        max_examples=MOST_EXAMPLES,
        # Each example is a tenant's life; making a failing one smaller would take minutes.
        phases=[Phase.explicit, Phase.reuse, Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(histories(resource_type))
    def check(history: tuple[Entry, Entry]) -> None:
        accepted = on_sandbox(lambda run: live_through(run, resource_type, history))
        tally[accepted] += 1
        assume(accepted)

    check()
    assert tally[True] >= LEAST_ACCEPTED * tally.total(), tally

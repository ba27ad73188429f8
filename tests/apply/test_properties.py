"""Apply, plan again, expect nothing: for entries of every type, with any values that the tenant takes."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, assume, given, note, settings
from hypothesis import strategies as st

from tenantctl.apply.executor import apply_plan
from tenantctl.apply.outcome import Outcome
from tenantctl.catalog.fields import fields_of
from tenantctl.catalog.spec import ResourceType
from tenantctl.plan.policy import Policy
from tenantctl.states import Desired
from tests.apply.runs import Run, on_sandbox
from tests.entries import DECLARABLE, identity_of, needed
from tests.states import make_desired
from tests.strategies import refers, resources

Entry = dict[str, Any]
LEAST_ACCEPTED = 0.6
MOST_EXAMPLES = 12

CHOSEN_ONLY = frozenset({"branding", "databases", "pages", "triggers"})
"""Sections with fields whose values have to fit names, which `validate` sees to and random values do not."""

ANY_VALUES = [each for each in DECLARABLE if each.section not in CHOSEN_ONLY]
"""The others; chosen values of all types are in `test_every_type`."""


@st.composite
def histories(draw: st.DrawFn, resource_type: ResourceType) -> tuple[Entry, Entry]:
    """Return an entry, and another of the same key: with other values, and some fields cleared."""
    first, second = draw(resources(resource_type)), draw(resources(resource_type))
    made = identity_of(resource_type)
    identity = {
        name: first[name] if name in first and not _is_given(resource_type, name) else value
        for name, value in made.items()
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


def _is_given(resource_type: ResourceType, name: str) -> bool:
    """Whether not any value of a field will do: it names another resource, or is one of a few."""
    known = fields_of(resource_type)
    return bool(known[name].enum or known[name].fields or known[name].values) or refers(
        resource_type, (name,)
    )


def with_needed(resource_type: ResourceType, *entries: Entry) -> Desired:
    """Return the entries, and in other sections what they refer to."""
    return make_desired(**needed(resource_type), **{resource_type.section: list(entries)})


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
    section = frozenset({resource_type.section})
    _, outcome = await run.apply(nothing, Policy(prune=section, force_unsafe=section))
    assert outcome.ok, outcome
    left = await run.plan(nothing)
    mine = [each for each in left.unmanaged if each.address.startswith(f"{resource_type.section}/")]
    assert (left.changes, mine) == ((), [])


async def live_through(run: Run, resource_type: ResourceType, history: tuple[Entry, Entry]) -> bool:
    for entry in history:
        if not await settle(run, with_needed(resource_type, entry)):
            return False
    if resource_type.delete:
        await prune(run, resource_type)
    return True


@pytest.mark.parametrize("resource_type", ANY_VALUES, ids=lambda each: each.section)
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

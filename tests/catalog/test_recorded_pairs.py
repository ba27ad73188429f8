"""What real tenants accepted and then returned: a plan of one against the other is empty.

And a plan is not empty if any value of the file is changed, added, removed or cleared, or any on the tenant,
unless the catalog says why that is no difference. The recordings lie outside the project;
``TENANTCTL_TEST_SHARED`` says where.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tenantctl.catalog.registry import BY_SECTION
from tenantctl.plan.model import Plan
from tenantctl.plan.planner import make_plan
from tenantctl.problems import ProblemsError
from tests.catalog.mutations import Kind, Mutation, cause_of, mutations
from tests.catalog.recorded import Pair, read_pairs
from tests.states import make_current, make_desired


@pytest.fixture(scope="module")
def pairs(shared: Path) -> list[tuple[str, Pair | None]]:
    return list(read_pairs(shared))


def plan_of(pair: Pair, desired: Any, actual: Any) -> Plan:
    section = pair.resource_type.section
    return make_plan(make_desired(**{section: desired}), make_current(**{section: actual}))


def test_every_recorded_object_is_described(pairs: list[tuple[str, Pair | None]]) -> None:
    unknown = {path for path, pair in pairs if pair is None}
    assert unknown == set()


def test_no_spurious_diff(pairs: list[tuple[str, Pair | None]]) -> None:
    wrong = [
        (pair.scenario, pair.resource_type.section, change.fields or change.reason)
        for _, pair in pairs
        if pair
        for change in plan_of(pair, pair.desired, pair.actual).changes
    ]
    assert wrong == []
    assert len(pairs) > 100


@pytest.mark.parametrize("section", BY_SECTION)
def test_no_missed_change(pairs: list[tuple[str, Pair | None]], section: str) -> None:
    missed = [
        (pair.scenario, mutation.kind, ".".join(map(str, mutation.path)))
        for _, pair in pairs
        if pair and pair.resource_type.section == section
        for mutation in mutations(pair)
        if is_missed(pair, mutation) and cause_of(pair, mutation) is None
    ]
    assert missed == []


def is_missed(pair: Pair, mutation: Mutation) -> bool:
    try:
        return bool(plan_of(pair, mutation.desired, mutation.actual).is_empty)
    except ProblemsError:
        return False  # refused, as what can't be changed is


def test_few_changes_are_to_be_overlooked(pairs: list[tuple[str, Pair | None]]) -> None:
    """A mark that hides too much would make the test above pass."""
    causes = Counter(
        (mutation.kind, cause_of(pair, mutation)) for _, pair in pairs if pair for mutation in mutations(pair)
    )
    kinds = Counter(kind for kind, _ in causes.elements())
    assert set(kinds) == set(Kind)
    overlooked = {kind: 1 - causes[kind, None] / kinds[kind] for kind in kinds}
    may_be_as_before = {Kind.CLEARED, Kind.GONE}
    most = {kind: 0.25 if kind in may_be_as_before else 1 if kind is Kind.MOVED else 0.02 for kind in Kind}
    assert {kind: share for kind, share in overlooked.items() if share > most[kind]} == {}

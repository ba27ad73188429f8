"""What real tenants accepted and then returned: a plan of one against the other is empty.

And a plan is not empty if any value of it is changed that reads return. The recordings lie outside the
project; ``TENANTCTL_TEST_SHARED`` says where.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tenantctl.catalog.marks import is_marked, is_write_only
from tenantctl.catalog.registry import BY_SECTION
from tenantctl.plan.planner import make_plan
from tenantctl.problems import ProblemsError
from tenantctl.states import FieldPath
from tests.catalog.recorded import Pair, read_pairs
from tests.plan.test_properties import altered, is_compared, leaves
from tests.states import make_current, make_desired


@pytest.fixture(scope="module")
def pairs(shared: Path) -> list[tuple[str, Pair | None]]:
    return list(read_pairs(shared))


def plan_of(pair: Pair, desired: Any) -> Any:
    section = pair.resource_type.section
    actual: Any = pair.actual
    return make_plan(make_desired(**{section: desired}), make_current(**{section: actual}))


def test_every_recorded_object_is_described(pairs: list[tuple[str, Pair | None]]) -> None:
    unknown = {path for path, pair in pairs if pair is None}
    assert unknown == set()


def test_no_spurious_diff(pairs: list[tuple[str, Pair | None]]) -> None:
    wrong = [
        (pair.scenario, pair.resource_type.section, change.fields or change.reason)
        for _, pair in pairs
        if pair
        for change in plan_of(pair, pair.desired).changes
    ]
    assert wrong == []
    assert len(pairs) > 100


@pytest.mark.parametrize("section", BY_SECTION)
def test_no_missed_change(pairs: list[tuple[str, Pair | None]], section: str) -> None:
    missed = [
        (pair.scenario, ".".join(map(str, path)))
        for _, pair in pairs
        if pair and pair.resource_type.section == section and not pair.resource_type.protected(pair.actual)
        for path, desired in changed(pair)
        if is_missed(pair, desired)
    ]
    assert missed == []


def is_missed(pair: Pair, desired: Any) -> bool:
    try:
        return bool(plan_of(pair, desired).is_empty)
    except ProblemsError:
        return False  # refused, as what can't be changed is


def changed(pair: Pair) -> Iterator[tuple[FieldPath, Any]]:
    """Yield what the file would be with one value changed, for each value that the tenant returned."""
    for path in leaves(pair.desired):
        if is_compared(pair.resource_type, path) and not is_unread(pair, path):
            desired: Any = copy.deepcopy(pair.desired)
            owner = desired
            for step in path[:-1]:
                owner = owner[step]
            owner[path[-1]] = altered(owner[path[-1]])
            yield path, desired


def is_unread(pair: Pair, path: FieldPath) -> bool:
    of_pools = {
        f"{link}[].{name}" for pool in pair.resource_type.pools for link in pool.links for name in pool.unread
    }
    return is_marked(of_pools, path) or any(
        is_write_only(pair.resource_type, path[:end]) for end in range(1, len(path) + 1)
    )

"""Every operation that writes configuration is described, or it is written down why not (decision 0012)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tenantctl.catalog.endpoints import Endpoint
from tenantctl.catalog.registry import RESOURCE_TYPES
from tenantctl.catalog.spec import ResourceType
from tests.catalog.facts import notes, same_place

PAGE = Path(__file__).parents[2] / "docs/decisions/0012-what-no-file-declares.md"
ROW = re.compile(r"^\| `(?P<operation>[A-Z]+ /\S+)` \| (?P<reason>\S.*) \|$", re.MULTILINE)


@pytest.fixture(scope="module")
def types(shared: Path) -> list[dict[str, Any]]:
    return notes(shared)


def writes_of(described: dict[str, Any]) -> list[str]:
    groups = (described.get(name) or {} for name in ("endpoints", "endpoints_not_in_spec"))
    calls = (operation["call"] for group in groups for operation in group.values())
    return [call for call in calls if not call.startswith("GET ")]


def writes_to(resource_type: ResourceType) -> Iterator[Endpoint | None]:
    """Yield the operations that a plan may send."""
    yield from (resource_type.create, resource_type.update, resource_type.delete, *resource_type.also)
    yield from (place.update for place in resource_type.places.values())
    yield from (step.endpoint for step in resource_type.steps)
    for part in resource_type.parts:
        yield from (part.create, part.update, part.delete)
    of_parts = (each for part in resource_type.parts for each in part.lists)
    for each in (*resource_type.associations, *resource_type.pools, *of_parts):
        yield from (each.add, each.update, each.remove)


DESCRIBED = [
    f"{each.method} {each.path}"
    for resource_type in RESOURCE_TYPES
    for each in writes_to(resource_type)
    if each is not None
]


def is_described(operation: str) -> bool:
    """Whether the catalog has it, or has it for each name that could stand in its path."""
    return any(same_place(mine, operation) for mine in DESCRIBED)


def left_out() -> dict[str, str]:
    text = PAGE.read_text(encoding="utf-8")
    return {row["operation"]: row["reason"] for row in ROW.finditer(text)}


def test_every_type_is_described_or_left_out_with_a_reason(types: list[dict[str, Any]]) -> None:
    assert len(types) > 60
    unknown = {
        call: described["type"]
        for described in types
        for call in writes_of(described)
        if not is_described(call) and call not in left_out()
    }
    assert unknown == {}


def test_what_is_left_out_is_an_operation_and_is_not_described(types: list[dict[str, Any]]) -> None:
    known = {call for described in types for call in writes_of(described)}
    assert left_out().keys() <= known
    assert [operation for operation in left_out() if is_described(operation)] == []

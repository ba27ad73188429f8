"""What real tenants accepted and then returned: a plan of one against the other is empty.

The recordings lie outside the project; ``TENANTCTL_TEST_SHARED`` says where.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tenantctl.catalog.registry import RESOURCE_TYPES
from tenantctl.plan.planner import make_plan
from tests.states import make_current, make_desired

REDACTED = "[REDACTED]"
"""What the recorders wrote over secrets; a value of theirs, not the tenant's."""


def section_of(pair: dict[str, Any]) -> str | None:
    """Return the section that a recorded path belongs to, told by the catalog's own paths."""
    path = "/" + pair["path"].split("?")[0]
    for resource_type in RESOURCE_TYPES:
        template = resource_type.get.path.removesuffix("/{id}")
        rest = path.removeprefix(template)
        if (
            path.startswith(template)
            and rest.count("/") <= 1
            and bool(rest) is not resource_type.is_singleton
        ):
            return resource_type.section
    return None


def test_no_spurious_diff(shared: Path) -> None:
    counted = 0
    for line in (shared / "traffic" / "pairs.jsonl").read_text(encoding="utf-8").splitlines():
        pair = json.loads(line)
        section = section_of(pair)
        if section is None:
            continue
        counted += 1
        id_field = next(each for each in RESOURCE_TYPES if each.section == section).id_field
        actual = pair["actual"]
        desired = {name: value for name, value in pair["desired"].items() if actual.get(name) != REDACTED}
        if id_field:
            desired[id_field] = actual[id_field]
        plan = make_plan(make_desired(**{section: desired}), make_current(**{section: actual}))
        assert plan.is_empty, (pair["scenario"], plan.changes[0].fields)
    assert counted > 100

"""The JSON document of a plan, from which every other format is rendered (``format_version`` 1.0)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tenantctl import __version__
from tenantctl.plan.model import Change, FieldDiff, Plan
from tenantctl.problems import Position, Problem

FORMAT_VERSION = "1.0"


def plan_document(plan: Plan) -> dict[str, Any]:
    """Return the document of a plan; secrets are masked in the plan already."""
    return {
        "format_version": FORMAT_VERSION,
        "tool": {"name": "tenantctl", "version": __version__},
        "tenant": {"domain": plan.domain, **({"snapshot": plan.snapshot} if plan.snapshot else {})},
        "complete": True,
        "summary": {
            **plan.counts(),
            "unmanaged": len(plan.unmanaged),
            "not_comparable": plan.not_comparable
            + sum(len(change.not_comparable) for change in plan.changes),
        },
        "changes": [_change(change) for change in plan.changes],
        "unmanaged": [{"address": item.address, "id": item.id} for item in plan.unmanaged],
        "problems": problem_list(plan.problems),
    }


def problem_list(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    """Return problems as JSON."""
    return [
        {
            "code": problem.code,
            "severity": problem.severity.value,
            "summary": problem.summary,
            "detail": problem.detail,
            "hint": problem.hint,
            "address": problem.address,
            "position": position_of(problem.position),
        }
        for problem in problems
    ]


def position_of(position: Position | None) -> dict[str, Any] | None:
    """Return a position as JSON."""
    if position is None:
        return None
    return {"file": position.file, "line": position.line, "column": position.column}


def _change(change: Change) -> dict[str, Any]:
    return {
        "address": change.address,
        "section": change.section,
        "key": change.key,
        "id": change.id,
        "action": change.action.value,
        "reason": change.reason,
        "position": position_of(change.position),
        "fields": [field_document(field) for field in change.fields],
    }


def field_document(field: FieldDiff) -> dict[str, Any]:
    """Return a difference as JSON."""
    return {
        "path": field.path,
        "before": field.before,
        "after": field.after,
        "sensitive": field.sensitive,
        "position": position_of(field.position),
    }

"""The JSON document of an apply's outcome."""

from __future__ import annotations

from typing import Any

from tenantctl import __version__
from tenantctl.apply.outcome import Outcome
from tenantctl.views.plan_document import FORMAT_VERSION, problem_list


def outcome_document(outcome: Outcome) -> dict[str, Any]:
    """Return the document of an outcome; what the server returned on create stays out of it."""
    return {
        "format_version": FORMAT_VERSION,
        "tool": {"name": "tenantctl", "version": __version__},
        "tenant": {"domain": outcome.domain},
        "ok": outcome.ok,
        "summary": outcome.counts(),
        "changes": [
            {
                "address": result.address,
                "action": result.action.value,
                "status": result.status.value,
                "seconds": round(result.seconds, 3),
                "problems": problem_list([result.problem] if result.problem else []),
            }
            for result in outcome.results
        ],
    }

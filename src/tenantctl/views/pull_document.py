"""The JSON document of a pull, from which its text is rendered (``format_version`` 1.0)."""

from __future__ import annotations

from collections import Counter
from typing import Any

from tenantctl import __version__
from tenantctl.config.writing import FileChange
from tenantctl.pull.model import EntryChange, PullAction, Pulled
from tenantctl.views.plan_document import FORMAT_VERSION, field_document, position_of, problem_list


def pull_document(pulled: Pulled, *, written: bool) -> dict[str, Any]:
    """Return the document of a pull; secrets are masked in it already. written: whether the files were."""
    counts = Counter(change.action for change in pulled.changes)
    return {
        "format_version": FORMAT_VERSION,
        "tool": {"name": "tenantctl", "version": __version__},
        "tenant": {"domain": pulled.domain},
        "written": written,
        "summary": {
            **{action.value: counts[action] for action in PullAction},
            "kept": len(pulled.unpulled),
            "secrets": len(pulled.withheld),
        },
        "changes": [_change(change) for change in pulled.changes],
        "kept": [
            {
                "address": each.address,
                "path": each.path,
                "reason": each.reason.value,
                "position": position_of(each.position),
            }
            for each in pulled.unpulled
        ],
        "secrets": [
            {"address": each.address, "path": each.path, "keyword": each.keyword} for each in pulled.withheld
        ],
        "files": [{"path": str(each.path), "action": _action(each)} for each in pulled.files],
        "problems": problem_list(pulled.problems),
    }


def _change(change: EntryChange) -> dict[str, Any]:
    section, _, key = change.address.partition("/")
    return {
        "address": change.address,
        "section": section,
        "key": key,
        "action": change.action.value,
        "position": position_of(change.position),
        "fields": [field_document(field) for field in change.fields],
    }


def _action(change: FileChange) -> str:
    if change.before is None:
        return "create"
    return "delete" if change.after is None else "change"

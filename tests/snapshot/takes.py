"""A snapshot of a sandbox, and a plan against one, in the process."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tenantctl.plan.interest import make_interest
from tenantctl.plan.model import Plan
from tenantctl.plan.planner import make_plan
from tenantctl.plan.policy import Policy
from tenantctl.snapshot.choice import Choice
from tenantctl.snapshot.current import current_of
from tenantctl.snapshot.document import make_document, snapshot_interest
from tenantctl.snapshot.read import read_snapshot
from tenantctl.states import Desired
from tenantctl.tenant.read import read_current
from tests.apply.runs import Run


async def take(run: Run, *only: str) -> dict[str, Any]:
    """Return the snapshot of a tenant, as it stands in a file."""
    choice = Choice(only)
    current = await read_current(run.client, snapshot_interest(choice))
    document: dict[str, Any] = json.loads(json.dumps(make_document(current, choice)))
    return document


def write(folder: Path, document: Any) -> Path:
    path = folder / "snapshot.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def plan_against(path: Path, desired: Desired, policy: Policy | None = None) -> Plan:
    """Return what a file plans against a snapshot."""
    moved = policy.moved if policy else {}
    current = current_of(read_snapshot(path), desired, make_interest(desired, moved))
    return make_plan(desired, current, policy)

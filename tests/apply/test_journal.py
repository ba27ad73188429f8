"""The journal of an apply: what it holds at every moment, and what a later apply reads from it."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from starlette.responses import PlainTextResponse

from tenantctl.apply.executor import apply_plan
from tenantctl.apply.journal import open_journal
from tenantctl.apply.outcome import Outcome, Status
from tenantctl.apply.unfinished import read_journal, reconcile, unfinished
from tenantctl.catalog.spec import ResourceType
from tenantctl.plan.model import Plan
from tenantctl.problems import Problem, ProblemsError
from tests.apply.runs import Between, Run, aaa, on_sandbox
from tests.apply.tenant import Tenant, on_tenant
from tests.entries import entry_of, every_type
from tests.states import make_desired

DOMAIN = "sandbox.localhost"


async def apply(run: Run, folder: Path, plan: Plan | None = None) -> Outcome:
    made = plan or await run.plan(aaa())
    with open_journal(made, folder) as journal:
        outcome = await apply_plan(made, run.client, record=journal.record)
        journal.end(outcome)
    return outcome


def lines(folder: Path) -> list[dict[str, Any]]:
    (path,) = folder.glob("*.jsonl")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_every_write_is_announced_and_told(tmp_path: Path) -> None:
    on_sandbox(lambda run: apply(run, tmp_path))
    found = lines(tmp_path)
    assert [each["event"] for each in found[:4]] == ["begin", "planned", "planned", "planned"]
    assert found[-1]["event"] == "end"
    for address in ("clients/AAA M2M", "clientGrants/AAA M2M:https://aaa-api"):
        events = [each["event"] for each in found if each.get("address") == address]
        assert events == ["planned", "sending", "sent", "ended"]
    (path,) = tmp_path.glob("*.jsonl")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    run = read_journal(path)
    assert run
    assert not run.is_left
    assert {change.status for change in run.changes.values()} == {Status.APPLIED}
    assert all(change.id for change in run.changes.values())


@every_type
def test_what_was_there_before_is_in_it_without_secrets(resource_type: ResourceType, tmp_path: Path) -> None:
    async def steps(tenant: Tenant) -> None:
        for variant in (0, 1):
            plan = await tenant.plan(entry_of(resource_type, variant))
            folder = tmp_path / str(variant)
            assert (await apply(tenant.run, folder, plan)).ok
            (path,) = folder.glob("*.jsonl")
            run = read_journal(path)
            assert run
            for change in plan.changes:
                assert (run.changes[change.address].before is None) == (change.live is None)
            assert "canary" not in path.read_text(encoding="utf-8")

    on_tenant(resource_type, steps)


CREATE = "POST /clients"


@pytest.mark.parametrize(
    ("status", "after", "is_open"),
    [(400, False, False), (500, False, True), (500, True, True), (403, False, False)],
)
def test_a_failure_leaves_open_what_may_have_happened(
    status: int, *, after: bool, is_open: bool, tmp_path: Path
) -> None:
    async def steps(run: Run) -> None:
        outcome = await apply(run, tmp_path)
        assert not outcome.ok
        left = unfinished(DOMAIN, tmp_path)
        assert [change.address for each in left for change in each.open_changes] == (
            ["clients/AAA M2M"] if is_open else []
        )

    on_sandbox(steps, lambda app: Between(app, {CREATE: PlainTextResponse("no", status)}, after=after))


def cut(folder: Path, keep: Callable[[dict[str, Any]], bool]) -> Path:
    """Let a journal end before the first event that is not to be kept."""
    (path,) = folder.glob("*.jsonl")
    kept = []
    for line in path.read_text(encoding="utf-8").splitlines(keepends=True):
        if not keep(json.loads(line)):
            break
        kept.append(line)
    path.write_text("".join(kept), encoding="utf-8")
    return path


def test_an_apply_that_was_cut_off_is_noticed_and_taken_up(tmp_path: Path) -> None:
    on_sandbox(lambda run: apply(run, tmp_path))
    path = cut(tmp_path, lambda event: event["event"] != "sent" or event["address"] != "clients/AAA M2M")
    (left,) = unfinished(DOMAIN, tmp_path)
    assert not left.is_over
    assert [change.address for change in left.open_changes] == ["clients/AAA M2M"]
    assert unfinished("other.eu.auth0.com", tmp_path) == []
    reconcile([left], by=None)
    assert unfinished(DOMAIN, tmp_path) == []
    assert json.loads(path.read_text(encoding="utf-8").splitlines()[-1])["event"] == "reconciled"


def test_a_line_that_was_being_written_is_none(tmp_path: Path) -> None:
    on_sandbox(lambda run: apply(run, tmp_path))
    (path,) = tmp_path.glob("*.jsonl")
    text = path.read_text(encoding="utf-8")
    for end in range(len(text)):
        path.write_text(text[:end], encoding="utf-8")
        run = read_journal(path)
        assert run is None or run.is_left or end == len(text) - 1


@pytest.mark.parametrize(
    "text", ["{\n", "[]\n", '{"event": "end"}\n', '{"event": "begin", "format_version": "2.0"}\n']
)
def test_what_is_no_journal(text: str, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ProblemsError) as caught:
        read_journal(path)
    (problem,) = caught.value.problems
    assert (problem.code, str(problem.position)) == ("bad-journal", f"{path}:1:1")


def test_without_a_journal_nothing_is_sent(tmp_path: Path) -> None:
    (tmp_path / "journal").write_text("in the way", encoding="utf-8")

    async def steps(run: Run) -> None:
        with pytest.raises(ProblemsError) as caught:
            await apply(run, tmp_path / "journal")
        assert caught.value.problems[0].code == "journal-unwritable"
        assert await run.logged_writes() == []

    on_sandbox(steps)


def test_a_journal_that_fails_on_the_way_stops_the_writes(tmp_path: Path) -> None:
    desired = make_desired(roles=[{"name": str(number)} for number in range(5)])
    full = Problem(code="journal-unwritable", summary="the disk is full")
    announced: list[str] = []

    def record(event: Mapping[str, Any]) -> None:
        if len(announced) == 2:
            raise ProblemsError([full])
        if event["event"] == "sending":
            announced.append(event["address"])

    async def steps(run: Run) -> None:
        plan = await run.plan(desired)
        outcome = await apply_plan(plan, run.client, record=record)
        assert outcome.counts() == {"applied": 0, "failed": 5, "skipped": 0}
        assert {each.problem.code for each in outcome.results if each.problem} == {"journal-unwritable"}
        assert len(await run.logged_writes()) == len(announced)

    on_sandbox(steps)

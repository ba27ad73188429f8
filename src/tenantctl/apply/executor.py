"""Send the requests of a Plan: references first, independent changes side by side.

Nothing is decided here. Which requests a change needs stands in the plan; the executor fills in the ids that
earlier changes brought and goes on with what does not depend on a failure.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from tenacity import AsyncRetrying, retry_if_result, stop_after_delay, wait_exponential

from tenantctl.apply.journal import Record
from tenantctl.apply.outcome import ChangeResult, Outcome, Status
from tenantctl.apply.secrets import without_secrets
from tenantctl.catalog.paths import values_at
from tenantctl.catalog.registry import BY_SECTION
from tenantctl.plan.model import Action, Change, Plan, Wait, Write
from tenantctl.plan.values import Pending, unseal
from tenantctl.problems import Problem, ProblemsError
from tenantctl.states import Json
from tenantctl.tenant.client import TenantClient
from tenantctl.tenant.errors import RequestError, StoppedError, not_usable


async def apply_plan(
    plan: Plan,
    client: TenantClient,
    *,
    on_result: Callable[[ChangeResult], None] = lambda _: None,
    record: Record = lambda _: None,
) -> Outcome:
    """Carry out `plan` and return what became of each change.

    on_result: called as each change ends. record: writes down what is about to be sent, and what came of it.
    A failed change fails alone: what depends on it is skipped, the rest goes on. Once the client is stopped,
    what has not begun is skipped. Raises ProblemsError, before anything is sent, for a plan that a guard
    forbids.
    """
    if not plan.is_applicable:
        raise ProblemsError(plan.problems)
    return await _Executor(plan, client, on_result, record).run()


_MAX_WAIT_SECONDS = 120
_MAX_REASONS = 5


class _Executor:
    def __init__(
        self, plan: Plan, client: TenantClient, on_result: Callable[[ChangeResult], None], record: Record
    ) -> None:
        self.plan = plan
        self.client = client
        self.on_result = on_result
        self.record = record
        self.results: list[ChangeResult] = []
        self.tasks: dict[str, asyncio.Task[ChangeResult]] = {}
        self.brought: dict[str, Mapping[str, Json]] = {}

    async def run(self) -> Outcome:
        # The plan's order puts dependencies first, so each task finds those it waits for.
        async with asyncio.TaskGroup() as group:
            for change in self.plan.changes:
                self.tasks[change.address] = group.create_task(self._change(change))
        return Outcome(self.plan.domain, tuple(self.results))

    async def _change(self, change: Change) -> ChangeResult:
        needed = [await self.tasks[address] for address in sorted(change.depends_on)]
        missing = [result.address for result in needed if result.status is not Status.APPLIED]
        if self.client.is_stopped:
            result = _interrupted(change)
        else:
            result = _skipped(change, missing) if missing else await self._send(change)
        self.results.append(result)
        self.on_result(result)
        with suppress(ProblemsError):  # what matters was written down before; the next request will tell
            self.record({"event": "ended", "address": change.address, "status": result.status.value})
        return result

    async def _send(self, change: Change) -> ChangeResult:
        result = ChangeResult(
            address=change.address, action=change.action, status=Status.APPLIED, position=change.position
        )
        started = time.perf_counter()
        object_id, created, sent = change.id, None, 0
        try:
            for write in change.writes:
                request = {"address": change.address, "request": sent}
                self.record({"event": "sending", **request, "method": write.method, "path": write.path})
                try:
                    answer = await self._request(write, object_id)
                except RequestError as error:
                    told = {"code": error.problems[0].code, "is_certain": error.is_certain}
                    self.record({"event": "failed", **request, **told})
                    raise
                if _creates(change, write):
                    created, object_id = _created(change, write, answer)
                    self.brought[change.address] = created
                if write.brings:
                    self.brought[write.brings] = answer
                sent += 1
                self.record({"event": "sent", **request, "id": object_id})
        except ProblemsError as error:
            if isinstance(error, StoppedError) and error.is_certain and not sent:
                return _interrupted(change)
            problem = without_secrets(_placed(change, error.problems[0], sent), change)
            result = replace(result, status=Status.FAILED, problem=problem)
        return replace(result, seconds=time.perf_counter() - started, created=created)

    async def _request(self, write: Write, object_id: str | None) -> Any:
        path = write.path.replace("{id}", quote(object_id or "", safe=""))
        if write.wait is not None:
            await self._wait(write.wait, object_id)
            if write.method == "GET":
                return None  # there was only to wait
        body = unseal(write.body, self._resolve) if write.body is not None else None
        return await self.client.request(write.method, path, body=body)

    async def _wait(self, wait: Wait, object_id: str | None) -> None:
        """Read the object until the tenant is done with it."""
        path = wait.path.replace("{id}", quote(object_id or "", safe=""))

        def is_busy(answer: Any) -> bool:
            return answer.get(wait.field) not in {*wait.done, *wait.failed}

        retrying = AsyncRetrying(
            retry=retry_if_result(is_busy),
            stop=stop_after_delay(_MAX_WAIT_SECONDS),
            wait=wait_exponential(multiplier=0.25, max=2),
            retry_error_callback=lambda state: state.outcome.result() if state.outcome else {},
        )
        answer: Any = await retrying(self.client.request, "GET", path)
        if answer.get(wait.field) not in wait.done:
            raise ProblemsError([_not_done(wait, answer, await self._reasons(wait, answer, object_id))])

    async def _reasons(self, wait: Wait, answer: Any, object_id: str | None) -> list[str]:
        """Return what the tenant says of why it failed, here or where it keeps that."""
        found = _texts(answer, wait.reasons) if wait.reasons else []
        if wait.explain and not found:
            path = wait.explain.replace("{id}", quote(object_id or "", safe=""))
            found = _texts(await self.client.request("GET", path), wait.reasons)
        return list(dict.fromkeys(map(str, found)))

    def _resolve(self, pending: Pending) -> Json:
        brought = self.brought[pending.address][pending.wire]
        return f"{pending.prefix}{brought}" if pending.prefix else brought


def _texts(answer: Any, path: str) -> list[Json]:
    return [text for _, text in values_at(answer, path)]


def _creates(change: Change, write: Write) -> bool:
    create = BY_SECTION[change.section].create
    return create is not None and (write.method, write.path) == (create.method, create.path)


def _created(change: Change, write: Write, answer: Any) -> tuple[Mapping[str, Json], str | None]:
    """Return the object that a create brought, and its id if objects of its type have one."""
    id_field = BY_SECTION[change.section].id_field
    if id_field is None:
        return answer if isinstance(answer, Mapping) else {}, None
    if not isinstance(answer, Mapping) or not isinstance(answer.get(id_field), str):
        raise not_usable(write.method, write.path, f"the answer has no '{id_field}'")
    return answer, answer[id_field]


def _placed(change: Change, problem: Problem, sent: int) -> Problem:
    """Say of which resource and line a request's failure speaks, and what was done before it."""
    hint = problem.hint
    if change.action is Action.REPLACE and sent:
        hint = f"The old one is deleted already; apply again to create the new one. {hint}"
    return replace(problem, address=change.address, position=change.position, hint=hint)


def _not_done(wait: Wait, answer: Any, reasons: list[str]) -> Problem:
    """Return the problem of an object that failed to become ready, or took too long."""
    state = answer.get(wait.field)
    return Problem(
        code="not-ready",
        summary=f"its {wait.field} is '{state}', and not {' or '.join(wait.done)}",
        detail="; ".join(reasons[:_MAX_REASONS]),
        hint="Mend what the tenant says is wrong with it, then apply again.",
    )


def _skipped(change: Change, missing: list[str]) -> ChangeResult:
    return _not_tried(
        change,
        "dependency-failed",
        f"because {', '.join(missing)} was not applied",
        "Mend that one, then apply again: it goes on from there.",
    )


def _interrupted(change: Change) -> ChangeResult:
    return _not_tried(change, "interrupted", "as the run was stopped", "Apply again: it goes on from there.")


def _not_tried(change: Change, code: str, why: str, hint: str) -> ChangeResult:
    problem = Problem(
        code=code,
        summary=f"{change.address} was not tried, {why}",
        hint=hint,
        position=change.position,
        address=change.address,
    )
    return ChangeResult(
        address=change.address,
        action=change.action,
        status=Status.SKIPPED,
        position=change.position,
        problem=problem,
    )

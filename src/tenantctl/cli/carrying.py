"""Carry a plan out: alone in this folder, each request written down, and stopped by a signal without harm."""

from __future__ import annotations

import asyncio
import re
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import click
from filelock import FileLock, Timeout

from tenantctl.apply.doomed import with_all_of_the_doomed
from tenantctl.apply.executor import apply_plan
from tenantctl.apply.journal import FOLDER, open_journal
from tenantctl.apply.outcome import ChangeResult, Outcome
from tenantctl.cli.keeper import SecretKeeper
from tenantctl.cli.session import Session
from tenantctl.plan.model import Plan
from tenantctl.problems import Problem, ProblemsError
from tenantctl.tenant.client import TenantClient
from tenantctl.views.outcome_document import outcome_document
from tenantctl.views.text import render_outcome, render_result

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_PRIVATE = 0o600


@contextmanager
def alone_on(domain: str) -> Iterator[None]:
    """Hold the lock of a tenant in this folder: one apply at a time.

    Raises:
        ProblemsError: ``apply-running``: another has it; ``lock-unusable``.
    """
    path = FOLDER.parent / f"{re.sub(r'[^A-Za-z0-9.-]', '_', domain)}.lock"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path, timeout=0, mode=_PRIVATE).acquire()
    except Timeout:
        told = f"another apply to {domain} runs in this folder"
        hint = f"Wait until it has ended. It holds {path}, which it lets go of in any case when it ends."
        raise ProblemsError([Problem(code="apply-running", summary=told, hint=hint)]) from None
    except OSError as error:
        told = f"{path} can't be locked: {error.strerror}"
        raise ProblemsError([Problem(code="lock-unusable", summary=told)]) from None
    with lock:
        yield


async def carry_out(
    session: Session, client: TenantClient, plan: Plan, keeper: SecretKeeper
) -> tuple[Outcome, Path]:
    """Carry a plan out and show what came of it; return that, and its journal.

    Raises:
        ProblemsError: ``journal-unwritable``, before anything was sent.
    """

    def note(result: ChangeResult) -> None:
        # First of all: whatever happens next, the secret is safe.
        keeper.keep(Outcome(plan.domain, (result,)))
        session.output.talk(render_result(outcome_document(Outcome(plan.domain, (result,)))["changes"][0]))

    plan = await with_all_of_the_doomed(client, plan)
    with open_journal(plan) as journal, _stopped_by_signals(client, session.output.talk):
        outcome = await apply_plan(plan, client, on_result=note, record=journal.record)
        journal.end(outcome)
    session.output.data(render_outcome(outcome_document(outcome)))
    return outcome, journal.path


@contextmanager
def _stopped_by_signals(client: TenantClient, talk: Callable[[str], None]) -> Iterator[None]:
    """Let a first Ctrl-C or SIGTERM end the run after the requests in flight, and a second one at once.

    Raises:
        click.Abort: at the second.
    """
    loop, run = asyncio.get_running_loop(), asyncio.current_task()
    is_cut_off = False

    def stop() -> None:
        nonlocal is_cut_off
        if not client.is_stopped:
            client.stop()
            talk("Stopping after the requests that are on their way; once more to stop at once.")
        elif run is not None:
            is_cut_off = True
            run.cancel()

    # Where the system or the thread has no handlers, a signal ends the run as it ends every other.
    with suppress(NotImplementedError, RuntimeError):
        for number in _SIGNALS:
            loop.add_signal_handler(number, stop)
    try:
        yield
    except asyncio.CancelledError:
        if is_cut_off:
            raise click.Abort from None
        raise
    finally:
        with suppress(NotImplementedError):
            for number in _SIGNALS:
                loop.remove_signal_handler(number)

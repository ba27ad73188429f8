"""The embedded tenant in its state file, opened for one command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tenantctl.problems import Problem, ProblemsError
from tenantctl.sandbox.store import SandboxStore


@contextmanager
def open_state(state: Path) -> Iterator[SandboxStore]:
    """Open a state file, made with the folders above it if it is missing, and close it afterwards.

    Raises:
        ProblemsError: ``sandbox-state``.
    """
    try:
        state.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ProblemsError(
            [
                Problem(
                    code="sandbox-state",
                    summary=f"The sandbox's state file {state} can't be used.",
                    detail=f"{state.parent}: {error.strerror}",
                    hint="Name another file, as in --sandbox=FILE or --state FILE.",
                )
            ]
        ) from None
    with SandboxStore(state) as store:
        yield store

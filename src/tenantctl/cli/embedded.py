"""The embedded tenant in its state file, opened for one command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tenantctl.problems import Problem, ProblemsError
from tenantctl.sandbox.errors import ApiError
from tenantctl.sandbox.seed import seed
from tenantctl.sandbox.store import SandboxStore
from tenantctl.snapshot.read import misshapen, read_document
from tenantctl.snapshot.shape import ShapeError


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


def seed_from_file(store: SandboxStore, path: Path) -> None:
    """Replace sections of the default tenant by those of a snapshot.

    Raises:
        ProblemsError: ``bad-json``, ``bad-snapshot``; the tenant is as it was before.
    """
    source, document = read_document(path)
    try:
        with store.transaction():
            seed(store.tenant(), document)
    except ShapeError as error:
        raise misshapen(source, error) from None
    except (ValueError, ApiError) as error:
        reason = error.body["message"] if isinstance(error, ApiError) else str(error)
        problem = Problem(
            code="bad-snapshot",
            summary=f"{path} can't be put into the sandbox.",
            detail=str(reason),
            hint='A snapshot is {"format_version": "1.0", "domain": …, "sections": {"clients": […], …}}.',
        )
        raise ProblemsError([problem]) from None

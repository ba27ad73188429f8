"""Where words go: data to stdout, talk to stderr, colour only where it is wanted."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from tenantctl.config.replacing import replace_file
from tenantctl.problems import Problem, ProblemsError
from tenantctl.views.plan_document import problem_list
from tenantctl.views.text import render_problems

_PRIVATE = 0o600


class Output:
    """The two streams of one command.

    color: ``auto`` or None (a terminal, and ``NO_COLOR`` not set), ``always`` or ``never``.
    """

    def __init__(self, color: str | None = None) -> None:
        self.stdout = _console(color, stderr=False)
        self.stderr = _console(color, stderr=True)

    def data(self, text: Text | str) -> None:
        """Print a result to stdout."""
        _print(self.stdout, text)

    def json(self, document: Any) -> None:
        """Print a document to stdout as JSON."""
        is_unicode = (sys.stdout.encoding or "").lower().startswith("utf")
        sys.stdout.write(json_text(document, ascii_only=not is_unicode))

    def talk(self, text: Text | str) -> None:
        """Print progress, a warning or a hint to stderr; that nobody listens is no reason to stop."""
        with suppress(BrokenPipeError):
            _print(self.stderr, text)

    def problems(self, problems: Iterable[Problem]) -> None:
        """Print problems to stderr."""
        text = render_problems(problem_list(problems))
        if text:
            self.talk(text)


def _print(console: Console, text: Text | str) -> None:
    """Print text that may end its last line itself."""
    end = "" if str(text).endswith("\n") else "\n"
    console.print(text, soft_wrap=True, highlight=False, markup=False, end=end)


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Leave the decision to the caller, where rich would end the program."""
        raise BrokenPipeError


def _console(color: str | None, *, stderr: bool) -> Console:
    wanted = {"always": True, "never": False}.get(color or "auto")
    if wanted is None and os.environ.get("NO_COLOR"):
        wanted = False
    return _Console(
        stderr=stderr,
        force_terminal=wanted,
        no_color=not wanted if wanted is not None else None,
        color_system="auto" if wanted is not False else None,
    )


def json_text(document: Any, *, ascii_only: bool = False) -> str:
    """Return a document as it is printed and written."""
    return json.dumps(document, indent=2, ensure_ascii=ascii_only) + "\n"


def drop_stdout() -> None:
    """Let what is still to be flushed at exit go nowhere, after the reader of stdout has gone."""
    with open(os.devnull, "w") as nowhere, suppress(OSError, ValueError):  # noqa: PTH123  # a device, no file
        os.dup2(nowhere.fileno(), sys.stdout.fileno())


def write_private_file(path: Path, text: str) -> None:
    """Write a file that its owner alone may read (0600), as a whole or not at all, with the folders above it.

    Where the path is a link, what it leads to is written.

    Raises:
        ProblemsError: ``file-unwritable``.
    """
    target = path.resolve()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists() and not target.is_file():
            raise _unwritable(path, "it is no file")
        replace_file(target, text.encode("utf-8"), _PRIVATE)
    except OSError as error:
        raise _unwritable(path, error.strerror) from None


def write_file(path: Path, text: str) -> None:
    """Write a report or schema, with the folders above it.

    Raises:
        ProblemsError: ``file-unwritable``.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise _unwritable(path, error.strerror) from None


def _unwritable(path: Path, cause: str | None) -> ProblemsError:
    return ProblemsError([Problem(code="file-unwritable", summary=f"{path} cannot be written: {cause}")])

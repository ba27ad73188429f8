"""Where words go: data to stdout, talk to stderr, colour only where it is wanted."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from tenantctl.problems import Problem
from tenantctl.views.plan_document import problem_list
from tenantctl.views.text import render_problems


class Output:
    """The two streams of one command.

    color: ``auto`` (a terminal, and ``NO_COLOR`` not set), ``always`` or ``never``.
    """

    def __init__(self, color: str = "auto") -> None:
        self.stdout = _console(color, stderr=False)
        self.stderr = _console(color, stderr=True)

    def data(self, text: Text | str) -> None:
        """Print a result to stdout."""
        self.stdout.print(text, soft_wrap=True, highlight=False, markup=False)

    def json(self, document: Any) -> None:
        """Print a document to stdout as JSON."""
        sys.stdout.write(json.dumps(document, indent=2, ensure_ascii=False) + "\n")

    def talk(self, text: Text | str) -> None:
        """Print progress, a warning or a hint to stderr."""
        self.stderr.print(text, soft_wrap=True, highlight=False, markup=False)

    def problems(self, problems: Iterable[Problem]) -> None:
        """Print problems to stderr."""
        text = render_problems(problem_list(problems))
        if text:
            text.right_crop(1)
            self.talk(text)


def _console(color: str, *, stderr: bool) -> Console:
    wanted = None if color == "auto" else color == "always"
    if wanted is None and os.environ.get("NO_COLOR"):
        wanted = False
    return Console(
        stderr=stderr,
        force_terminal=wanted,
        no_color=wanted is False or None,
        color_system="auto" if wanted is not False else None,
    )


def write_file(path: Path, text: str) -> None:
    """Write a report or schema, with the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")

"""Ask before something is changed; without a terminal there is nobody to ask."""

from __future__ import annotations

import sys

import click


def is_confirmed(question: str, purpose: str) -> bool:
    """Ask a question of yes or no on stderr.

    Raises:
        click.UsageError: nobody can be asked; ``--yes`` would serve the `purpose`.
    """
    if not is_terminal():
        raise click.UsageError(f"nobody can be asked, as stdin is no terminal; pass --yes to {purpose}")
    return click.confirm(question, err=True)


def is_terminal() -> bool:
    """Return whether there is somebody to ask."""
    return sys.stdin.isatty()

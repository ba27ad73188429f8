"""Write ``docs/commands.md`` from the help texts of the commands; ``--check`` only compares."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from tenantctl.cli.main import tenantctl

PAGE = Path(__file__).parent.parent / "docs/commands.md"
_WIDTH = 100
_HEAD = """\
# Commands

Made from the commands' own help by `make docs`. `--sandbox`, `--domain`, `--config`, `--color` and `-v` may
stand before or after the command's name. Data goes to stdout, talk to stderr.

| exit code | `plan` | `plan --detailed-exitcode`, `drift` | `apply` | `verify`, `validate` |
|---|---|---|---|---|
| 0 | planned | no changes | applied and verified | all is well |
| 1 | error | error | error, a change failed, or a check failed | a check failed, or the file is not valid |
| 2 | | changes pending, drift | | |
| 64 | usage error, everywhere | | | |
"""


def _commands(
    command: click.Command, names: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield names, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            assert child is not None, name
            yield from _commands(child, (*names, name))


def make_page() -> str:
    """Return the text of the page."""
    parts = [_HEAD]
    for names, command in _commands(tenantctl, ("tenantctl",)):
        context = click.Context(
            command, info_name=" ".join(names), terminal_width=_WIDTH, max_content_width=_WIDTH
        )
        title = " ".join(names)
        parts.append(f"\n## {title}\n\n```\n{command.get_help(context)}\n```\n")
    return "".join(parts)


def main() -> int:
    """Write the page, or with ``--check`` compare it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    text = make_page()
    if parser.parse_args().check:
        fresh = PAGE.exists() and PAGE.read_text(encoding="utf-8") == text
        print("fresh" if fresh else f"{PAGE.name} is out of date; run make docs")
        return 0 if fresh else 1
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

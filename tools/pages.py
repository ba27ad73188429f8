"""Write the pages of ``docs/`` that are made from the program; ``--check`` only compares."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from tenantctl.cli.main import tenantctl
from tenantctl.explain.topic import explain, explain_all
from tenantctl.views.explain_markdown import index_page, section_page

DOCS = Path(__file__).parent.parent / "docs"
_WIDTH = 100
_COMMANDS_HEAD = """\
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


def make_commands() -> str:
    """Return the page of commands, from their help texts."""
    parts = [_COMMANDS_HEAD]
    for names, command in _commands(tenantctl, ("tenantctl",)):
        context = click.Context(
            command, info_name=" ".join(names), terminal_width=_WIDTH, max_content_width=_WIDTH
        )
        title = " ".join(names)
        parts.append(f"\n## {title}\n\n```\n{command.get_help(context)}\n```\n")
    return "".join(parts)


def make_pages() -> dict[str, str]:
    """Return every page by its path below ``docs/``."""
    index = explain_all()
    sections = [each["section"] for each in index["sections"]]
    return {
        "commands.md": make_commands(),
        "reference/README.md": index_page(index),
        **{f"reference/{name}.md": section_page(explain(name)) for name in sections},
    }


def _left_over(pages: Mapping[str, str]) -> list[Path]:
    """Return pages of sections that there are no more."""
    return [page for page in (DOCS / "reference").glob("*.md") if f"reference/{page.name}" not in pages]


def main() -> int:
    """Write the pages, or with ``--check`` compare them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    pages = make_pages()
    stale = [f"reference/{page.name}" for page in _left_over(pages)]
    if not check:
        for page in _left_over(pages):
            page.unlink()
    for name, text in pages.items():
        page = DOCS / name
        if not page.exists() or page.read_text(encoding="utf-8") != text:
            stale.append(name)
            if not check:
                page.parent.mkdir(exist_ok=True)
                page.write_text(text, encoding="utf-8")
    print(f"{'out of date, run make docs' if check else 'written'}: {', '.join(stale) or 'none'}")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())

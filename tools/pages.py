"""Write the pages of ``docs/`` that are made from the program; ``--check`` only compares."""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import click

from tenantctl.catalog.endpoints import Endpoint
from tenantctl.catalog.marks import ANY_OTHER
from tenantctl.catalog.registry import RESOURCE_TYPES
from tenantctl.catalog.spec import ResourceType
from tenantctl.cli.main import tenantctl

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


_SECTIONS_HEAD = """\
# Sections

Made from the catalog by `make docs`: what `tenant.yaml` can declare, what an entry is known by, and the
scopes that the tool's client needs (any one of those given for an operation). `tenantctl schema` has every
field.

| section | what | known by | read | write |
|---|---|---|---|---|
"""


def _key(resource_type: ResourceType) -> str:
    if resource_type.is_singleton:
        return "(there is one)"
    return ", ".join(f"`{name}`" for name in resource_type.key) or "(there is at most one)"


def _scopes(endpoints: Iterable[Endpoint | None]) -> str:
    named = dict.fromkeys(scope for each in endpoints if each is not None for scope in each.scopes)
    return ", ".join(f"`{scope}`" for scope in named) or "none"


def _told_with(resource_type: ResourceType) -> str:
    """Return which fields of a read need a scope of their own."""
    groups: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for name, scopes in resource_type.read_scopes.items():
        groups[scopes].append("the other fields" if name == ANY_OTHER else f"`{name}`")
    return "".join(
        f"; for {', '.join(names)}: {' or '.join(f'`{scope}`' for scope in scopes)}"
        for scopes, names in groups.items()
        if scopes
    )


def make_sections() -> str:
    """Return the page of sections, from the catalog."""
    rows = []
    for each in sorted(RESOURCE_TYPES, key=lambda each: each.section.lower()):
        lists = (*each.associations, *each.pools)
        reads = [each.listing.endpoint if each.listing else each.get]
        reads += [part.get for part in each.parts] + [one.listing.endpoint for one in lists]
        writes = [each.create, each.update, each.delete]
        writes += [part.update for part in each.parts] + [one.add for one in lists]
        fields = [part.field for part in each.parts] + [one.field for one in each.associations]
        fields += [link for pool in each.pools for link in pool.links]
        names = ", ".join(f"`{name}`" for name in fields)
        title = f"{each.title}, with {names}" if names else each.title
        told = _scopes(reads) + _told_with(each)
        rows.append(f"| `{each.section}` | {title} | {_key(each)} | {told} | {_scopes(writes)} |\n")
    return _SECTIONS_HEAD + "".join(rows)


PAGES: Mapping[str, Callable[[], str]] = {"commands.md": make_commands, "sections.md": make_sections}


def main() -> int:
    """Write the pages, or with ``--check`` compare them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    stale = []
    for name, make in PAGES.items():
        page, text = DOCS / name, make()
        if not page.exists() or page.read_text(encoding="utf-8") != text:
            stale.append(name)
            if not check:
                page.write_text(text, encoding="utf-8")
    print(f"{'out of date, run make docs' if check else 'written'}: {', '.join(stale) or 'none'}")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())

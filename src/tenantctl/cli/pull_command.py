"""``tenantctl pull``: bring the live tenant into the configuration."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import click

from tenantctl.cli.main import EXIT_ERROR
from tenantctl.cli.options import file_option, only_option, tenant_options
from tenantctl.cli.session import Session
from tenantctl.cli.steps import check_only, make_policy
from tenantctl.config.load import Draft, Loaded
from tenantctl.config.writing import write_files
from tenantctl.problems import Problem, ProblemsError
from tenantctl.pull.interest import pull_interest
from tenantctl.pull.model import Pulled
from tenantctl.pull.rounds import pull as pull_edits
from tenantctl.pull.secrets import secret_texts
from tenantctl.states import Current
from tenantctl.tenant.read import read_current
from tenantctl.views.pull_document import pull_document
from tenantctl.views.pull_text import file_diff, render_diff, render_pull


@click.command()
@file_option
@click.option(
    "--all", "everything", is_flag=True, help="Add what the file lacks, too, or all if there is none."
)
@click.option("--out", metavar="FILE", help="Write all of the tenant to a new YAML file.")
@click.option(
    "--directory", metavar="FOLDER", help="Write all of it to a new folder, in the directory layout."
)
@click.option("--diff", is_flag=True, help="Show what would be written, and write nothing.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@only_option
@tenant_options
def pull(session: Session, file: str, form: str, *, diff: bool, **flags: Any) -> int:
    """Bring the live tenant into the configuration: what differs is edited, all other text stays.

    After it a plan is empty. Comments, order, anchors, quotes and keywords are kept; secrets become keywords.
    """
    source = _source(file, flags)
    loaded, current, pulled = asyncio.run(_make(session, source, flags["only"]))
    changes = file_diff(pulled.files, secret_texts(loaded.desired, current)) if diff else ""
    if not diff:
        write_files(pulled.files, loaded.roots)
    document = pull_document(pulled, written=not diff)
    if form == "json":
        session.output.json({**document, "diff": changes} if diff else document)
    elif diff:
        session.output.data(render_diff(changes))
        session.output.talk(render_pull({**document, "changes": []}))
    else:
        session.output.data(render_pull(document))
    return EXIT_ERROR if any(problem.is_error for problem in pulled.problems) else 0


@dataclass(frozen=True, slots=True)
class _Source:
    """The configuration that is pulled into. new_layout: as in `Draft`."""

    path: str
    everything: bool
    new_layout: bool | None = None

    def draft(self, texts: Mapping[Path, str | None] = MappingProxyType({})) -> Draft:
        return Draft(texts, self.new_layout)


def _source(file: str, flags: Mapping[str, Any]) -> _Source:
    """Return what to pull into.

    Raises:
        click.UsageError: both kinds of new files are asked for.
        ProblemsError: what is to be new is there already.
    """
    out, directory = flags["out"], flags["directory"]
    if out and directory:
        raise click.UsageError("--out and --directory exclude each other.")
    if not out and not directory:
        is_new = flags["everything"] and not Path(file).exists()
        return _Source(file, flags["everything"], new_layout=False if is_new else None)
    new = Path(directory or out)
    if new.is_file() or (new.is_dir() and (out or any(new.iterdir()))):
        hint = f"To pull into what is there: tenantctl pull --all -f {new}"
        raise ProblemsError([Problem(code="file-exists", summary=f"{new} exists already", hint=hint)])
    return _Source(str(new), everything=True, new_layout=bool(directory))


async def _make(session: Session, source: _Source, only: tuple[str, ...]) -> tuple[Loaded, Current, Pulled]:
    """Load the configuration, read the tenant, and find what to edit."""
    loaded = session.load(source.path, source.draft())
    policy = make_policy(loaded, {"only": only})
    async with session.connect() as client:
        interest = pull_interest(loaded.desired, everything=source.everything)
        current = await read_current(client, interest)
    pulled = pull_edits(
        loaded,
        current,
        policy,
        lambda texts: session.read(source.path, source.draft(texts)),
        everything=source.everything,
    )
    check_only(only, loaded, (change.address for change in pulled.changes))
    return loaded, current, pulled

"""``tenantctl init``: write a starter tenant.yaml, or take over what auth0-deploy-cli exported."""

from __future__ import annotations

import asyncio
from importlib.resources import files
from pathlib import Path

import click

from tenantctl.cli.adopt import adopt
from tenantctl.cli.options import DEFAULT_FILE, tenant_options
from tenantctl.cli.output import write_file
from tenantctl.cli.plan_command import make, show
from tenantctl.cli.session import Session
from tenantctl.problems import Problem, ProblemsError


@click.command()
@click.option("-f", "--file", default=DEFAULT_FILE, show_default=True, type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Overwrite an existing file.")
@click.option(
    "--from-deploy-cli",
    "folder",
    metavar="FOLDER",
    type=click.Path(path_type=Path),
    help="Take over the files and the config.json of auth0-deploy-cli.",
)
@tenant_options
def init(session: Session, file: Path, folder: Path | None, force: bool) -> None:  # noqa: FBT001  # click passes options by name
    """Write a commented starter file: an API, a machine-to-machine app, its grant, and a check.

    With --from-deploy-cli: add a 'tenantctl:' block that keeps what config.json means to the files that are
    there, and plan.
    """
    if folder is not None:
        source = adopt(session, folder)
        made, _ = asyncio.run(make(session, str(source), None, {}))
        show(session, made, "text")
        return
    if file.exists() and not force:
        raise ProblemsError(
            [
                Problem(
                    code="file-exists",
                    summary=f"{file} exists already",
                    hint="Pass --force to overwrite it, or -f to write another file.",
                )
            ]
        )
    write_file(file, files("tenantctl.config").joinpath("starter.yaml").read_text(encoding="utf-8"))
    session.output.talk(f"Wrote {file}. Next: tenantctl --sandbox plan")

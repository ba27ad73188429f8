"""``tenantctl init``: write a starter tenant.yaml."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import click

from tenantctl.cli.options import DEFAULT_FILE
from tenantctl.cli.output import Output, write_file
from tenantctl.problems import Problem, ProblemsError


@click.command()
@click.option("-f", "--file", default=DEFAULT_FILE, show_default=True, type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Overwrite an existing file.")
def init(file: Path, force: bool) -> None:  # noqa: FBT001  # click passes options by name
    """Write a commented starter file: an API, a machine-to-machine app, its grant, and a check."""
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
    Output().talk(f"Wrote {file}. Next: tenantctl --sandbox plan")

"""``tenantctl schema``: the JSON Schema of tenant.yaml, for editors."""

from __future__ import annotations

from pathlib import Path

import click

from tenantctl.cli.output import Output, json_text, write_file
from tenantctl.config.schema import make_schema


@click.command()
@click.option("--out", type=click.Path(path_type=Path), help="Write to a file instead of stdout.")
def schema(out: Path | None) -> None:
    """Print the JSON Schema of tenant.yaml, for completion and checks in an editor."""
    if out is None:
        Output().json(make_schema())
        return
    write_file(out, json_text(make_schema()))
    Output().talk(f"Wrote {out}. In an editor: # yaml-language-server: $schema={out}")

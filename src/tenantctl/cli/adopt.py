"""Take over a folder of auth0-deploy-cli: its files as they are, its settings as a block of ours."""

from __future__ import annotations

from pathlib import Path

from tenantctl.cli.output import write_file
from tenantctl.cli.session import Session
from tenantctl.config.adoption import make_adoption
from tenantctl.config.directory import OPTIONS_FILE
from tenantctl.config.files import read_settings
from tenantctl.config.validate import OPTIONS
from tenantctl.problems import Position, Problem, ProblemsError
from tenantctl.views.text import count_of

_CONFIG = "config.json"
_YAML = ("tenant.yaml", "tenant.yml")


def adopt(session: Session, folder: Path) -> Path:
    """Write the block, say what has to be known, and return what is to be planned from now on.

    Raises ProblemsError if the folder holds no configuration, or has such a block already.
    """
    config = folder / _CONFIG
    if not session.config and config.is_file():
        session.config = read_settings(config)
    source = next((folder / name for name in _YAML if (folder / name).is_file()), folder)
    target = folder / OPTIONS_FILE if source is folder else source
    before = target.read_text(encoding="utf-8") if target.is_file() else ""
    if any(line.startswith(f"{OPTIONS}:") for line in before.splitlines()):
        raise ProblemsError([_is_ours(target)])
    settings = {**session.config, **session.variables}
    loaded = session.read(str(source))
    adoption = make_adoption(settings, loaded)
    if adoption.text:
        gap = "" if not before else "\n" if before.endswith("\n") else "\n\n"
        write_file(target, f"{before}{gap}{adoption.text}")
    done = f"Wrote the '{OPTIONS}:' block to {target}" if adoption.text else f"{source} needs no block"
    number = sum(map(len, loaded.desired.sections.values()))
    session.output.talk(f"{done}. The files declare {count_of(number, 'resource')}.")
    for note in adoption.notes:
        session.output.talk(f"Note: {note}")
    return source


def _is_ours(path: Path) -> Problem:
    return Problem(
        code="block-exists",
        summary=f"{path} has a '{OPTIONS}:' block already",
        hint="Plan it: it is taken over. Or take the block out first.",
        position=Position(str(path), 1, 1),
    )

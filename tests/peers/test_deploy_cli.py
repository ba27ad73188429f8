"""auth0-deploy-cli on the sandbox: all of it exports and imports; a second export equals the first.

tenantctl reads what it exported, in either layout, and finds no change.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.cli.served import Served, run_process
from tests.peers.conftest import Node

FILLED = Path(__file__).parent / "filled.yaml"

Deploy = Callable[..., None]


@pytest.fixture
def deploy(node: Node, node_modules: Path, tmp_path: Path) -> Deploy:
    """Run one command of auth0-deploy-cli, which has to succeed."""
    program = str(node_modules / "auth0-deploy-cli" / "lib" / "index.js")

    def run(*arguments: str) -> None:
        done = node(program, *arguments, cwd=tmp_path)
        assert done.returncode == 0, _told(done)

    return run


def _told(done: subprocess.CompletedProcess[str]) -> str:
    lines = [line for line in (done.stdout + done.stderr).splitlines() if "info" not in line]
    return "\n".join(lines[-40:])


def settings(served: Served, token: str) -> dict[str, str]:
    """Return what tells tenantctl of the tenant."""
    return {
        "AUTH0_DOMAIN": served.secure_domain,
        "AUTH0_ACCESS_TOKEN": token,
        "AUTH0_CA_BUNDLE": str(served.ca),
    }


def fill(served: Served, token: str) -> None:
    """Give the tenant something of most kinds, by tenantctl itself."""
    env, folder = settings(served, token), served.state.parent
    done = run_process("apply", "--yes", "--no-verify", "-f", str(FILLED), env=env, cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("layout", ["yaml", "directory"])
@pytest.mark.parametrize("is_filled", [False, True], ids=["empty", "filled"])
def test_export_import_export(
    served: Served, token: str, deploy: Deploy, tmp_path: Path, layout: str, *, is_filled: bool
) -> None:
    httpx.post(f"{served.url}/__sandbox__/reset")
    if is_filled:
        fill(served, token)
    first, second = tmp_path / "first", tmp_path / "second"
    source = first / "tenant.yaml" if layout == "yaml" else first
    deploy("export", "--format", layout, "--output_folder", str(first))
    planned = run_process("plan", "-f", str(source), env=settings(served, token), cwd=tmp_path)
    assert "No changes: " in planned.stdout, planned.stdout + planned.stderr
    assert "[read-only-field]" not in planned.stderr
    assert "[unknown-field]" not in planned.stderr
    deploy("import", "--input_file", str(source), "--dry-run")
    deploy("import", "--input_file", str(source))
    deploy("export", "--format", layout, "--output_folder", str(second))
    assert contents(second) == contents(first)


def contents(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }

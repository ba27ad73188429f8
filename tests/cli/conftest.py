from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import chdir, closing
from pathlib import Path

import pytest
from tenacity import wait_none

from tenantctl.cli.main import main

from .administrator import Administrator
from .program import Program
from .served import Served, serve_sandbox


@pytest.fixture(autouse=True)
def _impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let retries follow each other at once."""
    for name in ("wait_exponential", "wait_random"):
        monkeypatch.setattr(f"tenantctl.verify.patience.{name}", lambda *_, **__: wait_none())
    monkeypatch.setattr("tenantctl.tenant.rate_limit.MAX_WAIT_SECONDS", 0.0)


@pytest.fixture
def run(project: Path, capsys: pytest.CaptureFixture[str]) -> Program:
    """The command line in an empty folder."""
    return Program(capsys)


@pytest.fixture(scope="session")
def _template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the starter file was applied to the sandbox."""
    folder = tmp_path_factory.mktemp("applied")
    with chdir(folder):
        assert main(["init"]) == 0
        assert main(["apply", "--sandbox", "--yes"]) == 0
    return folder


@pytest.fixture
def administrator(project: Path, _template: Path) -> Administrator:
    """The folder after ``init`` and ``apply --sandbox``, and somebody who may change its tenant."""
    shutil.copytree(_template, project, dirs_exist_ok=True)
    return Administrator(Path(".tenantctl/sandbox.db"))


@pytest.fixture
def starter(run: Program) -> Path:
    """The starter file in the current folder."""
    assert run("init").code == 0
    return Path("tenant.yaml")


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A sandbox that listens on HTTP and HTTPS, as a process of its own."""
    with serve_sandbox(tmp_path_factory.mktemp("served")) as sandbox:
        yield sandbox


@pytest.fixture
def corrupt_state(project: Path) -> Path:
    """A file that is an SQLite database, but no sandbox's."""
    path = Path("corrupt.db")
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE tenants (nothing TEXT)")
        database.commit()
    return path

"""A served sandbox for other people's clients, and those clients.

The ones for Node are installed by ``make peers``; without them their tests are skipped, and fail in CI.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from tests.cli.served import Served, run_process, serve_sandbox
from tests.conftest import IN_CI

HERE = Path(__file__).parent
_SECONDS = 300
_NODE = shutil.which("node")

Node = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A sandbox over HTTP and HTTPS."""
    with serve_sandbox(tmp_path_factory.mktemp("served")) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def token(served: Served) -> str:
    """An access token for the sandbox's Management API."""
    return run_process("sandbox", "token", "--state", str(served.state)).stdout.strip()


@pytest.fixture(scope="session")
def node_modules() -> Path:
    """Where the clients for Node are."""
    installed = HERE / "node_modules"
    missing = "there is no node" if _NODE is None else "run `make peers`"
    if _NODE and installed.is_dir():
        return installed
    if IN_CI:
        pytest.fail(f"the clients for Node are not there: {missing}")
    pytest.skip(f"the clients for Node are not there: {missing}")


@pytest.fixture(scope="module")
def node_env(served: Served, token: str, node_modules: Path) -> Mapping[str, str]:
    """The environment of a program of Node that is to use the sandbox."""
    known = {
        "AUTH0_DOMAIN": served.secure_domain,
        "AUTH0_ACCESS_TOKEN": token,
        "NODE_EXTRA_CA_CERTS": str(served.ca),
        "NODE_PATH": str(node_modules),
    }
    return {**os.environ, **known}


@pytest.fixture
def node(node_env: Mapping[str, str]) -> Node:
    """Run a program of Node against the sandbox."""

    def run(
        program: str, *arguments: str, cwd: Path = HERE, stdin: str = "", **env: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(_NODE), program, *arguments],
            check=False,
            capture_output=True,
            encoding="utf-8",
            input=stdin,
            cwd=cwd,
            env={**node_env, **env},
            timeout=_SECONDS,
        )

    return run

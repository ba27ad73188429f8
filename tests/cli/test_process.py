"""The program as a process: exit codes, pipes, signals, the served sandbox from end to end."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import httpx
import pytest

from .administrator import Administrator
from .program import Program
from .served import PROGRAM, Served, run_process, serve_sandbox

SCRIPT = Path(sys.executable).with_name("tenantctl")


def test_module_and_script_are_the_same_program(project: Path) -> None:
    script = subprocess.run([SCRIPT, "--version"], check=False, capture_output=True, text=True)
    assert (script.returncode, script.stdout) == (0, run_process("--version").stdout)


@pytest.mark.parametrize(
    ("line", "code"),
    [("validate", 0), ("plan --sandbox", 0), ("drift --sandbox", 2), ("verify", 1), ("plan --sandbx", 64)],
)
def test_exit_code(line: str, code: int, starter: Path) -> None:
    ended = run_process(*line.split())
    assert ended.returncode == code, ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_token_through_a_pipe(administrator: Administrator) -> None:
    issued = run_process("--sandbox", "token", "issue")
    inspected = run_process("--sandbox", "token", "inspect", "-", stdin=issued.stdout)
    assert inspected.returncode == 0
    assert "No fault found." in inspected.stdout


@pytest.mark.parametrize("line", ["schema", "plan --sandbox --format json", "plan --sandbox"])
def test_a_reader_that_goes_away(line: str, administrator: Administrator) -> None:
    command = [*PROGRAM, *line.split()]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        talk = process.stderr.read()
    assert "Traceback" not in talk
    assert "BrokenPipe" not in talk


def test_an_apply_whose_talk_nobody_reads_ends_its_work(starter: Path, run: Program) -> None:
    command = [*PROGRAM, "apply", "--sandbox", "--yes"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        process.stderr.close()
        process.stdout.read()
    assert process.returncode == 0
    assert run("verify", "--sandbox").code == 0


@pytest.mark.parametrize("env", [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"}])
def test_a_terminal_without_unicode(env: Mapping[str, str], administrator: Administrator) -> None:
    administrator.patch_client(description="naïve — 例")
    for line in ("verify --sandbox", "plan --sandbox", "plan --sandbox --format json"):
        ended = run_process(*line.split(), env=env)
        assert (ended.returncode, "Traceback" in ended.stderr) == (0, False), ended.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serve_stops_cleanly(number: signal.Signals, tmp_path: Path) -> None:
    with serve_sandbox(tmp_path) as sandbox:
        assert re.fullmatch(
            r"Sandbox ready at http://127\.0\.0\.1:\d+ and https://127\.0\.0\.1:\d+\n", sandbox.line
        )
        assert httpx.get(f"{sandbox.url}/.well-known/openid-configuration").status_code == 200
        sandbox.process.send_signal(number)
        assert sandbox.process.wait(timeout=10) == 0
        assert sandbox.process.stdout
        assert sandbox.process.stdout.read() == ""


def test_with_an_access_token(served: Served, starter: Path, run: Program) -> None:
    httpx.post(f"{served.url}/__sandbox__/reset")
    token = run("sandbox", "token", "--state", str(served.state)).out.strip()
    env = {"AUTH0_ACCESS_TOKEN": token}
    result = run("apply", "--yes", "--domain", served.url, env=env)
    assert result.code == 0, result
    assert f"Tenant: {served.url.removeprefix('http://')}" in result.err
    assert run("drift", env={**env, "AUTH0_DOMAIN": served.url}).code == 0
    assert run("verify", "--domain", served.url, env=env).code == 0


def test_with_the_tools_own_client(served: Served, starter: Path, run: Program) -> None:
    httpx.post(f"{served.url}/__sandbox__/reset")
    token = run("sandbox", "token", "--state", str(served.state)).out.strip()
    clients = httpx.get(f"{served.url}/api/v2/clients", headers={"Authorization": f"Bearer {token}"}).json()
    (own,) = (client for client in clients if client["name"] == "tenantctl")
    env = {
        "AUTH0_DOMAIN": served.secure_domain,
        "AUTH0_CLIENT_ID": own["client_id"],
        "AUTH0_CLIENT_SECRET": own["client_secret"],
        "AUTH0_CA_BUNDLE": str(served.ca),
    }
    assert run("apply", "--yes", env=env).code == 0
    drift = run("drift", env=env)
    assert drift.code == 0
    assert "1 token request" in drift.err

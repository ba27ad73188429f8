"""An apply that a signal ends, that is cut off, or that is not alone: nothing is lost, nothing done twice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from .program import Program
from .served import PROGRAM, Served

ROLES = 30
PATIENCE_SECONDS = 20


class ServedTenant:
    """A fresh tenant on a served sandbox, and the environment of commands that are to talk to it."""

    def __init__(self, served: Served, run: Program) -> None:
        self.url = served.url
        httpx.post(f"{self.url}/__sandbox__/reset").raise_for_status()
        token = run("sandbox", "token", "--state", str(served.state)).out.strip()
        self.env = {"AUTH0_DOMAIN": served.url, "AUTH0_ACCESS_TOKEN": token}

    def faults(self, *faults: str) -> None:
        httpx.put(f"{self.url}/__sandbox__/faults", json={"faults": list(faults)}).raise_for_status()

    def get(self, path: str) -> list[dict[str, Any]]:
        headers = {"Authorization": f"Bearer {self.env['AUTH0_ACCESS_TOKEN']}"}
        found: list[dict[str, Any]] = httpx.get(f"{self.url}/api/v2/{path}", headers=headers).json()
        return found

    def patch(self, path: str, body: Any) -> None:
        headers = {"Authorization": f"Bearer {self.env['AUTH0_ACCESS_TOKEN']}"}
        httpx.patch(f"{self.url}/api/v2/{path}", headers=headers, json=body).raise_for_status()

    def writes(self) -> int:
        requests = httpx.get(f"{self.url}/__sandbox__/requests").json()["requests"]
        return sum(each["method"] != "GET" for each in requests)

    def await_writes(self, count: int) -> None:
        until = time.monotonic() + PATIENCE_SECONDS
        while self.writes() < count:
            assert time.monotonic() < until
            time.sleep(0.02)


@pytest.fixture
def tenant(served: Served, run: Program) -> Iterator[ServedTenant]:
    made = ServedTenant(served, run)
    yield made
    made.faults()


@contextmanager
def applying(tenant: ServedTenant) -> Iterator[subprocess.Popen[str]]:
    command = [*PROGRAM, "apply", "--yes", "--no-verify"]
    env = {**os.environ, **tenant.env}
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, env=env, text=True, **streams) as process:  # type: ignore[call-overload]  # the streams are two
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


def write_roles() -> None:
    entries = "".join(f"  - {{name: role {number:02}}}\n" for number in range(ROLES))
    Path("tenant.yaml").write_text(f"roles:\n{entries}", encoding="utf-8")


def journals() -> list[list[dict[str, Any]]]:
    found = sorted(Path(".tenantctl/journal").glob("*.jsonl"))
    return [[json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] for path in found]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_after_the_requests_in_flight(
    number: signal.Signals, tenant: ServedTenant, run: Program
) -> None:
    write_roles()
    tenant.faults("latency=500ms:POST")
    with applying(tenant) as process:
        tenant.await_writes(1)
        process.send_signal(number)
        out, err = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 130, err
    assert "Stopping after the requests that are on their way" in err
    applied = len(tenant.get("roles"))
    assert 0 < applied < ROLES
    # What was in flight is told as applied, and the rest as not tried.
    counted = next(line.split() for line in out.splitlines() if line.split()[:1] == ["create"])
    assert counted == ["create", str(applied), "0", str(ROLES - applied)]
    (journal,) = journals()
    assert journal[-1]["event"] == "end"
    assert (journal[-1]["applied"], journal[-1]["skipped"]) == (applied, ROLES - applied)

    tenant.faults()
    result = run("apply", "--yes", "--no-verify", env=tenant.env)
    assert result.code == 0
    assert sorted(each["name"] for each in tenant.get("roles")) == [
        f"role {each:02}" for each in range(ROLES)
    ]


def test_a_second_signal_ends_it_at_once(tenant: ServedTenant, run: Program) -> None:
    write_roles()
    tenant.faults("latency=15s:POST")
    with applying(tenant) as process:
        tenant.await_writes(0)
        until = time.monotonic() + PATIENCE_SECONDS
        while not any(each["event"] == "sending" for each in (journals() or [[]])[-1]):
            assert time.monotonic() < until
            time.sleep(0.02)
        started = time.monotonic()
        process.send_signal(signal.SIGINT)
        assert process.stderr
        while "once more to stop at once" not in process.stderr.readline():
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=PATIENCE_SECONDS)
        assert time.monotonic() - started < 10
    assert process.returncode == 130
    assert "Traceback" not in err
    tenant.faults()
    result = run("apply", "--yes", "--no-verify", env=tenant.env)
    assert result.code == 0
    assert "An earlier apply was cut off" in result.err
    assert len(tenant.get("roles")) == ROLES


def test_a_signal_ends_the_waiting_for_the_rate_limit(tenant: ServedTenant) -> None:
    write_roles()
    tenant.faults("429:POST")
    with applying(tenant) as process:
        tenant.await_writes(1)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 130, err
    assert tenant.get("roles") == []


def test_a_secret_that_was_lost_with_an_answer_is_found_again(tenant: ServedTenant, run: Program) -> None:
    assert run("init").code == 0
    assert run("apply", "--yes", env=tenant.env).code == 0
    # As if a kill had come before the answer to the creation was heard.
    Path(".env.local").unlink()
    (path,) = Path(".tenantctl/journal").glob("*.jsonl")
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    heard = (number for number, line in enumerate(lines) if '"sent"' in line and '"clients/AAA M2M"' in line)
    path.write_text("".join(lines[: next(heard)]), encoding="utf-8")

    planned = run("plan", env=tenant.env)
    assert "An earlier apply was cut off" in planned.err
    assert "not known to be done: clients/AAA M2M" in planned.words
    result = run("apply", "--yes", env=tenant.env)
    assert result.code == 0, result.err
    (client,) = (each for each in tenant.get("clients") if each["name"] == "AAA M2M")
    kept = Path(".env.local").read_text(encoding="utf-8")
    assert client["client_id"] in kept
    assert client["client_secret"] in kept
    assert "cut off" not in run("plan", env=tenant.env).err


def test_what_no_read_tells_is_sent_again_where_it_may_not_have_arrived(
    tenant: ServedTenant, run: Program
) -> None:
    Path("tenant.yaml").write_text(
        "eventStreams:\n  - name: hook\n    subscriptions: [{event_type: user.created}]\n"
        "    destination:\n      type: webhook\n      configuration:\n"
        "        webhook_endpoint: https://hook.example/\n"
        '        webhook_authorization: {method: bearer, token: "##TOKEN##"}\n',
        encoding="utf-8",
    )
    env = {**tenant.env, "TOKEN": "first"}
    tenant.faults("503-after:POST /event-streams")
    assert run("apply", "--yes", "--no-verify", env=env).code == 1
    tenant.faults()
    planned = run("plan", env=env)
    assert "left something open" in planned.err
    assert "secrets are sent again, as they may not have arrived" in planned.words
    assert run("apply", "--yes", "--no-verify", env=env).code == 0
    assert "No changes" in run("plan", env=env).out


def test_another_apply_in_the_same_folder_is_refused(tenant: ServedTenant, run: Program) -> None:
    write_roles()
    tenant.faults("latency=2s:POST")
    with applying(tenant) as process:
        until = time.monotonic() + PATIENCE_SECONDS
        while not Path(".tenantctl/journal").exists():
            assert time.monotonic() < until
            time.sleep(0.02)
        result = run("apply", "--yes", env=tenant.env)
        process.kill()
    assert result.code == 1
    assert "[apply-running]" in result.err
    # The lock went with the process that held it.
    tenant.faults()
    assert run("apply", "--yes", "--no-verify", env=tenant.env).code == 0


def test_an_apply_somewhere_else_is_noticed(
    tenant: ServedTenant, run: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("init").code == 0
    assert run("apply", "--yes", env=tenant.env).code == 0
    (api,) = (each for each in tenant.get("resource-servers") if each["name"] == "AAA API")
    tenant.patch(f"resource-servers/{api['id']}", {"signing_alg": "HS256"})

    def interfere(_: str, __: str) -> bool:
        tenant.patch(f"resource-servers/{api['id']}", {"signing_alg": "PS256"})
        return True

    monkeypatch.setattr("tenantctl.cli.apply_command.is_confirmed", interfere)
    before = tenant.writes()
    result = run("apply", env=tenant.env)
    assert result.code == 1
    assert "resourceServers/https://aaa-api has changed since it was read: signing_alg" in result.words
    assert tenant.writes() == before + 1  # the other's

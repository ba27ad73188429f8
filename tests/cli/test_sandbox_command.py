"""``tenantctl sandbox``: what the command line adds to the sandbox."""

from __future__ import annotations

import json
import ssl
from pathlib import Path
from typing import Any

import httpx
import pytest

from .program import Program
from .served import serve_sandbox


def test_a_snapshot_is_put_into_the_sandbox(run: Program, starter: Path) -> None:
    roles = [{"id": "rol_1", "name": "Reader", "description": "reads"}]
    Path("snapshot.json").write_text(json.dumps({"sections": {"roles": roles}}), encoding="utf-8")

    assert run("sandbox", "seed", "snapshot.json").code == 0

    starter.write_text("roles:\n  - name: Reader\n    description: writes\n", encoding="utf-8")
    (change,) = run("plan", "--sandbox", "--format", "json").json()["changes"]
    assert (change["id"], change["fields"][0]["before"]) == ("rol_1", "reads")


@pytest.mark.parametrize(
    ("content", "code", "reason"),
    [
        ("{", "bad-json", "snapshot.json:1:2: error: this is not JSON: Expecting"),
        ("[]", "bad-snapshot", "snapshot.json:1:1: error: a snapshot is an object with 'sections'"),
        (
            '{"sections": {"nope": []}}',
            "bad-snapshot",
            "snapshot.json:1:23: error: there is no section 'nope'",
        ),
        ('{"sections": {"roles": [{"id": "rol_1", "name": 1}]}}', "bad-snapshot", "name"),
    ],
)
def test_what_is_no_snapshot(run: Program, content: str, code: str, reason: str) -> None:
    Path("snapshot.json").write_text(content, encoding="utf-8")

    result = run("sandbox", "seed", "snapshot.json")

    assert result.code == 1
    assert f"[{code}]" in result.err
    assert reason in result.err


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("--fault", "503:rate=2"), "'2' is no rate from 0 to 1"),
        (("--fault", "latency=1ms", "--fault", "slow"), "unknown kind 'slow'"),
        (("--rate-limit", "gold"), "Unknown rate limit 'gold'"),
    ],
)
def test_trouble_that_is_none_is_a_usage_error(run: Program, arguments: tuple[str, ...], reason: str) -> None:
    result = run("sandbox", "serve", "--port", "0", *arguments)

    assert result.code == 64
    assert reason in " ".join(result.err.split())
    assert not Path(".tenantctl").exists()


def test_the_faults_of_the_command_line(tmp_path: Path) -> None:
    trouble = ("--fault", "503:GET /roles:nth=2", "--rate-limit", "50", "--seed", "7")
    with serve_sandbox(tmp_path, *trouble, "--management-token", "secret") as sandbox:
        headers = {"Authorization": "Bearer secret"}
        with httpx.Client(base_url=sandbox.url, headers=headers) as http:
            answers = [http.get("/api/v2/roles") for _ in range(3)]
            in_force: dict[str, Any] = http.get("/__sandbox__/faults").json()

    assert [answer.status_code for answer in answers] == [200, 503, 200]
    assert answers[0].headers["x-ratelimit-limit"] == "50"
    assert in_force == {
        "faults": ["503:GET /roles:nth=2"],
        "rate_limit": "50",
        "seed": 7,
        "stale_jwks": False,
    }


def test_the_certificate_lies_beside_the_state(tmp_path: Path) -> None:
    state = tmp_path / "deep" / "state.db"
    with serve_sandbox(tmp_path, "--state", str(state), ca_out=False) as sandbox:
        context = ssl.create_default_context(cafile=str(state.with_name("sandbox-ca.pem")))
        url = f"https://{sandbox.secure_domain}/.well-known/jwks.json"
        assert httpx.get(url, verify=context).status_code == 200

"""The job from end to end: plan, apply, nothing left to do; a change by hand is caught and mended."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .administrator import Administrator
from .program import Program
from .test_token_errors import ENCRYPTION

MANAGEMENT = "/api/v2/"


def writes(administrator: Administrator) -> list[tuple[str, str]]:
    found = administrator.requests()
    return [(method, path) for method, path in found if path.startswith(MANAGEMENT) and method != "GET"]


def test_from_an_empty_tenant_to_nothing_to_do(starter: Path, run: Program) -> None:
    first = run("plan", "--sandbox", "--format", "json").json()
    assert first["summary"]["create"] == len(first["changes"]) == 3
    assert [change["section"] for change in first["changes"]] == [
        "resourceServers",
        "clients",
        "clientGrants",
    ]

    administrator = Administrator(Path(".tenantctl/sandbox.db"))
    assert writes(administrator) == []
    assert run("apply", "--sandbox", "--yes").code == 0
    assert [method for method, _ in writes(administrator)] == ["POST"] * 3

    administrator.clear_requests()
    second = run("plan", "--sandbox", "--format", "json").json()
    assert second["changes"] == []
    assert second["summary"]["no-op"] == 3
    assert run("plan", "--sandbox", "--detailed-exitcode").code == 0
    assert run("drift", "--sandbox").code == 0
    again = run("apply", "--sandbox", "--yes")
    assert again.code == 0
    assert "No changes" in again.out
    assert administrator.requests()
    assert writes(administrator) == []


@pytest.mark.parametrize(
    ("field", "value", "cause"),
    [("signing_alg", "HS256", "wrong-algorithm"), ("token_encryption", ENCRYPTION, "token-encrypted-api")],
)
def test_a_change_behind_the_tools_back(
    field: str, value: Any, cause: str, administrator: Administrator, run: Program
) -> None:
    assert run("drift", "--sandbox").code == 0
    administrator.patch_api(**{field: value})

    drift = run("drift", "--sandbox")
    assert drift.code == 2
    assert field in drift.out
    assert "Drift" in drift.err
    verify = run("verify", "--sandbox")
    assert verify.code == 1
    assert f"[{cause}]" in verify.out

    administrator.clear_requests()
    assert run("apply", "--sandbox", "--yes").code == 0
    assert [method for method, _ in writes(administrator)] == ["PATCH"]
    assert run("drift", "--sandbox").code == 0
    assert run("verify", "--sandbox").code == 0

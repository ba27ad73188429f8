"""``tenantctl snapshot`` and ``plan --against``: a tenant in a file, and no tenant where one has it."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from tenantctl.catalog.registry import BY_SECTION
from tenantctl.sandbox import SandboxStore, issue_management_token

from .administrator import Administrator
from .program import Program
from .served import Served

FILE = Path("snapshot.json")
MOST_REQUESTS = 160
"""Of a tenant with a few objects, whose texts are in one locale."""


def recorded() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return document


def test_everything_is_recorded_with_few_reads(administrator: Administrator, run: Program) -> None:
    administrator.clear_requests()
    result = run("snapshot", "--sandbox", "--out", str(FILE))
    assert result.code == 0, result.err
    document = recorded()
    assert document["format_version"] == "1.0"
    assert document["domain"] == "sandbox.localhost"
    assert list(document["sections"]) == list(BY_SECTION)
    requests = administrator.requests()
    assert {method for method, _ in requests} == {"GET"}
    assert len(requests) <= MOST_REQUESTS
    assert f"Sent {len(requests)} reads." in result.err


def test_the_client_secret_is_not_in_it(administrator: Administrator, run: Program) -> None:
    secret = administrator.find("clients", name="AAA M2M")["client_secret"]
    result = run("snapshot", "--sandbox")
    assert result.code == 0
    assert secret not in result.words
    (client,) = (each for each in result.json()["sections"]["clients"] if each["name"] == "AAA M2M")
    assert client["grant_types"] == ["client_credentials"]
    assert not {"client_secret", "signing_keys"} & client.keys()


def test_the_file_is_for_its_owner_alone_and_replaced_as_a_whole(
    administrator: Administrator, run: Program
) -> None:
    FILE.write_text("before", encoding="utf-8")
    FILE.chmod(0o644)
    with FILE.open(encoding="utf-8") as reader:
        assert run("snapshot", "--sandbox", "--out", str(FILE), "--only", "roles").code == 0
        assert reader.read() == "before"
    assert stat.S_IMODE(FILE.stat().st_mode) == 0o600
    assert recorded()["sections"] == {"roles": []}
    assert [path.name for path in Path().iterdir() if path.name.startswith(".snapshot")] == []


def test_a_link_stays_one(administrator: Administrator, run: Program) -> None:
    Path("elsewhere").mkdir()
    FILE.symlink_to("elsewhere/real.json")
    assert run("snapshot", "--sandbox", "--out", str(FILE), "--only", "roles").code == 0
    assert FILE.is_symlink()
    assert recorded()["sections"] == {"roles": []}


def test_what_is_no_file_is_not_replaced(administrator: Administrator, run: Program) -> None:
    os.mkfifo(FILE)
    for out in (FILE, Path(".tenantctl")):
        result = run("snapshot", "--sandbox", "--out", str(out), "--only", "roles")
        assert (result.code, "[file-unwritable]" in result.err) == (1, True)


@pytest.mark.parametrize(
    ("patterns", "sections", "names"),
    [
        (["clients/AAA*"], ["clients"], ["AAA M2M"]),
        (["cli*"], ["clients", "clientGrants", "clientProfiles"], ["AAA M2M", "tenantctl"]),
        (["clients", "clients/AAA*"], ["clients"], ["AAA M2M", "tenantctl"]),
    ],
)
def test_only_what_is_chosen(
    administrator: Administrator, run: Program, patterns: list[str], sections: list[str], names: list[str]
) -> None:
    only = [word for pattern in patterns for word in ("--only", pattern)]
    document = run("snapshot", "--sandbox", *only).json()
    assert (list(document["sections"]), document["only"]) == (sections, patterns)
    assert [each["name"] for each in document["sections"]["clients"]] == names


def test_a_grant_is_chosen_by_the_name_of_its_client(administrator: Administrator, run: Program) -> None:
    document = run("snapshot", "--sandbox", "--only", "clientGrants/AAA M2M:*").json()
    assert list(document["sections"]) == ["clientGrants"]
    assert [each["audience"] for each in document["sections"]["clientGrants"]] == ["https://aaa-api"]


def test_a_choice_that_fits_nothing(administrator: Administrator, run: Program) -> None:
    result = run("snapshot", "--sandbox", "--only", "cleints/AAA*")
    assert result.code == 1
    assert "Did you mean 'clients'?" in result.err


def test_what_the_token_may_not_read_is_left_out_and_told_once(run: Program, served: Served) -> None:
    scopes = ["read:roles", "read:resource_servers"]
    with SandboxStore(served.state) as store:
        token = issue_management_token(store, issuer=f"{served.url}/", scopes=scopes, lifetime=60)
    env = {"AUTH0_ACCESS_TOKEN": token}
    only = [word for section in ("roles", "rules", "hooks") for word in ("--only", section)]
    result = run("--domain", served.url, "snapshot", *only, "--out", str(FILE), env=env)
    assert result.code == 0, result.err
    assert list(recorded()["sections"]) == ["roles"]
    assert [(each["section"], each["field"]) for each in recorded()["unread"]] == [
        ("hooks", ""),
        ("rules", ""),
    ]
    assert result.err.count("rules can't be read") == 1
    assert "Grant read:rules to" in result.err
    Path("tenant.yaml").write_text("rules: []\n", encoding="utf-8")
    refused = run("plan", "--against", str(FILE))
    assert refused.code == 1
    assert "the token lacks a scope for GET /rules" in refused.err


def test_a_plan_against_it_needs_no_tenant(
    administrator: Administrator, run: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    administrator.patch_api(signing_alg="HS256")
    assert run("snapshot", "--sandbox", "--out", str(FILE)).code == 0
    live = run("plan", "--sandbox", "--format", "json").json()
    administrator.state.unlink()
    offline = run("plan", "--against", str(FILE), "--format", "json")
    assert offline.code == 0, offline.err
    assert offline.json() == {**live, "tenant": {"domain": "sandbox.localhost", "snapshot": str(FILE)}}
    assert not administrator.state.exists()
    assert run("plan", "--against", str(FILE), "--detailed-exitcode").code == 2
    assert run("drift", "--against", str(FILE)).code == 2


def test_it_may_be_put_into_the_sandbox(administrator: Administrator, run: Program) -> None:
    assert run("snapshot", "--sandbox", "--out", str(FILE)).code == 0
    assert run("sandbox", "reset").code == 0
    assert run("plan", "--sandbox", "--detailed-exitcode").code == 2
    assert run("sandbox", "seed", str(FILE)).code == 0
    assert run("plan", "--sandbox", "--detailed-exitcode").code == 0
    assert run("snapshot", "--sandbox").json()["sections"] == recorded()["sections"]


@pytest.mark.parametrize("tenant", [("--sandbox",), ("--domain", "t.example.com")])
def test_a_tenant_beside_it_is_a_usage_error(run: Program, starter: Path, tenant: tuple[str, ...]) -> None:
    result = run("plan", "--against", str(FILE), *tenant)
    assert result.code == 64
    assert f"leave {tenant[0]} out" in result.err


def test_a_pattern_that_fits_nothing_is_refused_offline_too(
    administrator: Administrator, run: Program
) -> None:
    assert run("snapshot", "--sandbox", "--out", str(FILE)).code == 0
    assert run("plan", "--against", str(FILE), "--only", "clients/Nobody").code == 1

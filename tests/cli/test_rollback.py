"""``tenantctl rollback``: what an apply did is undone by a plan that is shown and guarded like any other."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .administrator import Administrator
from .program import Program

FILE = Path("tenant.yaml")


def journals() -> list[Path]:
    return sorted(Path(".tenantctl/journal").glob("*.jsonl"))


def change_the_file(run: Program) -> None:
    text = FILE.read_text(encoding="utf-8")
    FILE.write_text(text.replace("signing_alg: RS256", "signing_alg: PS256"), encoding="utf-8")
    with FILE.open("a", encoding="utf-8") as stream:
        stream.write("roles:\n  - name: Reader\n")
    result = run("apply", "--sandbox", "--yes", "--no-verify")
    assert result.code == 0, result.err


def test_back_and_forth(administrator: Administrator, run: Program) -> None:
    change_the_file(run)
    result = run("rollback", "--sandbox", "--yes")
    assert result.code == 0, result.err
    assert str(journals()[-2]) in result.err
    assert "- roles/Reader  (delete: its creation is undone)" in result.out
    assert administrator.find("resource-servers", name="AAA API")["signing_alg"] == "RS256"
    assert administrator.call("GET", "roles") == []
    # A rollback is an apply, and can be undone.
    result = run("rollback", "--sandbox", "--yes")
    assert result.code == 0, result.err
    assert "roles/Reader is made anew: its id is another" in result.words
    assert run("plan", "--sandbox", "--detailed-exitcode").code == 0


def test_what_others_did_is_left_alone(administrator: Administrator, run: Program) -> None:
    change_the_file(run)
    administrator.patch_api(token_lifetime=60)
    administrator.call("POST", "roles", {"name": "Other"})
    assert run("rollback", "--sandbox", "--yes").code == 0
    api = administrator.find("resource-servers", name="AAA API")
    assert (api["signing_alg"], api["token_lifetime"]) == ("RS256", 60)
    assert [role["name"] for role in administrator.call("GET", "roles")] == ["Other"]


def test_an_older_apply_by_its_journal(administrator: Administrator, run: Program) -> None:
    change_the_file(run)
    journal = journals()[-1]
    administrator.patch_client(description="changed")
    assert run("apply", "--sandbox", "--yes", "--no-verify").code == 0
    result = run("rollback", "--sandbox", "--yes", str(journal))
    assert result.code == 0, result.err
    assert administrator.find("resource-servers", name="AAA API")["signing_alg"] == "RS256"
    assert administrator.find("clients", name="AAA M2M")["description"] != "changed"
    again = run("rollback", "--sandbox", "--yes", str(journal))
    assert (again.code, again.out) == (0, "Nothing to roll back: sandbox.localhost is as it was before.\n")


def test_what_cannot_come_back_is_said_before_anything_is_done(
    administrator: Administrator, run: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    FILE.write_text("clients: []\n", encoding="utf-8")
    forced = ("--prune", "clients", "--force-unsafe", "clients")
    assert run("apply", "--sandbox", "--yes", "--no-verify", *forced).code == 0
    secret = Path(".env.local").read_text(encoding="utf-8")
    monkeypatch.setattr("tenantctl.cli.consent.is_terminal", lambda: True)
    refused = run("rollback", "--sandbox", stdin="n\n")
    assert refused.code == 1
    assert (
        "clients/AAA M2M is made anew: its client_id is another, and its client_secret is new"
        in refused.words
    )
    assert "Nothing was changed." in refused.err
    assert run("rollback", "--sandbox", stdin="y\n").code == 0
    client = administrator.find("clients", name="AAA M2M")
    assert client["grant_types"] == ["client_credentials"]
    # Its new credentials are kept as those of any created application.
    kept = Path(".env.local").read_text(encoding="utf-8")
    assert client["client_id"] in kept
    assert client["client_id"] not in secret


def test_guards_hold_for_a_rollback(administrator: Administrator, run: Program) -> None:
    FILE.write_text("databases:\n  - name: Users\n", encoding="utf-8")
    assert run("apply", "--sandbox", "--yes", "--no-verify").code == 0
    result = run("rollback", "--sandbox", "--yes")
    assert result.code == 1
    assert "irreplaceable" in result.words
    assert "--force-unsafe databases" in result.words
    assert run("rollback", "--sandbox", "--yes", "--force-unsafe", "databases").code == 0
    assert [each["name"] for each in administrator.call("GET", "connections")] != ["Users"]


def test_an_apply_that_failed_half_way(administrator: Administrator, run: Program) -> None:
    text = FILE.read_text(encoding="utf-8").replace("signing_alg: RS256", "signing_alg: PS256")
    FILE.write_text(f"{text}roles:\n  - name: Reader\n", encoding="utf-8")
    administrator.call("PUT", "/__sandbox__/faults", {"faults": ["500-after:POST /roles"]})
    assert run("apply", "--sandbox", "--yes", "--no-verify").code == 1
    administrator.call("PUT", "/__sandbox__/faults", {})
    # Nobody knows whether the role was made; it is looked for by its name.
    result = run("rollback", "--sandbox", "--yes")
    assert result.code == 0, result.err
    assert administrator.call("GET", "roles") == []
    assert administrator.find("resource-servers", name="AAA API")["signing_alg"] == "RS256"
    assert "left something open" not in run("plan", "--sandbox").err


def test_no_secret_is_in_a_journal(administrator: Administrator, run: Program) -> None:
    secret = administrator.find("clients", name="AAA M2M")["client_secret"]
    FILE.write_text("clients: []\n", encoding="utf-8")
    forced = ("--prune", "clients", "--force-unsafe", "clients")
    assert run("apply", "--sandbox", "--yes", "--no-verify", *forced).code == 0
    texts = [path.read_text(encoding="utf-8") for path in journals()]
    assert not any(secret in text for text in texts)
    planned = [json.loads(line) for line in texts[-1].splitlines() if '"planned"' in line]
    assert [each["hidden"] for each in planned if each["address"] == "clients/AAA M2M"] == [["client_secret"]]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "nothing-to-roll-back"),
        ("{\n", "bad-journal"),
        (
            '{"event": "begin", "at": "2026", "format_version": "1.0", "tenant": {"domain": "other"}}\n',
            "journal-of-another-tenant",
        ),
        (None, "file-not-found"),
    ],
)
def test_what_can_not_be_rolled_back(
    text: str | None, code: str, administrator: Administrator, run: Program
) -> None:
    if text is not None:
        Path("a.jsonl").write_text(text, encoding="utf-8")
    result = run("rollback", "--sandbox", "--yes", "a.jsonl")
    assert result.code == 1
    assert f"[{code}]" in result.err


def test_where_nothing_was_applied(run: Program) -> None:
    result = run("rollback", "--sandbox", "--yes")
    assert result.code == 1
    assert "no apply to sandbox.localhost is known here" in result.words

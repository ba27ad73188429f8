"""How every command ends, by what came of it (semantics.md), and what a usage error says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tenantctl.cli.main import COMMANDS

from .administrator import Administrator
from .program import Program

Change = Callable[[Administrator], object]


def nothing(_: Administrator) -> None:
    """Leave the tenant as the file says."""


def drifted(administrator: Administrator) -> None:
    administrator.patch_api(signing_alg="HS256")


def unreadable_file(_: Administrator) -> None:
    Path("tenant.yaml").write_text("clients: [\n", encoding="utf-8")


OUTCOMES: list[tuple[str, Change, int]] = [
    ("validate", nothing, 0),
    ("validate", unreadable_file, 1),
    ("plan --sandbox", nothing, 0),
    ("plan --sandbox", drifted, 0),
    ("plan --sandbox", unreadable_file, 1),
    ("plan --sandbox --detailed-exitcode", nothing, 0),
    ("plan --sandbox --detailed-exitcode", drifted, 2),
    ("plan --sandbox --detailed-exitcode", unreadable_file, 1),
    ("drift --sandbox", nothing, 0),
    ("drift --sandbox", drifted, 2),
    ("drift --sandbox", unreadable_file, 1),
    ("drift --sandbox --only nothing/*", drifted, 1),
    ("apply --sandbox --yes", nothing, 0),
    ("apply --sandbox --yes", drifted, 0),
    ("apply --sandbox", drifted, 64),
    ("apply --sandbox --yes", unreadable_file, 1),
    ("apply --sandbox --yes", lambda each: each.stale_jwks(stale=True), 1),
    ("apply --sandbox --yes --no-verify", lambda each: each.stale_jwks(stale=True), 0),
    ("verify --sandbox", nothing, 0),
    ("verify --sandbox", drifted, 1),
    ("verify --sandbox", unreadable_file, 1),
    ("token issue --sandbox", nothing, 0),
    ("token issue --sandbox", Administrator.delete_grant, 1),
    ("token issue --sandbox --client Nobody --no-audience", Administrator.delete_client, 1),
    ("token inspect --sandbox not-a-token", nothing, 1),
    ("sandbox reset", nothing, 0),
    ("sandbox token", nothing, 0),
    ("explain", nothing, 0),
    ("explain clients", nothing, 0),
    ("explain cleints", nothing, 1),
    ("schema", nothing, 0),
    ("schema --out .tenantctl", nothing, 1),
    ("init", nothing, 1),
    ("init --force", nothing, 0),
    ("init --force -f .tenantctl", nothing, 1),
    ("--version", nothing, 0),
]


@pytest.mark.parametrize(("line", "change", "code"), OUTCOMES)
def test_outcome(line: str, change: Change, code: int, administrator: Administrator, run: Program) -> None:
    change(administrator)
    result = run(*line.split())
    assert result.code == code, result
    assert "Traceback" not in result.words


USAGE = [
    ("", "Usage:"),
    ("plna", "Did you mean 'plan'?"),
    ("frobnicate", "No such command 'frobnicate'."),
    ("token isue", "Did you mean 'issue'?"),
    ("sandbox serv", "Did you mean 'serve'?"),
    ("--sandbx plan", "Did you mean '--sandbox'?"),
    ("--sandbox state.db plan", "--sandbox=FILE"),
    ("plan --sandbx", "Did you mean '--sandbox'?"),
    ("plan --formt json", "Did you mean '--format'?"),
    ("plan --format xml", "'xml' is not one of 'text', 'json'"),
    ("apply --dry_run", "No such option '--dry_run'"),
    ("apply plan.json more", "unexpected extra argument"),
    ("drift --only", "requires an argument"),
    ("sandbox serve --port x", "'x' is not a valid integer"),
    ("sandbox token --lifetime long", "'long' is not a valid integer"),
    ("--color sometimes plan", "'sometimes' is not one of"),
    ("token inspect", "stdin holds no token"),
    ("explain clients apis", "unexpected extra argument"),
    ("explain --format markdown", "is not one of 'text', 'json'"),
]


@pytest.mark.parametrize(("line", "words"), USAGE)
def test_usage_error(line: str, words: str, run: Program) -> None:
    result = run(*line.split())
    assert result.code == 64
    assert words in result.err
    assert not result.out


def test_token_issue_needs_an_application_and_an_api(administrator: Administrator, run: Program) -> None:
    assert "--audience" in run("token", "issue", "--client", "Other", "--sandbox").err
    Path("tenant.yaml").write_text("clients: []\n", encoding="utf-8")
    result = run("token", "issue", "--sandbox")
    assert (result.code, "--client" in result.err) == (64, True)


@pytest.mark.parametrize("flag", ["-h", "--help"])
@pytest.mark.parametrize("command", ["", *COMMANDS, "token issue", "sandbox serve"])
def test_help(command: str, flag: str, run: Program) -> None:
    result = run(*command.split(), flag)
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith(f"Usage: tenantctl {command}".rstrip())


@pytest.mark.parametrize(("answer", "code"), [("n", 1), ("", 1), ("y", 0)])
def test_consent(
    answer: str, code: int, administrator: Administrator, run: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    drifted(administrator)
    monkeypatch.setattr("tenantctl.cli.consent.is_terminal", lambda: True)
    result = run("apply", "--sandbox", stdin=f"{answer}\n")
    assert result.code == code
    assert "Apply this change? [y/N]" in result.err
    assert ("Nothing was changed." in result.err) == (code == 1)
    assert administrator.find("resource-servers", name="AAA API")["signing_alg"] == (
        "HS256" if code else "RS256"
    )


def test_interrupted(administrator: Administrator, run: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("tenantctl.cli.steps.make_plan", interrupt)
    result = run("plan", "--sandbox")
    assert (result.code, result.out) == (130, "")
    assert result.err.endswith("Stopped.\n")


def test_a_bug_keeps_its_traceback(
    administrator: Administrator, run: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("tenantctl.cli.steps.make_plan", fail)
    with pytest.raises(ZeroDivisionError):
        run("plan", "--sandbox")

"""Data on stdout and talk on stderr, colour only where it is wanted, global options on either side."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from .administrator import Administrator
from .program import Program
from .test_token_errors import edit

ESCAPE = "\x1b"

DOCUMENTS = [
    "validate --format json",
    "plan --sandbox --format json",
    "drift --sandbox --format json",
    "verify --sandbox --format json",
    "token issue --sandbox --json",
    "schema",
]


@pytest.mark.parametrize("line", DOCUMENTS)
@pytest.mark.parametrize("color", ["auto", "always", "never"])
def test_stdout_is_one_json_document(
    line: str, color: str, administrator: Administrator, run: Program
) -> None:
    edit(Path("tenant.yaml"), "    description: Calls", "    describtion: Calls")  # a warning
    result = run("--color", color, *line.split())
    assert ESCAPE not in result.out
    json.loads(result.out)


@pytest.mark.parametrize("line", ["plan", "drift", "verify", "token issue", "plan --format json"])
def test_the_tenant_is_named_on_stderr(line: str, administrator: Administrator, run: Program) -> None:
    result = run("--sandbox", *line.split())
    assert result.err.startswith("Tenant: the sandbox (.tenantctl/sandbox.db)\n")
    assert "Tenant:" not in result.out


@pytest.mark.parametrize("line", ["init", "sandbox reset", "schema --out schema.json", "apply --yes"])
def test_talk_is_not_data(line: str, run: Program) -> None:
    result = run(*line.split())
    assert result.err
    assert not result.out


@pytest.mark.parametrize("command", ["token issue", "sandbox token"])
def test_a_token_stands_alone_on_stdout(command: str, administrator: Administrator, run: Program) -> None:
    out = run(*command.split(), *(["--sandbox"] if command == "token issue" else [])).out
    assert out.count("\n") == 1
    assert out.count(".") == 2
    assert out.startswith("eyJ")


COLOURS: list[tuple[str, Mapping[str, str], bool]] = [
    ("plan --sandbox", {}, False),
    ("plan --sandbox", {"NO_COLOR": "1"}, False),
    ("plan --sandbox", {"TERM": "dumb"}, False),
    ("plan --sandbox --color auto", {}, False),
    ("plan --sandbox --color never", {"FORCE_COLOR": "1"}, False),
    ("plan --sandbox", {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
    ("plan --sandbox --color always", {}, True),
    ("--color always plan --sandbox", {}, True),
    ("--color never plan --sandbox --color always", {}, True),
    ("plan --sandbox --color always", {"NO_COLOR": "1"}, True),
    ("plan --sandbox", {"NO_COLOR": "", "FORCE_COLOR": "1"}, True),
]


@pytest.mark.parametrize(("line", "env", "coloured"), COLOURS)
def test_colour(
    line: str,
    env: Mapping[str, str],
    coloured: bool,  # noqa: FBT001  # a parameter of the test
    administrator: Administrator,
    run: Program,
) -> None:
    administrator.patch_api(signing_alg="HS256")
    result = run(*line.split(), env={"TERM": "xterm-256color", **env})
    assert (ESCAPE in result.out) == coloured
    assert '"HS256"' in result.out
    assert "~ resourceServers/https://aaa-api" in result.out


@pytest.mark.parametrize(("line", "coloured"), [("plan", False), ("plan --color always", True)])
def test_colour_of_problems(line: str, coloured: bool, run: Program) -> None:  # noqa: FBT001  # as above
    err = run(*line.split(), env={"TERM": "xterm"}).err
    assert (ESCAPE in err) == coloured


WAYS: list[tuple[str, Mapping[str, str], str]] = [
    ("--sandbox plan", {}, ".tenantctl/sandbox.db"),
    ("plan --sandbox", {}, ".tenantctl/sandbox.db"),
    ("plan --sandbox= ", {}, ".tenantctl/sandbox.db"),
    ("--sandbox=one.db plan", {}, "one.db"),
    ("plan --sandbox=folder/two.db", {}, "folder/two.db"),
    ("--sandbox=one.db plan --sandbox=two.db", {}, "two.db"),
    ("plan", {"TENANTCTL_SANDBOX": "1"}, ".tenantctl/sandbox.db"),
    ("plan", {"TENANTCTL_SANDBOX": "three.db"}, "three.db"),
    ("plan --sandbox=four.db", {"TENANTCTL_SANDBOX": "three.db"}, "four.db"),
    ("plan --sandbox", {"AUTH0_DOMAIN": "team.eu.auth0.com"}, ".tenantctl/sandbox.db"),
]


@pytest.mark.parametrize(("line", "env", "state"), WAYS)
def test_ways_to_the_sandbox(
    line: str, env: Mapping[str, str], state: str, starter: Path, run: Program
) -> None:
    result = run(*line.split(), env=env)
    assert result.code == 0
    assert f"Tenant: the sandbox ({state})" in result.err
    assert Path(state).is_file()


@pytest.mark.parametrize("line", ["-v plan --sandbox", "plan -v --sandbox", "plan --sandbox --verbose"])
def test_verbose_names_each_request(line: str, administrator: Administrator, run: Program) -> None:
    assert "GET /api/v2/clients 200\n" in run(*line.split()).err
    assert "GET" not in run("plan", "--sandbox").err


def test_a_name_on_the_tenant_forges_nothing(administrator: Administrator, run: Program) -> None:
    name = "A\x1b[2K\r\nNo changes: all is well\u202e [bold]B[/bold]"
    administrator.call("POST", "clients", {"name": name, "description": name})
    result = run("plan", "--sandbox", "--color", "always", env={"TERM": "xterm"})
    assert "clients/A�[2K��No changes: all is well� [bold]B[/bold]" in result.out
    assert result.out.count("No changes") == 2
    assert not {"\r", "\u202e"} & set(result.out)
    assert f"{ESCAPE}[2K" not in result.out
    document = run("plan", "--sandbox", "--format", "json")
    assert ESCAPE not in document.out
    assert document.json()["unmanaged"][0]["address"] == f"clients/{name}"

"""A file that cannot be used: one clear problem, exit 1, no traceback, and nothing lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tenantctl.config.source import MAX_BYTES

from .administrator import Administrator
from .program import Program, Result

NO_SUCH_CLIENT = """\
clients:
  - name: AAA M2M
clientGrants:
  - client_id: AAA M3M
    audience: https://aaa-api
    scope: []
"""


def only_problem(result: Result) -> str:
    """Return the one problem that a command told."""
    assert result.code == 1, result
    assert "Traceback" not in result.words
    errors = [line for line in result.err.splitlines() if "error: " in line]
    assert len(errors) == 1, result.err
    return result.err[result.err.index(errors[0]) :]


@dataclass(frozen=True)
class Faulty:
    """place: where the problem says that it is. hint: part of how to mend it."""

    content: str | bytes
    place: str
    code: str
    hint: str


FILES: Mapping[str, Faulty] = {
    "empty": Faulty("", "tenant.yaml:1", "empty-file", "tenantctl init"),
    "comments only": Faulty("# nothing yet\n", "tenant.yaml:1", "empty-file", "tenantctl init"),
    "tabs": Faulty("clients:\n\t- name: A\n", "tenant.yaml:2", "yaml-tab", "spaces"),
    "duplicate key": Faulty(
        "clients:\n  - name: A\n    name: B\n", "tenant.yaml:3", "duplicate-key", "Keep one"
    ),
    "unknown section": Faulty(
        "cleints:\n  - name: A\n", "tenant.yaml:1", "unknown-section", "Did you mean 'clients'?"
    ),
    "wrong type": Faulty(
        "clients:\n  - name: A\n    grant_types: client_credentials\n",
        "tenant.yaml:3", "wrong-type", "Write a list",
    ),
    "reference to nothing": Faulty(
        NO_SUCH_CLIENT, "tenant.yaml:4", "unknown-reference", "Did you mean 'AAA M2M'?"
    ),
    "cyclic anchors": Faulty(
        "clients: &all\n  - name: A\n    client_metadata: *all\n", "tenant.yaml:1", "cyclic-anchor", "*name"
    ),
    "too large": Faulty(
        b"# " + b"x" * MAX_BYTES + b"\nclients: []\n",
        "tenant.yaml", "file-too-large", "Is this the file you meant?",
    ),
    "not UTF-8": Faulty(
        "clients:\n  - name: Café\n".encode("latin-1"), "tenant.yaml:2", "file-not-utf8", "UTF-8"
    ),
    "binary": Faulty(b"\x7fELF\x00\x00\xff", "tenant.yaml:1", "file-not-utf8", "UTF-8"),
    "a syntax fault": Faulty("clients: [\n", "tenant.yaml:", "yaml-syntax", ""),
    "a keyword without value": Faulty(
        "clients:\n  - name: '##APP_NAME##'\n", "tenant.yaml:2", "unresolved-keyword", "APP_NAME"
    ),
}  # fmt: skip


@pytest.mark.parametrize("command", ["plan", "apply --yes", "drift"])
@pytest.mark.parametrize("faulty", FILES.values(), ids=FILES.keys())
def test_faulty_file(faulty: Faulty, command: str, administrator: Administrator, run: Program) -> None:
    content = faulty.content if isinstance(faulty.content, bytes) else faulty.content.encode()
    Path("tenant.yaml").write_bytes(content)
    administrator.clear_requests()
    problem = only_problem(run("--sandbox", *command.split()))
    assert problem.startswith(faulty.place)
    assert f"[{faulty.code}]" in problem.splitlines()[0]
    assert ("    hint: " in problem) == bool(faulty.hint)
    assert faulty.hint in problem
    assert all(method == "GET" for method, _ in administrator.requests())
    assert Path("tenant.yaml").read_bytes() == content


@pytest.mark.parametrize("name", sorted(set(FILES) - {"reference to nothing"}))
def test_validate_tells_the_same_on_stdout(name: str, run: Program) -> None:
    faulty = FILES[name]
    content = faulty.content if isinstance(faulty.content, bytes) else faulty.content.encode()
    Path("tenant.yaml").write_bytes(content)
    result = run("validate")
    assert (result.code, result.err) == (1, "")
    assert result.out.startswith(faulty.place)
    assert f"[{faulty.code}]" in result.out
    assert result.out.endswith("tenant.yaml is not valid: 1 error.\n")


@pytest.mark.parametrize("command", ["plan --sandbox", "apply --sandbox --yes", "verify --sandbox"])
def test_missing_file(command: str, run: Program) -> None:
    problem = only_problem(run(*command.split()))
    assert "tenant.yaml" in problem
    assert "[file-not-found]" in problem
    assert "tenantctl init" in problem


def test_a_folder_for_a_file(run: Program) -> None:
    assert "[file-is-directory]" in only_problem(run("plan", "--sandbox", "-f", "."))


def test_init_overwrites_nothing(starter: Path, run: Program) -> None:
    starter.write_text("clients: []\n", encoding="utf-8")
    problem = only_problem(run("init"))
    assert "[file-exists]" in problem
    assert "--force" in problem
    assert starter.read_text(encoding="utf-8") == "clients: []\n"


UNWRITABLE = ["init --force -f {0}", "schema --out {0}", "schema --out {1}/schema.json", "init -f {1}/a.yaml"]


@pytest.mark.parametrize("line", UNWRITABLE)
def test_output_that_cannot_be_written(line: str, run: Program) -> None:
    Path("folder").mkdir()
    Path("file").touch()
    problem = only_problem(run(*line.format("folder", "file").split()))
    assert "[file-unwritable]" in problem


def test_an_env_file_that_cannot_be_written(starter: Path, run: Program) -> None:
    """Refused before the application is created, whose secret would be lost."""
    Path(".env.local").mkdir()
    problem = only_problem(run("apply", "--sandbox", "--yes"))
    assert ".env.local" in problem
    assert "[env-file-unwritable]" in problem
    requests = Administrator(Path(".tenantctl/sandbox.db")).requests()
    assert {method for method, _ in requests} == {"GET"}
    Path(".env.local").rmdir()
    assert run("apply", "--sandbox", "--yes").code == 0


def test_an_env_file_that_stops_being_writable(
    starter: Path, run: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was applied is told, and that the secret could not be kept; the next apply goes on."""
    env_file = Path(".env.local")
    monkeypatch.setattr("tenantctl.cli.keeper.SecretKeeper.prepare", lambda *_: env_file.mkdir())
    result = run("apply", "--sandbox", "--yes")
    assert "[env-file-unwritable]" in only_problem(result)
    assert "Applied to sandbox.localhost" in result.out
    env_file.rmdir()
    assert run("apply", "--sandbox", "--yes").code == 0


def test_other_lines_of_the_env_file_stay(starter: Path, run: Program) -> None:
    env_file = Path(".env.local")
    env_file.write_text("# mine\nDATABASE='postgres://…'\nAUTH0_M2M_CLIENT_ID=gone\n", encoding="utf-8")
    assert run("apply", "--sandbox", "--yes").code == 0
    lines = env_file.read_text(encoding="utf-8").splitlines()
    assert lines[:2] == ["# mine", "DATABASE='postgres://…'"]
    assert [line.partition("=")[0] for line in lines[2:]] == [
        "AUTH0_M2M_CLIENT_ID",
        "AUTH0_M2M_CLIENT_SECRET",
    ]
    assert env_file.stat().st_mode & 0o777 == 0o600


STATES = ["garbage.db", "folder", "file/below.db"]


@pytest.mark.parametrize(
    "line", ["plan --sandbox={0}", "sandbox reset --state {0}", "sandbox token --state {0}"]
)
@pytest.mark.parametrize("state", STATES)
def test_a_sandbox_state_that_cannot_be_used(state: str, line: str, starter: Path, run: Program) -> None:
    Path("garbage.db").write_text("this is no database\n" * 500, encoding="utf-8")
    Path("folder").mkdir()
    Path("file").touch()
    problem = only_problem(run(*line.format(state).split()))
    assert state in problem
    assert "[sandbox-state]" in problem
    assert "hint: Name another file" in problem
    assert Path("garbage.db").read_text(encoding="utf-8").startswith("this is no database")

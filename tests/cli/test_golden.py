"""What every command prints, held against files in ``golden/``; ``make golden`` writes them anew."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from .administrator import Administrator
from .program import Program, Result, comparable
from .test_token_errors import edit, edit_entry, replace_secret

GOLDEN = Path(__file__).parent / "golden"
UPDATE = bool(os.environ.get("TENANTCTL_TEST_UPDATE"))
FILE = Path("tenant.yaml")

Step = Callable[[Administrator, Program], object]

FAULTY = """\
resourceServers:
  - identifier: https://aaa-api
    signing_algo: RS256
    token_lifetime: long
clients:
  - name: AAA M2M
    grant_types: client_credentials
cleintGrants: []
"""
ROLES = """\
roles:
  - name: Reader
    description: May read
    permissions:
      - resource_server_identifier: https://aaa-api
        permission_name: read:things
tenant:
  friendly_name: The AAA tenant
"""


def nothing(_: Administrator, __: Program) -> None:
    """Leave it as it is after the first apply."""


def empty_tenant(_: Administrator, run: Program) -> None:
    run("sandbox", "reset")
    Path(".env.local").unlink()


def write(text: str) -> Step:
    return lambda _, __: FILE.write_text(text, encoding="utf-8")


def changed_by_hand(administrator: Administrator, _: Program) -> None:
    scopes = [{"value": "read:things", "description": "Look"}, {"value": "delete:things"}]
    administrator.patch_api(signing_alg="HS256", name="Somebody's API", scopes=scopes)
    administrator.patch_client(grant_types=["authorization_code", "refresh_token"], description="")
    administrator.patch_grant(scope=["write:things"])


def others_objects(administrator: Administrator, _: Program) -> None:
    administrator.call("POST", "clients", {"name": "Somebody's app"})
    administrator.call(
        "POST", "resource-servers", {"name": "Other", "identifier": "https://other.example/api"}
    )


def drifted(administrator: Administrator, _: Program) -> None:
    scopes = [{"value": "read:things", "description": "Read things"}, {"value": "delete:things"}]
    administrator.patch_api(token_lifetime=7200, scopes=scopes)
    administrator.patch_grant(scope=["read:things"])
    administrator.patch_client(description=None)
    administrator.call("POST", "roles", {"name": "Reader"})
    administrator.call("POST", "clients", {"name": "Somebody's app", "app_type": "spa"})


def with_secret(administrator: Administrator, _: Program) -> None:
    options = {"client_id": "ours", "client_secret": "not-for-files"}
    connection = {"name": "git", "strategy": "github", "options": options}
    administrator.call("POST", "connections", connection)


def keyword_differs(administrator: Administrator, _: Program) -> None:
    edit(FILE, "name: AAA API", 'name: "##API_NAME##"')
    Path(".env").write_text("API_NAME='AAA API'\n", encoding="utf-8")
    administrator.patch_api(name="Somebody's API")


def other_identifier(_: Administrator, __: Program) -> None:
    edit(FILE, "https://aaa-api", "https://aaa-api/v2")


def no_such_client(_: Administrator, __: Program) -> None:
    edit(FILE, "client_id: AAA M2M", "client_id: AAA M3M")


def gone_wrong(administrator: Administrator, run: Program) -> None:
    replace_secret(administrator, run)
    edit_entry(
        "      audience: https://aaa-api\n    - client: AAA M2M\n      audience: https://aaa-api/\n"
        "    - client: Nobody\n      audience: https://aaa-api\n      scopes:"
    )(administrator, run)


def recorded_as_it_is(_: Administrator, run: Program) -> None:
    assert run("snapshot", "--sandbox", "--out", "snapshot.json").code == 0


def recorded(administrator: Administrator, run: Program) -> None:
    changed_by_hand(administrator, run)
    recorded_as_it_is(administrator, run)


def recorded_in_part(_: Administrator, run: Program) -> None:
    assert run("snapshot", "--sandbox", "--only", "clients", "--out", "snapshot.json").code == 0


def recorded_by_a_later_version(administrator: Administrator, run: Program) -> None:
    recorded_in_part(administrator, run)
    edit(Path("snapshot.json"), '"1.0"', '"2.0"')


@dataclass(frozen=True)
class Case:
    arguments: tuple[str, ...]
    setup: Step = nothing
    code: int = 0


def case(line: str, setup: Step = nothing, code: int = 0) -> Case:
    return Case(tuple(line.split()), setup, code)


CASES: Mapping[str, Case] = {
    "help": case("--help"),
    "help-plan": case("plan --help"),
    "help-snapshot": case("snapshot --help"),
    "help-sandbox": case("sandbox --help"),
    "help-token": case("token --help"),
    "init": case("init -f another.yaml"),
    "init-exists": case("init", code=1),
    "validate": case("validate"),
    "validate-json": case("validate --format json"),
    "validate-faulty": case("validate", write(FAULTY), 1),
    "validate-faulty-json": case("validate --format json", write(FAULTY), 1),
    "validate-warning": case("validate", no_such_client),
    "plan-creates": case("plan --sandbox", empty_tenant),
    "plan-creates-json": case("plan --sandbox --format json", empty_tenant),
    "plan-updates": case("plan --sandbox", changed_by_hand),
    "plan-updates-json": case("plan --sandbox --format json", changed_by_hand),
    "plan-no-changes": case("plan --sandbox"),
    "plan-no-changes-json": case("plan --sandbox --format json"),
    "plan-unmanaged": case("plan --sandbox", others_objects),
    "plan-unmanaged-json": case("plan --sandbox --format json", others_objects),
    "plan-pruned": case("plan --sandbox --prune clients --prune resourceServers", others_objects),
    "plan-other-identifier": case("plan --sandbox", other_identifier),
    "plan-problem": case("plan --sandbox", no_such_client, 1),
    "plan-only": case("plan --sandbox --only clients/*", changed_by_hand),
    "plan-only-leaves-out": case("plan --sandbox --only clientGrants/*", empty_tenant, 1),
    "plan-empty-file": case("plan --sandbox", write("clients: []\n")),
    "plan-roles": case("plan --sandbox", write(ROLES)),
    "plan-verbose": case("plan --sandbox --verbose"),
    "plan-no-tenant": case("plan", code=1),
    "apply-creates": case("apply --sandbox --yes", empty_tenant),
    "apply-updates": case("apply --sandbox --yes", changed_by_hand),
    "apply-no-changes": case("apply --sandbox"),
    "apply-not-asked": case("apply --sandbox", changed_by_hand, 64),
    "verify": case("verify --sandbox"),
    "verify-json": case("verify --sandbox --format json"),
    "verify-failures": case("verify --sandbox", gone_wrong, 1),
    "verify-failures-json": case("verify --sandbox --format json", gone_wrong, 1),
    "verify-nothing": case("verify --sandbox", write("clients: []\n")),
    "drift": case("drift --sandbox", changed_by_hand, 2),
    "drift-json": case("drift --sandbox --format json", changed_by_hand, 2),
    "drift-none": case("drift --sandbox"),
    "snapshot": case("snapshot --sandbox --only clients/AAA* --only clientGrants/AAA* --only roles"),
    "snapshot-out": case("snapshot --sandbox --out snapshot.json"),
    "plan-against": case("plan --against snapshot.json", recorded),
    "plan-against-json": case("plan --against snapshot.json --format json", recorded),
    "plan-against-none": case("plan --against snapshot.json", recorded_as_it_is),
    "plan-against-lacking": case("plan --against snapshot.json", recorded_in_part, 1),
    "plan-against-no-snapshot": case("plan --against snapshot.json", recorded_by_a_later_version, 1),
    "pull": case("pull --sandbox", drifted),
    "pull-json": case("pull --sandbox --format json", drifted),
    "pull-diff": case("pull --sandbox --diff", drifted),
    "pull-only": case("pull --sandbox --only clients/*", drifted),
    "pull-only-fits-nothing": case("pull --sandbox --only client/*", drifted, 1),
    "pull-nothing": case("pull --sandbox"),
    "pull-secrets": case("pull --sandbox --all --only connections/*", with_secret),
    "pull-keyword": case("pull --sandbox", keyword_differs),
    "token-issue": case("token issue --sandbox"),
    "token-issue-json": case("token issue --sandbox --json"),
    "token-issue-refused": case("token issue --sandbox --audience https://aaa-api/", code=1),
    "sandbox-reset": case("sandbox reset"),
    "sandbox-token": case("sandbox token"),
    "explain": case("explain"),
    "explain-section": case("explain clientGrants"),
    "explain-field": case("explain clientGrants.scope"),
    "explain-field-json": case("explain resourceServers#scopes[].value --format json"),
    "explain-matches": case("explain token_lifetime"),
    "explain-options": case("explain tenantctl.verify"),
    "explain-unknown": case("explain clients.grant_type", code=1),
    "schema-out": case("schema --out schema.json"),
}


def check(name: str, line: str, result: Result, folder: Path) -> None:
    """Hold a result against its file, or write the file."""
    parts = (f"$ {line}", f"--- stdout\n{result.out}--- stderr\n{result.err}--- exit code {result.code}\n")
    text = comparable("\n".join(parts), folder)
    path = GOLDEN / f"{name}.txt"
    if UPDATE:
        path.write_text(text, encoding="utf-8")
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    assert text == before, f"{path.name} is not what the command prints; if it should be: make golden"


@pytest.mark.parametrize("name", CASES)
def test_output(name: str, administrator: Administrator, run: Program, project: Path) -> None:
    case = CASES[name]
    case.setup(administrator, run)
    result = run(*case.arguments)
    check(name, f"tenantctl {' '.join(case.arguments)}", result, project)
    assert result.code == case.code


INSPECTED = {
    "token-inspect": ("issue", ()),
    "token-inspect-json": ("issue", ("--json",)),
    "token-inspect-offline": ("issue", ("--offline",)),
    "token-inspect-encrypted": ("issue --no-audience", ()),
    "token-inspect-opaque": ("", ()),
}


@pytest.mark.parametrize("name", INSPECTED)
def test_inspection(name: str, administrator: Administrator, run: Program, project: Path) -> None:
    issue, options = INSPECTED[name]
    token = run("token", *issue.split(), "--sandbox").out if issue else "not-a-jwt"
    result = run("token", "inspect", "--sandbox", *options, stdin=token)
    check(name, f"tenantctl token inspect --sandbox {' '.join(options)}".rstrip(), result, project)


def test_every_golden_file_has_its_case() -> None:
    assert {path.stem for path in GOLDEN.iterdir()} == CASES.keys() | INSPECTED.keys()

"""The JSON of plan, drift and verify, key by key as cli.md has it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from tenantctl import __version__

from .administrator import Administrator
from .program import Program

PLAN = ["format_version", "tool", "tenant", "complete", "summary", "changes", "unmanaged", "problems"]
SUMMARY = ["create", "update", "replace", "delete", "no-op", "unmanaged", "not_comparable"]
CHANGE = ["address", "section", "key", "id", "action", "reason", "position", "fields"]
PROBLEM = ["code", "severity", "summary", "detail", "hint", "address", "position"]
CHECK = {
    "client", "audience", "ok", "code", "summary", "cause", "fix", "address", "field", "token"
}  # fmt: skip
TOKEN = ["tokenLooksLikeJwt", "format", "header", "jwtPayloadSubset"]


def check_position(position: Any) -> None:
    assert list(position) == ["file", "line", "column"]
    assert position["file"] == "tenant.yaml"
    assert min(position["line"], position["column"]) >= 1


def test_plan(administrator: Administrator, run: Program) -> None:
    administrator.patch_client(grant_types=["authorization_code"])
    administrator.call("POST", "clients", {"name": "Old app"})
    document = run("plan", "--sandbox", "--format", "json").json()
    assert list(document) == PLAN
    assert document["format_version"] == "1.0"
    assert document["tool"] == {"name": "tenantctl", "version": __version__}
    assert document["tenant"] == {"domain": "sandbox.localhost"}
    assert document["complete"] is True
    assert list(document["summary"]) == SUMMARY
    assert document["summary"] | {"update": 1, "no-op": 2, "unmanaged": 1} == document["summary"]
    (change,) = document["changes"]
    assert list(change) == CHANGE
    client_id = administrator.find("clients", name="AAA M2M")["client_id"]
    assert (change["address"], change["id"], change["action"]) == ("clients/AAA M2M", client_id, "update")
    assert change["fields"] == [
        {
            "path": "grant_types",
            "before": ["authorization_code"],
            "after": ["client_credentials"],
            "sensitive": False,
            "position": {"file": "tenant.yaml", "line": 52, "column": 5},
        }
    ]
    check_position(change["position"])
    (unmanaged,) = document["unmanaged"]
    assert list(unmanaged) == ["address", "id"]
    assert unmanaged["address"] == "clients/Old app"
    drift = run("drift", "--sandbox", "--format", "json").json()
    assert drift == document


def test_problems_in_a_plan(starter: Path, run: Program) -> None:
    result = run("plan", "--sandbox", "--only", "clientGrants/*", "--format", "json")
    assert result.code == 1
    problems = result.json()["problems"]
    assert [problem["code"] for problem in problems] == ["only-leaves-out"] * 2
    for problem in problems:
        assert list(problem) == PROBLEM
        check_position(problem["position"])


def test_verify(administrator: Administrator, run: Program) -> None:
    passed = run("verify", "--sandbox", "--format", "json").json()
    assert list(passed) == ["format_version", "ok", "checks"]
    assert (passed["format_version"], passed["ok"]) == ("1.0", True)
    (check,) = passed["checks"]
    assert check.keys() - {"attempts", "position"} == CHECK
    assert list(check["token"]) == TOKEN
    assert (check["token"]["tokenLooksLikeJwt"], check["token"]["format"]) == (True, "jws")
    assert check["token"]["header"]["alg"] == "RS256"
    assert check["token"]["jwtPayloadSubset"]["aud"] == "https://aaa-api"

    administrator.patch_api(signing_alg="HS256")
    failed = run("verify", "--sandbox", "--format", "json").json()
    assert failed["ok"] is False
    (check,) = failed["checks"]
    assert check.keys() - {"attempts", "position"} == CHECK
    check_position(check["position"])

    administrator.delete_grant()
    (check,) = run("verify", "--sandbox", "--format", "json").json()["checks"]
    assert check["token"] is None


def test_validate(administrator: Administrator, run: Program) -> None:
    assert run("validate", "--format", "json").json() == {"format_version": "1.0", "ok": True, "problems": []}
    Path("tenant.yaml").write_text("clients:\n  - name: A\n    typo: 1\n", encoding="utf-8")
    document = run("validate", "--format", "json").json()
    assert [list(problem) for problem in document["problems"]] == [PROBLEM]
    assert document["ok"] is True
    strict = run("validate", "--format", "json", "--strict")
    assert (strict.code, strict.json()["ok"]) == (1, False)


def test_schema_takes_the_starter_file(starter: Path, run: Program) -> None:
    assert run("schema", "--out", "schema.json").code == 0
    assert json.loads(run("schema").out) == json.loads(Path("schema.json").read_text(encoding="utf-8"))
    tool = shutil.which("check-jsonschema", path=str(Path(sys.executable).parent))
    assert tool is not None
    checked = subprocess.run([tool, "--schemafile", "schema.json", str(starter)], check=False)
    assert checked.returncode == 0

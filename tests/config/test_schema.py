"""The JSON Schema, judged by check-jsonschema."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tenantctl.catalog.fields import plain_text
from tenantctl.catalog.registry import RESOURCE_TYPES
from tenantctl.config.load import load
from tenantctl.config.schema import make_schema

PROJECT = Path(__file__).parents[2]

GOOD = [
    "clients: null\n",
    "clients: '@@CLIENTS@@'\n",
    "clients:\n  - name: a\n    callbacks: null\n    sso: '@@SSO@@'\n    more: [1]\n    app_type: later\n",
    "clients:\n  - name: '##NAME##'\n",
    "tenant: {friendly_name: '##NAME##', session_lifetime: 1.5}\n",
    "tenantctl:\n  prune:\n  verify: [{client: a, scopes: '@@S@@', expect: {alg: '##ALG##'}}]\n",
    "tenantctl: {moved: [{from: clients/a, to: clients/b}]}\n",
]
BAD = [
    "clinets: []\n",
    "clientAuthCredentials: []\n",
    "clients: {}\n",
    "clients: [{app_type: spa}]\n",
    "clients: [{name: 5}]\n",
    "clients: [{name: a, sso: 'yes'}]\n",
    "clients: [{name: a, callbacks: [5]}]\n",
    "clientGrants: [{audience: a}]\n",
    "tenant: []\n",
    "tenantctl: {prun: []}\n",
    "tenantctl: {verify: [{audience: a}]}\n",
    "tenantctl: {verify: [{client: a, expect: {alg: none}}]}\n",
    "[]\n",
]


def check(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "check_jsonschema", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def schema_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("schema") / "schema.json"
    path.write_text(json.dumps(make_schema()))
    return path


def test_schema_is_valid(schema_file: Path) -> None:
    result = check("--check-metaschema", schema_file)
    assert result.returncode == 0, result.stdout


def test_good_files_pass(schema_file: Path, tmp_path: Path) -> None:
    files = [PROJECT / "tenant.yaml"]
    for index, text in enumerate(GOOD):
        files.append(tmp_path / f"good{index}.yaml")
        files[-1].write_text(text)
    result = check("--schemafile", schema_file, *files)
    assert result.returncode == 0, result.stdout


def test_bad_files_fail(schema_file: Path, tmp_path: Path) -> None:
    files = [tmp_path / f"bad{index}.yaml" for index in range(len(BAD))]
    for file, text in zip(files, BAD, strict=True):
        file.write_text(text)
    result = check("--schemafile", schema_file, "--output-format", "json", *files)
    failed = {error["filename"] for error in json.loads(result.stdout)["errors"]}
    assert failed == {str(file) for file in files}


def test_every_type_is_described() -> None:
    schema = make_schema()
    sections = {resource_type.section for resource_type in RESOURCE_TYPES}
    assert schema["properties"].keys() == {*sections, "tenantctl"}
    for resource_type in RESOURCE_TYPES:
        described = schema["$defs"][resource_type.section]["properties"]
        assert {*resource_type.required, *resource_type.key} <= described.keys()


def test_descriptions_are_plain_text() -> None:
    assert plain_text("See <a href='https://x'>here</a> &amp; <code>there</code>, no `<` or `>`.") == (
        "See here & there, no `<` or `>`."
    )
    assert "<a " not in json.dumps(make_schema())


def test_projects_file_has_three_resources_and_no_problem() -> None:
    loaded = load(PROJECT / "tenant.yaml", variables={})
    assert [resource.address for group in loaded.desired.sections.values() for resource in group] == [
        "resourceServers/https://aaa-api",
        "clients/AAA M2M",
        "clientGrants/AAA M2M:https://aaa-api",
    ]
    assert loaded.problems == ()
    assert [entry.client for entry in loaded.options.verify] == ["AAA M2M"]


def test_starter_is_the_projects_file() -> None:
    starter = PROJECT / "src/tenantctl/config/starter.yaml"
    assert starter.read_bytes() == (PROJECT / "tenant.yaml").read_bytes()

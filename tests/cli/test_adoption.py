"""``init --from-deploy-cli``: the files stay as they are, the settings become a block of ours."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.program import Program

YAML = "clients:\n  - name: Web\n  - name: Legacy\n    client_secret: '##LEGACY_SECRET##'\nroles: []"
SETTINGS: dict[str, Any] = {
    "AUTH0_ALLOW_DELETE": True,
    "AUTH0_EXCLUDED": ["roles"],
    "AUTH0_EXCLUDED_CLIENTS": ["Legacy"],
    "AUTH0_KEYWORD_REPLACE_MAPPINGS": {"ENV": "no", "PORTS": [1], "API_KEY": "sk-canary"},
}
BLOCK = """\
tenantctl:
  variables:
    ENV: "no"
    PORTS: {type: list, default: [1]}
  exclude:
    - roles
    - clients/Legacy
  # prune: [clients]  # was AUTH0_ALLOW_DELETE
"""


@pytest.fixture
def exported(project: Path) -> Path:
    folder = project / "export"
    folder.mkdir()
    (folder / "tenant.yaml").write_text(YAML)
    (folder / "config.json").write_text(json.dumps(SETTINGS))
    return folder


def test_the_block_is_put_behind_what_the_file_says(exported: Path, run: Program) -> None:
    done = run("init", "--from-deploy-cli", "export", "--sandbox")
    assert done.code == 0, done.words
    assert (exported / "tenant.yaml").read_text() == f"{YAML}\n\n{BLOCK}"
    assert "create  clients/Web" in done.out or "+ clients/Web" in done.out
    assert "Legacy" not in done.out
    assert "API_KEY: may be secret" in done.err
    assert "sk-canary" not in done.words + (exported / "tenant.yaml").read_text()


def test_what_was_left_alone_still_is_without_the_settings(exported: Path, run: Program) -> None:
    run("init", "--from-deploy-cli", "export", "--sandbox")
    assert run("plan", "-f", "export/tenant.yaml", "--sandbox", "--format", "json").code == 0
    planned = run("plan", "-f", "export/tenant.yaml", "--sandbox", "--format", "json").json()
    assert [change["address"] for change in planned["changes"]] == ["clients/Web"]


def test_a_folder_of_the_directory_layout_gets_a_file_of_its_own(exported: Path, run: Program) -> None:
    (exported / "tenant.yaml").unlink()
    (exported / "clients").mkdir()
    (exported / "clients" / "Web.json").write_text('{"name": "Web"}')
    assert run("init", "--from-deploy-cli", "export", "--sandbox").code == 0
    assert (exported / "tenantctl.yaml").read_text().startswith("tenantctl:\n  variables:\n")


def test_a_block_is_not_put_there_twice(exported: Path, run: Program) -> None:
    run("init", "--from-deploy-cli", "export", "--sandbox")
    before = (exported / "tenant.yaml").read_text()
    again = run("init", "--from-deploy-cli", "export", "--sandbox")
    assert again.code == 1
    assert "[block-exists]" in again.err
    assert (exported / "tenant.yaml").read_text() == before


def test_a_folder_without_settings_needs_no_block(exported: Path, run: Program) -> None:
    (exported / "config.json").unlink()
    (exported / "tenant.yaml").write_text("clients: [{name: Web}]\n")
    done = run("init", "--from-deploy-cli", "export", "--sandbox")
    assert "needs no block" in done.err
    assert (exported / "tenant.yaml").read_text() == "clients: [{name: Web}]\n"


def test_verbose_plans_say_where_each_value_is_said(exported: Path, run: Program) -> None:
    (exported / "tenant.yaml").write_text(
        "clients:\n  - name: Web\n    app_type: spa\ntenantctl:\n  environments:\n    prod:\n"
        "      clients: [{name: Web, app_type: native}]\n"
    )
    done = run("plan", "-v", "--env", "prod", "-f", "export/tenant.yaml", "--sandbox")
    assert "said at export/tenant.yaml:7:29" in done.out
    assert "said at" not in run("plan", "--env", "prod", "-f", "export/tenant.yaml", "--sandbox").out


def test_values_of_keywords_may_stand_in_a_file(exported: Path, run: Program) -> None:
    (exported / "tenant.yaml").write_text("clients: [{name: '##APP##'}]\n")
    (exported / "dev.yaml").write_text("APP: From a file\n")
    done = run("plan", "--vars", "export/dev.yaml", "-f", "export/tenant.yaml", "--sandbox")
    assert "clients/From a file" in done.out


def test_keywords_of_the_environment_stand_alone(run: Program) -> None:
    """As auth0-deploy-cli has it: neither config.json nor other variables count beside them."""
    Path("tenant.yaml").write_text('tenant:\n  friendly_name: "##NAME##"\n', encoding="utf-8")
    Path("config.json").write_text('{"AUTH0_KEYWORD_REPLACE_MAPPINGS": {"NAME": "A"}}', encoding="utf-8")
    line = ("plan", "--sandbox", "--config", "config.json")
    env = {"AUTH0_KEYWORD_REPLACE_MAPPINGS": '{"NAME": "B"}'}
    assert '"B"' in run(*line, env=env).out
    assert '"C"' in run(*line, env={"NAME": "C"}).out
    assert '"B"' in run(*line, env={"NAME": "C", **env}).out
    assert "[unresolved-keyword]" in run(*line, env={**env, "AUTH0_KEYWORD_REPLACE_MAPPINGS": "{}"}).err

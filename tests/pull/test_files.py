"""Configurations of several files stay split: a change lands in the file that says what changes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.apply.runs import Run, on_sandbox
from tests.pull.tenant import Puller
from tests.states import make_desired

TRIGGER = {"supported_triggers": [{"id": "post-login", "version": "v3"}], "runtime": "node22"}


@dataclass(frozen=True)
class Case:
    """A tenant, files, and those of them that are others afterwards (None: gone)."""

    tenant: Mapping[str, Any]
    before: Mapping[str, str]
    after: Mapping[str, str | None]
    source: str = "tenant.yaml"
    environment: str | None = None
    warned: tuple[str, ...] = ()


def action(name: str, code: str) -> dict[str, Any]:
    return {"name": name, "code": code, **TRIGGER}


TRIGGERS = "supported_triggers: [{id: post-login, version: v3}]"
ACTION = f"actions:\n  - name: A\n    {TRIGGERS}\n    code: ./a.js  # the code\n"
INCLUDING = "tenantctl:\n  include: [roles/*.yaml]\n"
OVERLAID = """\
roles:
  - name: R
    description: all
tenantctl:
  environments:
    prod:
      roles:
        - name: R
          description: prod
"""

CASES = {
    "an included file": Case(
        {"roles": [{"name": "R", "description": "new"}, {"name": "S"}]},
        {
            "tenant.yaml": INCLUDING,
            "roles/r.yaml": "roles:\n  - name: R\n    description: old  # R\n",
            "roles/s.yaml": "roles:\n  - name: S\n",
        },
        {"roles/r.yaml": "roles:\n  - name: R\n    description: new  # R\n"},
    ),
    "what is new stands where the last one does": Case(
        {"roles": [{"name": "R"}, {"name": "S"}, {"name": "T"}]},
        {
            "tenant.yaml": INCLUDING + "roles:\n  - name: R\n",
            "roles/s.yaml": "roles:\n  - name: S\n",
        },
        {"roles/s.yaml": "roles:\n  - name: S\n  - name: T\n    description: ''\n    permissions: []\n"},
    ),
    "what is gone goes from its file": Case(
        {"roles": [{"name": "R"}]},
        {
            "tenant.yaml": INCLUDING + "roles:\n  - name: R\n",
            "roles/s.yaml": "roles:\n  - name: S\n",
        },
        {"roles/s.yaml": "roles: []\n"},
    ),
    "code": Case(
        {"actions": [action("A", "new();\n")]},
        {"tenant.yaml": ACTION, "a.js": "old();\n"},
        {"a.js": "new();\n"},
    ),
    "code of a new action": Case(
        {"actions": [action("A", "a();\n"), action("B: b/c", "b();\n")]},
        {"tenant.yaml": ACTION, "a.js": "a();\n"},
        {
            "tenant.yaml": ACTION + "  - name: 'B: b/c'\n    supported_triggers:\n      - id: post-login\n"
            "        version: v3\n    code: './actions/B- b-c/code.js'\n    dependencies: []\n"
            "    runtime: node22\n    secrets: []\n    deployed: false\n",
            "actions/B- b-c/code.js": "b();\n",
        },
    ),
    "code with what reads as a keyword stays in the text": Case(
        {"rules": [{"name": "R", "script": "log('##HOME##')\n"}]},
        {"tenant.yaml": "rules: []\n"},
        {
            "tenant.yaml": "rules:\n  - name: R\n    script: \"log('\\u0023#HOME##')\\n\"\n"
            "    enabled: true\n",
        },
    ),
    "a form's body": Case(
        {"forms": [{"name": "F", "languages": {"primary": "de"}}]},
        {
            "tenant.yaml": "forms:\n  - name: F\n    body: ./f.json\n",
            "f.json": '{"languages": {"primary": "en"}}\n',
        },
        {"f.json": '{"languages": {"primary": "de"}}\n'},
    ),
    "code that nothing names any more": Case(
        {},
        {"tenant.yaml": ACTION, "a.js": "a();\n"},
        {"tenant.yaml": "actions: []  # the code\n"},
        warned=("unused-file",),
    ),
    "an environment": Case(
        {"roles": [{"name": "R", "description": "new"}]},
        {"tenant.yaml": OVERLAID},
        {"tenant.yaml": OVERLAID.replace("description: prod", "description: new")},
        environment="prod",
    ),
    "an environment without its own value": Case(
        {"roles": [{"name": "R", "description": "new"}]},
        {"tenant.yaml": OVERLAID.replace("          description: prod\n", "")},
        {"tenant.yaml": OVERLAID.replace("          description: prod\n", "").replace("all", "new")},
        environment="prod",
    ),
    "an environment in a file": Case(
        {"roles": [{"name": "R", "description": "new"}]},
        {
            "tenant.yaml": "roles:\n  - name: R\ntenantctl:\n  environments: {prod: env/prod.yaml}\n",
            "env/prod.yaml": "roles:\n  R: {description: old} # prod\n",
        },
        {"env/prod.yaml": "roles:\n  R: {description: new} # prod\n"},
        environment="prod",
    ),
    "the directory layout": Case(
        {
            "roles": [{"name": "R", "description": "new"}, {"name": "T/1"}],
            "tenant": {"friendly_name": "new", "support_email": "a@example.com"},
        },
        {
            "config/roles/R.json": '{\n    "description": "old",\n    "name": "R"\n}',
            "config/roles/gone.json": '{"name": "S"}',
            "config/tenant.json": '{"friendly_name": "old"}\n',
        },
        {
            "config/roles/R.json": '{\n    "description": "new",\n    "name": "R"\n}',
            "config/roles/gone.json": None,
            "config/roles/T-1.json": '{\n  "name": "T/1",\n  "description": "",\n  "permissions": []\n}\n',
            "config/tenant.json": '{"friendly_name": "new"}\n',
        },
        source="config",
    ),
    "partials and renderers of the directory layout": Case(
        {
            "prompts": {
                "partials": {"login": {"login": {"form-content-end": "<new>", "form-content-start": "<i>"}}},
                "screenRenderers": {"login": {"login": {"rendering_mode": "standard"}}},
            }
        },
        {
            "config/prompts/partials.json": json.dumps(
                {"login": [{"login": [{"name": "form-content-end", "template": "end.liquid"}]}]}
            ),
            "config/prompts/end.liquid": "<old>\n",
            "config/prompts/screenRenderSettings/x.json": json.dumps(
                {"prompt": "login", "screen": "login", "rendering_mode": "advanced"}
            ),
        },
        {
            "config/prompts/end.liquid": "<new>\n",
            "config/prompts/screenRenderSettings/x.json": json.dumps(
                {"prompt": "login", "screen": "login", "rendering_mode": "standard"}
            ),
        },
        source="config",
    ),
}


def written(root: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8"))


def contents(root: Path) -> dict[str, str]:
    return {
        str(path.relative_to(root)): path.read_bytes().decode("utf-8")
        for path in root.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize("name", CASES)
def test_the_files_afterwards(tmp_path: Path, name: str) -> None:
    case = CASES[name]
    written(tmp_path, case.before)
    wanted = {**case.before, **case.after}

    async def steps(run: Run) -> None:
        puller = Puller(run, path=tmp_path / case.source, environment=case.environment)
        await puller.apply(make_desired(**case.tenant))
        made = await puller.settle()
        assert contents(tmp_path) == {path: text for path, text in wanted.items() if text is not None}
        assert tuple(problem.code for problem in made.problems) == case.warned

    on_sandbox(steps)


def test_code_that_two_actions_share_stays_where_they_differ(tmp_path: Path) -> None:
    shared = "actions:\n" + "".join(f"  - {{name: {name}, {TRIGGERS}, code: ./a.js}}\n" for name in "AB")
    written(tmp_path, {"tenant.yaml": shared, "a.js": "old();\n"})

    async def steps(run: Run) -> None:
        puller = Puller(run, path=tmp_path / "tenant.yaml")
        await puller.apply(make_desired(actions=[action("A", "new();\n"), action("B", "old();\n")]))
        made = await puller.pull()
        assert [problem.code for problem in made.problems] == ["cannot-edit"]
        assert [(each.address, each.path) for each in made.unpulled] == [("actions/A", "code")]
        assert made.files == ()
        await puller.apply(make_desired(actions=[action("A", "new();\n"), action("B", "new();\n")]))
        await puller.settle()
        assert contents(tmp_path) == {"tenant.yaml": shared, "a.js": "new();\n"}

    on_sandbox(steps)


def test_a_new_file_takes_no_other_ones_place(tmp_path: Path) -> None:
    written(tmp_path, {"tenant.yaml": "rules: []\n", "rules/R.js": "another\n"})

    async def steps(run: Run) -> None:
        puller = Puller(run, path=tmp_path / "tenant.yaml")
        await puller.apply(
            make_desired(rules=[{"name": "R", "script": "1\n"}, {"name": "r", "script": "2\n"}])
        )
        await puller.settle()

    on_sandbox(steps)
    files = contents(tmp_path)
    del files["tenant.yaml"]
    assert files == {"rules/R.js": "another\n", "rules/R-2.js": "1\n", "rules/r.js": "2\n"}

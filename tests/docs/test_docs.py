"""The documentation against the program: every command, code and link."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tenantctl.catalog.registry import RESOURCE_TYPES
from tenantctl.config.load import load
from tenantctl.verify.table import ROWS

PROJECT = Path(__file__).parents[2]
PAGES = sorted([*PROJECT.glob("*.md"), *PROJECT.glob("docs/**/*.md")])
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize("page", ["README.md", "docs/tenant-yaml.md"])
def test_yaml_on_the_pages_is_valid(page: str, tmp_path: Path) -> None:
    text = (PROJECT / page).read_text(encoding="utf-8")
    for name in ("apis/one.yaml", "apps/one.yaml", "env/staging.yaml"):  # files that the pages name
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("roles: []\n", encoding="utf-8")
    for number, block in enumerate(re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)):
        file = tmp_path / f"{number}.yaml"
        file.write_text(block, encoding="utf-8")
        loaded = load(file, variables={})
        assert [problem for problem in loaded.problems if problem.code != "unresolved-reference"] == []


def test_made_pages_are_fresh() -> None:
    command = [sys.executable, str(PROJECT / "tools" / "pages.py"), "--check"]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stdout + finished.stderr


def test_every_code_of_verify_is_explained() -> None:
    page = (PROJECT / "docs/verify.md").read_text(encoding="utf-8")
    assert [row.code for row in ROWS if f"`{row.code}`" not in page] == []


@pytest.mark.parametrize("page", ["README.md", "CHANGELOG.md"])
def test_the_kinds_of_configuration_are_counted(page: str) -> None:
    told = re.findall(r"(\d+) kinds of configuration", (PROJECT / page).read_text(encoding="utf-8"))
    assert told == [str(len(RESOURCE_TYPES))]


def test_every_decision_is_listed() -> None:
    folder = PROJECT / "docs/decisions"
    index = (folder / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in folder.glob("0*.md") if path.name not in index] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_links_lead_somewhere(page: Path) -> None:
    targets = LINK.findall(page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []

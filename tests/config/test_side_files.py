"""Code, templates and bodies in files of their own."""

from __future__ import annotations

from typing import Any

import pytest

from tenantctl.catalog.registry import RESOURCE_TYPES
from tenantctl.catalog.spec import ResourceType
from tests.config.tree import Tree

TRIGGER = "supported_triggers: [{id: post-login, version: v3}]"
ACTION = f"actions:\n  - name: A\n    {TRIGGER}\n    code: ./actions/A/code.js\n"


def only(data: dict[str, list[dict[str, Any]]], section: str) -> dict[str, Any]:
    (found,) = data[section]
    return found


def test_a_field_may_name_a_file_and_keywords_are_replaced_there(tree: Tree) -> None:
    tree.write({"tenant.yaml": ACTION, "actions/A/code.js": "// ##ENV##\nexports.x = 1;\n"})
    data = tree.data(variables={"ENV": "dev"})
    assert only(data, "actions")["code"] == "// dev\nexports.x = 1;\n"


@pytest.mark.parametrize("code", ["|\n      exports.x = 1;\n", "exports.x = 1"])
def test_text_stays_text(tree: Tree, code: str) -> None:
    tree.write({"tenant.yaml": ACTION.replace("./actions/A/code.js", code)})
    assert only(tree.data(), "actions")["code"].startswith("exports.x = 1")


def test_a_login_page_that_names_no_file_is_the_page(tree: Tree) -> None:
    tree.write({"tenant.yaml": "clients:\n  - name: A\n    custom_login_page: page.html\n"})
    assert only(tree.data(), "clients")["custom_login_page"] == "page.html"
    tree.write({"clients/page.html": "<p>"})
    assert only(tree.data(), "clients")["custom_login_page"] == "<p>"


def test_a_form_has_all_but_its_name_from_its_file(tree: Tree) -> None:
    tree.write(
        {
            "tenant.yaml": "forms:\n  - name: Sign up\n    body: ./forms/sign-up.json\n",
            "forms/sign-up.json": '{"name": "no", "languages": {"primary": "en"}, "nodes": []}',
        }
    )
    form = only(tree.data(), "forms")
    assert form == {"name": "Sign up", "languages": {"primary": "en"}, "nodes": []}


def test_renderers_of_screens_stand_in_json_files(tree: Tree) -> None:
    tree.write(
        {
            "tenant.yaml": "prompts:\n  screenRenderers:\n    - login: {login: ./r/login.json}\n",
            "r/login.json": '{"rendering_mode": "advanced"}',
        }
    )
    renderers = only(tree.data(), "prompts")["screenRenderers"]
    assert renderers == [{"login": {"login": {"rendering_mode": "advanced"}}}]


BAD = {
    "missing": ("./actions/A/code.js", {}, "file-not-found", "tenant.yaml:4:5"),
    "outside": ("../code.js", {"../code.js": "x"}, "path-outside", "tenant.yaml:4:5"),
    "keyword": ("code.js", {"code.js": "a\n'##NO##'"}, "unresolved-keyword", "code.js:2:2"),
    "no text": ("code.js", {"code.js": "\udcff"}, "file-not-utf8", "code.js:1:1"),
}


@pytest.mark.parametrize(("name", "files", "code", "at"), BAD.values(), ids=BAD)
def test_faults(tree: Tree, name: str, files: dict[str, str], code: str, at: str) -> None:
    root = Tree(tree.root / "project").write({"tenant.yaml": ACTION.replace("./actions/A/code.js", name)})
    for path, text in files.items():
        (root.root / path).write_bytes(text.encode("utf-8", "surrogateescape"))
    problem = root.problem()
    assert (problem.code, root.at(problem)) == (code, at)


NAMED = {
    "a screen": "prompts:\n  screenRenderers:\n    - login: {login: ./r/login.json}\n",
    "a form": "forms:\n  - name: Sign up\n    body: ./forms/sign-up.json\n",
}


@pytest.mark.parametrize("text", NAMED.values(), ids=NAMED)
def test_a_missing_file_is_one_problem(tree: Tree, text: str) -> None:
    assert tree.write({"tenant.yaml": text}).problem().code == "file-not-found"


def test_a_file_that_a_link_names_outside_is_not_read(tree: Tree) -> None:
    root = Tree(tree.root / "project").write({"tenant.yaml": ACTION, "actions/A/x": ""})
    tree.write({"passwd": "secret"})
    (root.root / "actions/A/code.js").symlink_to(tree.root / "passwd")
    problem = root.problem()
    assert problem.code == "path-outside"
    assert "secret" not in str(problem)


WITH_FILES = [resource_type for resource_type in RESOURCE_TYPES if resource_type.side_files]


@pytest.mark.parametrize("resource_type", WITH_FILES, ids=lambda each: each.section)
def test_side_files_are_of_fields_that_there_are(resource_type: ResourceType) -> None:
    suffixes = {side.suffix for side in resource_type.side_files}
    assert suffixes <= {".js", ".html", ".json", ".liquid"}
    assert len(WITH_FILES) > 10

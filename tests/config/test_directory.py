"""The directory layout of auth0-deploy-cli."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tenantctl.catalog.registry import BY_SECTION, RESOURCE_TYPES
from tenantctl.catalog.spec import ResourceType
from tests.config.tree import Tree

FILES = {
    "clients/Web.json": '{"name": "Web", "callbacks": ["##URL##"], "custom_login_page": "./Web_page.html"}',
    "clients/Web_page.html": "<p>",
    "clients/empty.json": "{}",
    "actions/A.json": json.dumps(
        {
            "name": "A",
            "code": "./actions/A/code.js",
            "supported_triggers": [{"id": "post-login", "version": "v3"}],
        }
    ),
    "actions/A/code.js": "1",
    "database-connections/Users/database.json": json.dumps(
        {"name": "Users", "strategy": "auth0", "options": {"customScripts": {"login": "./login.js"}}}
    ),
    "database-connections/Users/login.js": "login",
    "emails/provider.json": '{"name": "smtp"}',
    "emails/verify_email.json": '{"template": "verify_email", "body": "./verify_email.html"}',
    "emails/verify_email.html": "<b>",
    "attack-protection/captcha.json": '{"active_provider_id": "arkose"}',
    "attack-protection/brute-force-protection.json": '{"enabled": true}',
    "branding/branding.json": '{"colors": {"primary": "#fff"}}',
    "branding/templates/universal_login.json": json.dumps(
        {"template": "universal_login", "body": "./universal_login.html"}
    ),
    "branding/templates/universal_login.html": "<html>",
    "prompts/prompts.json": '{"identifier_first": true}',
    "prompts/custom-text.json": '{"en": {"login": {"login": {"title": "T"}}}}',
    "prompts/partials.json": json.dumps(
        {"login": [{"login": [{"name": "form-content-end", "template": "partials/end.liquid"}]}]}
    ),
    "prompts/partials/end.liquid": "<i>\n",
    "prompts/screenRenderSettings/login_login.json": json.dumps(
        {"prompt": "login", "screen": "login", "rendering_mode": "advanced"}
    ),
    "tenant.json": '{"friendly_name": "T"}',
    "roles/.keep": "",
    "tenantctl.yaml": "tenantctl:\n  protect: [clients/Old]\n",
}


def read(tree: Tree) -> dict[str, list[dict[str, Any]]]:
    return tree.write(FILES).data(".", variables={"URL": "https://a"})


def test_every_section_is_read_from_its_files(tree: Tree) -> None:
    data = read(tree)
    assert data["clients"] == [{"name": "Web", "callbacks": ["https://a"], "custom_login_page": "<p>"}]
    assert data["actions"][0]["code"] == "1"
    assert data["databases"][0]["options"]["customScripts"] == {"login": "login"}
    assert data["emailTemplates"] == [{"template": "verify_email", "body": "<b>"}]
    assert data["emailProvider"] == [{"name": "smtp"}]
    assert data["attackProtection"] == [
        {"captcha": {"active_provider_id": "arkose"}, "bruteForceProtection": {"enabled": True}}
    ]
    assert data["branding"] == [
        {"colors": {"primary": "#fff"}, "templates": [{"template": "universal_login", "body": "<html>"}]}
    ]
    assert data["prompts"] == [
        {
            "identifier_first": True,
            "customText": {"en": {"login": {"login": {"title": "T"}}}},
            "partials": {"login": {"login": {"form-content-end": "<i>"}}},
            "screenRenderers": [{"login": {"login": {"rendering_mode": "advanced"}}}],
        }
    ]
    assert data["tenant"] == [{"friendly_name": "T"}]


def test_a_missing_folder_is_untouched_and_an_empty_one_is_empty(tree: Tree) -> None:
    data = read(tree)
    assert data["roles"] == []
    assert "resourceServers" not in data


def test_options_stand_in_a_file_of_their_own(tree: Tree) -> None:
    tree.write(FILES)
    assert tree.load(".", variables={"URL": ""}).options.protect == ("clients/Old",)


BAD = {
    "no json": ("clients/B.json", '{"name": "B",}', "json-syntax", "clients/B.json:1:14"),
    "too deep": ("clients/B.json", "[" * 100_000, "json-too-deep", "clients/B.json:1:1"),
    "wrong type": ("clients/B.json", '{"name": "B",\n "callbacks": 1}', "wrong-type", "clients/B.json:2:2"),
    "same name": ("clients/B.json", '{"name": "Web"}', "duplicate-resource", "clients/Web.json:1:2"),
    "keyword": ("clients/B.json", '{"name": "##NO##"}', "unresolved-keyword", "clients/B.json:1:11"),
    "no mapping": ("clients/B.json", "[1]", "wrong-type", "clients/B.json:1:1"),
}


@pytest.mark.parametrize(("name", "text", "code", "at"), BAD.values(), ids=BAD)
def test_faults(tree: Tree, name: str, text: str, code: str, at: str) -> None:
    problem = tree.write({**FILES, name: text}).problem(".", variables={"URL": "https://a"})
    assert (problem.code, tree.at(problem)) == (code, at)


def test_characters_that_json_escapes_twice(tree: Tree) -> None:
    tree.write({"clients/A.json": '{"name": "\\ud83d\\ude00"}'})
    assert tree.data(".")["clients"] == [{"name": "😀"}]


def test_a_misspelt_folder_is_told(tree: Tree) -> None:
    tree.write({**FILES, "client/x.json": "{}", "role/Admin.json": "{}", "emailTemplates/a.json": "{}"})
    problems = tree.load(".", variables={"URL": ""}).problems
    told = {(each.code, each.hint) for each in problems}
    assert told == {
        ("unknown-folder", "Did you mean 'roles'?"),
        ("unknown-folder", "Did you mean 'clients'?"),
        ("unknown-folder", "Files of the section 'emailTemplates' stand in 'emails'."),
    }


def test_a_folder_without_a_configuration_is_refused(tree: Tree) -> None:
    problem = tree.write({"src/main.js": ""}).problem(".")
    assert problem.code == "file-is-directory"


def test_every_folder_of_auth0_deploy_cli_is_known(shared: Path) -> None:
    """Compare with the published facts on its directory layout."""
    text = (shared / "management-api" / "formats.md").read_text(encoding="utf-8")
    rows = text.partition("| Type | Layout |")[2].partition("\n\n")[0].splitlines()
    types = " ".join(row.split("|")[1] for row in rows[1:] if row.startswith("|"))
    told = set(re.findall(r"[a-z]+(?:-[a-z]+)*", types)) - _IN_ROOT
    known = {folder for resource_type in RESOURCE_TYPES for folder in resource_type.layout.folders}
    assert len(told) > 30
    assert told - known == set()


_IN_ROOT = {"clientGrants", "client", "rants", "supplemental-signals", "json", "tenant"}


def _laid_out(resource_type: ResourceType) -> list[str]:
    layout = resource_type.layout
    return [path for path in (layout.items, *layout.members.values(), *layout.lists.values()) if path]


def test_no_two_types_read_the_same_file() -> None:
    paths = [path for resource_type in RESOURCE_TYPES for path in _laid_out(resource_type)]
    assert len(paths) == len(set(paths))
    assert BY_SECTION["emailTemplates"].layout.others == {"provider.json"}

"""Overlays: one configuration for several environments."""

from __future__ import annotations

from typing import Any

import pytest

from tests.config.tree import Tree

BASE = """\
clients:
  - name: Web
    callbacks: [http://localhost]
    client_metadata: {team: a, size: s}
  - name: Debug
    app_type: spa
tenant:
  friendly_name: Dev
roles: [{name: Admin}]
tenantctl:
  protect: [clients/Old]
  environments:
    prod:
"""


def client(data: dict[str, list[dict[str, Any]]], name: str = "Web") -> dict[str, Any]:
    (found,) = (each for each in data["clients"] if each["name"] == name)
    return found


def overlaid(tree: Tree, overlay: str) -> dict[str, list[dict[str, Any]]]:
    indented = "".join(f"      {line}\n" for line in overlay.splitlines())
    return tree.write({"tenant.yaml": BASE + indented}).data(environment="prod")


def test_nothing_is_laid_over_unless_an_environment_is_chosen(tree: Tree) -> None:
    tree.write({"tenant.yaml": BASE + "      tenant: {friendly_name: Prod}\n"})
    assert tree.data()["tenant"] == [{"friendly_name": "Dev"}]
    assert tree.data(environment="prod")["tenant"] == [{"friendly_name": "Prod"}]


def test_resources_are_merged_by_key_and_mappings_by_member(tree: Tree) -> None:
    data = overlaid(
        tree, "clients:\n  - name: Web\n    client_metadata: {size: l, team: null}\n  - name: New"
    )
    assert client(data)["client_metadata"] == {"size": "l"}
    assert client(data)["callbacks"] == ["http://localhost"]
    assert [each["name"] for each in data["clients"]] == ["Web", "Debug", "New"]


def test_lists_are_replaced_or_appended_to(tree: Tree) -> None:
    replaced = overlaid(tree, "clients: [{name: Web, callbacks: [https://a]}]")
    assert client(replaced)["callbacks"] == ["https://a"]
    appended = overlaid(tree, "clients: [{name: Web, +callbacks: [https://a]}]")
    assert client(appended)["callbacks"] == ["http://localhost", "https://a"]


def test_a_section_may_map_keys_and_null_takes_out(tree: Tree) -> None:
    data = overlaid(
        tree, "clients: {Debug: null, Web: {app_type: spa}, New: {app_type: native}}\nroles: null"
    )
    assert [each["name"] for each in data["clients"]] == ["Web", "New"]
    assert client(data)["app_type"] == "spa"
    assert "roles" not in data


def test_options_are_overlaid_too(tree: Tree) -> None:
    tree.write({"tenant.yaml": BASE + "      tenantctl: {+protect: [clients/Web], prune: [roles]}\n"})
    options = tree.load(environment="prod").options
    assert options.protect == ("clients/Old", "clients/Web")
    assert options.prune == ("roles",)


def test_an_overlay_may_stand_in_a_file(tree: Tree) -> None:
    tree.write(
        {
            "tenant.yaml": BASE.replace("prod:\n", "prod: env/prod.yaml\n"),
            "env/prod.yaml": "tenant:\n  friendly_name: Prod\n  enabled_locales: x\n",
        }
    )
    problem = tree.problem(environment="prod")
    assert (problem.code, tree.at(problem)) == ("wrong-type", "env/prod.yaml:3:3")


def test_each_value_is_told_from_where_it_comes(tree: Tree) -> None:
    tree.write(
        {"tenant.yaml": BASE + "      clients:\n        - name: Web\n          callbacks: [https://a]\n"}
    )
    (web, _) = tree.load(environment="prod").desired.sections["clients"]
    positions = [web.locate(("callbacks",)), web.locate(("client_metadata",)), web.locate(("callbacks", 0))]
    assert [position.line for position in positions if position] == [16, 4, 16]


BAD = {
    "unknown": ("      tenant: {}", "pord", "unknown-environment", "Did you mean 'prod'?"),
    "no list": (
        "      clients: {Debug: {+app_type: [a]}}",
        "prod",
        "not-appendable",
        "Write 'app_type:'",
    ),
    "no such resource": ("      clients: {Nobody: null}", "prod", "unknown-resource", "Take out what"),
    "text for a section": ("      clients: x", "prod", "wrong-type", "Write '- name: …'."),
    "text for a resource": ("      clients: [x]", "prod", "wrong-type", "Write '- name: …'."),
}


@pytest.mark.parametrize(("overlay", "name", "code", "hint"), BAD.values(), ids=BAD)
def test_faults(tree: Tree, overlay: str, name: str, code: str, hint: str) -> None:
    problem = tree.write({"tenant.yaml": f"{BASE}{overlay}\n"}).problem(environment=name)
    assert problem.code == code
    assert hint in problem.hint


VARIABLES = """\
clients:
  - name: Web
    callbacks: ["##URL##/callback"]
    sso_disabled: @@SSO@@
    jwt_configuration: {lifetime_in_seconds: @@LIFETIME@@}
tenantctl:
  variables:
    URL: http://localhost
    SSO: {type: boolean, default: false}
    LIFETIME: {type: integer, default: 60}
  environments:
    prod:
      variables: {URL: https://app, LIFETIME: 600}
      clients: [{name: Web, description: "##ONLY_IN_PROD##"}]
"""


def settings(data: dict[str, list[dict[str, Any]]]) -> tuple[Any, ...]:
    found = client(data)
    return found["callbacks"][0], found["sso_disabled"], found["jwt_configuration"]["lifetime_in_seconds"]


def test_declared_keywords_have_defaults_types_and_values_of_environments(tree: Tree) -> None:
    tree.write({"tenant.yaml": VARIABLES})
    assert settings(tree.data()) == ("http://localhost/callback", False, 60)
    given = {"SSO": "true", "LIFETIME": "5", "ONLY_IN_PROD": "p"}
    assert settings(tree.data(environment="prod", variables=given)) == ("https://app/callback", True, 5)
    mapped = {"LIFETIME": 7}
    assert settings(tree.data(mappings=mapped)) == ("http://localhost/callback", False, 7)


def test_a_keyword_of_another_environment_needs_no_value(tree: Tree) -> None:
    tree.write({"tenant.yaml": VARIABLES})
    assert tree.problem(environment="prod").code == "unresolved-keyword"
    assert tree.data()


@pytest.mark.parametrize(
    ("variables", "code", "words"),
    [
        ("{A: '##B##', B: '##A##'}", "keyword-cycle", "A → B → A"),
        ("{A: {type: integer, default: x}}", "bad-variable", "is no integer"),
        ("{LIFETIME: {type: integer}}", "bad-variable", "as the environment has it"),
    ],
)
def test_bad_variables(tree: Tree, variables: str, code: str, words: str) -> None:
    tree.write({"tenant.yaml": f"tenantctl:\n  variables: {variables}\ntenant: {{friendly_name: x}}"})
    problem = tree.problem(variables={"LIFETIME": "soon"})
    assert problem.code == code
    assert words in problem.summary
    assert tree.at(problem).startswith("tenant.yaml:2:")
    assert "soon" not in str(problem)

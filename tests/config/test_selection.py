"""The settings of auth0-deploy-cli that leave things alone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.config.tree import Tree

FILE = """\
clients:
  - name: Ours
  - name: Theirs
    is_first_party: false
clientGrants:
  - {client_id: Theirs, audience: https://a, scope: []}
connections:
  - {name: one, strategy: samlp}
  - {name: two, strategy: samlp}
resourceServers:
  - {identifier: https://a, name: A}
"""


def names(tree: Tree, settings: dict[str, Any], text: str = FILE) -> dict[str, list[str]]:
    loaded = tree.write({"tenant.yaml": text}).load(settings=settings)
    return {
        section: [resource.key for resource in group] for section, group in loaded.desired.sections.items()
    }


CASES: dict[str, tuple[dict[str, Any], dict[str, list[str]]]] = {
    "sections": ({"AUTH0_EXCLUDED": ["clients", "clientGrants"]}, {"clients": [], "clientGrants": []}),
    "only": ({"AUTH0_INCLUDED_ONLY": '["clients"]'}, {"connections": [], "resourceServers": []}),
    "names": ({"AUTH0_EXCLUDED_CLIENTS": ["Theirs"]}, {"clients": ["Ours"]}),
    "connections": ({"AUTH0_INCLUDED_CONNECTIONS": ["two"]}, {"connections": ["two"]}),
    "third party": (
        {"AUTH0_EXCLUDE_THIRD_PARTY_CLIENTS": "true"},
        {"clients": ["Ours"], "clientGrants": []},
    ),
}


@pytest.mark.parametrize(("settings", "left"), CASES.values(), ids=CASES)
def test_what_is_left_alone(tree: Tree, settings: dict[str, Any], left: dict[str, list[str]]) -> None:
    found = names(tree, settings)
    assert {section: found.get(section, []) for section in left} == left
    assert found != names(tree, {})


def test_a_file_may_say_so_itself_and_then_settings_of_names_do_not(tree: Tree) -> None:
    text = FILE + "exclude: {clients: [Ours]}\ninclude: {connections: [one]}\n"
    found = names(tree, {"AUTH0_EXCLUDED_CLIENTS": ["Theirs"]}, text)
    assert (found["clients"], found["connections"]) == (["Theirs"], ["one"])


def test_what_is_left_alone_is_protected(tree: Tree) -> None:
    settings = {"AUTH0_EXCLUDED_CLIENTS": ["App [1]"]}
    loaded = tree.write({"tenant.yaml": FILE}).load(settings=settings)
    assert loaded.options.protect == ("clients/App [[]1]",)
    assert tree.load(settings={"AUTH0_INCLUDED_CONNECTIONS": ["one"]}).selection.partial == {"connections"}


def test_allowing_deletion_is_read_and_not_obeyed(tree: Tree) -> None:
    loaded = tree.write({"tenant.yaml": FILE}).load(settings={"AUTH0_ALLOW_DELETE": True})
    assert [problem.code for problem in loaded.problems] == ["allow-delete"]
    assert "prune" in loaded.problems[0].hint
    assert tree.load(settings={"AUTH0_ALLOW_DELETE": "false"}).problems == ()


BAD: dict[str, tuple[dict[str, Any], str, str]] = {
    "both": (
        {"AUTH0_EXCLUDED": ["roles"], "AUTH0_INCLUDED_ONLY": ["clients"]},
        "bad-setting",
        "exclude each",
    ),
    "no list": ({"AUTH0_EXCLUDED": "clients"}, "bad-setting", "AUTH0_EXCLUDED must be a list"),
    "no section": ({"AUTH0_EXCLUDED": ["client"]}, "unknown-section", "there is no section 'client'"),
    "nothing": ({"AUTH0_INCLUDED_ONLY": []}, "bad-setting", "names no section"),
}


@pytest.mark.parametrize(("settings", "code", "words"), BAD.values(), ids=BAD)
def test_faults(tree: Tree, settings: dict[str, Any], code: str, words: str) -> None:
    problem = tree.write({"tenant.yaml": FILE}).problem(settings=settings)
    assert problem.code == code
    assert words in problem.summary


def test_a_bad_list_in_the_file_is_told_where_it_stands(tree: Tree) -> None:
    problem = tree.write({"tenant.yaml": FILE + "exclude: [clients]\n"}).problem()
    assert (problem.code, tree.at(problem)) == ("wrong-type", "tenant.yaml:12:1")

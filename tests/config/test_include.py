"""A configuration that is split over files."""

from __future__ import annotations

import pytest

from tests.config.tree import Tree

MAIN = "tenantctl:\n  include: ['apps/*.yaml', more/api.yaml]\nclients:\n  - name: Main\n"
API = "resourceServers:\n  - identifier: https://a\n    name: A\n"


def test_files_are_put_together_in_the_order_of_their_names(tree: Tree) -> None:
    tree.write(
        {
            "tenant.yaml": MAIN,
            "apps/b.yaml": "clients: [{name: B}]",
            "apps/a.yaml": "clients: [{name: A}]\ntenant: {friendly_name: T}",
            "more/api.yaml": API,
        }
    )
    data = tree.data()
    assert [client["name"] for client in data["clients"]] == ["Main", "A", "B"]
    assert data["resourceServers"] == [{"identifier": "https://a", "name": "A"}]
    assert data["tenant"] == [{"friendly_name": "T"}]


def test_an_included_file_includes_others_relative_to_itself(tree: Tree) -> None:
    tree.write(
        {
            "tenant.yaml": "tenantctl: {include: [a/one.yaml]}",
            "a/one.yaml": "tenantctl: {include: [two.yaml]}\nclients: [{name: One}]",
            "a/two.yaml": "clients: [{name: Two}]",
        }
    )
    assert [client["name"] for client in tree.data()["clients"]] == ["One", "Two"]


def test_a_mapping_may_be_spread_over_files(tree: Tree) -> None:
    tree.write(
        {
            "tenant.yaml": "tenantctl: {include: [b.yaml]}\ntenant:\n  friendly_name: T",
            "b.yaml": "tenant:\n  support_email: s@example.com",
        }
    )
    assert tree.data()["tenant"] == [{"friendly_name": "T", "support_email": "s@example.com"}]


BAD = {
    "missing": (["nowhere/*.yaml"], {}, "missing-include", "tenant.yaml:2:13"),
    "absolute": (["/etc/*.conf"], {}, "missing-include", "tenant.yaml:2:13"),
    "outside": (["../*.yaml"], {"../out.yaml": "clients: []"}, "path-outside", "tenant.yaml:2:13"),
    "itself": (["tenant.yaml"], {}, "include-cycle", "tenant.yaml:2:13"),
    "circle": (["a.yaml"], {"a.yaml": "tenantctl: {include: [tenant.yaml]}"}, "include-cycle", "a.yaml:1:23"),
    "same resource": (
        ["a.yaml"],
        {"a.yaml": "clients:\n  - app_type: spa\n    name: Main"},
        "duplicate-resource",
        "a.yaml:3:5",
    ),
    "same field": (
        ["a.yaml"],
        {"a.yaml": "tenant:\n  friendly_name: U"},
        "declared-twice",
        "a.yaml:2:3",
    ),
    "options": (["a.yaml"], {"a.yaml": "tenantctl:\n  prune: [roles]"}, "misplaced-options", "a.yaml:2:3"),
    "no yaml": (["a.yaml"], {"a.yaml": "clients: ["}, "yaml-syntax", "a.yaml:1:11"),
}


@pytest.mark.parametrize(("globs", "files", "code", "at"), BAD.values(), ids=BAD)
def test_faults(tree: Tree, globs: list[str], files: dict[str, str], code: str, at: str) -> None:
    root = Tree(tree.root / "project")
    main = f"tenantctl:\n  include: {globs}\nclients: [{{name: Main}}]\ntenant: {{friendly_name: T}}"
    root.write({"tenant.yaml": main, **files})
    problem = root.problem()
    assert (problem.code, root.at(problem)) == (code, at)


def test_a_symbolic_link_does_not_lead_out(tree: Tree) -> None:
    root = Tree(tree.root / "project").write({"tenant.yaml": "tenantctl:\n  include: [link.yaml]"})
    tree.write({"secret.yaml": "clients: []"})
    (root.root / "link.yaml").symlink_to(tree.root / "secret.yaml")
    assert root.problem().code == "path-outside"


def test_problems_are_told_where_they_stand(tree: Tree) -> None:
    tree.write(
        {"tenant.yaml": MAIN, "apps/a.yaml": "clients:\n  - name: A\n    callbacks: 1", "more/api.yaml": API}
    )
    problem = tree.problem()
    assert (problem.code, tree.at(problem)) == ("wrong-type", "apps/a.yaml:3:5")

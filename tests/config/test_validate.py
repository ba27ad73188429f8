"""Faults of content: every one found, each with its code and position."""
# ruff: noqa: E501  # a row of a table is easier to read in one line

import pytest

from tenantctl.problems import Severity
from tests.config.conftest import FindProblems, LoadText
from tests.config.contents import API, FAULTS, FINE


@pytest.mark.parametrize(
    ("text", "code", "line", "column", "severity", "words"),
    [row[1:] for row in FAULTS],
    ids=[row[0] for row in FAULTS],
)
def test_fault(
    problems_of: FindProblems, text: str, code: str, line: int, column: int, severity: str, words: str
) -> None:
    (problem,) = problems_of(text)
    assert problem.code == code
    assert problem.severity == severity
    assert problem.position is not None
    assert (problem.position.line, problem.position.column) == (line, column)
    assert words in f"{problem.summary} {problem.detail} {problem.hint}"


@pytest.mark.parametrize("text", [row[1] for row in FINE], ids=[row[0] for row in FINE])
def test_nothing_wrong(problems_of: FindProblems, text: str) -> None:
    assert problems_of(text) == ()


def test_all_problems_at_once_in_file_order(problems_of: FindProblems) -> None:
    text = "clinets: []\nclients:\n  - nam: a\n  - name: b\n    sso: 5\n    foo: 1\nroles: 5\n"
    found = problems_of(text)
    assert [(problem.code, problem.position.line) for problem in found if problem.position] == [
        ("unknown-section", 1),
        ("missing-key", 3),
        ("unknown-field", 3),
        ("wrong-type", 5),
        ("unknown-field", 6),
        ("wrong-type", 7),
    ]
    assert found[3].address == "clients/b"


def test_read_only_fields_are_dropped_and_the_id_stays(load_text: LoadText) -> None:
    text = "clients:\n  - name: a\n    client_id: abc\n    tenant: t\n    foo: kept\nroles:\n  - name: r\n    id: rol_1\n"
    loaded = load_text(text)
    assert loaded.desired.sections["clients"][0].data == {"name": "a", "client_id": "abc", "foo": "kept"}
    assert loaded.desired.sections["roles"][0].data == {"name": "r", "id": "rol_1"}
    assert all(problem.severity is Severity.WARNING for problem in loaded.problems)


def test_older_names_give_their_values_to_newer_ones(load_text: LoadText) -> None:
    text = (
        "clients:\n  - name: a\n    cross_origin_auth: true\n"
        "  - name: b\n    cross_origin_auth: true\n    cross_origin_authentication: false\n"
        "tenant:\n  flags: {new_universal_login_experience_enabled: true}\n"
    )
    sections = load_text(text).desired.sections
    assert [client.data for client in sections["clients"]] == [
        {"name": "a", "cross_origin_authentication": True},
        {"name": "b", "cross_origin_authentication": False},
    ]
    assert sections["tenant"][0].data == {"flags": {}}


def test_nested_read_only_fields_are_dropped(load_text: LoadText) -> None:
    text = (
        f"{API}roles:\n  - name: a\n    permissions:\n      - permission_name: read:things\n"
        "        resource_server_identifier: https://aaa-api\n        resource_server_name: x\n        description: x\n"
    )
    (role,) = load_text(text).desired.sections["roles"]
    assert role.data["permissions"] == [
        {"permission_name": "read:things", "resource_server_identifier": "https://aaa-api"}
    ]


def test_keys_leave_out_what_the_file_does(load_text: LoadText) -> None:
    text = (
        f"{API}clients: [{{name: a}}]\nclientGrants:\n"
        "  - {client_id: a, audience: https://aaa-api}\n"
        "  - {client_id: a, audience: https://aaa-api, subject_type: user}\n"
        "  - {default_for: third_party_clients, audience: https://aaa-api, subject_type: client}\n"
        "tenant: {}\n"
    )
    sections = load_text(text).desired.sections
    assert [grant.address for grant in sections["clientGrants"]] == [
        "clientGrants/a:https://aaa-api",
        "clientGrants/a:https://aaa-api:user",
        "clientGrants/third_party_clients:https://aaa-api",
    ]
    assert sections["tenant"][0].address == "tenant"


def test_locate_finds_fields_and_falls_back_to_their_nearest_ancestor(load_text: LoadText) -> None:
    (api,) = load_text(API).desired.sections["resourceServers"]
    found = {
        path: (position.line, position.column)
        for path in [
            (),
            ("scopes",),
            ("scopes", 1, "value"),
            ("scopes", 9, "value"),
            ("name",),
            ("identifier", "x"),
        ]
        if (position := api.locate(path)) is not None
    }
    assert found == {
        (): (2, 5),
        ("scopes",): (3, 5),
        ("scopes", 1, "value"): (3, 37),
        ("scopes", 9, "value"): (3, 5),
        ("name",): (2, 5),
        ("identifier", "x"): (2, 5),
    }
    assert api.position == api.locate(())

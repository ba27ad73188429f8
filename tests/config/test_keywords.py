"""Keyword replacement: as auth0-deploy-cli does it, and without a value in any message."""
# ruff: noqa: E501  # a row of a table is easier to read in one line

import re
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenantctl.config.keywords import replace_keywords
from tenantctl.config.source import Source
from tenantctl.states import Json
from tests.config.conftest import FindProblems, LoadText

SECRET = "s3cr3t: 'x"


def replaced(text: str, variables: Mapping[str, str], mappings: Mapping[str, Json] | None = None) -> str:
    return replace_keywords(Source("tenant.yaml", text), {**(mappings or {}), **variables}).text


@pytest.mark.parametrize(
    ("text", "mappings", "expected"),
    [
        ("a: ##X##", {"X": "b"}, "a: b"),
        ("a: '##X##'", {"X": "b"}, "a: 'b'"),
        ("a: p##X##s##X##", {"X": "b"}, "a: pbsb"),
        ("##X##: 1", {"X": "b"}, "b: 1"),
        ("a: @@X@@", {"X": "b"}, 'a: "b"'),
        ("a: '@@X@@'", {"X": "b"}, 'a: "b"'),
        ('a: "@@X@@"', {"X": ["b", 1]}, 'a: ["b", 1]'),
        ("a: \"'@@X@@'\"", {"X": "b"}, 'a: ""b""'),
        ("a: @@X@@", {"X": {"b": True, "c": None}}, 'a: {"b": true, "c": null}'),
        ("a: x@@X@@y", {"X": 5}, "a: x5y"),
        ("a: ##X##", {"X": 5}, "a: 5"),
        ("a: ##X##", {"X": True}, "a: true"),
        ("a: ##x##", {"X": "b"}, "a: ##x##"),
        ("a: @@X@@", {"X": "line\nbreak \u00e9"}, 'a: "line\\nbreak \u00e9"'),
        ("a: @@X@@", {"X": "##Y##", "Y": "z"}, 'a: "z"'),
        ("a: ##X##", {"X": "##Y##", "Y": "z"}, "a: z"),
        ("a: ##X##", {"Y": "z", "X": "##Y##"}, "a: ##Y##"),
        ("a: ##X##", {"X": "@@Y@@", "Y": "z"}, "a: @@Y@@"),
        ("a: ##X.Y## ##XzY##", {"X.Y": "b"}, "a: b ##XzY##"),
        ("a: ##X##Y##", {"Y": "b"}, "a: ##Xb"),
        ("a: ##X##", {"X": ""}, "a: "),
    ],
)
def test_replacement(text: str, mappings: dict[str, Json], expected: str) -> None:
    assert replaced(text, {}, mappings) == expected


def test_environment_wins_over_mappings() -> None:
    assert replaced("##X##", {"X": "environment"}, {"X": "mapping"}) == "environment"


@given(
    st.lists(st.sampled_from(["##A##", "@@B@@", "'@@B@@'", "##C##", "x", "\n", " ", "é"]), max_size=12),
    st.text("ab\n", max_size=4),
    st.text("cd\n", max_size=4),
)
def test_what_is_not_replaced_keeps_its_position(pieces: list[str], first: str, second: str) -> None:
    marked = [f"<{index}>{piece}" for index, piece in enumerate(pieces)]
    source = Source("tenant.yaml", "".join(marked))
    result = replace_keywords(source, {"A": first, "B": second, "C": "##A##"})
    for found in re.finditer(r"<\d+>", result.text):
        assert result.position(found.start()) == source.position(source.text.index(found[0]))
        assert result.original(*found.span()) is None


MULTILINE = """\
clients:
  - name: "a"
    description: "##TEXT##"
    client_metadata: @@MAP@@
    app_type: 5
"""


def test_lines_stay_right_behind_a_value_with_line_breaks(problems_of: FindProblems) -> None:
    (problem,) = problems_of(MULTILINE, {"TEXT": "one\n\n      two\n\n      three"}, {"MAP": {"a": "b"}})
    assert problem.code == "wrong-type"
    assert problem.position is not None
    assert (problem.position.line, problem.position.column) == (5, 5)


def test_values_arrive(load_text: LoadText) -> None:
    loaded = load_text(
        MULTILINE.replace("5", "'##APP##'"), {"TEXT": "t", "APP": "spa"}, {"MAP": {"a": ["b"]}}
    )
    (client,) = loaded.desired.sections["clients"]
    assert client.data == {
        "name": "a",
        "description": "t",
        "client_metadata": {"a": ["b"]},
        "app_type": "spa",
    }


UNRESOLVED = [
    ("quoted", "tenant:\n  friendly_name: '##SECERT##'\n", 2, 19),
    ("part of a text", "tenant:\n  friendly_name: x-##SECERT##\n", 2, 20),
    ("behind a space, a comment to YAML", "clients:\n  - name: Bob's app ##SECERT##\n", 2, 21),
    ("behind a quoted text", "tenant:\n  friendly_name: 'a b' ##SECERT##\n", 2, 24),
    ("quoted, behind a space", "tenant:\n  friendly_name: 'a ##SECERT## b'\n", 2, 21),
    ("bare, a comment to YAML", "tenant:\n  friendly_name: ##SECERT##\n", 2, 18),
    ("bare key field", "clients:\n  - name: ##SECERT##\n", 2, 11),
    ("bare item", "clients:\n  - name: a\n    callbacks:\n      - ##SECERT##\n", 4, 9),
    ("quoted JSON", "tenant:\n  friendly_name: '@@SECERT@@'\n", 2, 19),
    ("bare JSON", "tenant:\n  friendly_name: @@SECERT@@\n", 2, 18),
    ("bare JSON for a number", "tenant:\n  session_lifetime: @@SECERT@@\n", 2, 21),
    ("bare JSON for a section", "clients: @@SECERT@@\n", 1, 10),
    ("bare JSON in brackets", "clients:\n  - name: a\n    callbacks: [@@SECERT@@]\n", 3, 17),
    ("bare JSON with a tail", "tenant:\n  friendly_name: @@SECERT@@ x\n", 2, 18),
    ("in a block text", "tenant:\n  friendly_name: |\n    x ##SECERT##\n", 3, 7),
    ("in a key", "clients:\n  - name: a\n    client_metadata: {'##SECERT##': b}\n", 3, 24),
    ("in the options", "tenantctl:\n  protect: ['clients/##SECERT##']\n", 2, 22),
]


@pytest.mark.parametrize(
    ("text", "line", "column"), [row[1:] for row in UNRESOLVED], ids=[r[0] for r in UNRESOLVED]
)
def test_unresolved_keyword(problems_of: FindProblems, text: str, line: int, column: int) -> None:
    (problem,) = problems_of(text, {"SECRET": SECRET})
    assert (problem.code, problem.is_error) == ("unresolved-keyword", True)
    assert "Did you mean 'SECRET'?" in problem.hint
    assert problem.position is not None
    assert (problem.position.line, problem.position.column) == (line, column)


def test_unresolved_keyword_without_a_likely_name_says_what_to_set(problems_of: FindProblems) -> None:
    (problem,) = problems_of("tenant:\n  friendly_name: '##NAME##'\n", {"SECRET": SECRET})
    assert problem.hint == "Set the environment variable NAME."


@pytest.mark.parametrize(
    "text",
    [
        "# ##NAME## and @@NAME@@\ntenant: {} # @@NAME@@\n",
        "##HEADING##\ntenant: {}\n",
        "tenant:\n  friendly_name: a # key: ##NAME##\n",
        "tenant:\n  friendly_name: '##name## @@name@@ @@Name@@ ## # @@ @@12@@'\n",
        "tenant:\n  friendly_name: |\n    a\n# ##NAME##\n",
    ],
)
def test_comments_and_lower_case_markers_are_left_alone(problems_of: FindProblems, text: str) -> None:
    assert problems_of(text) == ()


def test_markers_in_a_value_are_its_own_affair(problems_of: FindProblems) -> None:
    assert problems_of("tenant:\n  friendly_name: '##A##'\n", {"A": "##OTHER##"}) == ()


LEAKS = [
    "tenant:\n  ##S##: 1\n",
    "tenant:\n  a: ##S##\n b: [\n",
    "tenant: {a: ##S##, a: 1}\n",
    "tenant:\n  a: *##S##\n",
    "tenant:\n  a: !##S## b\n",
    "tenant:\n  '##S##': 1\n  '##S##': 2\n",
    "'##S##': []\n",
    "##S##: []\n",
    "clients:\n  - name: ##S##\n    sso: 5\n  - name: ##S##\n    sso: ##S##\n    app_type: ##S##\n    ##S##: 1\n",
    "clients:\n  - name: a\n    callbacks:\n      - ##S##\n      - ##S##\n    jwt_configuration:\n      alg: x ##S##\n",
    "clients:\n  - name: '##S##'\n    sso: 5\n  - name: '##S##'\n    foo: 1\n",
    "clients:\n  - name: a\n    app_type: '##S##'\n    callbacks: ['##S##', '##S##']\n    '##S##': 1\n",
    "clients:\n  - {name: a, app_type: @@S@@, sso: @@S@@, jwt_configuration: {'##S##': 1}}\n",
    "clients: [{name: '##S##'}]\nclientGrants:\n  - client_id: s3cr3d\n    audience: '##S##'\n    scope: [a]\n",
    (
        "resourceServers:\n  - identifier: a\n    scopes: [{value: '##S##'}, {value: '##S##'}]\n"
        "clientGrants:\n  - default_for: '##S##'\n    audience: a\n    scope: ['s3cr3d', 'x##S##']\n"
    ),
    (
        "resourceServers: [{identifier: '##S##', scopes: []}]\n"
        "clientGrants: [{default_for: third_party_clients, audience: '##S##', scope: [x]}]\n"
    ),
    "tenantctl: {verify: [{client: '##S##', expect: {alg: '##S##'}, env: '##S##'}], '##S##': 1}\n",
    (
        "tenantctl: {prune: ['##S##'], moved: [{from: '##S##', to: '##S##'}], removed: ['clients/##S##']}\n"
        "clients: [{name: '##S##'}]\n"
    ),
    "tenantctl: {verify: [{client: '##S##'}], moved: [{from: 'clients/##S##', to: 'clients/x##S##'}]}\n",
]


@pytest.mark.parametrize(
    "secret", ["s3cr3t", "s3cr3t s3cr3t", "s3cr3t: {x", "s3cr3t'\"\n\t- [", "*s3cr3t", "\x07s3cr3t"]
)
@pytest.mark.parametrize("text", LEAKS)
@pytest.mark.usefixtures("each_reader")
def test_no_message_shows_a_keywords_value(problems_of: FindProblems, text: str, secret: str) -> None:
    for problem in problems_of(text, {"S": secret}):
        told = f"{problem.summary} {problem.detail} {problem.hint} {problem.address}"
        assert "s3cr3t" not in told


def test_messages_show_what_the_file_says(problems_of: FindProblems) -> None:
    (problem,) = problems_of("clients:\n  - name: App ##S##\n    app_type: x##S##\n", {"S": "s3cr3t"})
    assert problem.address == "clients/App ##S##"
    assert problem.summary == "app_type has no known value x##S##"

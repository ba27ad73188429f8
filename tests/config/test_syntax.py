"""Files that cannot be read as YAML: each gives one clear problem."""
# ruff: noqa: E501  # a row of a table is easier to read in one line

from pathlib import Path

import pytest

from tenantctl.config.load import load
from tenantctl.config.source import MAX_BYTES
from tenantctl.problems import ProblemsError
from tests.config.conftest import FindProblems, LoadText

BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [*{before}, *{before}, *{before}, *{before}, *{before}, *{before}, *{before}, *{before}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
DEEP = "a: &a " + "[" * 30 + "]" * 30 + "\nb: x\nc: " + "[" * 31 + "*a" + "]" * 31 + "\n"

FAULTS = [
    ("empty", "", "empty-file", 1, 1),
    ("comments only", "# nothing\n", "empty-file", 1, 1),
    ("null", "~\n", "empty-file", 1, 1),
    ("tab to indent", "clients:\n\t- name: a\n", "yaml-tab", 2, 1),
    ("tab after the colon", "tenant:\n  friendly_name: \tx\n", "yaml-tab", 2, 18),
    ("bracket left open", "clients: [\n", "yaml-syntax", 2, 1),
    ("quote left open", "tenant:\n  friendly_name: 'x\n", "yaml-syntax", 3, 1),
    ("colon in a value", "tenant:\n  friendly_name: a: b\n", "yaml-syntax", 2, 19),
    ("wrong indentation", "clients:\n  - name: a\n app_type: spa\n", "yaml-syntax", 3, 2),
    ("unknown alias", "clients: *x\n", "yaml-syntax", 1, 10),
    ("bad escape", 'tenant:\n  friendly_name: "\\U00110000"\n', "yaml-syntax", 1, 1),
    ("two documents", "clients: []\n---\nroles: []\n", "yaml-documents", 2, 1),
    ("list at the top", "- name: a\n", "not-a-mapping", 1, 1),
    ("text at the top", "hello\n", "not-a-mapping", 1, 1),
    ("cycle", "clients:\n  - &x [*x]\n", "cyclic-anchor", 2, 5),
    ("merge cycle", "clients:\n  - &x\n    <<: *x\n", "cyclic-anchor", 2, 5),
    ("deep nesting", "clients: " + "[" * 100 + "]" * 100, "yaml-too-deep", 1, 69),
    ("very deep nesting", "[" * 1_000_000, "yaml-too-deep", 1, 61),
    ("deep by aliases", DEEP, "yaml-too-deep", 3, 35),
    ("alias bomb", BOMB, "yaml-too-many-values", 1, 1),
    ("NUL", "clients:\n  - name: a\0b\n", "control-character", 2, 12),
    ("control character", "tenant:\n  friendly_name: \x07\n", "control-character", 2, 18),
    ("not UTF-8", b"tenant:\n  friendly_name: caf\xe9\n", "file-not-utf8", 2, 21),
    ("not UTF-8, with a BOM", b"\xef\xbb\xbfclients: \xff", "file-not-utf8", 1, 10),
    ("UTF-16", "clients: []".encode("utf-16"), "file-not-utf8", 1, 1),
    ("too large", b"#" * (MAX_BYTES + 1), "file-too-large", 1, 1),
    ("duplicate key", "tenant:\n  friendly_name: a\n  friendly_name: b\n", "duplicate-key", 3, 3),
    ("duplicate section", "clients: []\nroles: []\nclients: []\n", "duplicate-key", 3, 1),
    ("key that is a list", "tenant:\n  [a]: b\n", "yaml-key", 2, 3),
    ("merge of a text", "tenant:\n  <<: x\n", "yaml-merge", 2, 3),
    ("unknown tag", "tenant:\n  friendly_name: !env X\n", "yaml-tag", 2, 18),
    ("set", "tenant: !!set {a, b}\n", "yaml-tag", 1, 9),
    ("infinity", "tenant:\n  session_lifetime: .inf\n", "yaml-number", 2, 21),
    ("huge number", "tenant:\n  session_lifetime: 1e999\n", "yaml-number", 2, 21),
    ("endless integer", f"tenant:\n  session_lifetime: {'9' * 5000}\n", "yaml-number", 2, 21),
]


@pytest.mark.parametrize(
    ("text", "code", "line", "column"), [row[1:] for row in FAULTS], ids=[r[0] for r in FAULTS]
)
def test_fault_is_one_problem_with_its_position(
    problems_of: FindProblems, text: str | bytes, code: str, line: int, column: int
) -> None:
    (problem,) = problems_of(text)
    assert (problem.code, problem.is_error) == (code, True)
    assert problem.position is not None
    assert (Path(problem.position.file).name, problem.position.line, problem.position.column) == (
        "tenant.yaml",
        line,
        column,
    )
    assert problem.summary
    assert "\n" not in problem.summary


def test_duplicate_key_names_both_positions(problems_of: FindProblems) -> None:
    (problem,) = problems_of("tenant:\n  friendly_name: a\n  friendly_name: b\n")
    assert problem.detail.endswith("tenant.yaml:2:3")


def test_missing_file_names_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "tenant.yml").write_text("clients: []")
    with pytest.raises(ProblemsError) as caught:
        load(tmp_path / "tenant.yaml", variables={})
    (problem,) = caught.value.problems
    assert (problem.code, problem.hint) == ("file-not-found", "There is: tenant.yml")


def test_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProblemsError) as caught:
        load(tmp_path, variables={})
    assert [problem.code for problem in caught.value.problems] == ["file-is-directory"]


@pytest.mark.parametrize("name", ["a\0b", "tenant.yaml/x", "x" * 5000])
def test_impossible_path_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "tenant.yaml").write_text("clients: []")
    with pytest.raises(ProblemsError) as caught:
        load(tmp_path / name, variables={})
    assert [problem.code for problem in caught.value.problems] == ["file-unreadable"]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("yes", "yes"),
        ("true", True),
        ("False", False),
        ("~", None),
        ("", None),
        ("2024-01-01", "2024-01-01"),
        ("2024-01-01T00:00:00Z", "2024-01-01T00:00:00Z"),
        ("010", 10),
        ("0o17", 15),
        ("0x1F", 31),
        ("-3", -3),
        ("1.0", 1.0),
        ("1e3", 1000.0),
        ("12:30:45", "12:30:45"),
        ("'5'", "5"),
        ("=", "="),
        ("!!str 5", "5"),
        ("|\n    a\n    b", "a\nb\n"),
        (">-\n    a\n    b", "a b"),
    ],
)
def test_scalars_are_yaml_1_2(load_text: LoadText, written: str, value: object) -> None:
    data = load_text(f"tenant:\n  custom: {written}\n").desired.sections["tenant"][0].data
    assert data["custom"] == value
    assert type(data["custom"]) is type(value)


def test_bom_and_crlf_do_not_shift_positions(problems_of: FindProblems) -> None:
    (problem,) = problems_of("\ufefftenant:\r\n  # x\r\n  friendly_name: 5\r\n".encode())
    assert problem.code == "wrong-type"
    assert problem.position is not None
    assert (problem.position.line, problem.position.column) == (3, 3)


def test_anchors_and_merge_keys(load_text: LoadText) -> None:
    text = """\
clients:
  - &base
    name: a
    app_type: spa
    grant_types: &grants [authorization_code]
  - <<: *base
    name: b
  - <<: [{app_type: native}, *base]
    name: c
    grant_types: *grants
"""
    first, second, third = load_text(text).desired.sections["clients"]
    assert second.data == {**first.data, "name": "b"}
    assert third.data == {"name": "c", "app_type": "native", "grant_types": ["authorization_code"]}
    assert type(second.data) is dict
    position = second.locate(("app_type",))
    assert position is not None
    assert (position.line, position.column) == (4, 5)


def test_merge_does_not_hide_duplicates(problems_of: FindProblems) -> None:
    text = "clients:\n  - &a\n    name: a\n    name: b\n  - <<: *a\n    name: c\n"
    assert [problem.code for problem in problems_of(text)] == ["duplicate-key"]

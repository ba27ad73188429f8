"""The fast reader says what ruamel.yaml says, or nothing."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tenantctl.config import document
from tenantctl.config.blocks import BlockPlaces, Blocks, read_blocks
from tenantctl.config.document import Document, read_document
from tenantctl.config.keywords import Replaced
from tenantctl.config.source import Source
from tenantctl.problems import ProblemsError
from tenantctl.states import FieldPath, Json
from tests.config.conftest import LoadText

SCALARS = [
    *(
        "a",
        "a b",
        "a: b",
        "a:b",
        "a #b",
        "a#b",
        "https://a/b?c=d#e",
        "-1",
        "- a",
        "-",
        "--- ",
        "5",
        "1_000",
        "0x1F",
    ),
    *(
        "010",
        "1.5",
        "1e3",
        ".5",
        ".inf",
        "true",
        "no",
        "null",
        "~",
        "2024-01-01",
        "=",
        "<<",
        "''",
        "'a'",
        "'it''s'",
    ),
    *(
        '"a"',
        '"a\\n"',
        '"a" b',
        "'a' # c",
        "[]",
        "{}",
        "[a]",
        "*a",
        "&a b",
        "!a b",
        "|",
        ">",
        "@a",
        "%a",
        "`a`",
        "?",
    ),
    *(
        "a, b",
        "a]",
        "é",
        "a\u00a0b",
        "a ",
        "a:",
        "(a)",
        "+1",
        "1:2",
        "12:30:45",
        "a\tb",
        "'",
        '"',
        "# a",
        "{a",
        "},",
    ),
]
KEYS = ["a", "b-c", "d.e/f", "true", "5", "<<", "'a'", "?", "a b", "é", "", "name", "_x"]


@st.composite
def lines(draw: st.DrawFn) -> str:
    indent = " " * draw(st.sampled_from([0, 0, 1, 2, 2, 4, 4, 6]))
    dash = draw(st.sampled_from(["", "", "", "- ", "-  ", "- - "]))
    body = draw(
        st.one_of(
            st.builds("{}: {}".format, st.sampled_from(KEYS), st.sampled_from(SCALARS)),
            st.builds("{}:".format, st.sampled_from(KEYS)),
            st.sampled_from(SCALARS),
        )
    )
    return indent + dash + body + draw(st.sampled_from(["", "", "", " ", " # c", "#c"]))


@st.composite
def sound_files(draw: st.DrawFn) -> str:
    """Files that the fast reader should not decline."""
    scalars = st.sampled_from(["a", "a b", "https://a", "5", "true", "'it''s'", '"x: y"', "[]", "null", "-3"])
    names = st.lists(st.sampled_from(["name", "b", "c", "d"]), min_size=1, unique=True)
    text = ""
    for section in draw(st.lists(st.sampled_from(["clients", "roles", "tenant"]), min_size=1, unique=True)):
        text += f"{section}:\n"
        outer = draw(st.sampled_from(["", "  "]))
        for _ in range(draw(st.integers(1, 3))):
            lead = f"{outer}- "
            for name in draw(names):
                text += f"{lead}{name}: {draw(scalars)}\n"
                lead = f"{outer}  "
            text += f"{outer}  list:\n" + "".join(
                f"{outer}  - {draw(scalars)}\n" for _ in range(draw(st.integers(0, 2)))
            )
            text += f"{outer}  map:\n" + "".join(
                f"{outer}     {name}: {draw(scalars)}\n" for name in draw(names)
            )
            text += draw(st.sampled_from(["", "\n", "   # comment\n"]))
    return text


def by_ruamel(text: str) -> Document | None:
    try:
        found, problems = read_document(Replaced(Source("tenant.yaml", text), text), ())
    except ProblemsError:
        return None
    return None if problems else found


def same(left: Json, right: Json) -> bool:
    if type(left) is not type(right):
        return False
    if isinstance(left, dict):
        return list(left) == list(right) and all(same(left[name], right[name]) for name in left)
    if isinstance(left, list):
        return len(left) == len(right) and all(map(same, left, right))
    return bool(left == right)


@given(st.lists(lines(), min_size=1, max_size=8).map("\n".join))
@example("a:\n  b: c\n  d:\n  - e\n  - f: g\n    h:\nz: 1")
@example("a: b\n  c")
@example("a:\n- b\n - c")
def test_agrees_with_ruamel_or_declines(text: str) -> None:
    blocks = read_blocks(text)
    if blocks is not None:
        expected = by_ruamel(text)
        assert expected is not None
        assert same(blocks.data, expected.data)


def paths(value: Json, here: FieldPath = ()) -> list[FieldPath]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [here, *(path for step, member in inside for path in paths(member, (*here, step)))]


@given(sound_files())
def test_reads_what_it_should_and_finds_the_same_places(text: str) -> None:
    blocks = read_blocks(text)
    expected = by_ruamel(text)
    assert blocks is not None
    assert expected is not None
    assert same(blocks.data, expected.data)
    replaced = Replaced(Source("tenant.yaml", text), text)
    fast = Document(blocks.data, replaced, BlockPlaces(text, blocks))
    for path in paths(blocks.data):
        assert fast.locate(path) == expected.locate(path)
        assert fast.locate((*path, "nowhere")) == expected.locate((*path, "nowhere"))


def test_the_projects_own_file_is_read_fast() -> None:
    text = (Path(__file__).parents[2] / "tenant.yaml").read_text(encoding="utf-8")
    expected = by_ruamel(text)
    blocks = read_blocks(text)
    assert isinstance(blocks, Blocks)
    assert expected is not None
    assert same(blocks.data, expected.data)


@pytest.mark.parametrize(("name", "shown"), [("a", "a"), ("'##NAME##'", "##NAME##")])
def test_large_files_are_checked_like_small_ones(
    load_text: LoadText, monkeypatch: pytest.MonkeyPatch, name: str, shown: str
) -> None:
    monkeypatch.setattr(document, "LARGE", 0)
    text = f"clients:\n  - name: {name}\n    sso: 5\n  - name: b\n    app_typ: x\n"
    with pytest.raises(ProblemsError) as caught:
        load_text(text, {"NAME": "s3cr3t"})
    wrong, unknown = caught.value.problems
    assert (wrong.code, wrong.address) == ("wrong-type", f"clients/{shown}")
    assert (unknown.code, unknown.hint) == ("unknown-field", "Did you mean 'app_type'?")
    assert wrong.position is not None
    assert unknown.position is not None
    assert [(p.line, p.column) for p in (wrong.position, unknown.position)] == [(3, 5), (5, 5)]


def test_duplicate_key_in_a_large_file_is_found(load_text: LoadText, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "LARGE", 0)
    with pytest.raises(ProblemsError) as caught:
        load_text("clients:\n  - name: a\n    name: b\n")
    assert [problem.code for problem in caught.value.problems] == ["duplicate-key"]

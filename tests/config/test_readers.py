"""libyaml says what ruamel.yaml says, values and places, or nothing."""

import time
from pathlib import Path

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tenantctl.config import compose as compose_module
from tenantctl.config.compose import Composed, compose, compose_fast, compose_surely
from tenantctl.config.events import READER_ERRORS, UnsureError
from tenantctl.config.keywords import Replaced, replace_keywords
from tenantctl.config.source import Source
from tenantctl.problems import ProblemsError
from tenantctl.states import FieldPath, Json
from tests.config.conftest import LoadText

# fmt: off
# ruff: noqa: E501  # tables of short texts are easier to read in few lines
TOKENS = [
    "a", "b: ", "c:", "- ", "-", "? ", ": ", ", ", "[", "]", "{", "}", "&x ", "*x", "&y", "*y ", "<<: ", "<<: *x\n",
    "|\n", "|-\n", ">-\n", ">+\n", "|2\n", "'", "''", '"', "\\n", "\\", "\\/", "\\u00e9", "!!str ", "!!int ", "! ",
    "!", "#", " # c", "#c", "\n", "\n  ", "\n    ", "\n- ", "\n  - ", "\r\n", "\r", "\t", " ", "  ", "\n\n", "\n\t",
    "5", "1_000", "0x1F", "010", "1e3", ".5", ".inf", "1:30", "true", "no", "null", "~", "=", "2024-01-01",
    "https://a?b#c", "---", "\n---\n", "...", "\n...\n", "%YAML 1.1\n---\n", "%", "@", "`", "é", "😀", "\u00a0",
    "\u2028", "\x85", "\ufeff", "key", "name: a\n", "a:b", "-x", "?x", ":x", "##K##", "@@K@@", "##NO##", "@@NO@@",
]
SCALARS = [
    "a", "a b", "https://a/b?c=d#e", "-1", "5", "010", "0o17", "0x1F", "1_000", "1.5", "1e3", "true", "False", "no",
    "on", "null", "~", "", "2024-01-01", "12:30:45", "=", "é😀", "a:b", "a#b", "''", "'it''s'", "'a: #b'", '"x: y"',
    r'"\u00e9\n\t\x41\/\"\\"', '"😀"', "!!str 5", "*s", "##K##", "'##K##'", "@@K@@", '"a @@J@@ b"', "a\u00a0b",
]
FLOWS = [
    "[]", "{}", "[a, b]", "[a, [b, {c: d}]]", "{a: b, c: [d]}", '{"a": b, \'c\': "d"}', "[a: b]", "{a, b: c}", "[ a , ]",
    "{a:b, c: d}", "[https://a/b?c, x:y]", "{a: , b: 5}", "[*s, *s]", "{<<: {a: b}, c: d}", "[{<<: *m, a: b}, *m]",
    "[a,{I}  b]", "[{I}  a, # c{I}  b{I}]", "{a: b,{I}  c: d}", "&z [a, *s]", "!!seq [a]", "!!map {a: b}",
]
BLOCKS = [
    "|{I}  a{I}  b", "|{I}  a{I}{I}    b{I}", ">-{I}  a{I}  b{I}{I}  c", ">{I}  a{I}    b{I}  c", "|+{I}  a{I}{I}",
    "|-{I}  a\t# b{I}  c", "|2{I}    a", "# c{I}  a", "'a{I}  b'", '"a{I}  b\\{I}   c"', "a{I}  b", "&s{I}  a",
    ">- # c{I}  a", "|{I}  'a': [{I}  b", '"a\tb"',
]
COMMENTS = ["", "", "", " # c", "  # 'c"]
NAMES = ["a", "b", "c", "name", "'d'", '"e"', "5", "true", "f g", "é", "x-y", "&n h", "https://i"]
# fmt: on


class _Writer:
    """Writes a file with much of what YAML has."""

    def __init__(self, draw: st.DrawFn) -> None:
        self._draw = draw
        self.lines = ["s0: &s text", "m0: &m {k: v, l: w}"]

    def _one_of(self, *choices: str) -> str:
        return self._draw(st.sampled_from(choices))

    def members(self, indent: str, depth: int, lead: str) -> None:
        if depth < 3 and self._draw(st.integers(0, 4)) == 0:
            self.lines.append(f"{lead}<<: {self._one_of('*m', '[*m, {q: r}]')}")
            lead = indent
        for name in self._draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique=True)):
            self._node(f"{lead}{name}:", indent, depth)
            lead = indent

    def _node(self, lead: str, indent: str, depth: int) -> None:
        kinds = [self._scalar, self._flow, self._block, self._nothing]
        if depth < 4:
            kinds += [self._nested, self._items, self._items]
        self._draw(st.sampled_from(kinds))(lead, indent, depth)
        self.lines.extend(
            self._draw(st.sampled_from([[], [], [], [""], ["# c"], [f"{indent}# c"], ["      "]]))
        )

    def _scalar(self, lead: str, _: str, __: int) -> None:
        value = self._one_of(*SCALARS)
        anchor = "" if value.startswith(("*", "!")) else self._one_of("", "", "", " &s")
        self.lines.append(f"{lead}{anchor} {value}{self._one_of(*COMMENTS)}")

    def _flow(self, lead: str, indent: str, _: int) -> None:
        value = self._one_of(*FLOWS).replace("{I}", f"\n{indent}")
        self.lines.append(f"{lead} {value}{self._one_of(*COMMENTS)}")

    def _block(self, lead: str, indent: str, _: int) -> None:
        value = self._one_of(*BLOCKS).replace("{I}", f"\n{indent}")
        self.lines.append(f"{lead} {value}")

    def _nothing(self, lead: str, _: str, __: int) -> None:
        self.lines.append(lead + self._one_of(*COMMENTS))

    def _nested(self, lead: str, indent: str, depth: int) -> None:
        self.lines.append(lead + self._one_of("", " &m", " # c"))
        self.members(f"{indent}  ", depth + 1, f"{indent}  ")

    def _items(self, lead: str, indent: str, depth: int) -> None:
        self.lines.append(lead + self._one_of("", " &s", " # c"))
        indent += "  " if lead.endswith("-") else self._one_of("", "  ")
        for _ in range(self._draw(st.integers(1, 3))):
            if self._draw(st.booleans()):
                self.members(f"{indent}  ", depth + 1, f"{indent}- ")
            else:
                self._node(f"{indent}-", f"{indent}  ", depth + 1)


@st.composite
def files(draw: st.DrawFn) -> str:
    writer = _Writer(draw)
    writer.members("", 0, "")
    end = draw(st.sampled_from(["\n", "\n", "\r\n"]))
    start = draw(st.sampled_from(["", "", "---\n", "# c\n"]))
    return (start + "\n".join(writer.lines) + "\n").replace("\n", end)


def replaced(text: str) -> Replaced:
    return replace_keywords(Source("tenant.yaml", text), {"K": "v", "J": {"a": ["b"]}})


def surely(text: Replaced) -> Composed | None:
    try:
        found = compose_surely(text, with_scalars=True)
    except ProblemsError:
        return None
    return None if found.problems else found


def fast(text: Replaced) -> Composed | None:
    try:
        found = compose_fast(text, with_scalars=True)
    except (*READER_ERRORS, ProblemsError):
        return None
    return None if found.problems else found


def same(left: Json, right: Json) -> bool:
    if type(left) is not type(right):
        return False
    if isinstance(left, dict):
        return list(left) == list(right) and all(same(left[name], right[name]) for name in left)
    if isinstance(left, list):
        return len(left) == len(right) and all(map(same, left, right))
    return bool(left == right)


def paths(value: Json, here: FieldPath = ()) -> list[FieldPath]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [here, *(path for step, member in inside for path in paths(member, (*here, step)))]


def at(value: Json, path: FieldPath) -> Json:
    for step in path:
        value = value[step]
    return value


def check_same(text: Replaced, found: Composed, expected: Composed) -> None:
    assert same(found.data, expected.data)
    for path in paths(found.data):
        for asked in (path, (*path, "nowhere"), (*path, 10**6)):
            left, right = found.places.find(asked), expected.places.find(asked)
            assert (left.start, left.value_start) == (right.start, right.value_start)
        if not isinstance(at(found.data, path), dict | list):
            # A block scalar may or may not end before the comments and blank lines that follow it.
            assert left.value_end == right.value_end
            assert text.original(left.value_start, left.value_end) == text.original(
                right.value_start, right.value_end
            )
    assert [(one.start, one.value) for one in found.scalars if one.value] == [
        (one.start, one.value) for one in expected.scalars if one.value
    ]


needs_libyaml = pytest.mark.skipif(not yaml.__with_libyaml__, reason="PyYAML without libyaml")


@needs_libyaml
@settings(deadline=None)
@given(st.lists(st.sampled_from(TOKENS), max_size=20).map("".join))
def test_agrees_with_ruamel_or_declines(content: str) -> None:
    text = replaced(content)
    found = fast(text)
    if found is not None:
        expected = surely(text)
        assert expected is not None
        check_same(text, found, expected)


@needs_libyaml
@settings(deadline=None)
@given(files())
def test_reads_what_ruamel_reads(content: str) -> None:
    text = replaced(content)
    expected = surely(text)
    assume(expected is not None)
    found = fast(text)
    assert found is not None
    assert expected is not None
    check_same(text, found, expected)


@needs_libyaml
@pytest.mark.parametrize(
    "content",
    [
        'a:\n  b: |\n    x\ty\n\n    \tz\n  c: "d\te" # f\tg\n',
        "a: b # c\td\n",
        "a: https://b/?c=1&d=2\n",
        "a: &x [b]\nc: *x\n",
        "a: b\r\nc:\r\n  - d\r\n",
        (Path(__file__).parents[2] / "tenant.yaml").read_text(encoding="utf-8"),
    ],
)
def test_libyaml_reads(content: str) -> None:
    text = Replaced(Source("tenant.yaml", content), content)
    check_same(text, compose_fast(text, with_scalars=True), compose_surely(text, with_scalars=True))


@needs_libyaml
@pytest.mark.parametrize(
    "content",
    [
        "a:\tb\n",
        "a: b\t# c\n",
        "a: |\t\n  b\n",
        "%YAML 1.1\n---\na: no\n",
        "%TAG ! !x\n---\na: b\n",
        "a: b\n...\n",
        "a: 'b\u2028c'\n",
        "a: &b:c d\n",
        "a: ! b\n",
        "a: !!str\n",
        "a: &x !!str b\n",
        "text\n",
    ],
)
def test_what_differs_is_left_to_ruamel(content: str) -> None:
    text = Replaced(Source("tenant.yaml", content), content)
    with pytest.raises(UnsureError):
        compose_fast(text)


def test_one_reading_is_enough(each_reader: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if each_reader == "libyaml":
        monkeypatch.setattr(compose_module, "events_by_ruamel", None)
    content = "a: [b, &x {c: 5}, *x]\n"
    assert compose(Replaced(Source("tenant.yaml", content), content)).data == {"a": ["b", {"c": 5}, {"c": 5}]}


@pytest.mark.usefixtures("each_reader")
@pytest.mark.parametrize("opened", ["[", "- ", "? ", "{a: "])
def test_deep_nesting_is_refused_at_once(opened: str) -> None:
    content = opened * 1_000_000
    begun = time.process_time()
    with pytest.raises(ProblemsError) as caught:
        compose(Replaced(Source("tenant.yaml", content), content))
    assert [problem.code for problem in caught.value.problems] == ["yaml-too-deep"]
    assert time.process_time() - begun < 5


def test_many_problems_stay_affordable(load_text: LoadText) -> None:
    """Quadratic work, be it in places or in did-you-mean, would take minutes here."""
    clients = "".join(f"  - name: client number {index}\n" for index in range(3000))
    grants = "".join(
        f"  - {{client_id: clent number {index}, audience: 'https://a/{index}', scope: []}}\n"
        for index in range(3000)
    )
    fields = "".join(f"  unknown_{index}: 1\n" for index in range(3000))
    begun = time.process_time()
    problems = load_text(f"clients:\n{clients}clientGrants:\n{grants}tenant:\n{fields}").problems
    assert len(problems) == 9000
    assert time.process_time() - begun < 20


def test_what_an_alias_names_counts_where_it_stands(load_text: LoadText) -> None:
    text = (
        "clients:\n  - &a {name: a, callbacks: &c [x]}\n  - {<<: *a, name: b}\n  - {name: c, callbacks: *c}\n"
    )
    assert [client.data["callbacks"] for client in load_text(text).desired.sections["clients"]] == [["x"]] * 3

"""Editing in place: the result reads as the edited data, and no other byte changes."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tenantctl.config import edit
from tenantctl.config.document import Document, read_document
from tenantctl.config.edit import edited
from tenantctl.config.edits import Edit, Insert, Put, Remove, edited_data, edits_by_place
from tenantctl.config.keywords import replace_keywords
from tenantctl.config.rewrite import is_same
from tenantctl.config.source import Source
from tenantctl.problems import ProblemsError
from tests.config.documents import VALUES, document_of, documents, edits_of

BLOCK = """\
# The tenant.
clients:
  # First.
  - name: A   # its name
    grant_types: [a, b]  # both
    jwt: &jwt
      alg: RS256
      # How long.
      lifetime: 60

  # Second.
  - name: "B"
    jwt: *jwt
tenant: {friendly_name: x}  # flow
"""

CASES: Mapping[str, tuple[list[Edit], str, str]] = {
    "a scalar, its comment stays": ([Put(("clients", 0, "name"), "C")], "name: A ", "name: C "),
    "a scalar keeps its quotes": ([Put(("clients", 1, "name"), "C")], '"B"', '"C"'),
    "what other readers take for something else is quoted": (
        [Put(("clients", 0, "name"), "no")],
        "name: A ",
        "name: 'no' ",
    ),
    "a flow list stays one": ([Insert(("clients", 0, "grant_types", 2), "c")], "[a, b]", "[a, b, c]"),
    "an item of a flow list goes": ([Remove(("clients", 0, "grant_types", 0))], "[a, b]", "[b]"),
    "the last item of a flow list goes": ([Remove(("clients", 0, "grant_types", 1))], "[a, b]", "[a]"),
    "a member of a flow mapping": ([Put(("tenant", "z"), 1)], "x}", "x, z: 1}"),
    "a member of a block mapping": (
        [Put(("clients", 1, "uris"), ["x", {"a": 1, "b": None}])],
        "    jwt: *jwt\n",
        "    jwt: *jwt\n    uris:\n      - x\n      - a: 1\n        b: null\n",
    ),
    "several lines are written as such": (
        [Put(("clients", 1, "code"), "a\n  b\n")],
        "    jwt: *jwt\n",
        "    jwt: *jwt\n    code: |\n      a\n        b\n",
    ),
    "a member goes with its line and comment": (
        [Remove(("clients", 0, "grant_types"))],
        "    grant_types: [a, b]  # both\n",
        "",
    ),
    "the first member of an item goes": (
        [Remove(("clients", 1, "name"))],
        '  - name: "B"\n    jwt',
        "  - jwt",
    ),
    "an item comes as the others do": (
        [Insert(("clients", 2), {"name": "C", "code": "x\n"})],
        "    jwt: *jwt\n",
        "    jwt: *jwt\n\n  - name: C\n    code: |\n      x\n",
    ),
    "an item before the first": ([Insert(("clients", 0), "x")], "  - name: A", "  - x\n\n  - name: A"),
    "an item goes": ([Remove(("clients", 1))], '  - name: "B"\n    jwt: *jwt\n', ""),
    "what an alias reads is written out where it differs": (
        [Put(("clients", 1, "jwt", "lifetime"), 1)],
        " *jwt",
        "\n      alg: RS256\n      lifetime: 1",
    ),
    "what an anchor names changes for one place alone": (
        [Put(("clients", 0, "jwt", "lifetime"), 1)],
        'lifetime: 60\n\n  # Second.\n  - name: "B"\n    jwt: *jwt',
        'lifetime: 1\n\n  # Second.\n  - name: "B"\n    jwt:\n      alg: RS256\n      lifetime: 60',
    ),
    "what changes at all its places changes at the anchor": (
        [Put(("clients", 0, "jwt", "lifetime"), 1), Put(("clients", 1, "jwt", "lifetime"), 1)],
        "lifetime: 60",
        "lifetime: 1",
    ),
    "a list instead of a mapping": (
        [Put(("clients", 1, "jwt"), ["x"])],
        " *jwt",
        "\n      - x",
    ),
    "an empty mapping": ([Put(("tenant",), {})], "{friendly_name: x}", "{}"),
    "a whole section": (
        [Put(("roles",), [{"name": "R"}])],
        "tenant: {friendly_name: x}  # flow\n",
        "tenant: {friendly_name: x}  # flow\nroles:\n  - name: R\n",
    ),
    "a text that a keyword would replace": (
        [Put(("tenant", "friendly_name"), "##HOME##")],
        "{friendly_name: x}",
        '{friendly_name: "\\u0023###HOME##"}'.replace("###", "#"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("name", CASES)
def test_an_edit_replaces_just_this(name: str, newline: str) -> None:
    edits, before, after = CASES[name]
    assert BLOCK.count(before) == 1
    document = document_of(BLOCK.replace("\n", newline))
    assert document is not None
    assert edited(document, edits) == BLOCK.replace(before, after).replace("\n", newline)


MERGED = """\
base: &base {alg: RS256, lifetime: 60}
a:
  <<: *base  # the base
  name: A
"""


@pytest.mark.parametrize(
    ("edits", "before", "after"),
    [
        ([Put(("a", "alg"), "PS256")], "  name: A\n", "  name: A\n  alg: PS256\n"),
        ([Put(("base", "alg"), "PS256")], "RS256, lifetime: 60}\na:\n  <<: *base  # the base\n  name: A\n",
         "PS256, lifetime: 60}\na:\n  <<: *base  # the base\n  name: A\n  alg: RS256\n"),
        ([Remove(("a", "alg"))], "  <<: *base  # the base\n  name: A\n", "  name: A\n  lifetime: 60\n"),
        ([Put(("base", "alg"), "PS256"), Put(("a", "alg"), "PS256")], "RS256", "PS256"),
        ([Remove(("base",))], MERGED, "a:\n  name: A\n  alg: RS256\n  lifetime: 60\n"),
    ],
)  # fmt: skip
def test_what_is_merged_is_overridden_or_written_out(edits: list[Edit], before: str, after: str) -> None:
    document = document_of(MERGED)
    assert document is not None
    assert edited(document, edits) == MERGED.replace(before, after)


JSON = """\
{
  "name": "A",
  "callbacks": [
    "x",
    "y"
  ],
  "on": {"a": 1}
}
"""


@pytest.mark.parametrize(
    ("edits", "before", "after"),
    [
        ([Put(("more",), {"no": 1})], '{"a": 1}\n', '{"a": 1},\n  "more": {\n    "no": 1\n  }\n'),
        ([Insert(("callbacks", 2), "no")], '"y"', '"y",\n    "no"'),
        ([Remove(("callbacks", 1))], ',\n    "y"', ""),
        ([Remove(("callbacks", 0))], '"x",\n    ', ""),
        ([Put(("on", "b"), None)], '{"a": 1}', '{"a": 1, "b": null}'),
    ],
)  # fmt: skip
def test_json_stays_json(edits: list[Edit], before: str, after: str) -> None:
    document = document_of(JSON)
    assert document is not None
    assert edited(document, edits) == JSON.replace(before, after)


def with_keywords(text: str, **values: object) -> Document:
    replaced = replace_keywords(Source("tenant.yaml", text), values)
    return read_document(replaced, values)[0]


def test_keywords_beside_an_edit_stay_as_they_are_written() -> None:
    text = 'a: "##HOST##/x"  # @@L@@\nb: @@L@@\nc: 1\n'
    document = with_keywords(text, HOST="example.com", L=["p", "q"])
    assert edited(document, [Put(("c",), 2)]) == text.replace("c: 1", "c: 2")


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("b: @@L@@\n", Insert(("b", 1), "r")),
        ("a: &a {s: ##S##, t: 1}\nb: *a\n", Put(("b", "t"), 2)),
        ("a: &a {s: ##S##, t: 1}\nb: {<<: *a}\n", Remove(("b", "t"))),
    ],
)
def test_a_value_that_a_keyword_gave_is_never_written_out(text: str, change: Edit) -> None:
    document = with_keywords(text, S="hush", L=["p", "q"])
    with pytest.raises(ProblemsError) as error:
        edited(document, [change])
    assert [problem.code for problem in error.value.problems] == ["cannot-edit"]


@given(data=st.data())
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_any_edit_of_any_text(data: st.DataObject) -> None:
    document = data.draw(documents().map(document_of).filter(lambda each: each is not None))
    assert document is not None
    edits = data.draw(edits_of(document.data))
    with pytest.MonkeyPatch.context() as patch:
        # No edit of these texts takes more than the place that it names.
        patch.setattr(edit, "lifted", pytest.fail)
        after = edited(document, edits)
    read = document_of(after)
    assert read is not None
    assert is_same(read.data, edited_data(document.data, edits_by_place(edits)))


def with_last_line_ended(text: str) -> str:
    return text if text.endswith("\n") else f"{text}\n"


@given(data=st.data())
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_a_new_member_leaves_every_line_as_it_is(data: st.DataObject) -> None:
    document = data.draw(
        documents().map(with_last_line_ended).map(document_of).filter(lambda each: each is not None)
    )
    assert document is not None
    before = document.text.source.text
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(edit, "lifted", pytest.fail)
        after = edited(document, [Put(("quite new",), data.draw(VALUES))])
    left = iter(after.splitlines())
    assert all(line in left for line in before.splitlines()), (before, after)
    assert re.findall("# comment [0-9]+", before) == re.findall("# comment [0-9]+", after)

"""How single values, lists, secrets, counts and places are shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from tenantctl.plan.model import Action, Change, FieldDiff, Plan
from tenantctl.problems import Position, Problem, Severity
from tenantctl.views.plan_document import plan_document
from tenantctl.views.text import count_of, place_of, render_plan, render_requests, shown
from tenantctl.views.token_text import render_inspection

MASK = "(sensitive value)"


def lines_of(
    *fields: FieldDiff, action: Action = Action.UPDATE, problems: Sequence[Problem] = ()
) -> list[str]:
    change = Change(
        address="clients/A",
        section="clients",
        key="A",
        action=action,
        reason="it differs",
        position=Position("tenant.yaml", 3, 5),
        fields=fields,
    )
    plan = Plan(domain="t.example", changes=(change,), problems=tuple(problems))
    return render_plan(plan_document(plan)).plain.splitlines()


VALUES: list[tuple[Any, str]] = [
    (None, "(not set)"),
    (True, "true"),
    (7, "7"),
    ("", '""'),
    ("a b", '"a b"'),
    ("(not set)", '"(not set)"'),
    (MASK, f'"{MASK}"'),
    ("line\nbreak", '"line\\nbreak"'),
    ("é 例", '"é 例"'),
    ([], "[]"),
    ({"a": [1, None]}, '{"a": [1, null]}'),
]


@pytest.mark.parametrize(("value", "text"), VALUES)
def test_value(value: object, text: str) -> None:
    assert shown(value) == text


def test_a_long_value_is_shortened_and_measured() -> None:
    text = shown("x" * 1000)
    assert text.startswith('"xxx')
    assert text.endswith("… (1002 characters)")
    assert len(text) < 130


DIFFERENCES: list[tuple[FieldDiff, list[str]]] = [
    (FieldDiff("name", "A", "B"), ['    name  "A" → "B"']),
    (FieldDiff("name", None, "B"), ['    name  (not set) → "B"']),
    (FieldDiff("name", "A", None), ['    name  "A" → (not set)']),
    (FieldDiff("secret", None, MASK, sensitive=True), [f"    secret  (not set) → {MASK}"]),
    (FieldDiff("keys", [MASK], [MASK, MASK], sensitive=True), [f"    keys  {[MASK]} → {[MASK, MASK]}"]),
    (FieldDiff("list", ["a", "b"], ["b", "c"]), ['    list  - "a"  + "c"  (1 kept)']),
    (FieldDiff("list", ["a"], ["b"]), ['    list  - "a"  + "b"  (none kept)']),
    (FieldDiff("list", ["a", "b"], ["b", "a"]), ['    list  ["a", "b"] → ["b", "a"]  (order)']),
    (FieldDiff("list", [], ["a"]), ['    list  + "a"  (none kept)']),
    (
        FieldDiff("list", ["x" * 60], ["y" * 60]),
        [f'    list  - "{"x" * 60}"', f'          + "{"y" * 60}"', "          (none kept)"],
    ),
]


@pytest.mark.parametrize(("field", "expected"), DIFFERENCES)
def test_difference(field: FieldDiff, expected: list[str]) -> None:
    head, *shown_lines, _, _ = lines_of(field)
    assert head == "~ clients/A  (update: it differs)  tenant.yaml:3:5"
    assert shown_lines == expected


def test_names_stand_in_one_column() -> None:
    _, first, second, *_ = lines_of(FieldDiff("a", 1, 2), FieldDiff("longer", 3, 4))
    assert first.index("1") == second.index("3")


def test_objects_of_a_new_list_stand_on_a_line_each() -> None:
    scopes = [{"value": "a"}, {"value": "b"}]
    _, first, second, *_ = lines_of(FieldDiff("scopes", None, scopes), action=Action.CREATE)
    assert (first, second) == ('    scopes  {"value": "a"}', '            {"value": "b"}')


@pytest.mark.parametrize(
    ("action", "glyph"),
    [(Action.CREATE, "+"), (Action.UPDATE, "~"), (Action.REPLACE, "±"), (Action.DELETE, "-")],
)
def test_each_action_has_a_glyph_and_a_word(action: Action, glyph: str) -> None:
    head, *_, last = lines_of(action=action)
    assert head.startswith(f"{glyph} clients/A  ({action}: ")
    assert last == f"Plan for t.example: 1 to {action}."


def test_a_plan_that_a_guard_forbids_says_so() -> None:
    forbidden = lines_of(problems=[Problem(code="too-many-deletions", summary="no")])
    assert forbidden[-1] == "Plan for t.example: 1 to update. It cannot be applied; the errors above say why."
    warned = lines_of(problems=[Problem(code="a", summary="b", severity=Severity.WARNING)])
    assert warned[-1] == "Plan for t.example: 1 to update."


def test_summary_of_nothing_to_do() -> None:
    plan = Plan(domain="t.example", changes=(), unchanged=1, not_comparable=2)
    text = render_plan(plan_document(plan)).plain
    assert text == "No changes: t.example is as the file says (1 resource; 2 secret values not comparable)."


@pytest.mark.parametrize(("number", "text"), [(0, "0 reads"), (1, "1 read"), (2, "2 reads")])
def test_count(number: int, text: str) -> None:
    assert count_of(number, "read") == text


def test_requests() -> None:
    counts = {"reads": 1, "writes": 0, "tokens": 2, "others": 0}
    assert render_requests(counts).plain == "Sent 1 read, 2 token requests."


def test_place() -> None:
    assert place_of({"file": "tenant.yaml", "line": 3, "column": 5}) == "tenant.yaml:3:5"
    assert place_of(None) == ""


@pytest.mark.parametrize(
    ("claim", "text"),
    [(0, "1970-01-01 00:00:00 UTC"), (1.5, "1970-01-01 00:00:01 UTC"), (10**30, "exp"), ("soon", '"soon"')],
)
def test_times_are_shown_to_people(claim: object, text: str) -> None:
    document = {
        "format": "jws",
        "header": {},
        "jwtPayloadSubset": {"exp": claim},
        "tokenKeys": {"kid": None, "inJwks": None},
        "ok": True,
    }
    assert text in render_inspection(document).plain

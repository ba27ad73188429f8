"""Names that come from a file or a tenant cannot forge output, move the cursor or hide a line."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.text import Text

from tenantctl.views.text import plain, render_outcome, render_plan, render_problems, render_result
from tenantctl.views.token_text import render_checks, render_inspection

HOSTILE = {
    "ANSI colour": "\x1b[32mgreen\x1b[0m",
    "ANSI cursor": "a\x1b[2K\x1b[1Ab",
    "C1 escape": "\x9b31m",
    "title": "\x1b]0;owned\x07",
    "line break": "a\n✓ applied create   clients/b",
    "carriage return": "a\rNo changes",
    "other line breaks": "a\u2028b\u2029c\x85d\x0be",
    "backspace": "abc\b\b\b",
    "right to left": "\u202egpj.exe",
    "isolate": "\u2066a\u2069",
    "invisible": "a\u200bb\u2060\ufeff",
    "null": "a\0b",
    "lone surrogate": "\ud800",
    "markup": "[bold red]No changes[/bold red][link=https://evil.example]x[/link]",
    "emoji code": ":warning:",
    "long": "x" * 10_000,
}
FORBIDDEN = set("\x1b\x9b\x07\b\r\0\u2028\u2029\x85\x0b\u202e\u2066\u2069\u200b\u2060\ufeff\ud800")


def change(name: str) -> dict[str, Any]:
    return {
        "address": f"clients/{name}",
        "action": "update",
        "reason": f"{name} differs",
        "position": {"file": name, "line": 1, "column": 2},
        "fields": [
            {"path": f"client_metadata.{name}", "before": name, "after": [name], "sensitive": False},
            {"path": "callbacks", "before": [name], "after": [name, "b"], "sensitive": False},
        ],
    }


def problem(name: str) -> dict[str, Any]:
    words = dict.fromkeys(("summary", "detail", "hint"), name)
    return {"code": "a-code", "severity": "error", "address": name, "position": None, **words}


def plan(name: str) -> dict[str, Any]:
    return {
        "tenant": {"domain": name},
        "summary": {"create": 0, "update": 1, "replace": 0, "delete": 0, "no-op": 0, "not_comparable": 0},
        "changes": [change(name)],
        "unmanaged": [{"address": f"clients/{name}", "id": name}],
        "problems": [problem(name)],
    }


def result(name: str) -> dict[str, Any]:
    return {
        "address": name,
        "action": "create",
        "status": "failed",
        "seconds": 1.0,
        "problems": [problem(name)],
    }


def outcome(name: str) -> dict[str, Any]:
    summary = {"applied": 0, "failed": 1, "skipped": 0}
    return {"ok": False, "tenant": {"domain": name}, "summary": summary, "changes": [result(name)]}


def checks(name: str) -> dict[str, Any]:
    words = dict.fromkeys(("client", "audience", "summary", "cause", "fix", "address", "field", "code"), name)
    return {"checks": [{"ok": False, "position": {"file": name, "line": 1, "column": 1}, **words}]}


def inspection(name: str) -> dict[str, Any]:
    return {
        "format": "jws",
        "header": {name: name, "kid": name},
        "jwtPayloadSubset": {"scope": name, "exp": 10**30, "iat": 1},
        "tokenKeys": {"kid": name, "inJwks": False},
        "ok": False,
        "code": name,
        **dict.fromkeys(("summary", "cause", "fix"), name),
    }


RENDERED: Mapping[str, Callable[[str], Text]] = {
    "plan": lambda name: render_plan(plan(name)),
    "problems": lambda name: render_problems([problem(name)]),
    "result": lambda name: render_result(result(name)),
    "outcome": lambda name: render_outcome(outcome(name)),
    "checks": lambda name: render_checks(checks(name)),
    "inspection": lambda name: render_inspection(inspection(name)),
}


def printed(text: Text, *, color: bool = False) -> str:
    file = io.StringIO()
    console = Console(file=file, force_terminal=color, color_system="standard" if color else None)
    console.print(text, soft_wrap=True, markup=False, highlight=False)
    return file.getvalue()


@pytest.mark.parametrize("view", RENDERED)
@pytest.mark.parametrize("kind", HOSTILE)
def test_nothing_is_forged(kind: str, view: str) -> None:
    harmless, hostile = (printed(RENDERED[view](name)) for name in ("harmless", HOSTILE[kind]))
    assert not FORBIDDEN & set(hostile)
    assert hostile.count("\n") == harmless.count("\n")
    assert max(map(len, hostile.splitlines())) < 3000


@pytest.mark.parametrize("view", RENDERED)
def test_markup_is_shown_as_it_stands(view: str) -> None:
    text = printed(RENDERED[view](HOSTILE["markup"]), color=True)
    if view != "outcome":
        assert "[bold red]" in text
    else:
        assert "[/bold red]" in text
    assert "\x1b]8;" not in text


@given(st.text())
def test_plain_is_one_printable_line(text: str) -> None:
    shown = plain(text)
    assert shown.isprintable()
    assert len(shown) < 600


@given(st.text(st.characters(categories=["L", "N", "P", "S"]), max_size=100))
def test_plain_leaves_ordinary_text_alone(text: str) -> None:
    assert plain(text) == text

"""Text for a terminal, rendered from the JSON documents; meaning never rests on colour alone.

Everything that comes from a file or a tenant goes through `plain`, so that no name can move the cursor or
forge a line.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from rich.text import Text

GLYPHS = {"create": "+", "update": "~", "replace": "±", "delete": "-", "no-op": " "}
STYLES = {"create": "green", "update": "yellow", "replace": "magenta", "delete": "red", "no-op": ""}
_VERBS = {"create": "create", "update": "update", "replace": "replace", "delete": "delete"}
_MAX_WIDTH = 100
_MAX_UNMANAGED = 20


def plain(text: object) -> str:
    """Return text without control characters and bidirectional marks, which could forge output."""
    return "".join(
        character if character.isprintable() and unicodedata.category(character) != "Cf" else "�"
        for character in str(text)
    )


def render_plan(document: Mapping[str, Any]) -> Text:
    """Return the text of a plan document."""
    text = Text()
    for change in document["changes"]:
        text.append_text(_change(change))
        text.append("\n")
    text.append_text(_unmanaged(document["unmanaged"]))
    text.append_text(render_problems(document["problems"]))
    text.append(_plan_summary(document), style="bold")
    return text


def _change(change: Mapping[str, Any]) -> Text:
    action = change["action"]
    text = Text()
    text.append(f"{GLYPHS[action]} {plain(change['address'])}", style=STYLES[action])
    place = _place(change["position"])
    text.append(f"  ({action}: {plain(change['reason'])}){'  ' + place if place else ''}\n", style="dim")
    width = max((len(plain(field["path"])) for field in change["fields"]), default=0)
    for field in change["fields"]:
        text.append_text(_field(field, action, min(width, _MAX_WIDTH // 3)))
    return text


def _field(field: Mapping[str, Any], action: str, width: int) -> Text:
    before, after = field["before"], field["after"]
    name = plain(field["path"]).ljust(width)
    text = Text(f"    {name}  ")
    if action == "create":
        text.append(f"\n{' ' * (width + 6)}".join(_lines(after)), style="green")
    elif isinstance(before, list) and isinstance(after, list):
        text.append_text(_list_difference(before, after))
    else:
        text.append(_shown(before), style="red")
        text.append(" → ")
        text.append(_shown(after), style="green")
    text.append("\n")
    return text


def _list_difference(before: Sequence[Any], after: Sequence[Any]) -> Text:
    gone = [item for item in before if item not in after]
    new = [item for item in after if item not in before]
    kept = len(after) - len(new)
    if not gone and not new:
        return Text(f"{_shown(list(before))} → {_shown(list(after))}  (order)")
    text = Text()
    for sign, items, style in (("-", gone, "red"), ("+", new, "green")):
        for item in items:
            text.append(f"{sign} {_shown(item)}  ", style=style)
    text.append(f"({kept} kept)" if kept else "(none kept)", style="dim")
    return text


def _shown(value: Any) -> str:
    """Return a value on one line, shortened where it is long."""
    if value is None:
        return "(not set)"
    text = value if value == "(sensitive value)" else json.dumps(value, ensure_ascii=False)
    text = plain(text)
    return text if len(text) <= _MAX_WIDTH else f"{text[: _MAX_WIDTH - 1]}… ({len(text)} characters)"


def _lines(value: Any) -> list[str]:
    """Return a value on one line, or a list of objects on a line for each."""
    if isinstance(value, list) and any(isinstance(item, dict) for item in value):
        return [_shown(item) for item in value]
    return [_shown(value)]


def _unmanaged(items: Sequence[Mapping[str, Any]]) -> Text:
    text = Text()
    if items:
        text.append("On the tenant, not in the file (left alone):\n")
        for item in items[:_MAX_UNMANAGED]:
            text.append(f"    {plain(item['address'])}\n", style="dim")
        if len(items) > _MAX_UNMANAGED:
            text.append(f"    … and {len(items) - _MAX_UNMANAGED} more\n", style="dim")
        text.append("\n")
    return text


def _plan_summary(document: Mapping[str, Any]) -> str:
    summary = document["summary"]
    parts = [f"{summary[action]} to {verb}" for action, verb in _VERBS.items() if summary[action]]
    unchanged = f"{summary['no-op']} unchanged"
    notes = [f"{summary['not_comparable']} secret value{_s(summary['not_comparable'])} not comparable"]
    tail = f" ({notes[0]})" if summary["not_comparable"] else ""
    if not parts:
        return f"No changes: {plain(document['tenant']['domain'])} is as the file says, {unchanged}{tail}."
    return f"Plan for {plain(document['tenant']['domain'])}: {', '.join(parts)}, {unchanged}{tail}."


def _s(count: int) -> str:
    return "" if count == 1 else "s"


def _place(position: Mapping[str, Any] | None) -> str:
    return f"{plain(position['file'])}:{position['line']}:{position['column']}" if position else ""


def render_problems(problems: Iterable[Mapping[str, Any]]) -> Text:
    """Return the text of problems, each with its place, code and hint."""
    text = Text()
    for problem in problems:
        place = _place(problem["position"])
        style = "bold red" if problem["severity"] == "error" else "bold yellow"
        text.append(f"{place}: " if place else "")
        text.append(problem["severity"], style=style)
        text.append(f": {plain(problem['summary'])} ")
        text.append(f"[{problem['code']}]\n", style="dim")
        if problem["detail"]:
            text.append(f"    {plain(problem['detail'])}\n")
        if problem["hint"]:
            text.append(f"    hint: {plain(problem['hint'])}\n", style="cyan")
    return text


def render_result(result: Mapping[str, Any]) -> Text:
    """Return one line for one finished change, followed by its problem if it has one."""
    marks = {"applied": ("✓", "green"), "failed": ("✗", "red"), "skipped": ("○", "yellow")}
    mark, style = marks[result["status"]]
    text = Text()
    text.append(f"{mark} {result['status']:<8}", style=style)
    text.append(f"{result['action']:<8} {plain(result['address'])}")
    text.append(f"  {result['seconds']:.2f} s\n" if result["status"] != "skipped" else "\n", style="dim")
    text.append_text(render_problems(result["problems"]))
    return text


def render_outcome(document: Mapping[str, Any]) -> Text:
    """Return the summary of an outcome: a table of statuses."""
    summary = document["summary"]
    parts = [f"{count} {status}" for status, count in summary.items() if count]
    style = "bold green" if document["ok"] else "bold red"
    done = "Applied" if document["ok"] else "Not all was applied"
    return Text(f"{done} to {plain(document['tenant']['domain'])}: {', '.join(parts)}.", style=style)


def render_checks(document: Mapping[str, Any]) -> Text:
    """Return the text of a check report: what was checked, and for a failure what to change."""
    text = Text()
    for check in document["checks"]:
        mark, style = ("✓", "green") if check["ok"] else ("✗", "red")
        audience = plain(check["audience"]) if check["audience"] else "no audience"
        text.append(f"{mark} {plain(check['client'])} → {audience}", style=style)
        text.append(f"  [{check['code']}]\n" if check["code"] else "\n", style="dim")
        text.append(f"    {plain(check['summary'])}\n")
        for label in ("cause", "fix"):
            if check[label]:
                text.append(f"    {label}: {plain(check[label])}\n", style="cyan" if label == "fix" else "")
        place = [plain(part) for part in (check["address"], check["field"]) if part]
        where = _place(check.get("position"))
        if place and not check["ok"]:
            text.append(f"    change: {' · '.join(place)}{'  ' + where if where else ''}\n")
    return text


def render_inspection(document: Mapping[str, Any]) -> Text:
    """Return what a token is: its form, header, a few claims, its key, and the verdict."""
    kinds = {"jws": "a signed JWT (JWS)", "jwe": "an encrypted token (JWE)", "opaque": "an opaque token"}
    text = Text()
    text.append(f"This is {kinds[document['format']]}.\n", style="bold")
    for title, part in (("header", document["header"]), ("claims", document["jwtPayloadSubset"])):
        for name, value in (part or {}).items():
            text.append(f"    {title:<8}{plain(name):<14}{_shown(value)}{_human_time(name, value)}\n")
    keys = document["tokenKeys"]
    if keys["inJwks"] is not None:
        where = "is in the tenant's JWKS" if keys["inJwks"] else "is not in the tenant's JWKS"
        text.append(f"    key     {plain(keys['kid'])} {where}\n")
    if document["ok"]:
        return text.append("No fault found.", style="bold green")
    text.append(f"{plain(document['summary'])}  [{document['code']}]\n", style="bold red")
    text.append(f"    cause: {plain(document['cause'])}\n    fix: {plain(document['fix'])}", style="")
    return text


def _human_time(name: str, value: Any) -> str:
    """Return the date of a NumericDate claim (RFC 7519 §2), for people."""
    if name not in {"iat", "exp", "nbf"} or not isinstance(value, int | float):
        return ""
    try:
        return f"  ({datetime.fromtimestamp(value, UTC):%Y-%m-%d %H:%M:%S} UTC)"
    except (OverflowError, ValueError, OSError):
        return ""

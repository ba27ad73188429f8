"""Text for a terminal, rendered from the JSON documents; meaning never rests on colour alone.

Everything that comes from a file or a tenant goes through `plain`, so that no name can move the cursor or
forge a line.
"""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.text import Text

GLYPHS = {"create": "+", "update": "~", "replace": "±", "delete": "-", "no-op": " "}
STYLES = {"create": "green", "update": "yellow", "replace": "magenta", "delete": "red", "no-op": ""}
_ACTIONS = ("create", "update", "replace", "delete")
_MAX_WIDTH = 100
_MAX_LENGTH = 500
_MAX_UNMANAGED = 20


def plain(text: object, limit: int = _MAX_LENGTH) -> str:
    """Return text on one line, shortened to `limit` characters where it is long.

    Control characters and bidirectional marks, which could forge output, are shown as �.
    """
    shown = str(text)
    if not (shown.isascii() and shown.isprintable()):
        shown = "".join(
            character if character.isprintable() and unicodedata.category(character) != "Cf" else "�"
            for character in shown
        )
    return shown if len(shown) <= limit else f"{shown[: limit - 1]}… ({len(shown)} characters)"


def render_plan(document: Mapping[str, Any], *, positions: bool = False) -> Text:
    """Return the text of a plan document.

    positions: say of each field where the configuration says it, as values may come from several files.
    """
    text = Text()
    for change in document["changes"]:
        text.append_text(_change(change, positions=positions))
        text.append("\n")
    text.append_text(_unmanaged(document["unmanaged"]))
    text.append_text(render_problems(document["problems"]))
    text.append(_plan_summary(document), style="bold")
    return text


def _change(change: Mapping[str, Any], *, positions: bool) -> Text:
    action = change["action"]
    text = Text()
    text.append(f"{GLYPHS[action]} {plain(change['address'])}", style=STYLES[action])
    place = place_of(change["position"])
    text.append(f"  ({action}: {plain(change['reason'])}){'  ' + place if place else ''}\n", style="dim")
    text.append_text(render_fields(change["fields"], is_new=action == "create", positions=positions))
    return text


def render_fields(fields: Sequence[Mapping[str, Any]], *, is_new: bool, positions: bool = False) -> Text:
    """Return a line for each difference; of something new only what it is to be."""
    text = Text()
    width = max((len(plain(field["path"])) for field in fields), default=0)
    for field in fields:
        text.append_text(_field(field, min(width, _MAX_WIDTH // 3), is_new=is_new))
        if positions and (at := place_of(field["position"])):
            text.append(f"      said at {at}\n", style="dim")
    return text


def _field(field: Mapping[str, Any], width: int, *, is_new: bool) -> Text:
    before, after, is_secret = field["before"], field["after"], field["sensitive"]
    name = plain(field["path"]).ljust(width)
    margin = f"\n{' ' * (max(len(name), width) + 6)}"
    text = Text(f"    {name}  ")
    if is_new:
        text.append(margin.join(_lines(after, is_secret=is_secret)), style="green")
    elif isinstance(before, list) and isinstance(after, list) and not is_secret:
        text.append_text(_list_difference(before, after, margin))
    else:
        text.append(shown(before, is_secret=is_secret), style="red")
        text.append(" → ")
        text.append(shown(after, is_secret=is_secret), style="green")
    text.append("\n")
    return text


def _list_difference(before: Sequence[Any], after: Sequence[Any], margin: str) -> Text:
    """Return what left and what joined a list, on one line if that is short."""
    gone = [item for item in before if item not in after]
    new = [item for item in after if item not in before]
    kept = len(after) - len(new)
    if not gone and not new:
        return Text(f"{shown(list(before))} → {shown(list(after))}  (order)")
    parts = [Text(f"- {shown(item)}", style="red") for item in gone]
    parts += [Text(f"+ {shown(item)}", style="green") for item in new]
    parts.append(Text(f"({kept} kept)" if kept else "(none kept)", style="dim"))
    fits = sum(len(part) + 2 for part in parts) <= _MAX_WIDTH
    return Text("  " if fits else margin).join(parts)


def shown(value: Any, *, is_secret: bool = False) -> str:
    """Return a value on one line, shortened where it is long."""
    if value is None:
        return "(not set)"
    return plain(value if is_secret else json.dumps(value, ensure_ascii=False), _MAX_WIDTH)


def _lines(value: Any, *, is_secret: bool) -> list[str]:
    """Return a value on one line, or a list of objects on a line for each."""
    if isinstance(value, list) and any(isinstance(item, dict) for item in value):
        return [shown(item) for item in value]
    return [shown(value, is_secret=is_secret)]


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
    summary, domain = document["summary"], _tenant_of(document)
    unchanged, secrets = summary["no-op"], summary["not_comparable"]
    hidden = f"; {count_of(secrets, 'secret value')} not comparable" if secrets else ""
    parts = [f"{summary[action]} to {action}" for action in _ACTIONS if summary[action]]
    if not parts:
        verb = "was" if "snapshot" in document["tenant"] else "is"
        return f"No changes: {domain} {verb} as the file says ({count_of(unchanged, 'resource')}{hidden})."
    parts += [f"{unchanged} unchanged"] if unchanged else []
    refused = any(problem["severity"] == "error" for problem in document["problems"])
    verdict = " It cannot be applied; the errors above say why." if refused else ""
    return f"Plan for {domain}: {', '.join(parts)}{hidden}.{verdict}"


def _tenant_of(document: Mapping[str, Any]) -> str:
    """Return the tenant's domain, with the snapshot that stood for it if one did."""
    tenant = document["tenant"]
    snapshot = f" (snapshot {plain(tenant['snapshot'])})" if "snapshot" in tenant else ""
    return f"{plain(tenant['domain'])}{snapshot}"


def count_of(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural where it is due."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def place_of(position: Mapping[str, Any] | None) -> str:
    """Return a position as editors and terminals know it: file:line:column."""
    return f"{plain(position['file'])}:{position['line']}:{position['column']}" if position else ""


def render_problems(problems: Iterable[Mapping[str, Any]]) -> Text:
    """Return the text of problems, each with its place, code and hint."""
    text = Text()
    for problem in problems:
        place = place_of(problem["position"])
        style = "bold red" if problem["severity"] == "error" else "bold yellow"
        text.append(f"{place}: " if place else "")
        text.append(problem["severity"], style=style)
        text.append(f": {plain(problem['summary'])} ")
        text.append(f"[{plain(problem['code'])}]\n", style="dim")
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
    """Return the summary of an outcome: a table that counts the changes by action and by how they ended."""
    done = "Applied" if document["ok"] else "Not all was applied"
    domain = plain(document["tenant"]["domain"])
    text = Text(f"{done} to {domain}:\n", style="bold green" if document["ok"] else "bold red")
    statuses = list(document["summary"])
    text.append(f"    {'':<8}{''.join(f'{status:>9}' for status in statuses)}\n", style="dim")
    counts = Counter((change["action"], change["status"]) for change in document["changes"])
    for action in _ACTIONS:
        row = [counts[action, status] for status in statuses]
        if any(row):
            text.append(f"    {action:<8}{''.join(f'{count:>9}' for count in row)}\n")
    return text


def render_requests(counts: Mapping[str, int]) -> Text:
    """Return how many requests of which kind were sent."""
    nouns = {"reads": "read", "writes": "write", "tokens": "token request", "others": "key look-up"}
    parts = [count_of(counts[kind], noun) for kind, noun in nouns.items() if counts[kind]]
    return Text(f"Sent {', '.join(parts)}.", style="dim")

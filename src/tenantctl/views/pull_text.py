"""The text of a pull: what the files say otherwise now, what they keep, and which secrets they name."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from difflib import unified_diff
from itertools import zip_longest
from typing import Any

from rich.text import Text

from tenantctl.config.writing import FileChange
from tenantctl.plan.values import SENSITIVE
from tenantctl.views.text import count_of, place_of, plain, render_fields, render_problems

_GLYPHS = {"add": "+", "change": "~", "remove": "-"}
_STYLES = {"add": "green", "change": "yellow", "remove": "red"}
_DONE = {"add": "added", "change": "changed", "remove": "removed"}
_WHY = {
    "keyword": "a keyword gives it another value",
    "other": "it can't be written down as the tenant has it",
}
_DIFF_STYLES = {"+": "green", "-": "red", "@": "cyan"}


def render_pull(document: Mapping[str, Any]) -> Text:
    """Return the text of a pull document."""
    text = Text()
    changes = document["changes"]
    for change, after in zip_longest(changes, changes[1:]):
        text.append_text(_change(change))
        text.append("\n" if change["fields"] or not after or after["fields"] else "")
    text.append_text(_kept(document["kept"]))
    text.append_text(render_problems(document["problems"]))
    text.append(_summary(document), style="bold")
    text.append_text(_secrets(document["secrets"]))
    return text


def _change(change: Mapping[str, Any]) -> Text:
    action = change["action"]
    text = Text(f"{_GLYPHS[action]} {plain(change['address'])}", style=_STYLES[action])
    place = place_of(change["position"])
    text.append(f"  ({action}){'  ' + place if place else ''}\n", style="dim")
    text.append_text(render_fields(change["fields"], is_new=False))
    return text


def _kept(kept: Iterable[Mapping[str, Any]]) -> Text:
    text = Text()
    for each in kept:
        place = place_of(each["position"])
        name = f"{plain(each['address'])}#{plain(each['path'])}" if each["path"] else plain(each["address"])
        text.append(f"{place}: " if place else "")
        text.append("kept", style="bold yellow")
        text.append(f": {name} differs from the tenant's: {_WHY[each['reason']]}\n")
    return text


def _summary(document: Mapping[str, Any]) -> str:
    domain, files = plain(document["tenant"]["domain"]), document["files"]
    if not files:
        but = f", but for {count_of(len(document['kept']), 'value')}" if document["kept"] else ""
        return f"Nothing to pull: the files are as {domain} is{but}.\n"
    parts = [f"{document['summary'][action]} {done}" for action, done in _DONE.items()]
    named = plain(files[0]["path"]) if len(files) == 1 else count_of(len(files), "file")
    did = "Pulled" if document["written"] else "To be pulled"
    return f"{did} from {domain} into {named}: {', '.join(parts)}.\n"


def _secrets(secrets: Iterable[Mapping[str, Any]]) -> Text:
    """Return which variable stands for which secret."""
    text = Text()
    named = [(each["keyword"].strip("#@"), f"{each['address']}#{each['path']}") for each in secrets]
    if named:
        text.append("\nSecrets are not written to files. The tenant keeps them; to send them, set these ")
        text.append("in the environment or .env:\n")
    width = max((len(name) for name, _ in named), default=0)
    for name, place in named:
        text.append(f"    {name.ljust(width)}  ")
        text.append(f"{plain(place)}\n", style="dim")
    return text


def file_diff(changes: Iterable[FileChange], secrets: Collection[str]) -> str:
    """Return the unified diff of files, in which secrets are masked."""
    lines: list[str] = []
    for change in changes:
        lines += unified_diff(
            _lines(change.before, secrets),
            _lines(change.after, secrets),
            "/dev/null" if change.before is None else f"a/{change.path}",
            "/dev/null" if change.after is None else f"b/{change.path}",
            lineterm="",
        )
    return "\n".join(lines)


def _lines(text: str | None, secrets: Collection[str]) -> list[str]:
    if not text:
        return []
    if secrets:
        longest_first = sorted(secrets, key=len, reverse=True)
        text = re.sub("|".join(map(re.escape, longest_first)), SENSITIVE, text)
    return text.splitlines()


def render_diff(diff: str) -> Text:
    """Return a unified diff in colour."""
    text = Text()
    for line in diff.splitlines():
        text.append(f"{plain(line, len(line))}\n", style=_DIFF_STYLES.get(line[:1], ""))
    return text

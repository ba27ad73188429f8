"""Text about tokens: what a check found, and what a token is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from rich.text import Text

from tenantctl.verify.token import TokenFormat
from tenantctl.views.text import place_of, plain, shown


def render_checks(document: Mapping[str, Any]) -> Text:
    """Return the text of a check report: what was checked, and for a failure what to change."""
    text = Text()
    for check in document["checks"]:
        mark, style = ("✓", "green") if check["ok"] else ("✗", "red")
        audience = plain(check["audience"]) if check["audience"] else "no audience"
        text.append(f"{mark} {plain(check['client'])} → {audience}", style=style)
        text.append(f"  [{plain(check['code'])}]\n" if check["code"] else "\n", style="dim")
        text.append(f"    {plain(check['summary'])}\n")
        for label in ("cause", "fix"):
            if check[label]:
                text.append(f"    {label}: {plain(check[label])}\n", style="cyan" if label == "fix" else "")
        text.append(_place_to_change(check))
    return text


def _place_to_change(check: Mapping[str, Any]) -> str:
    """Return the line that names address, field and file position, or the entry if no field can mend it."""
    place = " · ".join(plain(part) for part in (check["address"], check["field"]) if part)
    where = place_of(check.get("position"))
    if check["ok"] or not (place or where):
        return ""
    return f"    change: {place}{'  ' + where if where else ''}\n" if place else f"    entry: {where}\n"


def render_inspection(document: Mapping[str, Any]) -> Text:
    """Return what a token is: its form, header, a few claims, its key, and the verdict."""
    text = Text()
    text.append(f"This is {TokenFormat(document['format']).noun}.\n", style="bold")
    for title, part in (("header", document["header"]), ("claims", document["jwtPayloadSubset"])):
        for name, value in (part or {}).items():
            text.append(f"    {title:<8}{plain(name):<14}{shown(value)}{_human_time(name, value)}\n")
    keys = document["tokenKeys"]
    if keys["inJwks"] is not None:
        where = "is in the tenant's JWKS" if keys["inJwks"] else "is not in the tenant's JWKS"
        text.append(f"    key     {plain(keys['kid'])} {where}\n")
    if document["ok"]:
        return text.append("No fault found.", style="bold green")
    text.append(f"{plain(document['summary'])}  [{plain(document['code'])}]\n", style="bold red")
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

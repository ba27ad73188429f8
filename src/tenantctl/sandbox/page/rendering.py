"""Filling the page's templates: every value is escaped, and none of its characters is invisible."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from tenantctl.sandbox.page import links
from tenantctl.states import Json
from tenantctl.verify.token import shown

_CUT = 160
_CONSONANT_Y = re.compile(r"[^aeiou]y$")
_UNITS = (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1))


def printable(value: Any) -> Any:
    """Return a value as text without control, format and direction characters: these are written out.

    A name with a right-to-left mark could otherwise make a line read as another. Line feeds stay.
    """
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return "\n".join(shown(line, limit=len(line)) for line in value.split("\n"))


def cut(value: Json, limit: int = _CUT) -> str:
    """Return a foreign value as one line of at most `limit` characters."""
    return shown(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False), limit=limit)


def moment(seconds: Json) -> str:
    """Return a time, in seconds since 1970 as in a NumericDate (RFC 7519, 2), as people write it."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return ""
    try:
        return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S} UTC"
    except (ValueError, OverflowError, OSError):
        return ""


def distance(seconds: float, now: float) -> str:
    """Return how far a time lies from now, in its largest unit: ``in 24 hours``, ``3 minutes ago``."""
    away = round(abs(seconds - now))
    name, size = next((unit for unit in _UNITS if away >= unit[1]), _UNITS[-1])
    count = round(away / size)
    if count == 0:
        return "now"
    words = f"{count} {name}{'' if count == 1 else 's'}"
    return f"in {words}" if seconds > now else f"{words} ago"


def counted(count: int, noun: str) -> str:
    """Return a number of things: ``1 role``, ``2 policies``, ``3 keys``."""
    if count == 1:
        return f"1 {noun}"
    return f"{count} {noun[:-1]}ies" if _CONSONANT_Y.search(noun) else f"{count} {noun}s"


def _make_environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("tenantctl.sandbox.page"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=printable,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"cut": cut, "moment": moment, "counted": counted}
    environment.globals |= {"distance": distance, "links": links}
    return environment


_ENVIRONMENT = _make_environment()


def render(template: str, **values: Any) -> str:
    """Return a template of `templates/` filled with values."""
    return _ENVIRONMENT.get_template(template).render(**values)

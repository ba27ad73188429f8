"""Where things stand on the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from tenantctl.sandbox.control import CONTROL_PATH

HOME_PATH = "/"
PAGE_PATH = f"{CONTROL_PATH}page/"
SECTIONS_PATH = f"{PAGE_PATH}sections/"
REQUESTS_PATH = f"{PAGE_PATH}requests"
TOKEN_PATH = f"{PAGE_PATH}token"
ISSUE_PATH = f"{TOKEN_PATH}/issue"
INSPECT_PATH = f"{TOKEN_PATH}/inspect"
STYLE_PATH = f"{PAGE_PATH}style.css"
ICON_PATH = f"{PAGE_PATH}icon.svg"


@dataclass(frozen=True, slots=True)
class Link:
    """A text and what it leads to; nothing if `href` is empty."""

    text: str
    href: str = ""


def section_path(section: str, page: int = 1) -> str:
    """Return the path of a section's list, from its `page` on."""
    return SECTIONS_PATH + section + (f"?{urlencode({'page': page})}" if page > 1 else "")


def object_path(section: str, object_id: str) -> str:
    """Return the path of one object; the id stands in the query, as it may hold any character."""
    return f"{SECTIONS_PATH}{section}?{urlencode({'id': object_id})}"


def debugger_path(fields: Mapping[str, str]) -> str:
    """Return the path of the token debugger with fields of its form filled in."""
    return f"{TOKEN_PATH}?{urlencode(fields)}" if fields else TOKEN_PATH

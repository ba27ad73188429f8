"""A tenant's keys, as a document (``format_version`` 1.0) and as text rendered from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rich.text import Text

from tenantctl.views.plan_document import FORMAT_VERSION
from tenantctl.views.text import plain

_PLACES = ("next", "current", "previous")
_UNUSED = frozenset({"revoked", "deactivated", "destroyed"})


def keys_document(
    signing: Iterable[Mapping[str, Any]], encryption: Iterable[Mapping[str, Any]]
) -> dict[str, Any]:
    """Return the document of a tenant's keys; of each what tells it apart and where it stands."""
    return {
        "format_version": FORMAT_VERSION,
        "signing": [
            {"kid": key["kid"], "state": _state(key), "fingerprint": key.get("fingerprint")}
            for key in signing
        ],
        "encryption": [
            {"kid": key["kid"], "state": key.get("state"), "type": key.get("type")} for key in encryption
        ],
    }


def _state(key: Mapping[str, Any]) -> str:
    if key.get("revoked"):
        return "revoked"
    return next((place for place in _PLACES if key.get(place)), "unknown")


def render_keys(document: Mapping[str, Any]) -> Text:
    """Return one line for each key."""
    text = Text()
    for use, detail in (("signing", "fingerprint"), ("encryption", "type")):
        for key in document[use]:
            line = (
                f"{use:<11} {plain(key['state'] or ''):<14} {plain(key['kid'])}  {plain(key[detail] or '')}\n"
            )
            text.append(line, style="dim" if key["state"] in _UNUSED else "")
    return text

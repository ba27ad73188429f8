"""What a cassette may hold: headers by allow-list, no secret, nothing that changes by itself."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

from tenantctl.catalog.registry import RESOURCE_TYPES
from tenantctl.states import Json

PLACEHOLDER_ORIGIN = "https://tenant.example"
HEADERS = frozenset({"content-type"})
_ID_FIELDS = frozenset(each.id_field for each in RESOURCE_TYPES if each.id_field)
# What the server makes up; the secrets of made-up entries are none.
_SECRET_FIELDS = frozenset(
    {"access_token", "signing_keys"} | {name for each in RESOURCE_TYPES for name in each.generated}
)
_KEY_FIELDS = frozenset({"kid", "n", "x5c", "x5t"})  # of a JWK (RFC 7517): made anew with each sandbox
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
_THEN = "2000-01-01T00:00:00.000Z"


class Scrubber:
    """Takes secrets and addresses out of what is recorded, and gives ids a stable form.

    What a response brought (an id, a secret) is replaced by the same word in everything that follows. What a
    request has brought before stays, as it is neither.
    """

    def __init__(self, origin: str) -> None:
        self._words: dict[str, str] = {origin: PLACEHOLDER_ORIGIN}
        self._ids = 0
        self._sent: set[str] = set()

    def request(self, request: Any) -> Any:
        """Scrub a vcrpy request; the request that is sent stays as it is."""
        self._note_sent(unquote(step) for step in urlsplit(request.uri).path.split("/"))
        request.uri = self._text(request.uri)
        request.headers = {
            name.lower(): value for name, value in request.headers.items() if name.lower() in HEADERS
        }
        if request.body:
            self._note_sent(_texts(json.loads(request.body)))
            request.body = self._text(request.body.decode())
        return request

    def response(self, response: dict[str, Any]) -> dict[str, Any]:
        """Return a scrubbed copy of a vcrpy response."""
        headers = {
            name.lower(): value for name, value in response["headers"].items() if name.lower() in HEADERS
        }
        content = response["body"]["string"]
        if content:
            content = self._text(json.dumps(self._json(json.loads(content)))).encode()
        return {**response, "headers": headers, "body": {"string": content}}

    def _note_sent(self, texts: Iterable[str]) -> None:
        self._sent.update(text for text in texts if text not in self._words)

    def _text(self, text: str) -> str:
        for word, stable in self._words.items():
            text = text.replace(word, stable)
        return text

    def _json(self, value: Json, name: str = "") -> Json:
        if isinstance(value, str) and value in self._sent:
            return value
        if name in _SECRET_FIELDS | _KEY_FIELDS:
            return self._scrubbed(value, name)
        if isinstance(value, dict):
            return {key: self._json(member, key) for key, member in value.items()}
        if isinstance(value, list):
            return [self._json(item) for item in value]
        if not isinstance(value, str):
            return value
        return self._stable_id(value) if name in _ID_FIELDS else _TIME.sub(_THEN, value)

    def _scrubbed(self, value: Json, name: str) -> Json:
        if isinstance(value, str):
            self._words[value] = f"scrubbed-{name}"
        return [f"scrubbed-{name}"] if isinstance(value, list) else f"scrubbed-{name}"

    def _stable_id(self, value: str) -> str:
        if value not in self._words:
            self._ids += 1
            prefix, mark, _ = value.rpartition("_")
            self._words[value] = f"{prefix}{mark}id{self._ids:06}"
        return self._words[value]


def _texts(value: Json) -> Iterator[str]:
    """Yield every string in a JSON value."""
    if isinstance(value, str):
        yield value
    members = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for member in members:
        yield from _texts(member)

"""What a cassette may hold: headers by allow-list, no secret, nothing that changes by itself."""

from __future__ import annotations

import json
from typing import Any

from tenantctl.catalog.registry import BY_SECTION, RESOURCE_TYPES
from tenantctl.states import Json
from tests.contract.samples import SAMPLES

PLACEHOLDER_ORIGIN = "https://tenant.example"
HEADERS = frozenset({"content-type"})
# A secret's name in one type (a rules config's value) is an everyday name in another.
CONTRACTED = tuple(map(BY_SECTION.__getitem__, SAMPLES))
_ID_FIELDS = frozenset(each.id_field for each in RESOURCE_TYPES if each.id_field)
_SECRET_FIELDS = frozenset(
    {"access_token", "client_secret", "signing_secret", "signing_keys"}
    | {mark for each in CONTRACTED for mark in each.secret if "." not in mark}
)
_KEY_FIELDS = frozenset({"kid", "n", "x5c", "x5t"})  # of a JWK (RFC 7517): made anew with each sandbox


class Scrubber:
    """Takes secrets and addresses out of what is recorded, and gives ids a stable form.

    What a response brought (an id, a secret) is replaced by the same word in everything that follows.
    """

    def __init__(self, origin: str) -> None:
        self._words: dict[str, str] = {origin: PLACEHOLDER_ORIGIN}
        self._ids = 0

    def request(self, request: Any) -> Any:
        """Scrub a vcrpy request; the request that is sent stays as it is."""
        request.uri = self._text(request.uri)
        request.headers = {
            name.lower(): value for name, value in request.headers.items() if name.lower() in HEADERS
        }
        if request.body:
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

    def _text(self, text: str) -> str:
        for word, stable in self._words.items():
            text = text.replace(word, stable)
        return text

    def _json(self, value: Json, name: str = "") -> Json:
        if name in _SECRET_FIELDS | _KEY_FIELDS:
            return self._scrubbed(value, name)
        if isinstance(value, dict):
            return {key: self._json(member, key) for key, member in value.items()}
        if isinstance(value, list):
            return [self._json(item) for item in value]
        if name in _ID_FIELDS and isinstance(value, str):
            return self._stable_id(value)
        return value

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

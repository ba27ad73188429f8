"""Ids that the server makes up, and the secrets that the token endpoint works with."""

from __future__ import annotations

import secrets
import string
import uuid
from collections.abc import Mapping

from tenantctl.catalog.spec import ResourceType
from tenantctl.states import Json

_HEX_ID = 24
_UUID_LENGTH = 36
_SECRET_BYTES = 48  # 64 characters of base64url
_ALPHANUMERIC = string.ascii_letters + string.digits
_BASE58 = "".join(letter for letter in _ALPHANUMERIC if letter not in "0OIl")
_OF_128_BITS = (21, 22)  # as many digits as a UUID has in base58


def make_id(id_format: tuple[str, int]) -> str:
    """Return a fresh id of a prefix and a length: 24 are hex digits, 36 a UUID, 21 and 22 base58.

    Others are alphanumeric.
    """
    prefix, length = id_format
    if not prefix and length == _HEX_ID:
        return secrets.token_hex(length // 2)
    if not prefix and length == _UUID_LENGTH:
        return str(uuid.uuid4())
    letters = _BASE58 if length in _OF_128_BITS else _ALPHANUMERIC
    return prefix + "".join(secrets.choice(letters) for _ in range(length))


def make_secret() -> str:
    """Return 64 characters of base64url."""
    return secrets.token_urlsafe(_SECRET_BYTES)


def with_secrets(resource_type: ResourceType, body: Mapping[str, Json]) -> dict[str, Json]:
    """Return the object with the secrets that the server makes, those it has already kept."""
    completed = dict(body)
    for field, applies in resource_type.generated.items():
        if applies(body) and not body.get(field):
            completed[field] = make_secret()
    return completed

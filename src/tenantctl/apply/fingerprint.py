"""Digests of live objects, by which a later run knows what has moved; no secret goes into one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from tenantctl.catalog.fields import is_read_only
from tenantctl.catalog.spec import ResourceType
from tenantctl.plan.recorded import recorded
from tenantctl.states import Json

Fingerprint = Mapping[str, str]
"""Top-level field → digest of its value, as far as somebody could have changed it."""

_DIGITS = 16


def fingerprint(resource_type: ResourceType, live: Mapping[str, Json]) -> Fingerprint:
    """Return the digests of an object's fields: neither those that the API alone sets, nor secrets."""
    told = recorded(resource_type, live, ())
    return {
        name: digest(json.dumps(value, sort_keys=True))
        for name, value in sorted(told.items())
        if not is_read_only(resource_type, name)
    }


def moved_fields(before: Fingerprint, after: Fingerprint) -> list[str]:
    """Return the fields whose values differ, and those that only one of the two has."""
    return [name for name in sorted({*before, *after}) if before.get(name) != after.get(name)]


def digest(text: str) -> str:
    """Return the beginning of the SHA-256 of a text, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]

"""Short ways to write down a desired and a current state in a test."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tenantctl.catalog.keys import key_of
from tenantctl.catalog.registry import BY_SECTION
from tenantctl.problems import Position
from tenantctl.states import Current, Desired, FieldPath, Resource


def make_resource(section: str, data: Mapping[str, Any]) -> Resource:
    def locate(path: FieldPath) -> Position:
        return Position("tenant.yaml", 1 + len(path), 1)

    return Resource(section, key_of(BY_SECTION[section], data), data, locate)


def make_desired(**sections: Any) -> Desired:
    """Return a Desired; a section is a list of entries, or one mapping for a singleton."""
    return Desired(
        {
            section: tuple(
                make_resource(section, data) for data in (entries if isinstance(entries, list) else [entries])
            )
            for section, entries in sections.items()
        }
    )


def make_current(*, own_client_id: str | None = None, **sections: Any) -> Current:
    """Return a Current of the tenant ``t.example``, written like `make_desired`."""
    return Current(
        "t.example",
        {
            section: tuple(objects if isinstance(objects, list) else [objects])
            for section, objects in sections.items()
        },
        own_client_id,
    )

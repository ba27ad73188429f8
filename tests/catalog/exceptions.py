"""What the catalog says otherwise than its sources, with reasons; an entry that is needed no more fails."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pytest

from tenantctl.catalog.registry import RESOURCE_TYPES
from tenantctl.catalog.spec import ResourceType

every_type = pytest.mark.parametrize("resource_type", RESOURCE_TYPES, ids=lambda each: each.section)

Exceptions = Mapping[str, Mapping[str, str]]
"""Section → path → reason."""


def unexplained(resource_type: ResourceType, found: Iterable[str], exceptions: Exceptions) -> set[str]:
    """Return what was found and is no exception, and exceptions that were not found."""
    return set(found) ^ exceptions.get(resource_type.section, {}).keys()

"""Lists are read as the API's description offers it best: by cursor where it can, at its largest page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tenantctl.catalog.endpoints import Endpoint, Listing, Paging
from tenantctl.catalog.registry import RESOURCE_TYPES
from tests.catalog.facts import operations

UNDESCRIBED = frozenset(
    {
        "/agents",
        "/attack-protection/captcha/policies",
        "/client-profiles",
        "/keys/network-acls",
        "/organizations/{id}/clients",
    }
)
"""Lists that the SDK or recordings know, and the description does not."""


class Named(NamedTuple):
    name: str
    listing: Listing


def listings() -> Iterator[Named]:
    for each in RESOURCE_TYPES:
        if each.listing:
            yield Named(each.section, each.listing)
        for detail in (*each.associations, *each.runtime):
            yield Named(f"{each.section}.{detail.field}", detail.listing)
        for part in each.parts:
            if part.in_bulk:
                yield Named(f"{each.section}.{part.field}", part.in_bulk)


every_listing = pytest.mark.parametrize(
    "listing", [each.listing for each in listings()], ids=[each.name for each in listings()]
)


def query_of(shared: Path, path: str) -> Mapping[str, Any] | None:
    """Return the query parameters of a GET and their schemas, or None if the path is not described."""
    described = operations(shared, Endpoint("GET", path, ()))
    if not described:
        return None
    given = described[0].get("parameters", [])
    return {each["name"]: each["schema"] for each in given if each["in"] == "query"}


def test_what_the_description_lacks(shared: Path) -> None:
    paths = {each.listing.endpoint.path for each in listings()}
    assert {path for path in paths if query_of(shared, path) is None} == UNDESCRIBED


@every_listing
def test_the_best_paging_is_used(shared: Path, listing: Listing) -> None:
    query = query_of(shared, listing.endpoint.path)
    if query is None:
        assert listing.endpoint.path in UNDESCRIBED
    elif {"from", "take"} <= query.keys():
        assert listing.paging is Paging.CHECKPOINT
    elif {"page", "per_page"} <= query.keys():
        assert listing.paging is Paging.PAGE
    else:
        assert listing.paging is Paging.NONE


@every_listing
def test_pages_are_as_large_as_the_api_allows(shared: Path, listing: Listing) -> None:
    size = {Paging.CHECKPOINT: "take", Paging.PAGE: "per_page", Paging.NONE: ""}[listing.paging]
    schema = (query_of(shared, listing.endpoint.path) or {}).get(size, {})
    assert listing.page_size == schema.get("maximum", listing.page_size)


@every_listing
def test_only_what_a_list_takes_is_asked(shared: Path, listing: Listing) -> None:
    query = query_of(shared, listing.endpoint.path)
    if query is not None:
        assert listing.query.keys() <= query.keys()
        asks_for_total = listing.paging is Paging.PAGE and not listing.enveloped
        assert not asks_for_total or "include_totals" in query

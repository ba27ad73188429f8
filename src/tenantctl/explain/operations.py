"""The requests by which a section is read and written, and the scopes that a token needs for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tenantctl.catalog.endpoints import Association, Endpoint, Listing, Paging, Part
from tenantctl.catalog.spec import ResourceType

_PAGING: Mapping[Paging, str] = {
    Paging.NONE: "all at once",
    Paging.PAGE: "page by page",
    Paging.CHECKPOINT: "by cursor",
}
NEEDS = ("read", "create", "update", "delete")
"""What a token may be needed for."""


def operations(resource_type: ResourceType) -> list[dict[str, Any]]:
    """Return the operations of a type, its own first, then those of what lies under endpoints of its own.

    Each has what it `does`, what it is a `need` of (one of `NEEDS`), the `field` or key it is for (empty: the
    object), method, path, scopes (any one is enough), and how a list is paged.
    """
    found = [*_of_object(resource_type), *_of_places(resource_type)]
    for detail in resource_type.details:
        found += details_operations(detail)
    return found


def details_operations(detail: Part | Association) -> list[dict[str, Any]]:
    """Return the operations of a part or an association."""
    return list(_of_part(detail) if isinstance(detail, Part) else _of_association(detail))


def scopes(resource_type: ResourceType) -> dict[str, list[str]]:
    """Return for each of `NEEDS` the scopes that its operations take, any one of each operation's.

    To be told some fields, or to change them, a token needs one of further scopes.
    """
    found = [(each["need"], each["scopes"]) for each in operations(resource_type)]
    found += [("read", list(needed)) for needed in resource_type.read_scopes.values()]
    found += [("update", list(needed)) for needed in resource_type.update_scopes.values()]
    return {
        need: list(dict.fromkeys(scope for other, names in found if other == need for scope in names))
        for need in NEEDS
    }


def _of_object(resource_type: ResourceType) -> Iterator[dict[str, Any]]:
    if resource_type.listing:
        yield _list(resource_type.listing)
    for need, endpoint in (
        ("read", resource_type.get),
        ("create", resource_type.create),
        ("update", resource_type.update),
        ("delete", resource_type.delete),
    ):
        if endpoint:
            yield _operation(need, need, endpoint)
    for step in resource_type.steps:
        if step.endpoint:
            yield _operation("follow-up", "update", step.endpoint, step.field)


def _of_places(resource_type: ResourceType) -> Iterator[dict[str, Any]]:
    for key, place in resource_type.places.items():
        yield _operation("read", "read", place.get, key)
        yield _operation("update", "update", place.update, key)


def _of_part(part: Part) -> Iterator[dict[str, Any]]:
    if part.in_bulk:
        yield _list(part.in_bulk, part.field)
    yield _operation("read", "read", part.get, part.field)
    for does, endpoint in (("create", part.create), ("update", part.update), ("delete", part.delete)):
        if endpoint:
            yield _operation(does, "update", endpoint, part.field)
    for listed in part.lists:
        for operation in _of_association(listed):
            yield {**operation, "field": f"{part.root}.{listed.field}"}


def _of_association(association: Association) -> Iterator[dict[str, Any]]:
    yield _list(association.listing, association.field)
    adds = "replace" if association.whole else "add, remove" if association.toggle else "add"
    for does, endpoint in (
        (adds, association.add),
        ("update", association.update),
        ("remove", association.remove),
    ):
        if endpoint:
            yield _operation(does, "update", endpoint, association.field)


def _list(listing: Listing, field: str = "") -> dict[str, Any]:
    size = f", {listing.page_size} at a time" if listing.paging is not Paging.NONE else ""
    listed = _operation("list", "read", listing.endpoint, field)
    return {**listed, "paging": f"{_PAGING[listing.paging]}{size}"}


def _operation(does: str, need: str, endpoint: Endpoint, field: str = "") -> dict[str, Any]:
    return {
        "does": does,
        "need": need,
        "field": field,
        "method": endpoint.method,
        "path": endpoint.path,
        "scopes": list(endpoint.scopes),
        "paging": "",
    }

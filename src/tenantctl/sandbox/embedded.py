"""Lists with endpoints of their own that the object itself shows and takes, too (`Association.embedded`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tenantctl.catalog.spec import ResourceType
from tenantctl.sandbox.items import ItemList
from tenantctl.sandbox.lookup import Found
from tenantctl.sandbox.tenant_state import TenantState
from tenantctl.states import Json


def with_embedded(tenant: TenantState, owner: Found, answer: Json) -> Json:
    """Return what is answered for an object, with its embedded lists."""
    if not isinstance(answer, dict):
        return answer
    return {**answer, **{found.association.field: found.values() for found in _embedded(tenant, owner)}}


def without_embedded(resource_type: ResourceType, body: Mapping[str, Json]) -> dict[str, Json]:
    """Return a body without the lists that are embedded in its object."""
    fields = {each.field for each in resource_type.associations if each.embedded}
    return {name: value for name, value in body.items() if name not in fields}


def take_embedded(tenant: TenantState, owner: Found, body: Mapping[str, Json]) -> None:
    """Put the lists of a body in the place of those embedded in the object that it was for.

    Raises:
        ApiError: 400 ``invalid_body``, or 404 if an item names something that is not there.
    """
    for found in _embedded(tenant, owner):
        values = body.get(found.association.field)
        if found.association.field in body:
            found.replace(found.accept_all(values))


def _embedded(tenant: TenantState, owner: Found) -> Iterator[ItemList]:
    for association in owner.resource_type.associations:
        if association.embedded:
            yield ItemList(tenant, owner, association)

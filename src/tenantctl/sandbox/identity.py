"""By what the sandbox tells the objects of a type apart: the server's id, or else the key."""

from __future__ import annotations

from collections.abc import Mapping

from tenantctl.catalog.spec import ResourceType
from tenantctl.states import Json

SINGLETON_ID = ""

_BETWEEN = "\n"


def identity(resource_type: ResourceType, body: Mapping[str, Json]) -> str:
    """Return the id of an object, its key fields for a type without ids, nothing for a singleton.

    Raises:
        KeyError: it lacks its id.
    """
    if resource_type.is_singleton:
        return SINGLETON_ID
    if resource_type.id_field:
        return str(body[resource_type.id_field])
    return _BETWEEN.join(str(body.get(name, "")) for name in resource_type.key)


def makes_id(resource_type: ResourceType) -> bool:
    """Return whether the server makes up the id of a new object: it is none of the fields of the key."""
    return bool(resource_type.id_field) and resource_type.id_field not in resource_type.key

"""The key of a resource: what identifies it in the file, and stands behind its section in an Address."""

from __future__ import annotations

from collections.abc import Mapping

from tenantctl.catalog.spec import ResourceType
from tenantctl.states import Json

SEPARATOR = ":"


def key_of(resource_type: ResourceType, data: Mapping[str, Json]) -> str:
    """Return the values of the type's key fields joined by ``:``, such as ``AAA M2M:https://aaa-api``.

    Fields that are absent, null or equal to the type's default are left out, so that a key says no more than
    the file has to. A singleton's key is empty; so is that of an object which lacks all its key fields.
    """
    return SEPARATOR.join(key_parts(resource_type, data).values())


def key_parts(resource_type: ResourceType, data: Mapping[str, Json]) -> dict[str, str]:
    """Return the key fields that tell this object apart, with their values as text."""
    return {
        name: str(data[name])
        for name in resource_type.key
        if data.get(name) is not None and data[name] != resource_type.defaults.get(name)
    }


def may_be_wire_form(resource_type: ResourceType, wire: str, value: str) -> bool:
    """Return whether a reference may hold `value` as it goes on the wire: a key, or of the form of an id."""
    if wire in resource_type.key:
        return True
    prefix, length = resource_type.id_format
    made = value.removeprefix(prefix)
    has_form = value.startswith(prefix) and len(made) == length and made.replace("-", "").isalnum()
    return wire == resource_type.id_field and has_form

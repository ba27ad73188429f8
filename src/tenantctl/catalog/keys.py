"""The key of a resource: what identifies it in the file, and stands behind its section in an Address."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import product

from tenantctl.catalog.fields import fields_of
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


def possible_keys(resource_type: ResourceType) -> tuple[Mapping[str, str], ...]:
    """Return the key fields of every object that there can be, of a collection that can't be listed.

    Of at most one there is nothing to tell, so its key fields are none.
    """
    if resource_type.instances:
        return resource_type.instances
    known = fields_of(resource_type)
    values = product(*(known[name].enum for name in resource_type.key))
    return tuple(dict(zip(resource_type.key, each, strict=True)) for each in values)


def own_names(resource_type: ResourceType, data: Mapping[str, Json]) -> set[str]:
    """Return by what it may be known while references are unresolved: its id, and the rest of its key."""
    references = {reference.field for reference in resource_type.references}
    parts = key_parts(resource_type, data).items()
    key = SEPARATOR.join(value for name, value in parts if name not in references)
    return {key, str(data.get(resource_type.id_field or "") or key)}


def looks_like_id(resource_type: ResourceType, value: str) -> bool:
    """Return whether `value` is of the form of an id that the server makes up for the type."""
    prefix, length = resource_type.id_format
    return re.fullmatch(rf"{re.escape(prefix)}[A-Za-z0-9-]{{{length}}}", value) is not None

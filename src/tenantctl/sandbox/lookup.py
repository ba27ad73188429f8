"""Which object a path names, and of which of the types that share the path it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from urllib.parse import unquote

from tenantctl.catalog.fields import fields_of
from tenantctl.catalog.keys import looks_like_id
from tenantctl.catalog.spec import ResourceType
from tenantctl.sandbox.calls import ID, ITEM, Call
from tenantctl.sandbox.domains import canonical_audience
from tenantctl.sandbox.errors import invalid_id, no_such_object
from tenantctl.sandbox.identity import SINGLETON_ID, identity
from tenantctl.sandbox.objects import with_defaults
from tenantctl.states import Json


class Found(NamedTuple):
    """An object that a path names."""

    resource_type: ResourceType
    body: dict[str, Json]

    @property
    def place(self) -> tuple[str, str]:
        """Section and id under which the tenant holds it."""
        return self.resource_type.section, identity(self.resource_type, self.body)


def find(types: Sequence[ResourceType], call: Call) -> Found | None:
    """Return the object that the path names, of whichever of the `types` that share it, or None."""
    for resource_type in types:
        body = look_up(resource_type, call)
        if body is not None:
            return Found(resource_type, body)
    return None


def must_find(types: Sequence[ResourceType], call: Call) -> Found:
    """Return the object that the path names.

    Raises:
        ApiError: 404 in the words of the first type.
    """
    found = find(types, call)
    if found is None:
        raise no_such_object(types[0])
    return found


def look_up(resource_type: ResourceType, call: Call) -> dict[str, Json] | None:
    """Return the object of a type that the path names, or None.

    By id or by another field that is unique in the tenant; by its key fields; a singleton by nothing. What
    no request can create is always there, with its defaults.

    Raises:
        ApiError: 400 for an id that is not of the form that the type has.
    """
    if resource_type.is_singleton:
        stored = call.tenant.get(resource_type.section, SINGLETON_ID)
        return _implicit(resource_type, {}) if stored is None else stored
    names = key_names(resource_type, call.names)
    if ID in names:
        return _by_id(resource_type, call)
    for _, body in call.tenant.all(resource_type.section):
        if all(str(body.get(name)) == value for name, value in names.items()):
            return body
    return _implicit(resource_type, names) if names else None


def key_names(resource_type: ResourceType, names: Mapping[str, str]) -> dict[str, str]:
    """Return what a path says of an object's key; an id that is a field of the key stands for that field."""
    id_field = resource_type.id_field or resource_type.key[0] if resource_type.key else ""
    is_key = id_field in resource_type.key
    return {
        id_field if name == ID and is_key else name: value for name, value in names.items() if name != ITEM
    }


def _implicit(resource_type: ResourceType, names: Mapping[str, str]) -> dict[str, Json] | None:
    if resource_type.create is not None and not resource_type.permanent:
        return None
    known = fields_of(resource_type)
    for name, value in names.items():
        if name in known and known[name].enum and value not in known[name].enum:
            return None
    return with_defaults(resource_type, names)


def _by_id(resource_type: ResourceType, call: Call) -> dict[str, Json] | None:
    if resource_type.id_name and not looks_like_id(resource_type, call.name):
        raise invalid_id(resource_type, call.name)
    found = call.tenant.get(resource_type.section, call.name)
    if found is not None:
        return found
    # Some clients encode an identifier twice, and the server takes it.
    names = dict.fromkeys(
        canonical_audience(call.tenant.domain, name) for name in (call.name, unquote(call.name))
    )
    by_field = (
        call.tenant.find(resource_type.section, fields[0], name)
        for fields in resource_type.unique
        for name in names
        if len(fields) == 1
    )
    return next((body for body in by_field if body is not None), None)

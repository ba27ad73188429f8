"""Between the form of the file, which the sandbox keeps, and the form in which the API speaks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from tenantctl.catalog.fields import fields_of
from tenantctl.catalog.marks import scopes_to_read
from tenantctl.catalog.spec import NOTHING, ResourceType
from tenantctl.sandbox.access import Scopes
from tenantctl.sandbox.errors import invalid_body
from tenantctl.sandbox.objects import visible
from tenantctl.states import Json


def decoded(decode: Callable[[Json], Json], body: Json) -> Json:
    """Return a body in the form of the file.

    Raises:
        ApiError: 400 ``invalid_body`` if it is nothing that could be brought to that form.
    """
    try:
        return decode(body)
    except (TypeError, ValueError, LookupError, AttributeError) as error:
        raise invalid_body("'The body is not of the expected form'.") from error


def shown(
    resource_type: ResourceType,
    body: Mapping[str, Json],
    scopes: Scopes = None,
    names: Mapping[str, str] = NOTHING,
) -> Json:
    """Return the answer that shows an object.

    scopes: those of the token; it may need some to be told a field (`ResourceType.read_scopes`).
    names: what the path says; fields of the key that stand there and that no read returns are left out.
    """
    said = listed(resource_type, body, scopes)
    told = {name: value for name, value in said.items() if name not in names or _is_read(resource_type, name)}
    return resource_type.encode(told)


def _is_read(resource_type: ResourceType, name: str) -> bool:
    """Return whether reads tell a field that their path names, as far as the SDK knows."""
    if name not in resource_type.key or name == resource_type.id_field:
        return True
    known = fields_of(resource_type)
    return name in known and known[name].read and name not in resource_type.extra_fields


def listed(resource_type: ResourceType, body: Mapping[str, Json], scopes: Scopes) -> dict[str, Json]:
    """Return an object as it stands in a list."""
    return visible(
        resource_type, body, hidden=() if scopes is None else _withheld(resource_type, body, scopes)
    )


def _withheld(resource_type: ResourceType, body: Mapping[str, Json], scopes: frozenset[str]) -> Iterator[str]:
    """Yield the fields that a token with these scopes is not told."""
    for name in body:
        needed = scopes_to_read(resource_type, name)
        if needed and scopes.isdisjoint(needed):
            yield name

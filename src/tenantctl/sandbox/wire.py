"""Between the form of the file, which the sandbox keeps, and the form in which the API speaks."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tenantctl.catalog.fields import fields_of
from tenantctl.catalog.spec import NOTHING, ResourceType
from tenantctl.sandbox.access import Scopes
from tenantctl.sandbox.errors import invalid_body
from tenantctl.sandbox.objects import visible
from tenantctl.states import Json

_KEY_SCOPE_SUFFIX = "_keys"


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

    scopes: those of the token: secrets are shown only with the type's ``read:*_keys``.
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
    endpoint = resource_type.get or (resource_type.listing and resource_type.listing.endpoint)
    needed = {scope for scope in (endpoint.scopes if endpoint else ()) if scope.endswith(_KEY_SCOPE_SUFFIX)}
    locked = needed and scopes is not None and not needed & scopes
    return visible(resource_type, body, hidden=resource_type.secret if locked else ())

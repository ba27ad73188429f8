"""The error bodies of the two APIs, in Auth0's own words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any, Final

from tenantctl.catalog.endpoints import Part
from tenantctl.catalog.spec import ResourceType

_HAPI_NAMES: Final = {413: "Request Entity Too Large"}  # the old name of the status, which Auth0 still uses


class ApiError(Exception):
    """A request that is answered with an error.

    status: of the HTTP answer. body: its JSON body. headers: further headers.
    """

    def __init__(
        self, status: int, body: Mapping[str, Any], headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(f"{status}: {body}")
        self.status = status
        self.body = dict(body)
        self.headers = dict(headers or {})


def management_error(status: int, message: str, code: str = "", **more: Any) -> ApiError:
    """Return an error of the Management API: ``{"statusCode", "error", "message"[, "errorCode"]}``."""
    name = _HAPI_NAMES.get(status) or HTTPStatus(status).phrase
    body: dict[str, Any] = {"statusCode": status, "error": name, "message": message, **more}
    if code:
        body["errorCode"] = code
    return ApiError(status, body)


def oauth_error(
    status: int, error: str, description: str, *, uri: str = "", headers: Mapping[str, str] | None = None
) -> ApiError:
    """Return an error of the Authentication API (RFC 6749, 5.2)."""
    body = {"error": error, "error_description": description}
    if uri:
        body["error_uri"] = uri
    return ApiError(status, body, headers)


def no_such_route() -> ApiError:
    """Return the answer for a path, or a verb on a path, that the API doesn't have."""
    return management_error(404, "Not Found")


def no_such_object(resource_type: ResourceType) -> ApiError:
    """Return the 404 of a type."""
    code, message = resource_type.not_found
    return management_error(404, message or f"The {resource_type.title} does not exist.", code)


def no_such_part(part: Part) -> ApiError:
    """Return the 404 of a part."""
    code, message = part.not_found
    return management_error(404, message or "Not Found", code)


def conflict(resource_type: ResourceType, fields: Iterable[str]) -> ApiError:
    """Return the 409 of an object whose `fields` another one already has."""
    name = resource_type.sdk.rpartition(".")[2].removesuffix("s")
    shared = ", ".join(fields)
    article = "An" if name.startswith(("a", "e", "i", "o")) else "A"
    message = f"{article} {name.replace('_', ' ')} with the same {shared} already exists."
    return management_error(409, message, f"{name}_conflict")


def already_there(resource_type: ResourceType) -> ApiError:
    """Return the 409 of an object that there can be only one of."""
    name = resource_type.sdk.rpartition(".")[2].removesuffix("s")
    return management_error(409, f"The {resource_type.title} already exists.", f"{name}_conflict")


def invalid_body(reason: str) -> ApiError:
    """Return the 400 of a body that the API doesn't take."""
    return management_error(400, f"Payload validation error: {reason}", "invalid_body")


def invalid_id(resource_type: ResourceType, value: str) -> ApiError:
    """Return the 400 of an id in the path that is not of the type's form."""
    reason = f"'Object didn't pass validation for format {resource_type.id_name}: {value}'"
    message = f"Path validation error: {reason} on property id (ID of the {resource_type.title})."
    return management_error(400, message, "invalid_uri")


def invalid_query(reason: str) -> ApiError:
    """Return the 400 of a query string that the API doesn't take."""
    return management_error(400, f"Query validation error: {reason}", "invalid_query_string")


def insufficient_scope(expected: Iterable[str]) -> ApiError:
    """Return the 403 of a token without any of the `expected` scopes."""
    wanted = ",".join(expected)
    return management_error(403, f"Insufficient scope, expected any of: {wanted}", "insufficient_scope")


def insufficient_scope_to_send(field: str, expected: Iterable[str]) -> ApiError:
    """Return the 403 of a token without any of the `expected` scopes, for an update with this field."""
    wanted = " or ".join(f'"{scope}"' for scope in expected)
    message = f'Updating the "{field}" property requires the {wanted} scope'
    return management_error(403, message, "insufficient_scope")


def invalid_token() -> ApiError:
    """Return the 401 of a token that is expired, badly signed, or for another audience."""
    return management_error(401, "Invalid token", attributes={"error": "Invalid token"})

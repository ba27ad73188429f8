"""Reads that the tenant or the token has no right to: known by their endpoint, so that each is told once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from tenantctl.catalog.endpoints import Endpoint
from tenantctl.problems import Problem
from tenantctl.states import Json
from tenantctl.tenant.client import TenantClient
from tenantctl.tenant.errors import RequestError, request_error

_NOT_FOUND = 404
_ABSENT = "not-found"
_REFUSALS = frozenset({"insufficient-scope", "insufficient-entitlement", "forbidden", _ABSENT})


class RefusedError(RequestError):
    """A read that the tenant or the token lacks something for; other reads may well succeed.

    Its problem tells the operation, not the one object that was asked for.
    """

    @property
    def is_absent(self) -> bool:
        """Whether there is nothing at that path: no such object, or no such operation."""
        return self.status == _NOT_FOUND


def path_of(endpoint: Endpoint, names: Mapping[str, str]) -> str:
    """Return the path with its placeholders filled in, percent-encoded."""
    return endpoint.url(**{name: quote(value, safe="") for name, value in names.items()})


async def read_endpoint(
    client: TenantClient,
    endpoint: Endpoint,
    names: Mapping[str, str],
    query: Mapping[str, Json] | None = None,
) -> Any:
    """Return the answer of a read; `names` fill the placeholders of its path.

    Raises:
        RefusedError: the token lacks a scope, the tenant lacks the feature, or there is nothing at the path.
        RequestError: any other failure.
    """
    path, asked = path_of(endpoint, names), query or endpoint.query or None
    try:
        return await client.request(endpoint.method, path, query=asked, scopes=endpoint.scopes)
    except RequestError as error:
        if error.problems[0].code not in _REFUSALS:
            raise
        raise refusal(endpoint, error) from None


async def read_optional(
    client: TenantClient, endpoint: Endpoint, names: Mapping[str, str], *, may_lack: bool = True
) -> Any:
    """Return the answer of a read, or None if there is no such object and there may be none (`may_lack`).

    Raises RefusedError if the tenant or the token lacks something for it.
    """
    try:
        return await read_endpoint(client, endpoint, names)
    except RefusedError as error:
        if error.is_absent and may_lack:
            return None
        raise


def refusal(endpoint: Endpoint, error: RequestError) -> RefusedError:
    """Return what was refused in words that fit every object of the endpoint."""
    status, detail = error.status or _NOT_FOUND, error.problems[0].detail
    answer = {"errorCode": error.error_code, "message": detail}
    problem = request_error(endpoint.method, endpoint.path, status, answer, endpoint.scopes).problems[0]
    if problem.code == _ABSENT:
        problem = Problem(
            code="not-available",
            summary=f"the tenant does not know {endpoint.method} {endpoint.path}",
            detail=detail,
            hint="The feature may not be enabled for the tenant, or be gone from the API.",
        )
    return RefusedError(problem, status=status, error_code=error.error_code)

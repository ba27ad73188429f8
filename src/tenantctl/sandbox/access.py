"""Who may call the Management API, and what for."""

from __future__ import annotations

import hmac
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jws import JWSRegistry

from tenantctl.sandbox.bodies import MalformedError, parse_json
from tenantctl.sandbox.domains import canonical_audience, management_identifier
from tenantctl.sandbox.errors import (
    insufficient_scope,
    insufficient_scope_to_send,
    invalid_token,
    management_error,
)
from tenantctl.sandbox.tenant_state import TenantState

Scopes = frozenset[str] | None
"""The scopes of a token; None has them all."""

_REGISTRY = JWSRegistry(algorithms=["RS256"], strict_check_header=False)


def bearer_token(authorization: str | None) -> str:
    """Return the token of an Authorization header (RFC 6750, 2.1).

    Raises:
        ApiError: 401 without a header, 400 if it is not of the form ``Bearer <token>``.
    """
    if not authorization:
        raise management_error(401, "Missing authentication")
    scheme, _, token = authorization.strip().partition(" ")
    if scheme.lower() != "bearer" or not token.strip() or " " in token.strip():
        raise management_error(400, "Bad HTTP authentication header format", "Bearer")
    return token.strip()


def granted_scopes(tenant: TenantState, token: str, *, management_token: str | None) -> Scopes:
    """Return the scopes of a Management API token.

    management_token: a fixed token that may do everything, if there is one.

    Raises:
        ApiError: 401 if the token is expired, badly signed, or for another audience.
    """
    if management_token and hmac.compare_digest(token.encode(), management_token.encode()):
        return None
    claims = _verified_claims(tenant, token)
    expires = claims.get("exp")
    if not isinstance(expires, int | float) or expires <= time.time():
        raise invalid_token()
    wanted = management_identifier(tenant.domain)
    if all(canonical_audience(tenant.domain, audience) != wanted for audience in _audiences(claims)):
        raise invalid_token()
    scope = claims.get("scope")
    return frozenset(scope.split()) if isinstance(scope, str) else frozenset()


def _verified_claims(tenant: TenantState, token: str) -> Mapping[str, Any]:
    for key in tenant.signing_keys():
        if key.revoked:
            continue
        try:
            claims = parse_json(jws.deserialize_compact(token, key.jwk, registry=_REGISTRY).payload)
        except (JoseError, MalformedError, ValueError, TypeError):
            # A TypeError, too: joserfc takes the members of a header for what they should be.
            continue
        if isinstance(claims, dict):
            return claims
    raise invalid_token()


def _audiences(claims: Mapping[str, Any]) -> list[str]:
    audience = claims.get("aud")
    named = audience if isinstance(audience, list) else [audience]
    return [name for name in named if isinstance(name, str)]


def require_scopes(scopes: Scopes, expected: Iterable[str], *, every: bool = False) -> None:
    """Check that a token has one of the `expected` scopes, or `every` one of them.

    Raises:
        ApiError: 403 ``insufficient_scope``.
    """
    wanted = tuple(expected)
    if scopes is None or not wanted:
        return
    missing = [scope for scope in wanted if scope not in scopes]
    if missing and (every or len(missing) == len(wanted)):
        raise insufficient_scope(wanted)


def require_scopes_to_send(scopes: Scopes, body: Iterable[str], needed: Mapping[str, Sequence[str]]) -> None:
    """Check that a token may send each field of an update's `body` of which there is a word in `needed`.

    Raises:
        ApiError: 403 ``insufficient_scope``.
    """
    for name in body:
        if scopes is not None and name in needed and scopes.isdisjoint(needed[name]):
            raise insufficient_scope_to_send(name, needed[name])

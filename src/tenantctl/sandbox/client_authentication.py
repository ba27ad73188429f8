"""How a client proves to the token endpoint who it is.

client_secret_post and client_secret_basic: RFC 6749, 2.3.1. private_key_jwt: RFC 7523, 2.2 and 3, within
https://auth0.com/docs/get-started/authentication-and-authorization-flow/authenticate-with-private-key-jwt
"""

from __future__ import annotations

import base64
import binascii
import hmac
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple, TypeGuard
from urllib.parse import unquote_plus, urlsplit

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jws import JWSRegistry

from tenantctl.catalog.client_credentials import CLIENT_CREDENTIALS
from tenantctl.catalog.public_key import as_jwk
from tenantctl.sandbox.bodies import MalformedError, parse_json
from tenantctl.sandbox.domains import TOKEN_PATH, domain_of
from tenantctl.sandbox.errors import ApiError, oauth_error
from tenantctl.sandbox.tenant_state import TenantState
from tenantctl.states import Json

METHODS = ("client_secret_basic", "client_secret_post", "private_key_jwt")
"""What the token endpoint takes (OpenID Connect Core 1.0, 9)."""

ASSERTION_ALGORITHMS = ("RS256", "RS384", "PS256")
"""With what an assertion may be signed."""

_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_LONGEST_LIFETIME = 300  # seconds; the server takes no assertion that lives longer
_CLOCK_SKEW = 60  # seconds that a client's clock may be ahead
_NOT_WITH_SECRET = frozenset({"none", "private_key_jwt"})

Client = dict[str, Json]


def authenticate(tenant: TenantState, fields: Mapping[str, str], authorization: str | None) -> Client:
    """Return the client that a token request comes from.

    fields: of the request's body. authorization: its header, for client_secret_basic.

    Raises:
        ApiError: 401 ``invalid_client`` without credentials or for an assertion that is refused, and
            ``access_denied`` for a wrong secret; 400 ``invalid_request`` for two ways at once.
    """
    scheme, _, encoded = (authorization or "").strip().partition(" ")
    is_basic = scheme.lower() == "basic"
    if "client_assertion" in fields or "client_assertion_type" in fields:
        if is_basic or "client_secret" in fields:
            raise oauth_error(400, "invalid_request", "More than one way of client authentication")
        return _by_assertion(tenant, fields)
    if is_basic:
        return _by_secret(tenant, *_basic(encoded))
    return _by_secret(tenant, fields.get("client_id", ""), fields.get("client_secret", ""))


def _basic(encoded: str) -> tuple[str, str]:
    try:
        decoded = base64.b64decode(encoded.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        decoded = ""
    client_id, _, secret = decoded.partition(":")
    # RFC 6749, 2.3.1: both are form-encoded before they are joined.
    return unquote_plus(client_id), unquote_plus(secret)


def _by_secret(tenant: TenantState, client_id: str, client_secret: str) -> Client:
    if not client_id:
        raise oauth_error(401, "invalid_client", "Missing client_id")
    client = tenant.get("clients", client_id) or {}
    secret = str(client.get("client_secret") or "")
    is_right = secret and hmac.compare_digest(secret.encode(), client_secret.encode())
    has_keys = client.get("client_authentication_methods")
    if not is_right or has_keys or client.get("token_endpoint_auth_method") in _NOT_WITH_SECRET:
        raise oauth_error(401, "access_denied", "Unauthorized")
    return client


class _Assertion(NamedTuple):
    """A client assertion, unverified: a JWT (RFC 7519) in compact form, its header and its claims."""

    text: str
    header: Mapping[str, Any]
    claims: Mapping[str, Any]


def _by_assertion(tenant: TenantState, fields: Mapping[str, str]) -> Client:
    if fields.get("client_assertion_type") != _ASSERTION_TYPE:
        raise oauth_error(400, "invalid_request", f"client_assertion_type must be {_ASSERTION_TYPE}")
    assertion = _parse(fields.get("client_assertion", ""))
    client_id = assertion.claims.get("sub")
    client = tenant.get("clients", client_id) if isinstance(client_id, str) else None
    if client is None or fields.get("client_id", client_id) != client_id:
        raise _refused("sub is not the client_id of this request")
    _check_signature(tenant, client, assertion)
    _check_claims(tenant, assertion.claims)
    if not tenant.note_assertion(client["client_id"], assertion.claims["jti"], assertion.claims["exp"]):
        raise _refused("its jti was used before")
    return client


def _refused(reason: str) -> ApiError:
    return oauth_error(401, "invalid_client", f"Client authentication failed: the client assertion: {reason}")


def _parse(text: str) -> _Assertion:
    try:
        found = jws.extract_compact(text.encode(), registry=_registry(*ASSERTION_ALGORITHMS))
        claims = parse_json(found.payload)
    except (JoseError, MalformedError, ValueError, TypeError, LookupError) as error:
        # More than JoseError, as joserfc takes the members of a header for what they should be.
        raise _refused("it is no signed JWT") from error
    if not isinstance(claims, dict):
        raise _refused("its claims are no object")
    return _Assertion(text, found.headers(), claims)


def _registry(*algorithms: str) -> JWSRegistry:
    return JWSRegistry(algorithms=list(algorithms), strict_check_header=False)


def _check_signature(tenant: TenantState, client: Client, assertion: _Assertion) -> None:
    """Check that one of the client's credentials verifies the assertion (RFC 7515, 5.2)."""
    reason = "the client has no credential for private_key_jwt"
    for credential in _credentials(tenant, client):
        reason = _objection(credential, assertion)
        if not reason:
            return
    raise _refused(reason)


def _credentials(tenant: TenantState, client: Client) -> Iterator[Mapping[str, Json]]:
    """Yield the credentials, with their keys, that are linked for private_key_jwt."""
    method = (client.get("client_authentication_methods") or {}).get("private_key_jwt") or {}
    linked = {link.get("id") for link in method.get("credentials") or ()}
    for _, item in tenant.items("clients", client["client_id"], CLIENT_CREDENTIALS.field):
        if item.get("id") in linked:
            yield item


def _objection(credential: Mapping[str, Json], assertion: _Assertion) -> str:
    """Return why a credential does not verify an assertion; an empty text if it does."""
    algorithm, header, pem = credential.get("alg") or "RS256", assertion.header, credential.get("pem")
    if header.get("kid", credential.get("kid")) != credential.get("kid"):
        return "its kid is that of no credential of the client"
    if header.get("alg") != algorithm:
        return f"its alg is not that of the credential, {algorithm}"
    ends = credential.get("expires_at")
    if ends and datetime.fromisoformat(ends) <= datetime.now(UTC):
        return "the credential has expired"
    if not isinstance(pem, str):
        return "the sandbox was not given the credential's key (pem)"
    try:
        jws.deserialize_compact(assertion.text, as_jwk(pem), registry=_registry(algorithm))
    except (JoseError, ValueError, TypeError):
        return "its signature is wrong"
    return ""


def _check_claims(tenant: TenantState, claims: Mapping[str, Any]) -> None:
    """Check the claims of an assertion (RFC 7523, 3) that was signed by the client that `sub` names."""
    now = time.time()
    if claims.get("iss") != claims["sub"]:
        raise _refused("iss and sub must both be the client_id")
    if not any(_is_own(tenant, audience) for audience in _audiences(claims)):
        raise _refused("aud is neither the tenant's issuer nor its token endpoint")
    expires = claims.get("exp")
    if not _is_time(expires) or expires <= now:
        raise _refused("exp is missing or past")
    if expires > now + _LONGEST_LIFETIME:
        raise _refused(f"exp is more than {_LONGEST_LIFETIME} seconds away")
    for name in ("nbf", "iat"):
        if name in claims and not (_is_time(claims[name]) and claims[name] <= now + _CLOCK_SKEW):
            raise _refused(f"{name} is in the future")
    if not isinstance(claims.get("jti"), str) or not claims["jti"]:
        raise _refused("jti is missing")


def _is_time(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _audiences(claims: Mapping[str, Any]) -> list[str]:
    audience = claims.get("aud")
    named = audience if isinstance(audience, list) else [audience]
    return [name for name in named if isinstance(name, str)]


def _is_own(tenant: TenantState, audience: str) -> bool:
    """Whether a URL is the issuer or the token endpoint of the tenant, under whichever name it is reached."""
    try:
        parts = urlsplit(audience)
    except ValueError:
        return False
    is_known = parts.scheme in {"http", "https"} and parts.path in {"", "/", TOKEN_PATH} and not parts.query
    return is_known and bool(parts.netloc) and domain_of(parts.netloc) == tenant.domain

"""The Authentication API: tokens for machines, and what is published about the tenant.

https://auth0.com/docs/api/authentication#client-credentials-flow
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tenantctl.sandbox.client_authentication import ASSERTION_ALGORITHMS, METHODS, authenticate
from tenantctl.sandbox.domains import canonical_audience
from tenantctl.sandbox.errors import ApiError, oauth_error
from tenantctl.sandbox.keys import Place, as_jwk
from tenantctl.sandbox.quota import check_quota
from tenantctl.sandbox.tenant_state import TenantState
from tenantctl.sandbox.tokens import (
    DEFAULT_LIFETIME,
    Request,
    issue_access_token,
    issue_userinfo_token,
    read_userinfo_token,
)
from tenantctl.states import Json

_GRANT_TYPE = "client_credentials"
_GRANT_TYPES_URL = "https://auth0.com/docs/clients/client-grant-types"
_GRANTS_URL = "https://auth0.com/docs/api/v2#!/Client_Grants/post_client_grants"


def answer_token_request(
    tenant: TenantState, *, issuer: str, fields: Mapping[str, Any], authorization: str | None
) -> dict[str, Json]:
    """Return the answer of POST /oauth/token to a machine (RFC 6749, 4.4).

    issuer: the tenant's URL as it was asked, with the closing slash. fields: of the form or the JSON body.
    authorization: the header, for client_secret_basic.

    Raises:
        ApiError: an OAuth error.
    """
    texts = {name: value for name, value in fields.items() if isinstance(value, str)}
    grant_type = texts.get("grant_type", "")
    if not grant_type:
        raise oauth_error(400, "invalid_request", "Missing required parameter: grant_type")
    if grant_type != _GRANT_TYPE:
        raise oauth_error(400, "unsupported_grant_type", "Grant type not supported")
    client = authenticate(tenant, texts, authorization)
    return issue_to_client(
        tenant, client, issuer=issuer, audience=texts.get("audience", ""), scope=texts.get("scope", "")
    )


def issue_to_client(
    tenant: TenantState, client: Mapping[str, Json], *, issuer: str, audience: str, scope: str
) -> dict[str, Json]:
    """Return the answer of POST /oauth/token to a client that has proved who it is.

    issuer: the tenant's URL as it was asked, with the closing slash. audience, scope: empty if not given.

    Raises:
        ApiError: an OAuth error.
    """
    if _GRANT_TYPE not in (client.get("grant_types") or ()):
        message = f"Grant type '{_GRANT_TYPE}' not allowed for the client."
        raise oauth_error(403, "unauthorized_client", message, uri=_GRANT_TYPES_URL)
    check_quota(tenant, client)
    settings = tenant.get("tenant") or {}
    wanted_audience = audience or settings.get("default_audience")
    if wanted_audience:
        answer = _token_for_api(tenant, client, issuer, wanted_audience, scope)
    else:
        wanted = Request(issuer, client["client_id"], f"{issuer}userinfo", ())
        token = issue_userinfo_token(tenant, wanted)
        answer = {"access_token": token, "expires_in": DEFAULT_LIFETIME, "token_type": "Bearer"}
    tenant.note_issued(client["client_id"])
    return answer


def _token_for_api(
    tenant: TenantState, client: Mapping[str, Json], issuer: str, audience: str, scope: str
) -> dict[str, Json]:
    api = tenant.find("resourceServers", "identifier", canonical_audience(tenant.domain, audience))
    if api is None:
        raise _access_denied(f"Service not enabled within domain: {audience}")
    granted = _granted(tenant, client, api, audience)
    asked = tuple(dict.fromkeys(scope.split()))
    if beyond := [name for name in asked if name not in granted]:
        raise _access_denied(f"Client has not been granted scopes: {', '.join(beyond)}")
    scopes = asked or granted
    token, lifetime = issue_access_token(tenant, api, Request(issuer, client["client_id"], audience, scopes))
    answer: dict[str, Json] = {"access_token": token}
    if scopes:
        answer["scope"] = " ".join(scopes)
    return {**answer, "expires_in": lifetime, "token_type": "Bearer"}


def _granted(
    tenant: TenantState, client: Mapping[str, Json], api: Mapping[str, Json], audience: str
) -> tuple[str, ...]:
    """Return the scopes that a client has for an API by its policy and its client grants."""
    everything = tuple(str(scope["value"]) for scope in api.get("scopes") or () if "value" in scope)
    policy = _policy(api)
    if policy == "deny_all":
        message = f'Client "{client["client_id"]}" is not authorized to access resource server "{audience}"'
        raise _access_denied(message)
    grant = _grant_of(tenant, client, str(api["identifier"]))
    if policy == "allow_all" or (grant is not None and grant.get("allow_all_scopes")):
        return everything
    if grant is None:
        raise _access_denied(
            f'Client is not authorized to access "{audience}". You need to create a "client-grant" '
            f"associated to this API. See: {_GRANTS_URL}"
        )
    return tuple(grant.get("scope") or ())


def _policy(api: Mapping[str, Json]) -> str:
    by_subject = api.get("subject_type_authorization") or {}
    for_clients = by_subject.get("client") or {}
    return str(for_clients.get("policy") or "require_client_grant")


def _grant_of(tenant: TenantState, client: Mapping[str, Json], identifier: str) -> dict[str, Json] | None:
    """Return the grant of a client for an API: its own, or the one that all third-party clients share."""
    grants = [
        grant
        for _, grant in tenant.all("clientGrants")
        if canonical_audience(tenant.domain, str(grant.get("audience"))) == identifier
        and grant.get("subject_type", "client") == "client"
    ]
    own = next((grant for grant in grants if grant.get("client_id") == client["client_id"]), None)
    if own is not None or client.get("is_first_party", True):
        return own
    return next((grant for grant in grants if grant.get("default_for") == "third_party_clients"), None)


def _access_denied(description: str) -> ApiError:
    return oauth_error(403, "access_denied", description)


def answer_userinfo(tenant: TenantState, authorization: str | None) -> dict[str, Json]:
    """Return the answer of /userinfo (OpenID Connect Core 1.0, 5.3).

    Raises:
        ApiError: 401 with a WWW-Authenticate header.
    """
    scheme, _, token = (authorization or "").strip().partition(" ")
    claims = read_userinfo_token(tenant, token.strip()) if scheme.lower() == "bearer" else None
    if claims is None:
        challenge = {"WWW-Authenticate": 'Bearer realm="Users", error="invalid_token"'}
        raise oauth_error(401, "invalid_token", "Unauthorized", headers=challenge)
    return {"sub": claims["sub"]}


def discovery(issuer: str) -> dict[str, Json]:
    """Return the tenant's metadata (OpenID Connect Discovery 1.0, 3; RFC 8414)."""
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}authorize",
        "token_endpoint": f"{issuer}oauth/token",
        "userinfo_endpoint": f"{issuer}userinfo",
        "jwks_uri": f"{issuer}.well-known/jwks.json",
        "scopes_supported": ["openid", "profile", "offline_access", "email"],
        "response_types_supported": ["code", "token", "id_token"],
        "grant_types_supported": [_GRANT_TYPE],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["HS256", "RS256", "PS256"],
        "token_endpoint_auth_methods_supported": list(METHODS),
        "token_endpoint_auth_signing_alg_values_supported": list(ASSERTION_ALGORITHMS),
        "claims_supported": ["aud", "exp", "iat", "iss", "sub"],
    }


def key_set(tenant: TenantState, *, stale: bool = False) -> dict[str, Json]:
    """Return the tenant's JWK Set (RFC 7517, 5): every key that is not revoked.

    stale: leave the current key out (`Faults.stale_jwks`).

    Keys say ``"alg": "RS256"`` as on Auth0, unless an API
    of the tenant has its tokens signed with another RSA algorithm: a strict verifier would refuse the key.
    """
    algorithms = {api.get("signing_alg") for _, api in tenant.all("resourceServers")}
    algorithm = None if algorithms & {"RS512", "PS256"} else "RS256"
    keys = [
        key for key in tenant.signing_keys() if not key.revoked and not (stale and key.place is Place.CURRENT)
    ]
    return {"keys": [as_jwk(key, algorithm=algorithm) for key in keys]}

"""The tokens that the tenant issues: JWS, nested JWE where an API wants it, and JWE for /userinfo alone."""

from __future__ import annotations

import base64
import json
import os
import secrets
import time
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from joserfc import jwe, jwt
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwe import JWERegistry
from joserfc.jwk import OctKey

from tenantctl.catalog.public_key import load_public_key
from tenantctl.sandbox.bodies import MalformedError, parse_json
from tenantctl.sandbox.domains import domain_of, management_identifier
from tenantctl.sandbox.errors import oauth_error
from tenantctl.sandbox.fresh import management_scopes
from tenantctl.sandbox.store import SandboxStore
from tenantctl.sandbox.tenant_state import TenantState
from tenantctl.states import Json

DEFAULT_LIFETIME = 86400
"""Seconds that a token lives for whose API says nothing."""

_RSA_ALGORITHMS = frozenset({"RS256", "RS512", "PS256"})
_DIRECT = JWERegistry(algorithms=["dir", "A256GCM"], strict_check_header=False)
_OAEP: Mapping[str, type[hashes.HashAlgorithm]] = {
    "RSA-OAEP": hashes.SHA1,
    "RSA-OAEP-256": hashes.SHA256,
    "RSA-OAEP-384": hashes.SHA384,
    "RSA-OAEP-512": hashes.SHA512,
}


@dataclass(frozen=True, slots=True)
class Request:
    """A token that the tenant has decided to issue.

    issuer: the tenant's URL with the closing slash, as it was asked. scopes: those granted, in order.
    """

    issuer: str
    client_id: str
    audience: str
    scopes: tuple[str, ...]


def issue_access_token(tenant: TenantState, api: Mapping[str, Json], wanted: Request) -> tuple[str, int]:
    """Return an access token for an API, in the format that it asks for, and its lifetime in seconds.

    Raises:
        ApiError: 400 ``invalid_request`` if the API's encryption key is none that encrypts.
    """
    lifetime = api.get("token_lifetime")
    seconds = lifetime if isinstance(lifetime, int) else DEFAULT_LIFETIME
    dialect = str(api.get("token_dialect") or "access_token")
    claims = _claims(wanted, dialect, seconds)
    if api.get("enforce_policies") and dialect.endswith("_authz"):
        claims["permissions"] = list(wanted.scopes)
    kind = "at+jwt" if dialect.startswith("rfc9068") else "JWT"
    token = _sign(tenant, api, claims, kind)
    encryption = api.get("token_encryption")
    return (_encrypt(token, encryption) if encryption else token), seconds


def _claims(wanted: Request, dialect: str, lifetime: int) -> dict[str, Any]:
    now = int(time.time())
    claims: dict[str, Any] = {
        "iss": wanted.issuer,
        "sub": f"{wanted.client_id}@clients",
        "aud": wanted.audience,
        "iat": now,
        "exp": now + lifetime,
    }
    if wanted.scopes:
        claims["scope"] = " ".join(wanted.scopes)
    claims["gty"] = "client-credentials"
    # RFC 9068, 2.2 names the client `client_id`; Auth0's own profile names it `azp`.
    if dialect.startswith("rfc9068"):
        return {**claims, "jti": secrets.token_urlsafe(16), "client_id": wanted.client_id}
    return {**claims, "azp": wanted.client_id}


def _sign(tenant: TenantState, api: Mapping[str, Json], claims: dict[str, Any], kind: str) -> str:
    algorithm = str(api.get("signing_alg") or "RS256")
    secret = api.get("signing_secret")
    if algorithm == "HS256" and isinstance(secret, str) and secret:
        with warnings.catch_warnings():
            # The secret is the tenant owner's choice; how good it is is for `lint` to say.
            warnings.simplefilter("ignore", SecurityWarning)
            key = OctKey.import_key(secret.encode())
            return jwt.encode({"alg": algorithm, "typ": kind}, claims, key, algorithms=[algorithm])
    if algorithm not in _RSA_ALGORITHMS:
        algorithm = "RS256"
    current = tenant.current_key()
    header = {"alg": algorithm, "typ": kind, "kid": current.kid}
    return jwt.encode(header, claims, current.jwk, algorithms=[algorithm])


def _encrypt(token: str, encryption: Mapping[str, Json]) -> str:
    """Return a signed token inside a JWE (RFC 7519, 5.2) for an API's own key.

    Put together by hand (RFC 7516, 5.1) as joserfc knows of the OAEP family only the member with SHA-256.
    """
    described = encryption.get("encryption_key") or {}
    algorithm = str(described.get("alg") or "RSA-OAEP-256")
    header = {"alg": algorithm, "enc": "A256GCM", "typ": "JWT", "cty": "JWT"}
    if described.get("kid"):
        header["kid"] = described["kid"]
    protected = _base64url(json.dumps(header, separators=(",", ":")).encode())
    content_key, nonce = AESGCM.generate_key(256), os.urandom(12)
    encrypted_key = _wrap(content_key, algorithm, described.get("pem"))
    sealed = AESGCM(content_key).encrypt(nonce, token.encode(), protected.encode())
    parts = (encrypted_key, nonce, sealed[:-16], sealed[-16:])
    return ".".join([protected, *map(_base64url, parts)])


def _wrap(content_key: bytes, algorithm: str, pem: Json) -> bytes:
    digest = _OAEP.get(algorithm, hashes.SHA256)
    try:
        return load_public_key(str(pem)).encrypt(
            content_key, padding.OAEP(padding.MGF1(digest()), digest(), None)
        )
    except ValueError as error:
        message = f"The API's token_encryption.encryption_key can't be used: {error}"
        raise oauth_error(400, "invalid_request", message) from error


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def issue_userinfo_token(tenant: TenantState, wanted: Request) -> str:
    """Return a token that only the tenant's own /userinfo reads: what a request without audience gets."""
    claims = {**_claims(wanted, "access_token", DEFAULT_LIFETIME), "aud": f"{wanted.issuer}userinfo"}
    header = {"alg": "dir", "enc": "A256GCM", "iss": wanted.issuer}
    key = OctKey.import_key(tenant.direct_key())
    return jwe.encrypt_compact(header, json.dumps(claims).encode(), key, registry=_DIRECT)


def read_userinfo_token(tenant: TenantState, token: str) -> Mapping[str, Any] | None:
    """Return the claims of a token from `issue_userinfo_token`, or None if it is none or expired."""
    try:
        opened = jwe.decrypt_compact(token, OctKey.import_key(tenant.direct_key()), registry=_DIRECT)
        claims = parse_json(opened.plaintext or b"")
    except (JoseError, MalformedError, ValueError, TypeError):
        # A TypeError, too: joserfc takes the members of a header for what they should be.
        return None
    is_valid = isinstance(claims, dict) and claims.get("exp", 0) > time.time()
    return claims if is_valid else None


def issue_management_token(
    store: SandboxStore,
    *,
    issuer: str,
    scopes: Iterable[str] | None = None,
    lifetime: int = DEFAULT_LIFETIME,
) -> str:
    """Return a Management API token of the tenant at `issuer`, issued to the tool's own client.

    issuer: the tenant's URL, such as ``http://localhost:8080/``. scopes: None for all of them.
    lifetime: in seconds.

    Raises:
        ValueError: the issuer names no tenant.
    """
    authority = issuer.partition("://")[2].partition("/")[0]
    domain = domain_of(authority) if authority else None
    if domain is None:
        raise ValueError(f"Not the URL of a tenant: {issuer}")
    tenant = store.tenant(domain)
    wanted = Request(
        issuer=issuer if issuer.endswith("/") else f"{issuer}/",
        client_id=tenant.tool_credentials()[0],
        audience=management_identifier(domain),
        scopes=management_scopes() if scopes is None else tuple(scopes),
    )
    claims = _claims(wanted, "access_token", lifetime)
    return _sign(tenant, {}, claims, "JWT")

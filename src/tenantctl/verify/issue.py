"""The test token: a client credentials request (RFC 6749 §4.4) and what the tenant answers (§5.1, §5.2)."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote_plus

import httpx

from tenantctl.problems import ProblemsError
from tenantctl.states import Json
from tenantctl.verify.answers import fetch, issuer_of, json_object, unexpected
from tenantctl.verify.entry import ClientCredentials, VerifyRequest
from tenantctl.verify.token import shown


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """A client credentials request; the secret stays out of the repr.

    audience: identifier of the API, Auth0's parameter beside RFC 6749; None leaves it out.
    scopes: none leaves ``scope`` out, which gives all that the grant holds.
    """

    credentials: ClientCredentials
    audience: str | None = None
    scopes: tuple[str, ...] = ()

    @classmethod
    def of(cls, request: VerifyRequest, credentials: ClientCredentials) -> TokenRequest:
        """Return the request that an entry of ``verify`` asks for."""
        return cls(credentials, request.audience, request.scopes or ())


@dataclass(frozen=True, slots=True)
class TokenResponse:
    """A token (RFC 6749 §5.1).

    expires_in: seconds, None when the answer does not say; scopes: None when it does not say (as asked for).
    """

    access_token: str = field(repr=False)
    token_type: str
    expires_in: int | None
    scopes: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class TokenRefusal:
    """A refusal (RFC 6749 §5.2), in the tenant's words.

    reset: unix time in seconds from when on it answers again, as a 429 tells it.
    """

    status: int
    error: str
    error_description: str = ""
    reset: int | None = None


async def issue_token(
    http: httpx.AsyncClient, issuer: str, request: TokenRequest
) -> TokenResponse | TokenRefusal:
    """Ask ``<issuer>oauth/token`` for a token.

    Raises:
        ProblemsError: ``tenant-unreachable``, ``insecure-address``, or ``unexpected-response`` when the
            answer is neither a token nor a refusal.
    """
    data, headers = _authenticated(request)
    answer = await fetch(http, "POST", f"{issuer_of(issuer)}oauth/token", data=data, headers=headers)
    if answer.status_code == httpx.codes.OK:
        return _response(answer)
    return _refusal(answer, request.credentials.client_secret)


def _authenticated(request: TokenRequest) -> tuple[dict[str, str], dict[str, str]]:
    """Return form and headers: the secret stands in the form (post) or a header (basic; RFC 6749 §2.3.1)."""
    credentials = request.credentials
    data = {"grant_type": "client_credentials"}
    if request.audience is not None:
        data["audience"] = request.audience
    if request.scopes:
        data["scope"] = " ".join(request.scopes)
    if credentials.method == "client_secret_basic":
        pair = f"{quote_plus(credentials.client_id)}:{quote_plus(credentials.client_secret)}"
        return data, {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}
    return data | {"client_id": credentials.client_id, "client_secret": credentials.client_secret}, {}


def _response(answer: httpx.Response) -> TokenResponse:
    body = json_object(answer)
    token, lifetime, scope = body.get("access_token"), body.get("expires_in"), body.get("scope")
    if not isinstance(token, str) or not token:
        raise ProblemsError([unexpected(answer, "it holds no access_token")])
    return TokenResponse(
        access_token=token,
        token_type=shown(body.get("token_type", "")),
        expires_in=lifetime if isinstance(lifetime, int) else None,
        scopes=frozenset(scope.split()) if isinstance(scope, str) else None,
    )


def _refusal(answer: httpx.Response, secret: str) -> TokenRefusal:
    """Read a refusal; one for too many requests counts whatever its body, as gateways write it too."""
    limited = answer.status_code == httpx.codes.TOO_MANY_REQUESTS
    try:
        body = json_object(answer)
    except ProblemsError:
        if not limited:
            raise
        body = {"error": "too_many_requests"}
    if not isinstance(body.get("error"), str):
        raise ProblemsError([unexpected(answer, f"status {answer.status_code} without an error")])
    return TokenRefusal(
        status=answer.status_code,
        error=_words(body, "error", secret),
        error_description=_words(body, "error_description", secret),
        reset=_reset(answer) if limited else None,
    )


def _words(body: Mapping[str, Json], member: str, secret: str) -> str:
    """Return the server's words in one printable line, the secret taken out should they repeat it."""
    words = body.get(member)
    if not isinstance(words, str):
        return ""
    return shown(words.replace(secret, "***") if secret else words, limit=500)


def _reset(answer: httpx.Response) -> int | None:
    value = answer.headers.get("x-ratelimit-reset", "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 16 else None  # noqa: PLR2004 - digits of a time

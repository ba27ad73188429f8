"""The access token for the Management API: given, or got with the tool's own client credentials."""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
import time
import uuid
from collections.abc import Callable
from typing import Any

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from tenantctl.problems import Problem, ProblemsError
from tenantctl.tenant.errors import request_error, unreachable
from tenantctl.tenant.settings import Credentials, Target

_EXPIRY_MARGIN_SECONDS = 60
_ASSERTION_LIFETIME_SECONDS = 60
_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_LIFETIME_SECONDS = 86400
_OK = 200
_TOO_MANY_REQUESTS = 429
_SERVER_ERROR = 500


class TokenSource:
    """Gives the access token for each request, and gets a new one shortly before the old expires."""

    def __init__(
        self, target: Target, http: httpx.AsyncClient, clock: Callable[[], float] = time.time
    ) -> None:
        self._target = target
        self._http = http
        self._clock = clock
        self._token = target.credentials.access_token
        self._expires_at = float("inf")
        self._lock = asyncio.Lock()

    async def access_token(self) -> str:
        """Return a token that is good for at least a minute (or the one that was given)."""
        async with self._lock:
            if self._token is None or self._clock() > self._expires_at - _EXPIRY_MARGIN_SECONDS:
                self._token, self._expires_at = await self._request_token()
        return self._token

    async def client_id(self) -> str | None:
        """Return the client that the tool runs as: the setting, or the token's ``azp`` claim."""
        stated = self._target.credentials.client_id
        return stated or unverified_claims(await self.access_token()).get("azp")

    async def scopes(self) -> frozenset[str] | None:
        """Return what the token may do, or None if it does not tell (it is opaque)."""
        claims = unverified_claims(await self.access_token())
        return frozenset(str(claims.get("scope", "")).split()) if claims else None

    async def _request_token(self) -> tuple[str, float]:
        """Get a token by the client-credentials grant (RFC 6749 §4.4)."""
        credentials = self._target.credentials
        form = {
            "grant_type": "client_credentials",
            "client_id": credentials.client_id or "",
            "audience": credentials.audience or f"{self._target.origin}/api/v2/",
            **_proof(credentials, self._target, int(self._clock())),
        }
        try:
            response = await self._http.post(f"{self._target.origin}/oauth/token", data=form)
        except (httpx.TransportError, httpx.DecodingError) as error:
            raise unreachable(self._target.origin, error) from None
        answer = _answer(response)
        if response.status_code == _TOO_MANY_REQUESTS or response.status_code >= _SERVER_ERROR:
            raise request_error("POST", "/oauth/token", response.status_code, answer, writes=False)
        if response.status_code != _OK or not isinstance(answer.get("access_token"), str):
            raise _refused(response.status_code, answer, credentials.client_secret)
        lifetime = answer.get("expires_in")
        seconds = lifetime if isinstance(lifetime, int | float) else _LIFETIME_SECONDS
        return answer["access_token"], self._clock() + seconds


def unverified_claims(token: str) -> dict[str, Any]:
    """Return the claims of a JWS without checking it, or none if it is something else.

    Good enough to learn about a token that one holds: one's own client id, and what to ask for; never to
    decide about access.
    """
    try:
        payload = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (IndexError, binascii.Error, ValueError):
        return {}
    return claims if isinstance(claims, dict) else {}


def _proof(credentials: Credentials, target: Target, now: int) -> dict[str, str]:
    """Return the client's proof: its secret, or an assertion signed with its key (RFC 7523 §2.2)."""
    if credentials.signing_key_path is None:
        return {"client_secret": credentials.client_secret or ""}
    claims = {
        "iss": credentials.client_id,
        "sub": credentials.client_id,
        "aud": target.issuer,
        "iat": now,
        "exp": now + _ASSERTION_LIFETIME_SECONDS,
        "jti": str(uuid.uuid4()),
    }
    algorithm = credentials.signing_algorithm
    try:
        key = RSAKey.import_key(credentials.signing_key_path.read_bytes())
        assertion = jwt.encode({"alg": algorithm}, claims, key, algorithms=[algorithm])
    except (OSError, ValueError, JoseError) as error:
        raise ProblemsError(
            [
                Problem(
                    code="bad-signing-key",
                    summary=f"cannot sign with {credentials.signing_key_path}",
                    detail=type(error).__name__,
                    hint="AUTH0_CLIENT_SIGNING_KEY_PATH must name an RSA private key in PEM form.",
                )
            ]
        ) from None
    return {"client_assertion_type": _ASSERTION_TYPE, "client_assertion": assertion}


def _answer(response: httpx.Response) -> dict[str, Any]:
    try:
        answer = response.json()
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _refused(status: int, answer: dict[str, Any], secret: str | None) -> ProblemsError:
    error = request_error("POST", "/oauth/token", status, answer)
    words = ": ".join(str(answer[name]) for name in ("error", "error_description") if name in answer)
    return ProblemsError(
        [
            Problem(
                code="login-failed",
                summary="tenantctl cannot get a token for the Management API",
                # A server may repeat what it was sent.
                detail=_without(secret, words or error.problems[0].summary),
                hint="Check AUTH0_CLIENT_ID and AUTH0_CLIENT_SECRET, and that this client has a client grant "
                "for the Auth0 Management API.",
            )
        ]
    )


def _without(secret: str | None, words: str) -> str:
    return words.replace(secret, "(sensitive value)") if secret else words

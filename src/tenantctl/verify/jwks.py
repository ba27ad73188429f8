"""The tenant's signing keys, and the one question asked of them: did this key sign that token?

OpenID Connect Discovery 1.0 §4 (where the keys are), RFC 7517 (JWK), RFC 7515 §5.2 (validation), RFC 8725
(best practice: the verifier chooses the algorithm, never the token).
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import httpx
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey
from joserfc.jws import JWSRegistry, deserialize_compact

from tenantctl.problems import ProblemsError
from tenantctl.states import Json
from tenantctl.verify.answers import fetch, is_safe, issuer_of, json_object, unexpected
from tenantctl.verify.patience import Patience
from tenantctl.verify.token import MAX_CHARACTERS, TokenFacts, bare_token

ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"})
"""Algorithms checked against a JWKS: RSA signatures. Never ``none``, never HS*, whose key would be public."""

_MIN_BITS = 2048


@dataclass(frozen=True, slots=True)
class IssuerMetadata:
    """The members of the discovery document that are used."""

    issuer: str
    jwks_uri: str


@dataclass(frozen=True, slots=True)
class KeyLookup:
    """The JWK of a key id, or None, and how often the key set was fetched for it."""

    key: Mapping[str, Json] | None
    fetches: int


async def read_issuer(http: httpx.AsyncClient, issuer: str) -> IssuerMetadata:
    """Read ``<issuer>.well-known/openid-configuration``.

    Raises:
        ProblemsError: ``tenant-unreachable``, or ``unexpected-response`` also when the document is another
            issuer's (Discovery §4.3) or its keys are said to lie on another origin.
    """
    asked = issuer_of(issuer)
    answer = await fetch(http, "GET", f"{asked}.well-known/openid-configuration")
    if answer.status_code != httpx.codes.OK:
        raise ProblemsError([unexpected(answer, f"status {answer.status_code}")])
    document = json_object(answer)
    if document.get("issuer") != asked:
        raise ProblemsError([unexpected(answer, f"its issuer is not {asked}")])
    jwks_uri = document.get("jwks_uri")
    if not isinstance(jwks_uri, str) or not _is_of_origin(jwks_uri, asked):
        raise ProblemsError([unexpected(answer, f"its jwks_uri is not on {asked}")])
    return IssuerMetadata(asked, jwks_uri)


async def read_keys(http: httpx.AsyncClient, metadata: IssuerMetadata) -> tuple[Mapping[str, Json], ...]:
    """Read the JWK Set (RFC 7517 §5), members that are no objects left out.

    Raises:
        ProblemsError: ``tenant-unreachable`` or ``unexpected-response``.
    """
    answer = await fetch(http, "GET", metadata.jwks_uri)
    if answer.status_code != httpx.codes.OK:
        raise ProblemsError([unexpected(answer, f"status {answer.status_code}")])
    keys = json_object(answer).get("keys")
    if not isinstance(keys, list):
        raise ProblemsError([unexpected(answer, "it has no list of keys")])
    return tuple(key for key in keys if isinstance(key, dict))


class TenantKeys:
    """The keys of one issuer, fetched when first asked for and again when a key id is not among them."""

    def __init__(self, http: httpx.AsyncClient, issuer: str, patience: Patience) -> None:
        self._http = http
        self._issuer = issuer
        self._patience = patience
        self._metadata: IssuerMetadata | None = None
        self._keys: tuple[Mapping[str, Json], ...] = ()
        self._absent: set[str] = set()
        self._lock = asyncio.Lock()

    async def find(self, kid: str) -> KeyLookup:
        """Return the signing key with this id; the set is fetched anew, with patience, while it is missing.

        Raises:
            ProblemsError: as `read_issuer` and `read_keys`.
        """
        async with self._lock:
            known = select_key(self._keys, kid)
            if known is not None or kid in self._absent:
                return KeyLookup(known, 0)
            fetches = 0

            async def fetch_and_select() -> Mapping[str, Json] | None:
                nonlocal fetches
                fetches += 1
                await self._load()
                return select_key(self._keys, kid)

            retrying = self._patience.retrying(_is_missing)
            found: Mapping[str, Json] | None = await retrying(fetch_and_select)
            if found is None:
                self._absent.add(kid)
            return KeyLookup(found, fetches)

    async def _load(self) -> None:
        if self._metadata is None:
            self._metadata = await read_issuer(self._http, self._issuer)
        self._keys = await read_keys(self._http, self._metadata)


def select_key(keys: Iterable[Mapping[str, Json]], kid: str) -> Mapping[str, Json] | None:
    """Return the key with this id that is for signatures; an id is compared, and used for nothing else."""
    return next((key for key in keys if key.get("kid") == kid and key.get("use", "sig") == "sig"), None)


def check_signature(token: str, facts: TokenFacts, key: Mapping[str, Json], algorithm: str) -> str | None:
    """Return why `key` did not sign `token` with `algorithm`, or None when it did.

    token: compact JWS (RFC 7515 §7.1); facts: what `inspect_token` made of it.
    key: a public JWK (RFC 7517); only its RSA members are used, whatever else it carries.
    algorithm: the one expected by the caller; one that is not in `ALGORITHMS` never verifies.
    """
    if algorithm not in ALGORITHMS or facts.algorithm != algorithm:
        return f"{facts.algorithm or 'no algorithm'} is not {algorithm}, or no key set can verify it"
    if "crit" in (facts.header or {}):
        return "the header demands an extension (crit) that access tokens do not have"
    registry = JWSRegistry(algorithms=[algorithm], strict_check_header=False)
    registry.max_header_length = registry.max_payload_length = registry.max_signature_length = MAX_CHARACTERS
    try:
        rsa = RSAKey.import_key({"kty": "RSA", "n": _long_enough(key), "e": key.get("e", "")})
        deserialize_compact(bare_token(token), rsa, registry=registry)
    except JoseError as error:
        return error.description or "the signature does not match"
    except (ValueError, TypeError) as error:
        return f"the key cannot be used: {error}"
    return None


def _long_enough(key: Mapping[str, Json]) -> str:
    """Return the modulus; RFC 7518 §3.3 asks for 2048 bits or more (six bits a character)."""
    modulus = key.get("n")
    if key.get("kty") != "RSA" or not isinstance(modulus, str):
        raise ValueError("it is not an RSA key")
    if len(modulus) * 6 < _MIN_BITS:
        raise ValueError(f"it has fewer than {_MIN_BITS} bits")
    return modulus


def _is_missing(key: Mapping[str, Json] | None) -> bool:
    return key is None


def _is_of_origin(url: str, issuer: str) -> bool:
    try:
        one, other = httpx.URL(url), httpx.URL(issuer)
    except httpx.InvalidURL:
        return False
    same = (one.scheme, one.host, one.port) == (other.scheme, other.host, other.port)
    return same and is_safe(one) and not one.userinfo

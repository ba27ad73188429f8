"""What a token is, told from its text alone: JWS, JWE or opaque.

Nothing here is believed: no signature is checked, and every part may come from an attacker. Formats: RFC 7515
(JWS, three parts), RFC 7516 (JWE, five parts), RFC 7519 (JWT claims), RFC 9068 (JWT access tokens).
"""

from __future__ import annotations

import base64
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from tenantctl.states import Json

MAX_CHARACTERS = 256 * 1024
"""Longer texts are not taken apart; no token endpoint issues such a token."""

SUBSET = ("iss", "aud", "azp", "sub", "scope", "permissions", "gty", "iat", "exp")
"""The claims that may be shown; any other claim could be personal or secret."""

_MAX_DEPTH = 16
_BEARER = re.compile(r"\s*(?:authorization\s*:\s*)?bearer\s+", re.IGNORECASE)
_BASE64URL = re.compile(r"[A-Za-z0-9_-]*")
_JWS_PARTS = 3
_JWE_PARTS = 5


class TokenFormat(StrEnum):
    """The outer form of a token."""

    JWS = "jws"
    JWE = "jwe"
    OPAQUE = "opaque"

    @property
    def noun(self) -> str:
        """What people call a token of this form."""
        return _NOUNS[self]


_NOUNS: Mapping[TokenFormat, str] = {
    TokenFormat.JWS: "a signed JWT (JWS)",
    TokenFormat.JWE: "an encrypted token (JWE)",
    TokenFormat.OPAQUE: "an opaque token",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenFacts:
    """What a token's text says about itself; never the token.

    header: the JOSE header; None for an opaque token.
    claims: the payload of a JWS when it is a JSON object; unverified, and kept out of the repr.
    faults: what keeps it from being a well-formed token, in words; empty when nothing does.
    length: characters of the token.
    """

    format: TokenFormat
    header: Mapping[str, Json] | None = None
    claims: Mapping[str, Json] | None = field(default=None, repr=False)
    faults: tuple[str, ...] = ()
    length: int = 0

    @property
    def looks_like_jwt(self) -> bool:
        """Whether a resource server could read it: a JWS with claims (RFC 7519 §3)."""
        return self.format is TokenFormat.JWS and self.claims is not None

    @property
    def algorithm(self) -> str:
        """The header's ``alg``, or an empty string."""
        return _text((self.header or {}).get("alg"))

    @property
    def kid(self) -> str:
        """The header's ``kid``, or an empty string."""
        return _text((self.header or {}).get("kid"))

    @property
    def audiences(self) -> tuple[str, ...]:
        """The ``aud`` claim as a tuple; it may be a string or an array (RFC 7519 §4.1.3)."""
        aud = (self.claims or {}).get("aud")
        return tuple(_text(each) for each in (aud if isinstance(aud, list) else [aud]) if each is not None)

    @property
    def client_id(self) -> str:
        """The client it was issued to: ``azp``, or ``client_id`` in the RFC 9068 profile (§2.2)."""
        claims = self.claims or {}
        return _text(claims.get("azp", claims.get("client_id")))

    @property
    def scopes(self) -> frozenset[str]:
        """What it permits: the ``scope`` claim (RFC 9068 §2.2.3) and Auth0's ``permissions`` together."""
        claims = self.claims or {}
        scope, permissions = claims.get("scope"), claims.get("permissions")
        named = scope.split() if isinstance(scope, str) else scope
        lists = [each for each in (named, permissions) if isinstance(each, list)]
        return frozenset(each for several in lists for each in several if isinstance(each, str))

    def as_dict(self) -> dict[str, Json]:
        """Return the JSON of ``token inspect`` and of a check: the header and a few claims, not the token.

        ``{"tokenLooksLikeJwt": bool, "format": "jws|jwe|opaque", "header": {...} | null,
        "jwtPayloadSubset": {claims of `SUBSET` that are there} | null}``, and ``"faults": [...]`` if any.
        """
        claims = self.claims
        subset = None if claims is None else {name: claims[name] for name in SUBSET if name in claims}
        facts: dict[str, Json] = {
            "tokenLooksLikeJwt": self.looks_like_jwt,
            "format": self.format.value,
            "header": None if self.header is None else dict(self.header),
            "jwtPayloadSubset": subset,
        }
        return facts | ({"faults": list(self.faults)} if self.faults else {})


def inspect_token(text: str) -> TokenFacts:
    """Return what `text` is; a ``Bearer`` or ``Authorization: Bearer`` prefix and quotes are taken off.

    Raises nothing, whatever the text: what cannot be read is told in `TokenFacts.faults`.
    """
    token = bare_token(text)
    length = len(token)
    if not token:
        return TokenFacts(format=TokenFormat.OPAQUE, faults=("there is no token",))
    if length > MAX_CHARACTERS:
        fault = f"{length} characters are too many for a token (limit {MAX_CHARACTERS})"
        return TokenFacts(format=TokenFormat.OPAQUE, faults=(fault,), length=length)
    parts = token.split(".")
    if len(parts) == _JWS_PARTS:
        return _inspect_jws(parts, length)
    if len(parts) == _JWE_PARTS:
        return _inspect_jwe(parts, length)
    faults = () if len(parts) == 1 else (f"{len(parts)} parts: a JWS has three, a JWE five",)
    return TokenFacts(format=TokenFormat.OPAQUE, faults=faults, length=length)


def bare_token(text: str) -> str:
    """Return the token in what a person pasted: without ``Authorization: Bearer``, quotes and white space."""
    bare = text.strip().strip("\"'")
    return bare[match.end() :].strip() if (match := _BEARER.match(bare)) else bare.strip()


def masked(token: str) -> str:
    """Return a mention of `token` for humans: its first six characters at most, and its length."""
    bare = bare_token(token)
    start = shown(bare[:6]) if len(bare) >= 32 else ""  # noqa: PLR2004 - six of fewer would be too large a share
    return f"{start}… ({len(bare)} characters)"


def shown(value: Json, limit: int = 160) -> str:
    """Return a foreign value as one printable line, cut at `limit`; no control character gets through."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    cut = text if len(text) <= limit else text[:limit] + "…"
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in cut)


def _inspect_jws(parts: list[str], length: int) -> TokenFacts:
    header, faults = _read_object(parts[0], "header")
    if header is None or not isinstance(header.get("alg"), str):
        return _not_jose(faults, "alg", length)
    claims, more = _read_object(parts[1], "payload")
    odd = [] if _is_base64url(parts[2]) else ["the signature is not base64url"]
    return TokenFacts(
        format=TokenFormat.JWS, header=header, claims=claims, faults=(*faults, *more, *odd), length=length
    )


def _inspect_jwe(parts: list[str], length: int) -> TokenFacts:
    header, faults = _read_object(parts[0], "header")
    if header is None or not (isinstance(header.get("alg"), str) and isinstance(header.get("enc"), str)):
        return _not_jose(faults, "alg and enc", length)
    odd = [f"part {n} is not base64url" for n, part in enumerate(parts[1:], 2) if not _is_base64url(part)]
    return TokenFacts(format=TokenFormat.JWE, header=header, faults=(*faults, *odd), length=length)


def _not_jose(faults: list[str], members: str, length: int) -> TokenFacts:
    """Dots alone do not make a JOSE object: without a readable header it is a string like any other."""
    return TokenFacts(
        format=TokenFormat.OPAQUE, faults=tuple(faults) or (f"the header lacks {members}",), length=length
    )


def _read_object(part: str, name: str) -> tuple[dict[str, Json] | None, list[str]]:
    """Return the JSON object in a part, or None, and what is wrong with it."""
    if not _is_base64url(part):
        return None, [f"the {name} is not base64url"]
    repeated: list[str] = []

    def collect(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        members = dict(pairs)
        if len(members) < len(pairs):
            names = [key for key, _ in pairs]
            repeated.extend(sorted({key for key in names if names.count(key) > 1}))
        return members

    try:
        text = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)).decode("utf-8")
        value = json.loads(
            text, object_pairs_hook=collect, parse_constant=_refuse_constant, parse_float=_finite
        )
        json.dumps(value, ensure_ascii=False).encode("utf-8")  # lone surrogates cannot be written out again
    except (ValueError, RecursionError) as error:
        return None, [f"the {name} is not JSON: {shown(_first_line(error))}"]
    if not isinstance(value, dict):
        return None, [f"the {name} is not a JSON object"]
    if _is_deep(value):
        return None, [f"the {name} is nested more than {_MAX_DEPTH} deep"]
    return value, [f"the {name} names {shown(key)} more than once" for key in repeated]


def _is_base64url(part: str) -> bool:
    return _BASE64URL.fullmatch(part) is not None and len(part) % 4 != 1


def _refuse_constant(name: str) -> Json:
    raise ValueError(f"{name} is not a JSON number")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("a number is too large")
    return number


def _first_line(error: Exception) -> str:
    return str(error).split("\n", 1)[0] if not isinstance(error, RecursionError) else "nested too deep"


def _is_deep(value: Json) -> bool:
    """Whether arrays and objects stand in each other more than `_MAX_DEPTH` deep; walks without recursion."""
    level = [value]
    for _ in range(_MAX_DEPTH):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return False
    return any(isinstance(each, dict | list) for each in level)


def _text(value: Json) -> str:
    return value if isinstance(value, str) else "" if value is None else shown(value)

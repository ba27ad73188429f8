"""How each kind of failure is recognised: predicates over a `Case` that the table puts names to.

A recogniser returns `Seen` (what was expected and what was found, as text) or None. Those of refusals match
the documented bodies of the token endpoint, which are its protocol; those of tokens compare values.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias

from tenantctl.states import Json
from tenantctl.verify.case import Case
from tenantctl.verify.jwks import ALGORITHMS
from tenantctl.verify.token import TokenFormat, shown

LEEWAY = 5.0
"""Seconds by which the tenant's clock may differ from this machine's."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a recogniser saw; both are printable text, either may be empty."""

    found: str = ""
    expected: str = ""


Recogniser: TypeAlias = Callable[[Case], Seen | None]
Condition: TypeAlias = Callable[[Case], bool]


def refused(error: str, description: str, statuses: Collection[int] = ()) -> Recogniser:
    """Recognise a refusal by its ``error``, a pattern in its description, and its status if any are given.

    A group named ``found`` in the pattern becomes what was found.
    """
    errors, words = re.compile(error), re.compile(description, re.IGNORECASE)

    def recognise(case: Case) -> Seen | None:
        refusal = case.refusal
        if refusal is None or (statuses and refusal.status not in statuses):
            return None
        match = words.search(refusal.error_description)
        if match is None or errors.fullmatch(refusal.error) is None:
            return None
        return Seen(found=shown(match.groupdict().get("found") or ""))

    return recognise


def where(recognise: Recogniser, condition: Condition) -> Recogniser:
    """Recognise a variant: what `recognise` sees, provided that `condition` holds."""
    return lambda case: recognise(case) if condition(case) else None


def no_audience(case: Case) -> bool:
    """Whether the request named no audience."""
    return case.request.audience is None


def near_miss(case: Case) -> bool:
    """Whether the audience is almost the identifier of an API that is known."""
    return case.known.near_identifier(case.request.audience or "") is not None


def denied_to_all(case: Case) -> bool:
    """Whether the API's policy keeps out every client, whatever grants there are."""
    return bool(_policy(case) == "deny_all")


def opaque(case: Case) -> Seen | None:
    """Recognise a token that is a mere string."""
    facts = case.facts
    return Seen("; ".join(facts.faults)) if facts and facts.format is TokenFormat.OPAQUE else None


def encrypted_directly(case: Case) -> Seen | None:
    """Recognise a JWE with ``alg: dir`` (RFC 7518 §4.5): encrypted for the tenant itself."""
    return _encrypted(case, direct=True)


def encrypted_to_key(case: Case) -> Seen | None:
    """Recognise a JWE whose content key is wrapped for a recipient, as ``token_encryption`` makes it."""
    return _encrypted(case, direct=False)


def _encrypted(case: Case, *, direct: bool) -> Seen | None:
    facts = case.facts
    if facts is None or facts.format is not TokenFormat.JWE or (facts.algorithm == "dir") is not direct:
        return None
    return Seen(shown(f"{facts.algorithm}, {(facts.header or {}).get('enc')}"))


def malformed(case: Case) -> Seen | None:
    """Recognise a JWS that breaks RFC 7515 or RFC 7519: unreadable claims, or a name used twice."""
    facts = case.facts
    return Seen("; ".join(facts.faults)) if facts and facts.faults else None


def other_algorithm(case: Case) -> Seen | None:
    """Recognise a JWS signed with another algorithm than expected."""
    facts, expected = case.facts, case.request.algorithm
    if facts is None or facts.algorithm == expected:
        return None
    return Seen(shown(facts.algorithm), expected)


def unverifiable_algorithm(case: Case) -> Seen | None:
    """Recognise a JWS whose algorithm no key set can verify, though it is the one expected (HS256)."""
    facts = case.facts
    return Seen(shown(facts.algorithm)) if facts and facts.algorithm not in ALGORITHMS else None


def key_missing(case: Case) -> Seen | None:
    """Recognise a token signed with a key that is not in the tenant's key set."""
    facts, signature = case.facts, case.signature
    if facts is None or signature is None or signature.key_found:
        return None
    return Seen(f"kid {shown(facts.kid)}" if facts.kid else "no kid in the header")


def forged(case: Case) -> Seen | None:
    """Recognise a signature that is not the key's."""
    fault = case.signature.fault if case.signature else None
    return Seen(shown(fault)) if fault else None


def other_issuer(case: Case) -> Seen | None:
    """Recognise another issuer than the domain asked (RFC 7519 §4.1.1), compared character by character."""
    return _differs(case, "iss", case.issuer)


def other_audience(case: Case) -> Seen | None:
    """Recognise a token for another API (RFC 7519 §4.1.3)."""
    audience = case.request.audience
    if case.claims is None or audience is None or case.facts is None or audience in case.facts.audiences:
        return None
    return Seen(shown(", ".join(case.facts.audiences) or "none"), shown(audience))


def past(case: Case) -> Seen | None:
    """Recognise a token whose ``exp`` (RFC 7519 §4.1.4; required by RFC 9068 §2.2) is past or missing."""
    if case.claims is None:
        return None
    exp = case.claims.get("exp", "missing")
    if _is_number(exp) and exp > case.now - LEEWAY:
        return None
    return Seen(f"exp {_moment(exp)}", f"later than {_moment(case.now)}")


def future(case: Case) -> Seen | None:
    """Recognise a token whose ``nbf`` or ``iat`` (RFC 7519 §4.1.5, §4.1.6) lies in the future."""
    for name in ("nbf", "iat"):
        value = (case.claims or {}).get(name)
        if value is not None and not (_is_number(value) and value <= case.now + LEEWAY):
            return Seen(f"{name} {_moment(value)}", f"not later than {_moment(case.now)}")
    return None


def beyond_grant(case: Case) -> Seen | None:
    """Recognise scopes in the token that the client grant does not hold."""
    granted = case.grant.get("scope")
    if case.claims is None or case.facts is None or not isinstance(granted, list):
        return None
    if case.grant.get("allow_all_scopes") or _policy(case) == "allow_all":
        return None
    return _scopes(case.facts.scopes - {each for each in granted if isinstance(each, str)})


def not_answered(case: Case) -> Seen | None:
    """Recognise scopes that were asked for and that the tenant's answer leaves out (RFC 6749 §5.1)."""
    return (
        _scopes(case.asked - case.answered) if case.claims is not None and case.answered is not None else None
    )


def not_in_token(case: Case) -> Seen | None:
    """Recognise scopes that were asked for and granted by the answer, and are not in the token."""
    return _scopes(case.asked - case.facts.scopes) if case.claims is not None and case.facts else None


def other_client(case: Case) -> Seen | None:
    """Recognise a token issued to another client (``azp``; ``client_id`` in RFC 9068 §2.2)."""
    expected = case.credentials.client_id
    if case.claims is None or case.facts is None or case.facts.client_id == expected:
        return None
    return Seen(shown(case.facts.client_id or "none"), shown(expected))


def other_grant_type(case: Case) -> Seen | None:
    """Recognise Auth0's ``gty`` of another flow; the RFC 9068 profile has no such claim."""
    return _differs(case, "gty", "client-credentials") if "gty" in (case.claims or {}) else None


def _differs(case: Case, claim: str, expected: str) -> Seen | None:
    if case.claims is None or case.claims.get(claim) == expected:
        return None
    return Seen(shown(case.claims.get(claim, "none")), shown(expected))


def _scopes(scopes: frozenset[str]) -> Seen | None:
    return Seen(shown(", ".join(sorted(scopes)))) if scopes else None


def _policy(case: Case) -> Json:
    """Return the API's policy for clients as the tenant has it, or else as the file declares it."""
    api = case.known.live_api(case.audience) or case.declared_api
    return _member(api, "subject_type_authorization", "client", "policy")


def _moment(value: Json) -> str:
    """Return a NumericDate (RFC 7519 §2: seconds since 1970 in UTC) as people write times."""
    try:
        return datetime.fromtimestamp(value, UTC).isoformat(sep=" ", timespec="seconds")
    except (TypeError, ValueError, OverflowError, OSError):
        return shown(value)


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _member(value: Json, *names: str) -> Json:
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value

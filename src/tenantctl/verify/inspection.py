"""``token inspect``: what a token is, whether the tenant signed it, and what is wrong with it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import httpx

from tenantctl.states import Json
from tenantctl.verify.answers import issuer_of
from tenantctl.verify.case import Case, SignatureCheck
from tenantctl.verify.diagnose import Diagnosis, diagnose
from tenantctl.verify.entry import ClientCredentials, VerifyRequest
from tenantctl.verify.jwks import TenantKeys, check_signature
from tenantctl.verify.patience import Patience
from tenantctl.verify.token import TokenFacts, TokenFormat, inspect_token

_ONE_REFETCH = 2
_EXPECTATIONS = frozenset({"wrong-gty", "wrong-azp"})
"""Faults of a test token that a token from elsewhere, such as a user's, does not have."""


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a token is and, if a tenant was asked, whether it is sound.

    signature: None if no tenant was asked or there is nothing to check. why: the fault; None without one.
    """

    facts: TokenFacts
    signature: SignatureCheck | None
    why: Diagnosis | None

    @property
    def ok(self) -> bool:
        """Whether no fault was found."""
        return self.why is None

    def as_dict(self) -> dict[str, Json]:
        """Return the JSON of ``token inspect --json``: the facts, the key, and the verdict."""
        why = self.why
        return {
            **self.facts.as_dict(),
            "tokenKeys": {"kid": self.facts.kid or None, "inJwks": self._in_jwks()},
            "ok": self.ok,
            "code": why.code if why else None,
            "summary": why.summary if why else None,
            "cause": why.cause if why else None,
            "fix": why.fix if why else None,
        }

    def _in_jwks(self) -> bool | None:
        return self.signature.key_found if self.signature else None


@dataclass(frozen=True, slots=True)
class Inspector:
    """Inspects tokens of one tenant.

    issuer: the domain that is asked. now: unix time in seconds.
    """

    http: httpx.AsyncClient
    issuer: str
    now: Callable[[], float] = time.time
    patience: Patience = field(default_factory=lambda: Patience(attempts=_ONE_REFETCH))

    async def inspect(self, token: str, algorithm: str = "RS256") -> Inspection:
        """Return what `token` is, checked against the tenant's keys and clock.

        The token says itself for whom and by whom it was issued; what it says is believed only once its
        signature is good. Raises ProblemsError if the tenant cannot be asked.
        """
        facts = inspect_token(token)
        case = _case_of(facts, self.issuer, self.now(), algorithm)
        signature = None
        if facts.format is TokenFormat.JWS and facts.algorithm == algorithm:
            keys = TenantKeys(self.http, self.issuer, self.patience)
            lookup = await keys.find(facts.kid)
            fault = check_signature(token, facts, lookup.key, algorithm) if lookup.key else None
            signature = SignatureCheck(key_found=lookup.key is not None, fault=fault)
        why = diagnose(replace(case, signature=signature))
        return Inspection(facts, signature, None if why and why.code in _EXPECTATIONS else why)


def inspect_offline(token: str, issuer: str = "https://<tenant>/") -> Inspection:
    """Return what can be said of a token without asking any tenant: its form, and faults of the form."""
    facts = inspect_token(token)
    why = diagnose(_case_of(facts, issuer, 0.0, facts.algorithm))
    return Inspection(facts, None, why if facts.format is not TokenFormat.JWS or facts.faults else None)


def _case_of(facts: TokenFacts, issuer: str, now: float, algorithm: str) -> Case:
    audience = next(iter(facts.audiences), None)
    return Case(
        request=VerifyRequest(facts.client_id or "the client", audience, None, algorithm),
        credentials=ClientCredentials(facts.client_id, "", "the token"),
        issuer=issuer_of(issuer),
        now=now,
        facts=facts,
    )

"""``token inspect``: what a token is, whether the tenant signed it, and what is wrong with it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

import httpx

from tenantctl.states import Json
from tenantctl.verify.answers import issuer_of
from tenantctl.verify.case import Case, SignatureCheck
from tenantctl.verify.diagnose import Diagnosis, diagnose
from tenantctl.verify.entry import ClientCredentials, VerifyRequest
from tenantctl.verify.jwks import TenantKeys, check_signature, select_key
from tenantctl.verify.known import KnownTenant
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
class Expected:
    """What a token from elsewhere is held against.

    issuer: the domain that should have issued it. now: unix time in seconds. audience: None takes any.
    """

    issuer: str
    now: float
    algorithm: str = "RS256"
    audience: str | None = None
    known: KnownTenant = field(default_factory=KnownTenant)

    def as_case(self, facts: TokenFacts) -> Case:
        """Return the case of a token: what it says itself, and what is expected of it."""
        audience = self.audience or next(iter(facts.audiences), None)
        return Case(
            request=VerifyRequest(facts.client_id or "the client", audience, None, self.algorithm),
            credentials=ClientCredentials(facts.client_id, "", "the token"),
            issuer=issuer_of(self.issuer),
            now=self.now,
            known=self.known,
            facts=facts,
        )


def judge(token: str, case: Case, keys: Iterable[Mapping[str, Json]]) -> Inspection:
    """Return what is to be said of the token of a case; asks nobody.

    keys: the tenant's JWK Set (RFC 7517 §5). The signature is checked if the algorithm is the one expected.
    """
    facts, algorithm = case.facts or inspect_token(token), case.request.algorithm
    signature = None
    if _is_checkable(facts, algorithm):
        key = select_key(keys, facts.kid)
        fault = check_signature(token, facts, key, algorithm) if key else None
        signature = SignatureCheck(key_found=key is not None, fault=fault)
    return Inspection(facts, signature, diagnose(replace(case, signature=signature)))


def judge_foreign(token: str, expected: Expected, keys: Iterable[Mapping[str, Json]]) -> Inspection:
    """Return what is to be said of a token from elsewhere; `keys` as for `judge`."""
    inspection = judge(token, expected.as_case(inspect_token(token)), keys)
    why = inspection.why
    return replace(inspection, why=None) if why and why.code in _EXPECTATIONS else inspection


def _is_checkable(facts: TokenFacts, algorithm: str) -> bool:
    return facts.format is TokenFormat.JWS and facts.algorithm == algorithm


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
        keys: tuple[Mapping[str, Json], ...] = ()
        if _is_checkable(facts, algorithm):
            found = await TenantKeys(self.http, self.issuer, self.patience).find(facts.kid)
            keys = (found.key,) if found.key else ()
        return judge_foreign(token, Expected(self.issuer, self.now(), algorithm), keys)


def inspect_offline(token: str, issuer: str = "https://<tenant>/") -> Inspection:
    """Return what can be said of a token without asking any tenant: its form, and faults of the form."""
    facts = inspect_token(token)
    why = diagnose(Expected(issuer, 0.0, facts.algorithm).as_case(facts))
    return Inspection(facts, None, why if facts.format is not TokenFormat.JWS or facts.faults else None)

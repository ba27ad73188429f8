"""The checks themselves: issue a token for each entry, look at it, verify it, and say what came of it.

Nothing is written to the tenant. The signature is checked before any claim is believed. What lags after a
write (grants, keys) is tried again, with patience, before it is called a failure.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import httpx

from tenantctl.problems import ProblemsError
from tenantctl.verify.answers import issuer_of
from tenantctl.verify.case import Case, SignatureCheck
from tenantctl.verify.diagnose import Diagnosis, diagnose, missing_credentials
from tenantctl.verify.entry import AuthMethod, ClientCredentials, VerifyRequest
from tenantctl.verify.issue import TokenRefusal, TokenRequest, TokenResponse, issue_token
from tenantctl.verify.jwks import TenantKeys, check_signature
from tenantctl.verify.known import KnownTenant
from tenantctl.verify.patience import Patience
from tenantctl.verify.results import CheckReport, CheckResult, diagnosis_of
from tenantctl.verify.token import TokenFacts, inspect_token, shown

__all__ = [
    "AuthMethod",
    "CheckReport",
    "CheckResult",
    "ClientCredentials",
    "KnownTenant",
    "Patience",
    "RunOptions",
    "VerifyRequest",
    "run_checks",
]

_AT_ONCE = 4
_NOT_SEARCHED = "none were given"


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How the checks are run.

    now: unix time in seconds. patience: for what lags. searched: client → where its credentials were looked
    for and not found, as `tenantctl.verify.credentials.explain_search` words it.
    """

    now: Callable[[], float] = time.time
    patience: Patience = field(default_factory=Patience)
    searched: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Rejected:
    """The tenant refused a token, or issued one that is wrong at first sight."""

    why: Diagnosis
    facts: TokenFacts | None


@dataclass(frozen=True, slots=True)
class _Issued:
    """A token whose form and algorithm are right; its signature and claims are still to be checked."""

    case: Case
    facts: TokenFacts
    token: str = field(repr=False)


async def run_checks(
    http: httpx.AsyncClient,
    issuer: str,
    entries: Sequence[VerifyRequest],
    credentials: Mapping[str, ClientCredentials],
    known: KnownTenant | None = None,
    options: RunOptions | None = None,
) -> tuple[CheckResult, ...]:
    """Check every entry, a few side by side, and return the results in the order of the entries.

    issuer: the domain that is asked, as origin or ``https://<domain>/``.
    credentials: client name → credentials; an entry without gives ``credentials-missing``.
    known: what the file declares and the tenant has, for better diagnoses.

    Raises nothing for what the tenant does: an unreachable tenant fails the checks with that code.
    """
    options = options or RunOptions()
    keys = TenantKeys(http, issuer, options.patience)
    run = _Run(http, issuer_of(issuer), known or KnownTenant(), options, keys)
    gate = asyncio.Semaphore(_AT_ONCE)

    async def check(entry: VerifyRequest) -> CheckResult:
        async with gate:
            return await run.check(entry, credentials.get(entry.client))

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(check(entry)) for entry in entries]
    return tuple(task.result() for task in tasks)


@dataclass(frozen=True, slots=True)
class _Run:
    http: httpx.AsyncClient
    issuer: str
    known: KnownTenant
    options: RunOptions
    keys: TenantKeys

    async def check(self, request: VerifyRequest, credentials: ClientCredentials | None) -> CheckResult:
        if credentials is None:
            searched = self.options.searched.get(request.client, _NOT_SEARCHED)
            return CheckResult.failed(request, missing_credentials(request, searched))
        try:
            return await self._check(request, credentials)
        except ProblemsError as error:
            return CheckResult.failed(request, diagnosis_of(error.problems[0]))

    async def _check(self, request: VerifyRequest, credentials: ClientCredentials) -> CheckResult:
        issued, attempts = await self._issue(request, credentials)
        if isinstance(issued, _Rejected):
            return CheckResult.failed(request, issued.why, issued.facts, attempts)
        signature, fetches = await self._check_signature(issued, request.algorithm)
        attempts += max(0, fetches - 1)
        why = diagnose(replace(issued.case, signature=signature, now=self.options.now()))
        if why is not None:
            return CheckResult.failed(request, why, issued.facts, attempts)
        return CheckResult.passed(request, _praise(request, issued.facts), issued.facts, attempts)

    async def _issue(
        self, request: VerifyRequest, credentials: ClientCredentials
    ) -> tuple[_Issued | _Rejected, int]:
        """Ask for a token, again while what is wrong may lag; return the last outcome and the attempts."""
        attempts = 0

        async def attempt() -> _Issued | _Rejected:
            nonlocal attempts
            attempts += 1
            answer = await issue_token(self.http, self.issuer, TokenRequest.of(request, credentials))
            return self._judge(request, credentials, answer)

        last: _Issued | _Rejected = await self.options.patience.retrying(_lags)(attempt)
        return last, attempts

    def _judge(
        self, request: VerifyRequest, credentials: ClientCredentials, answer: TokenResponse | TokenRefusal
    ) -> _Issued | _Rejected:
        """Diagnose what can be seen without the tenant's keys."""
        refusal = answer if isinstance(answer, TokenRefusal) else None
        token, answered = (
            ("", None) if isinstance(answer, TokenRefusal) else (answer.access_token, answer.scopes)
        )
        facts = inspect_token(token)
        case = Case(
            request=request,
            credentials=credentials,
            issuer=self.issuer,
            now=self.options.now(),
            known=self.known,
            refusal=refusal,
            facts=None if refusal else facts,
            answered=answered,
        )
        why = diagnose(case)
        return _Issued(case, facts, token) if why is None else _Rejected(why, case.facts)

    async def _check_signature(self, issued: _Issued, algorithm: str) -> tuple[SignatureCheck, int]:
        lookup = await self.keys.find(issued.facts.kid)
        if lookup.key is None:
            return SignatureCheck(key_found=False), lookup.fetches
        fault = check_signature(issued.token, issued.facts, lookup.key, algorithm)
        return SignatureCheck(key_found=True, fault=fault), lookup.fetches


def _lags(outcome: _Issued | _Rejected) -> bool:
    return isinstance(outcome, _Rejected) and outcome.why.lags


def _praise(request: VerifyRequest, facts: TokenFacts) -> str:
    scopes = ", ".join(sorted(request.scopes or facts.scopes))
    granted = f"scopes granted: {shown(scopes)}" if scopes else "no scopes"
    audience = shown(request.audience or ", ".join(facts.audiences))
    return f"{facts.algorithm} JWT for {audience}, key in JWKS, {granted}"

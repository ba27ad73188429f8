"""What stands between the requests and the tenants, and makes go wrong what is to go wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from starlette.responses import JSONResponse, Response

from tenantctl.sandbox.broken import HalfAnswer, LostAnswer, NoAnswer, truncated
from tenantctl.sandbox.domains import TOKEN_PATH
from tenantctl.sandbox.errors import management_error, oauth_error
from tenantctl.sandbox.exchange import Exchange
from tenantctl.sandbox.faults import Fault, Faults, Kind
from tenantctl.sandbox.rate_limits import GLOBAL, LimitReachedError
from tenantctl.sandbox.store import SandboxStore
from tenantctl.sandbox.tenant_state import TenantState
from tenantctl.sandbox.trouble import Strike, Trouble

_TOO_MANY_REQUESTS = 429
_ERROR = 400
_SHORTEST_TO_CUT = 2

Respond = Callable[[Exchange], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a request.

    response: what is sent. faults: what went wrong on purpose. handled: the status that the tenant came to,
    None if the request was not handled.
    """

    response: Response
    faults: Sequence[str] = ()
    handled: int | None = None


class Interference:
    """Makes go wrong what is to go wrong; `faults` are those of tenants that have none of their own."""

    def __init__(self, store: SandboxStore, faults: Faults) -> None:
        self._store = store
        self._faults = faults
        self._troubles: dict[str, Trouble] = {}

    def in_force(self, tenant: TenantState) -> Faults:
        """Return the faults of a tenant."""
        return tenant.faults() or self._faults

    def restart(self, tenant: TenantState) -> None:
        """Count from the beginning: requests, rate limits, draws."""
        self._troubles.pop(tenant.domain, None)

    async def respond(self, exchange: Exchange, respond: Respond) -> Outcome:
        """Answer a request as `respond` does, but for the faults that strike it."""
        method, path = exchange.verb, exchange.fault_path
        if path is None:
            response = await respond(exchange)
            return Outcome(response, handled=response.status_code)
        trouble = self._trouble(exchange.tenant)
        strike = trouble.strike(method, path)
        late = strike.of(Kind.LATENCY)
        await asyncio.sleep(sum(fault.seconds for fault in late))
        told = [fault.spec for fault in late]
        try:
            headers = trouble.take(method, path)
        except LimitReachedError as error:
            return Outcome(_limited(str(error), path, error.headers), [*told, "rate-limit"])
        if strike.before is not None:
            return Outcome(_failed(strike.before, path), [*told, strike.before.spec])
        outcome = await self._lagging(exchange, trouble, strike, respond)
        outcome.response.headers.update(headers)
        spoilt = _spoilt(outcome, strike.after, path)
        return replace(spoilt, faults=[*told, *spoilt.faults])

    def _trouble(self, tenant: TenantState) -> Trouble:
        faults, known = self.in_force(tenant), self._troubles.get(tenant.domain)
        if known is None or known.faults != faults:
            known = self._troubles[tenant.domain] = Trouble(faults)
        return known

    async def _lagging(
        self, exchange: Exchange, trouble: Trouble, strike: Strike, respond: Respond
    ) -> Outcome:
        """Answer a request as a server that is late to see what was written."""
        method, path = exchange.verb, exchange.fault_path or ""
        seen = trouble.seen(method, path)
        if seen is not None:
            response = await respond(replace(exchange, tenant=seen))
            return Outcome(response, ["stale read"], response.status_code)
        stale = next(iter(strike.of(Kind.STALE)), None)
        is_hidden = stale is not None and trouble.hides(method, path)
        before = self._store.copy(exchange.tenant.domain) if is_hidden else None
        response = await respond(exchange)
        if stale is None or before is None or response.status_code >= _ERROR:
            return Outcome(response, handled=response.status_code)
        trouble.hide(stale, path, before)
        return Outcome(response, [stale.spec], response.status_code)


def _spoilt(outcome: Outcome, fault: Fault | None, path: str) -> Outcome:
    """Return what is left of the answer to a request that was handled."""
    response = outcome.response
    is_cut = fault is not None and fault.kind in {Kind.CUT, Kind.TRUNCATE}
    if fault is None or (is_cut and len(response.body) < _SHORTEST_TO_CUT):
        return outcome
    if fault.kind is Kind.CUT:
        broken: Response = HalfAnswer(response)
    elif fault.kind is Kind.TRUNCATE:
        broken = truncated(response)
    else:
        broken = _failed(fault, path)
    return replace(outcome, response=broken, faults=[*outcome.faults, fault.spec])


def _failed(fault: Fault, path: str) -> Response:
    """Return the answer of a `Kind.STATUS`, `Kind.RESET` or `Kind.HANG`."""
    if fault.kind is Kind.RESET:
        return NoAnswer()
    if fault.kind is Kind.HANG:
        return LostAnswer()
    if fault.status == _TOO_MANY_REQUESTS:
        return _limited(GLOBAL, path, {})
    if path == TOKEN_PATH:
        error = oauth_error(fault.status, "server_error", "Internal error")
    else:
        error = management_error(fault.status, "Internal error")
    return JSONResponse(error.body, error.status)


def _limited(message: str, path: str, headers: Mapping[str, str]) -> Response:
    if path == TOKEN_PATH:
        error = oauth_error(_TOO_MANY_REQUESTS, "too_many_requests", message)
    else:
        error = management_error(_TOO_MANY_REQUESTS, message, "too_many_requests")
    return JSONResponse(error.body, error.status, dict(headers))

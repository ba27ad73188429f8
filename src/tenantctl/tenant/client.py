"""Requests to the Management API: auth0-python's transport, with our retries, limits and errors.

The SDK's transport gives telemetry headers and token handling. Its typed methods are not used: they rename
fields and lose nulls (docs/decisions/0003).
"""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self

import httpx
from auth0.management.core.client_wrapper import AsyncClientWrapper
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception

from tenantctl.states import Json
from tenantctl.tenant.credentials import TokenSource
from tenantctl.tenant.errors import (
    RequestError,
    StoppedError,
    no_tenant,
    not_usable,
    request_error,
    unreachable,
)
from tenantctl.tenant.rate_limit import DEFAULT_SHARE, RateLimit
from tenantctl.tenant.settings import Target

MAX_ATTEMPTS = 6
MAX_CONNECTION_ATTEMPTS = 3
MAX_CONCURRENCY = 10
TIMEOUT_SECONDS = 30.0
_ERROR = 400
_NOT_FOUND = 404
_TOO_MANY_REQUESTS = 429
_SERVER_ERROR = 500


@dataclass(slots=True)
class RequestCount:
    """How many requests were sent, retries included.

    reads, writes: to the Management API. tokens: to the token endpoint. others: discovery and keys.
    """

    reads: int = 0
    writes: int = 0
    tokens: int = 0
    others: int = 0

    async def note(self, request: httpx.Request) -> None:
        """Count one request that is about to be sent."""
        path = request.url.path
        if path.startswith("/api/v2/"):
            if request.method == "GET":
                self.reads += 1
            else:
                self.writes += 1
        elif path == "/oauth/token":
            self.tokens += 1
        else:
            self.others += 1


class _TryAgainError(Exception):
    """An answer or a fault that a retry may mend; carries what is raised if none does."""

    def __init__(self, final: RequestError, headers: Mapping[str, str]) -> None:
        super().__init__()
        self.final = final
        self.headers = headers


class TenantClient:
    """Sends requests to one tenant; use as an async context manager.

    app: an ASGI application to talk to instead of the network (the embedded sandbox).
    sleep, clock: how to wait, and what time it is. rate_share: how much of the tenant's rate limit may be
    taken, of 1.
    on_request: called with method, path and status after each request, for logs.
    """

    def __init__(
        self,
        target: Target,
        *,
        app: Callable[..., Any] | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        clock: Callable[[], float] = time.time,
        rate_share: float = DEFAULT_SHARE,
        on_wait: Callable[[float], None] = lambda _: None,
        on_request: Callable[[str, str, int], None] = lambda *_: None,
    ) -> None:
        self.target = target
        self.count = RequestCount()
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(app) if app else None,
            verify=True if app else _ssl_context(target),
            timeout=TIMEOUT_SECONDS,
            event_hooks={"request": [self.count.note]},
            limits=httpx.Limits(max_connections=MAX_CONCURRENCY, max_keepalive_connections=MAX_CONCURRENCY),
        )
        self.tokens = TokenSource(target, self.http, clock)
        self._sdk = AsyncClientWrapper(
            token="",  # replaced for each request by async_token
            async_token=self.tokens.access_token,
            base_url=f"{target.origin}/api/v2",
            httpx_client=self.http,
            timeout=TIMEOUT_SECONDS,
            max_retries=0,  # ours know which requests may be sent twice; the SDK's do not
        )
        self._sleep = sleep
        self._stopped = asyncio.Event()
        self._limit = RateLimit(self._pause, clock, on_wait, rate_share)
        self._slots = asyncio.Semaphore(MAX_CONCURRENCY)
        self._on_wait = on_wait
        self._on_request = on_request

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.http.aclose()

    @property
    def is_stopped(self) -> bool:
        """Whether no more requests are sent."""
        return self._stopped.is_set()

    def stop(self) -> None:
        """Let what is on its way come to its end, and send nothing more."""
        self._stopped.set()

    async def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Json] | None = None,
        body: Json = None,
        scopes: tuple[str, ...] = (),
    ) -> Any:
        """Send one request and return the decoded answer, None if it has no body.

        path: below ``/api/v2``. Retried: 429 always; 5xx and lost connections where a second sending does
        no harm. Raises RequestError when that does not help, or the answer is an error; StoppedError, which
        is one, when nothing is sent any more.
        """
        retrying = AsyncRetrying(
            retry=retry_if_exception(lambda error: isinstance(error, _TryAgainError)),
            stop=_gives_up,
            wait=self._backoff,
            sleep=self._pause,
            reraise=True,
        )
        try:
            return await retrying(self._once, method, path, dict(query or {}), body, scopes)
        except _TryAgainError as error:
            raise error.final from None
        except RequestError as error:
            was_repeated = retrying.statistics.get("attempt_number", 1) > 1
            if isinstance(error, StoppedError) and was_repeated:
                raise StoppedError(method, path, uncertain=method != "GET") from None
            if method == "DELETE" and error.status == _NOT_FOUND and was_repeated:
                return None  # an earlier attempt did it, and its answer was lost
            raise

    async def _once(
        self,
        method: str,
        path: str,
        query: dict[str, Json],
        body: Json,
        scopes: tuple[str, ...],
    ) -> Any:
        async with self._slots:
            await self._limit.hold(method, path)
            try:
                response = await self._send(method, path, query, body)
            except BaseException:
                self._limit.release(method, path)
                raise
        self._on_request(method, path, response.status_code)
        self._limit.observe(method, path, response.headers)
        if response.status_code < _ERROR:
            return _decoded(method, path, response)
        answer = _json(response)
        if answer is None and method == "GET" and response.status_code < _SERVER_ERROR:
            raise no_tenant(self.target.origin, response.status_code)
        error = request_error(method, path, response.status_code, answer, scopes)
        if response.status_code == _TOO_MANY_REQUESTS or (
            response.status_code >= _SERVER_ERROR and method != "POST"
        ):
            raise _TryAgainError(error, response.headers)
        raise error

    async def _send(self, method: str, path: str, query: dict[str, Json], body: Json) -> httpx.Response:
        if self.is_stopped:
            raise StoppedError(method, path)
        try:
            return await self._sdk.httpx_client.request(path, method=method, params=query, json=body)
        except httpx.ConnectError as error:
            # Nothing was sent, so even a create may be tried again.
            raise _TryAgainError(unreachable(self.target.origin, error), {}) from None
        except (httpx.TransportError, httpx.DecodingError) as error:
            final = unreachable(self.target.origin, error, uncertain=method != "GET")
            if method == "POST":
                raise final from None
            raise _TryAgainError(final, {}) from None

    async def _pause(self, seconds: float) -> None:
        """Wait, but no longer than until the run is told to stop."""
        waits = {asyncio.ensure_future(self._sleep(seconds)), asyncio.ensure_future(self._stopped.wait())}
        _, pending = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for each in pending:
            each.cancel()

    def _backoff(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        headers = error.headers if isinstance(error, _TryAgainError) else {}
        seconds = self._limit.backoff(headers, state.attempt_number)
        self._on_wait(seconds)
        return seconds


def _gives_up(state: RetryCallState) -> bool:
    """Return whether to stop trying: sooner where nobody answers, as that is mostly a wrong name."""
    error = state.outcome.exception() if state.outcome else None
    is_silent = isinstance(error, _TryAgainError) and error.final.status is None
    return state.attempt_number >= (MAX_CONNECTION_ATTEMPTS if is_silent else MAX_ATTEMPTS)


def _ssl_context(target: Target) -> ssl.SSLContext:
    context = httpx.create_ssl_context()
    if target.ca_bundle:
        try:
            context.load_verify_locations(target.ca_bundle)
        except (OSError, ssl.SSLError) as error:
            raise unreachable(target.origin, error) from None
    return context


def _json(response: httpx.Response) -> Any:
    try:
        return response.json()
    except ValueError:
        return None


def _decoded(method: str, path: str, response: httpx.Response) -> Any:
    if not response.content:
        return None
    try:
        return response.json()
    except ValueError:
        pass
    if method == "GET" and "json" not in response.headers.get("content-type", ""):
        raise no_tenant(f"{response.url.scheme}://{response.url.netloc.decode()}", response.status_code)
    raise not_usable(method, path, "it is not JSON")

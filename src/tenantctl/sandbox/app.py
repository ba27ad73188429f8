"""The sandbox as an ASGI application: which tenant, which API, and the log of what was answered."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from tenantctl.sandbox import domains
from tenantctl.sandbox.access import bearer_token, granted_scopes, require_scopes
from tenantctl.sandbox.authentication import answer_token_request, answer_userinfo, discovery, key_set
from tenantctl.sandbox.bodies import (
    MAX_SNAPSHOT_BYTES,
    MalformedError,
    media_type,
    parse_form,
    parse_json,
    read_bytes,
    read_json,
)
from tenantctl.sandbox.calls import Answer, Call
from tenantctl.sandbox.control import CONTROL_PATH, Control, answer_control
from tenantctl.sandbox.domains import MANAGEMENT_PATH, domain_of
from tenantctl.sandbox.errors import ApiError, management_error, no_such_route, oauth_error
from tenantctl.sandbox.exchange import Exchange
from tenantctl.sandbox.faults import Faults
from tenantctl.sandbox.interference import Interference
from tenantctl.sandbox.page.visit import Host, Visit, is_page
from tenantctl.sandbox.routes import Route, find_route, make_routes
from tenantctl.sandbox.store import SandboxStore
from tenantctl.sandbox.tenant_state import LoggedRequest

_FORM = "application/x-www-form-urlencoded"


def make_app(
    store: SandboxStore,
    *,
    management_token: str | None = None,
    faults: Faults | None = None,
    page: Host | None = None,
) -> Starlette:
    """Return the sandbox as an ASGI application.

    management_token: a fixed token that the Management API accepts as all-powerful, if there is one.
    faults: those of tenants that were not given any of their own.
    page: answers what people look at (`tenantctl.sandbox.page`), if anybody can.
    """
    app = Starlette()
    # Not a route: Starlette's routes match decoded paths, and not those with a line break in them.
    app.router.default = _Sandbox(store, management_token, faults or Faults(), page)
    return app


class _Sandbox:
    """Answers every request. Nothing is answered with a 5xx, unless that was asked for."""

    def __init__(
        self, store: SandboxStore, management_token: str | None, faults: Faults, page: Host | None
    ) -> None:
        self._store = store
        self._management_token = management_token
        self._interference = Interference(store, faults)
        self._page = page
        self._routes: tuple[Route, ...] = make_routes()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return  # the sandbox has no web sockets; the server closes what is not accepted
        request = Request(scope, receive)
        response = await self._respond(request)
        await response(scope, receive, send)

    async def _respond(self, request: Request) -> Response:
        domain = domain_of(request.headers.get("host", ""))
        if domain is None:
            return _respond_error(management_error(400, "Bad Host header"))
        raw_path = request.scope.get("raw_path") or request.scope["path"].encode()
        path = raw_path.decode("latin-1").partition("?")[0]
        exchange = Exchange(request, self._store.tenant(domain), path)
        if self._page is not None and is_page(request.method, path):
            return await self._page(
                Visit(self._store, exchange, self._interference.in_force(exchange.tenant))
            )
        if path.startswith(CONTROL_PATH):
            return await self._respond_plainly(exchange)
        outcome = await self._interference.respond(exchange, self._respond_plainly)
        query = request.scope["query_string"].decode("latin-1")
        status = outcome.response.status_code
        handled = outcome.handled if outcome.handled != status else None
        exchange.tenant.log(LoggedRequest(request.method, path, query, status, outcome.faults, handled))
        return outcome.response

    async def _respond_plainly(self, exchange: Exchange) -> Response:
        try:
            answer = await self._answer(exchange)
        except ApiError as error:
            return _respond_error(error)
        return _respond_json(answer.status, answer.body)

    async def _answer(self, exchange: Exchange) -> Answer:
        path = exchange.path
        if path.startswith(MANAGEMENT_PATH):
            return await self._answer_management(exchange, path.removeprefix(MANAGEMENT_PATH))
        if path.startswith(CONTROL_PATH):
            raw = await read_bytes(exchange.request, MAX_SNAPSHOT_BYTES)
            control = Control(self._store, exchange.tenant, self._interference, raw)
            return answer_control(control, exchange.request.method, path.removeprefix(CONTROL_PATH))
        return await self._answer_authentication(exchange)

    async def _answer_management(self, exchange: Exchange, path: str) -> Answer:
        request, tenant = exchange.request, exchange.tenant
        route, names = find_route(self._routes, exchange.verb, path)
        token = bearer_token(exchange.authorization)
        scopes = granted_scopes(tenant, token, management_token=self._management_token)
        require_scopes(scopes, route.endpoint.scopes, every=route.endpoint.every_scope)
        body = await read_json(request) if route.takes_body else None
        query = _query(request)
        with self._store.transaction():
            return route.handler(Call(tenant, scopes, names, query, body))

    async def _answer_authentication(self, exchange: Exchange) -> Answer:
        request, tenant = exchange.request, exchange.tenant
        match exchange.verb, exchange.path:
            case "POST", domains.TOKEN_PATH:
                fields = await _token_fields(request)
                # No transaction: an assertion stays used although what follows refuses the token.
                token = answer_token_request(
                    tenant, issuer=exchange.issuer, fields=fields, authorization=exchange.authorization
                )
                return Answer(200, token)
            case "GET" | "POST", "/userinfo":
                return Answer(200, answer_userinfo(tenant, exchange.authorization))
            case "GET", "/.well-known/openid-configuration":
                return Answer(200, discovery(exchange.issuer))
            case "GET", "/.well-known/jwks.json":
                return Answer(200, key_set(tenant, stale=self._interference.in_force(tenant).stale_jwks))
            case _:
                raise no_such_route()


def _query(request: Request) -> dict[str, list[str]]:
    text = request.scope["query_string"].decode("latin-1")
    try:
        return parse_qs(text, keep_blank_values=True, max_num_fields=1000)
    except ValueError as error:
        raise management_error(400, "Bad query string") from error


async def _token_fields(request: Request) -> dict[str, Any]:
    """Return the parameters of a token request, from a form or from JSON as Auth0 takes it, too."""
    raw = await read_bytes(request)
    try:
        if media_type(request) == "application/json":
            parsed = parse_json(raw)
            if isinstance(parsed, dict):
                return parsed
        elif media_type(request) in {_FORM, ""}:
            return dict(parse_form(raw))
    except MalformedError as error:
        raise oauth_error(400, "invalid_request", "Malformed request body") from error
    raise oauth_error(400, "invalid_request", "Expected a form or a JSON object")


def _respond_json(status: int, body: Any) -> Response:
    return Response(status_code=status) if body is None else JSONResponse(body, status)


def _respond_error(error: ApiError) -> Response:
    return JSONResponse(error.body, error.status, error.headers)

"""Serving the sandbox over HTTP and HTTPS, on this machine only."""

from __future__ import annotations

import asyncio
import errno
import signal
import socket
import ssl
import struct
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import trustme
import uvicorn
from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from tenantctl.loopback import is_loopback
from tenantctl.problems import Problem, ProblemsError
from tenantctl.sandbox.app import make_app
from tenantctl.sandbox.broken import RESET_EXTENSION
from tenantctl.sandbox.faults import Faults
from tenantctl.sandbox.page.answers import answer_page
from tenantctl.sandbox.store import SandboxStore

_KEEP_ALIVE_SECONDS = 75
_GRACE_SECONDS = 1
_BACKLOG = 128
_SIGNALS = (signal.SIGTERM, signal.SIGINT)
_CERTIFIED = ("localhost", "127.0.0.1", "::1", "sandbox.localhost", "*.sandbox.localhost")


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the sandbox listens.

    port, tls_port: 0 lets the system choose; without a `tls_port` there is no HTTPS.
    ca_out: where the certificate of the authority that vouches for HTTPS is written.
    """

    host: str = "127.0.0.1"
    port: int = 8080
    tls_port: int | None = None
    ca_out: Path | None = None


def serve(
    store: SandboxStore,
    addresses: Addresses,
    *,
    management_token: str | None = None,
    faults: Faults | None = None,
    ready: Callable[[str], None],
) -> None:
    """Serve the sandbox until SIGTERM or SIGINT, then stop cleanly. Call it from the main thread.

    faults: what goes wrong on purpose, for tenants that were not given any faults of their own.
    ready: called once with one line that names the URLs, when requests are answered.

    Raises:
        ProblemsError: `sandbox-host` if the host is not of this machine alone, `sandbox-port` if a port can't
            be had, `sandbox-ca-out` if the certificate can't be written.
    """
    app = make_app(store, management_token=management_token, faults=faults, page=answer_page)
    with ExitStack() as stack:
        plain = stack.enter_context(_listen(addresses.host, addresses.port))
        listeners = [(plain, _make_server(app, None))]
        urls = [_url("http", addresses.host, plain)]
        if addresses.tls_port is not None:
            secured = stack.enter_context(_listen(addresses.host, addresses.tls_port))
            listeners.append((secured, _make_server(app, _make_tls(addresses))))
            urls.append(_url("https", addresses.host, secured))
        asyncio.run(_run(listeners, lambda: ready(f"Sandbox ready at {' and '.join(urls)}")))


def _url(scheme: str, host: str, listener: socket.socket) -> str:
    port = listener.getsockname()[1]
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"


@contextmanager
def _listen(host: str, port: int) -> Iterator[socket.socket]:
    """Bind a port of a loopback host and listen on it, so that a client that is early waits."""
    if not is_loopback(host):
        problem = Problem(
            code="sandbox-host",
            summary=f"The sandbox listens on this machine only, not on {host}.",
            detail="It hands out tokens and secrets to whoever asks.",
            hint="Use 127.0.0.1, ::1 or localhost.",
        )
        raise ProblemsError([problem])
    # *.localhost is loopback by definition (RFC 6761, 6.3), known to the resolver or not.
    name = "127.0.0.1" if host.endswith("localhost") else host
    family = socket.AF_INET6 if ":" in name else socket.AF_INET
    # The protocol by its number: asyncio turns Nagle's algorithm off for these only, and every answer of
    # more than one packet would wait 40 ms.
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((name, port))
            listener.listen(_BACKLOG)
        except (OSError, OverflowError) as error:
            raise ProblemsError([_port_problem(host, port, error)]) from error
        yield listener


def _port_problem(host: str, port: int, error: Exception) -> Problem:
    in_use = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
    return Problem(
        code="sandbox-port",
        summary=f"Port {port} of {host} is in use." if in_use else f"Port {port} of {host} can't be had.",
        detail="" if in_use else str(error),
        hint="Choose another with --port or --tls-port; 0 lets the system choose.",
    )


def _make_server(app: Starlette, tls: ssl.SSLContext | None) -> _Server:
    config = uvicorn.Config(
        app,
        http=_Protocol,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    config.load()
    config.ssl = tls
    return _Server(config)


def _make_tls(addresses: Addresses) -> ssl.SSLContext:
    """Return a context with a certificate of a fresh authority, whose own certificate goes to `ca_out`."""
    authority = trustme.CA(organization_name="tenantctl sandbox")
    names = dict.fromkeys([*_CERTIFIED, addresses.host])
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names).configure_cert(context)
    if addresses.ca_out is not None:
        try:
            _write_whole(addresses.ca_out, authority.cert_pem.bytes())
        except OSError as error:
            problem = Problem(
                code="sandbox-ca-out",
                summary=f"The authority's certificate can't be written to {addresses.ca_out}.",
                detail=str(error),
            )
            raise ProblemsError([problem]) from error
    return context


def _write_whole(path: Path, content: bytes) -> None:
    """Write a file in one step: a client that waits for it never reads half of it."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as temporary:
        temporary.write(content)
    Path(temporary.name).chmod(0o644)
    Path(temporary.name).replace(path)


class _Protocol(H11Protocol):
    """HTTP/1.1 over connections that the application can reset."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        self.app = _resettable(self.app, transport)


def _resettable(app: Any, transport: asyncio.Transport) -> ASGIApp:
    def reset() -> None:
        connection: socket.socket = transport.get_extra_info("socket")
        # Without lingering, closing sends RST in place of FIN (RFC 9293, 3.10.4).
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()

    async def offer(scope: Scope, receive: Receive, send: Send) -> None:
        extended = {**scope, "extensions": {**scope.get("extensions", {}), RESET_EXTENSION: reset}}
        await app(extended, receive, send)

    return offer


class _Server(uvicorn.Server):
    """A server that leaves the signals to `_run`, as there may be two of them."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def _run(listeners: list[tuple[socket.socket, _Server]], ready: Callable[[], None]) -> None:
    """Run one server per listener until a signal stops them all."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in _SIGNALS:
        loop.add_signal_handler(number, stopped.set)
    running = [asyncio.create_task(server.serve(sockets=[listener])) for listener, server in listeners]
    try:
        # The sockets listen already: whoever connects from here on is answered.
        ready()
        asked = asyncio.create_task(stopped.wait())
        await asyncio.wait([asked, *running], return_when=asyncio.FIRST_COMPLETED)
        asked.cancel()
    finally:
        for _, server in listeners:
            server.should_exit = True
        await asyncio.gather(*running)
        for number in _SIGNALS:
            loop.remove_signal_handler(number)

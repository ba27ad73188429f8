"""An ASGI application served over HTTP on this machine, for tests that need a real connection."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

_PATIENCE_SECONDS = 10.0


@contextmanager
def serve(app: Callable[..., Any]) -> Iterator[str]:
    """Serve `app` on a free port of 127.0.0.1 in a thread; yield its origin."""
    # The protocol by its number: asyncio turns Nagle's algorithm off for these only.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        server = uvicorn.Server(
            uvicorn.Config(
                app,
                http="h11",
                ws="none",
                lifespan="off",
                log_config=None,
                log_level="critical",
                access_log=False,
            )
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        _wait_for(server)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(_PATIENCE_SECONDS)


def _wait_for(server: uvicorn.Server) -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    while not server.started:
        assert time.monotonic() < until, "the server did not start"
        time.sleep(0.005)


def refused_origin() -> str:
    """Return an origin on this machine where nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}"

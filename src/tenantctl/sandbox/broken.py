"""Answers that do not arrive, or not whole."""

from __future__ import annotations

import asyncio

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

RESET_EXTENSION = "tenantctl.reset"
"""Name of the ASGI extension by which a server lets an application reset the connection: a function."""


class NoAnswer(Response):
    """The connection is reset without an answer."""

    def __init__(self) -> None:
        super().__init__()
        self.status_code = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  # as ASGI has it
        """Reset the connection.

        Raises:
            ConnectionResetError: there is no connection, as the application was called in process.
        """
        reset = scope.get("extensions", {}).get(RESET_EXTENSION)
        if reset is None:
            raise ConnectionResetError("Reset on purpose")
        reset()
        await _until_gone(receive)  # or the server answers for the application


class LostAnswer(NoAnswer):
    """Nothing is answered, and the connection stays until the client gives it up."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  # as ASGI has it
        """Wait until the client is gone.

        Raises:
            TimeoutError: there is no connection, as the application was called in process.
        """
        if RESET_EXTENSION not in scope.get("extensions", {}):
            raise TimeoutError("Hanging on purpose")
        await _until_gone(receive)


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


class HalfAnswer(NoAnswer):
    """The connection is reset in the middle of the body."""

    def __init__(self, whole: Response) -> None:
        super().__init__()
        self._whole = whole
        self.status_code = whole.status_code

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the headers, half of the body that they announce, and reset the connection."""
        whole = self._whole
        await send({"type": "http.response.start", "status": whole.status_code, "headers": whole.raw_headers})
        await send({"type": "http.response.body", "body": _half(whole.body), "more_body": True})
        await asyncio.sleep(_SENT_SECONDS)
        await super().__call__(scope, receive, send)


_SENT_SECONDS = 0.05
"""A reset drops what was not sent yet; after this much time the client has it."""


def truncated(whole: Response) -> Response:
    """Return an answer with half of the body, which its headers say is all of it."""
    return Response(_half(whole.body), whole.status_code, media_type=whole.media_type)


def _half(body: bytes | memoryview) -> bytes:
    return bytes(body[: len(body) // 2])

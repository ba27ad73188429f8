"""A tenant that answers what a test tells it to, over HTTP, and time that passes only when someone waits."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from tenantctl.tenant.client import TenantClient
from tenantctl.tenant.settings import Credentials, Target

NOW = 1_800_000_000.0
TOKEN = "canary-access-token"


@dataclass(frozen=True)
class Seen:
    """A request that came; `path` is percent-encoded."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = b""

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def answer(status: int = 200, body: Any = None, **headers: str) -> Response:
    """Return a JSON answer; ``x_ratelimit_reset`` is the header ``x-ratelimit-reset``."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return JSONResponse({} if body is None else body, status, named)


class Cut(Response):
    """An answer that ends before it is complete: the connection is lost."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-type", b"application/json"), (b"content-length", b"1000")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b'{"clients": [', "more_body": False})


Handler = Callable[[Seen], Response]


class ScriptedTenant:
    """Answers with the next of the told answers; when none is left, by `handle`."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self.seen: list[Seen] = []
        self.told: deque[Response] = deque()
        self.handle: Handler = lambda _: answer()

    def tell(self, *answers: Response) -> None:
        self.told.extend(answers)

    def paths(self, prefix: str = "/api/v2") -> list[str]:
        """Return method and path of each request below `prefix`."""
        return [
            f"{seen.method} {seen.path.removeprefix(prefix)}"
            for seen in self.seen
            if seen.path.startswith(prefix)
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert scope["type"] == "http"
        request = Request(scope, receive)
        seen = Seen(
            request.method,
            scope["raw_path"].decode(),
            dict(request.query_params),
            dict(request.headers),
            await request.body(),
        )
        self.seen.append(seen)
        response = self.told.popleft() if self.told else self.handle(seen)
        await response(scope, receive, send)


@dataclass
class Served:
    """The scripted tenant and where it listens."""

    tenant: ScriptedTenant
    origin: str

    def tell(self, *answers: Response) -> None:
        self.tenant.tell(*answers)


class FakeTime:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = NOW
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def make_target(origin: str, **credentials: Any) -> Target:
    return Target(origin=origin, credentials=Credentials(**(credentials or {"access_token": TOKEN})))


def make_client(origin: str, time: FakeTime, **credentials: Any) -> TenantClient:
    return TenantClient(make_target(origin, **credentials), sleep=time.sleep, clock=time.clock)

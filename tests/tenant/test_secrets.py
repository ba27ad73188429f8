"""No representation of anything that holds a secret shows it."""

from __future__ import annotations

import asyncio
import traceback
from pathlib import Path
from typing import Any

import pytest
from starlette.responses import Response

from tenantctl.problems import ProblemsError
from tenantctl.states import Current
from tenantctl.tenant.client import TenantClient
from tests.tenant.scripted import Cut, FakeTime, Served, answer, make_client, make_target

CREDENTIALS = {"access_token": "canary-token", "client_id": "me", "client_secret": "canary-secret"}


@pytest.mark.parametrize("show", [repr, str], ids=["repr", "str"])
def test_what_holds_credentials(show: Any) -> None:
    target = make_target("https://t.example", **CREDENTIALS)
    client = TenantClient(target, app=lambda *_: None)
    held = [target, target.credentials, client, client.tokens, client.http, client.__dict__]
    try:
        assert [each for each in held if "canary" in show(each)] == []
    finally:
        asyncio.run(client.http.aclose())


def test_what_was_read() -> None:
    assert "canary" not in repr(Current("t.example", {"clients": ({"client_secret": "canary"},)}))


FAILURES = {
    "refused": lambda: answer(401, {"message": "no"}),
    "server error": lambda: answer(500),
    "lost": Cut,
    "broken": lambda: Response("{canary", media_type="application/json"),
}


@pytest.mark.parametrize("fail", FAILURES.values(), ids=FAILURES.keys())
def test_what_is_raised(served: Served, time: FakeTime, fail: Any) -> None:
    """Neither the error nor anything that a traceback prints tells the token, the secret or the body."""
    served.tenant.handle = lambda seen: (
        answer(200, {"access_token": "canary-fetched"}) if seen.path == "/oauth/token" else fail()
    )

    async def go() -> None:
        async with make_client(served.origin, time, client_id="me", client_secret="canary-secret") as client:
            await client.request("PATCH", "/clients/1", body={"client_secret": "canary-body"})

    with pytest.raises(ProblemsError) as caught:
        asyncio.run(go())
    error = caught.value
    told = [
        repr(error),
        str(error),
        repr(error.problems),
        repr(vars(error)),
        *traceback.format_exception(error),
    ]
    # The lines of code aside, of course.
    shown = "\n".join(line for text in told for line in text.splitlines() if "body={" not in line)
    assert "canary" not in shown
    assert "canary" in served.tenant.seen[-1].headers["authorization"]


def test_a_key_file_is_named_and_not_read_out(served: Served, time: FakeTime, tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    file.write_text("-----BEGIN PRIVATE KEY-----\ncanary\n-----END PRIVATE KEY-----\n")

    async def go() -> None:
        async with make_client(served.origin, time, client_id="me", signing_key_path=file) as client:
            await client.request("GET", "/x")

    with pytest.raises(ProblemsError) as caught:
        asyncio.run(go())
    assert "canary" not in "".join(traceback.format_exception(caught.value))

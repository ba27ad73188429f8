"""A tenant that cannot be used: one clear problem, exit 1, no traceback."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import httpx
import pytest

from .program import Program, Result
from .served import Served
from .test_bad_file import only_problem

TOKEN = {"AUTH0_ACCESS_TOKEN": "eyJ.canary.token"}


def token_of(run: Program, served: Served, *options: str) -> dict[str, str]:
    token = run("sandbox", "token", "--state", str(served.state), *options).out.strip()
    return {"AUTH0_ACCESS_TOKEN": token}


def check(result: Result, code: str, *words: str) -> None:
    problem = only_problem(result)
    assert f"[{code}]" in problem
    assert "    hint: " in problem
    for word in words:
        assert word in problem


SETTINGS: list[tuple[str, Mapping[str, str], str, str]] = [
    ("plan", {}, "no-tenant", "--sandbox"),
    ("plan", {"AUTH0_DOMAIN": "team.eu.auth0.com"}, "missing-credentials", "AUTH0_CLIENT_SECRET"),
    (
        "plan",
        {"AUTH0_DOMAIN": "team.eu.auth0.com", "AUTH0_CLIENT_ID": "abc"},
        "missing-credentials",
        "AUTH0_CLIENT_SECRET",
    ),
    ("plan --domain team.eu.auth0.com", {}, "missing-credentials", "AUTH0_ACCESS_TOKEN"),
    ("plan --domain http://team.eu.auth0.com", TOKEN, "insecure-domain", "https"),
    ("plan --domain team/x", TOKEN, "bad-domain", "tenant.eu.auth0.com"),
    ("plan", {"TENANTCTL_SANDBX": "1"}, "unknown-environment-name", "Did you mean 'TENANTCTL_SANDBOX'?"),
    ("plan", {"TENANTCTL_PROFILE": "1"}, "unknown-environment-name", "TENANTCTL_SANDBOX"),
]


@pytest.mark.parametrize(("line", "env", "code", "hint"), SETTINGS)
def test_settings(
    line: str, env: Mapping[str, str], code: str, hint: str, starter: Path, run: Program
) -> None:
    check(run(*line.split(), env=env), code, hint)


def test_a_config_that_cannot_be_read(starter: Path, run: Program) -> None:
    assert "[file-not-found]" in only_problem(run("plan", "--config", "nothing.json"))


@pytest.fixture
def closed_port() -> Iterator[str]:
    """The URL of a port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.mark.parametrize("command", ["plan", "drift", "apply --yes", "verify"])
def test_unreachable(command: str, closed_port: str, starter: Path, run: Program) -> None:
    result = run(*command.split(), "--domain", closed_port, env=TOKEN)
    check(result, "unreachable", closed_port, "Check the domain")


class _Website(BaseHTTPRequestHandler):
    """Answers every request with a page, as a web site that is no Auth0 tenant."""

    def do_GET(self) -> None:  # http.server's name
        body = b"<!doctype html><title>Welcome</title>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:  # as above
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def website() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), _Website) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    "env", [TOKEN, {"AUTH0_CLIENT_ID": "abc", "AUTH0_CLIENT_SECRET": "canary"}], ids=["token", "login"]
)
def test_a_domain_that_is_no_tenant(
    env: Mapping[str, str], website: str, starter: Path, run: Program
) -> None:
    # One section, as each section that is read tells the problem anew.
    Path("tenant.yaml").write_text("tenant:\n  friendly_name: A\n", encoding="utf-8")
    result = run("plan", "--domain", website, env=env)
    problem = only_problem(result)
    assert "Auth0" in problem
    assert "<!doctype" not in problem


@pytest.mark.parametrize("options", [("--lifetime", "-10"), ("--lifetime", "0")])
def test_an_expired_token(options: tuple[str, ...], served: Served, starter: Path, run: Program) -> None:
    env = token_of(run, served, *options)
    check(run("plan", "--domain", served.url, env=env), "unauthorized", "expired", "AUTH0_CLIENT_ID")


def test_a_token_without_scope_to_read(served: Served, starter: Path, run: Program) -> None:
    env = token_of(run, served, "--scope", "read:clients", "--scope", "read:client_grants")
    result = run("plan", "--domain", served.url, env=env)
    check(result, "insufficient-scope", "read:resource_servers", "Auth0 Management API")


def test_a_token_without_scope_to_write(served: Served, starter: Path, run: Program) -> None:
    httpx.post(f"{served.url}/__sandbox__/reset")
    scopes = ("read:resource_servers", "read:clients", "read:client_grants", "create:clients")
    env = token_of(run, served, *(word for scope in scopes for word in ("--scope", scope)))
    result = run("apply", "--yes", "--domain", served.url, env=env)
    assert result.code == 1
    assert "✗ failed  create   resourceServers/https://aaa-api" in result.err
    assert "create:resource_servers" in result.err
    assert "✓ applied create   clients/AAA M2M" in result.err
    assert "○ skipped create   clientGrants/AAA M2M:https://aaa-api" in result.err
    assert "Not all was applied" in result.out
    assert Path(".env.local").stat().st_mode & 0o777 == 0o600

    assert run("apply", "--yes", "--domain", served.url, env=token_of(run, served)).code == 0


def test_wrong_credentials_of_the_tool(served: Served, starter: Path, run: Program) -> None:
    env = {"AUTH0_CLIENT_ID": "nobody", "AUTH0_CLIENT_SECRET": "canary-secret"}
    check(run("plan", "--domain", served.url, env=env), "login-failed", "AUTH0_CLIENT_ID")


def test_a_certificate_of_an_unknown_authority(served: Served, starter: Path, run: Program) -> None:
    env = token_of(run, served)
    result = run("plan", "--domain", served.secure_domain, env=env)
    check(result, "unreachable", "certificate", "AUTH0_CA_BUNDLE")
    mended = run("plan", "--domain", served.secure_domain, env={**env, "AUTH0_CA_BUNDLE": str(served.ca)})
    assert mended.code == 0


@pytest.mark.parametrize("content", [None, "not a certificate\n"])
def test_a_bundle_that_cannot_be_used(
    content: str | None, served: Served, starter: Path, run: Program
) -> None:
    if content:
        Path("ca.pem").write_text(content, encoding="utf-8")
    env = {**TOKEN, "AUTH0_CA_BUNDLE": "ca.pem"}
    only_problem(run("plan", "--domain", served.secure_domain, env=env))


@pytest.mark.parametrize("port", ["99999", "taken"])
def test_a_port_that_cannot_be_had(port: str, served: Served, run: Program) -> None:
    number = served.url.rpartition(":")[2] if port == "taken" else port
    check(run("sandbox", "serve", "--port", number), "sandbox-port", "--port")


def test_a_host_that_others_can_reach(run: Program) -> None:
    check(run("sandbox", "serve", "--host", "0.0.0.0"), "sandbox-host", "127.0.0.1")  # noqa: S104  # refused

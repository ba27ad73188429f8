"""What holds for every test: no network but loopback, no environment of the developer's, none left behind."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

settings.register_profile("default", max_examples=40, deadline=None)
settings.register_profile("ci", max_examples=40, deadline=None, derandomize=True)
IN_CI = os.environ.get("CI", "").lower() == "true"
settings.load_profile("ci" if IN_CI else "default")

TEST_PREFIX = "TENANTCTL_TEST_"
_FOREIGN_PREFIXES = ("AUTH0_", "TENANTCTL_")
# What would send the tests' requests elsewhere, or change what they print.
_FOREIGN_NAMES = frozenset(
    {"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR", "NO_COLOR", "FORCE_COLOR"}
)
_SET_BY_PYTEST = "PYTEST_CURRENT_TEST"
_NOWHERE = ("invalid", "example", "test")  # RFC 6761: names that lead nowhere, whoever resolves them


class OutsideWorldError(BaseException):
    """A test wanted to leave this machine; no Exception, so that nothing takes it for a lost connection."""


def _is_foreign(name: str) -> bool:
    by_prefix = name.startswith(_FOREIGN_PREFIXES) and not name.startswith(TEST_PREFIX)
    return by_prefix or name.upper() in _FOREIGN_NAMES


def _snapshot() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != _SET_BY_PYTEST}


def _restore(before: dict[str, str]) -> None:
    for name in set(_snapshot()) - set(before):
        del os.environ[name]
    os.environ.update(before)


@pytest.fixture(autouse=True)
def _environment(request: pytest.FixtureRequest) -> Iterator[None]:
    """Hide the developer's settings from the test, and fail a test that leaves a change behind."""
    before = _snapshot()
    if request.node.get_closest_marker("live") is None:
        for name in filter(_is_foreign, before):
            del os.environ[name]
    inside, folder = _snapshot(), Path.cwd()
    yield
    left, stayed = _snapshot(), Path.cwd()
    os.chdir(folder)
    _restore(before)
    changed = sorted(name for name in left.keys() | inside if left.get(name) != inside.get(name))
    assert not changed, f"the test left a changed environment behind: {', '.join(changed)}"
    assert stayed == folder, f"the test left another current folder behind: {stayed}"


def _is_loopback(host: str) -> bool:
    if host in {"", "localhost"} or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _check(address: Any) -> None:
    """Refuse an internet address that is not loopback; a path names a socket of this machine."""
    if isinstance(address, tuple) and not _is_loopback(str(address[0])):
        raise OutsideWorldError(f"a test wants to connect to {address[0]}")


@pytest.fixture(autouse=True)
def _no_network(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let no test reach, or look up, a host that is not this machine."""
    if request.node.get_closest_marker("live") is not None:
        yield
        return
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
        patch.setattr(socket, "getaddrinfo", _guarded_lookup(socket.getaddrinfo))
        yield


def _guarded(original: Callable[..., Any]) -> Callable[..., Any]:
    def connect(self: socket.socket, address: Any) -> Any:
        _check(address)
        return original(self, address)

    return connect


def _guarded_lookup(original: Callable[..., Any]) -> Callable[..., Any]:
    def getaddrinfo(host: Any, *rest: Any, **named: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host or ""
        if name.rpartition(".")[2] in _NOWHERE:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        if not _is_loopback(name):
            raise OutsideWorldError(f"a test wants to look up {name}")
        return original(host, *rest, **named)

    return getaddrinfo


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that is the current one during the test."""
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with the design, the recorded traffic and the API facts: TENANTCTL_TEST_SHARED names it."""
    folder, state = _named_folder("SHARED")
    if folder:
        return folder
    reason = f"the shared data is not there: {state}"
    if IN_CI:
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def deploy_cli() -> Path:
    """A checkout of auth0-deploy-cli, with examples/ and test/: TENANTCTL_TEST_DEPLOY_CLI names it."""
    folder, state = _named_folder("DEPLOY_CLI")
    if folder:
        return folder
    pytest.skip(f"the examples of auth0-deploy-cli are not there: {state}")


def _named_folder(name: str) -> tuple[Path | None, str]:
    """Return the folder that a setting of the tests names, or None and what is wrong with the setting."""
    named = os.environ.get(TEST_PREFIX + name, "")
    folder = Path(named)
    if named and folder.is_dir():
        return folder, ""
    return None, f"{TEST_PREFIX}{name} is {f'{named!r}, which is no folder' if named else 'unset'}"

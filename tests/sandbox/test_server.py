"""The sandbox as a process: ports, HTTPS, signals, and a state file that survives being killed."""

from __future__ import annotations

import signal
import socket
import ssl
from pathlib import Path

import httpx
import pytest

from tenantctl.problems import ProblemsError
from tenantctl.sandbox import SandboxStore
from tenantctl.sandbox.server import Addresses, serve

from .serve_program import TOKEN, served

AUTHORIZED = {"Authorization": f"Bearer {TOKEN}"}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_http_and_https_until_a_signal(tmp_path: Path, number: signal.Signals) -> None:
    ca = tmp_path / "ca.pem"
    with served(str(ca)) as (process, urls):
        plain, secured = urls
        with httpx.Client(verify=ssl.create_default_context(cafile=str(ca))) as client:
            assert client.get(f"{plain}/api/v2/clients", headers=AUTHORIZED).status_code == 200
            published = client.get(f"{secured.replace('127.0.0.1', 'localhost')}/.well-known/jwks.json")
            assert published.status_code == 200
            process.send_signal(number)
            assert process.wait(timeout=10) == 0


def test_what_was_answered_survives_a_kill(tmp_path: Path) -> None:
    state = str(tmp_path / "state.db")
    with served("", state) as (process, (url,)), httpx.Client(base_url=url, headers=AUTHORIZED) as client:
        made = [client.post("/api/v2/roles", json={"name": f"r{number}"}).json() for number in range(20)]
        keys = client.get("/.well-known/jwks.json").json()
        process.kill()
        process.wait(timeout=10)
    with served("", state) as (_, (url,)), httpx.Client(base_url=url, headers=AUTHORIZED) as client:
        assert client.get("/api/v2/roles").json() == made
        assert client.get("/.well-known/jwks.json").json() == keys
        assert client.get("/__sandbox__/requests").json()["count"] == 23


def test_a_state_file_is_opened_again(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    with SandboxStore(path) as store:
        store.tenant().insert("roles", {"id": "rol_1", "name": "kept"})
        credentials = store.tenant().tool_credentials()
        assert {found.stat().st_mode & 0o777 for found in tmp_path.iterdir()} == {0o600}
    with SandboxStore(path) as store:
        assert store.tenant().get("roles", "rol_1") == {"id": "rol_1", "name": "kept"}
        assert store.tenant().tool_credentials() == credentials


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ProblemsError):
        SandboxStore(tmp_path / "nowhere" / "state.db")


def test_a_file_that_is_no_state(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    path.write_text("not a database, and long enough to be seen as none" * 100, encoding="utf-8")

    with pytest.raises(ProblemsError) as raised:
        SandboxStore(path)

    assert raised.value.problems[0].code == "sandbox-state"


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "example.com"])  # noqa: S104 - it must be refused
def test_only_this_machine(store: SandboxStore, host: str) -> None:
    with pytest.raises(ProblemsError) as raised:
        serve(store, Addresses(host=host, port=0), ready=lambda _: None)

    assert raised.value.problems[0].code == "sandbox-host"


def test_a_port_in_use(store: SandboxStore) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(ProblemsError) as raised:
            serve(store, Addresses(port=taken.getsockname()[1]), ready=lambda _: None)

    assert raised.value.problems[0].code == "sandbox-port"
    assert "in use" in raised.value.problems[0].summary

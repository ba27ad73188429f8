"""The sandbox as a process: ports, HTTPS, signals, and a state file that survives being killed."""

from __future__ import annotations

import secrets
import signal
import socket
import sqlite3
import ssl
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path

import httpx
import pytest

from tenantctl.problems import ProblemsError
from tenantctl.sandbox import SandboxStore
from tenantctl.sandbox.server import Addresses, serve
from tenantctl.sandbox.tenant_state import LoggedRequest

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
        bodies = [{"name": f"r{number}", "description": "kept"} for number in range(20)]
        made = [client.post("/api/v2/roles", json=body).json() for body in bodies]
        keys = client.get("/.well-known/jwks.json").json()
        process.kill()
        process.wait(timeout=10)
    with served("", state) as (_, (url,)), httpx.Client(base_url=url, headers=AUTHORIZED) as client:
        assert client.get("/api/v2/roles").json() == made
        assert client.get("/.well-known/jwks.json").json() == keys
        assert client.get("/__sandbox__/requests").json()["count"] == 23


def test_a_kill_in_the_middle_of_writes_loses_no_answer(tmp_path: Path) -> None:
    state = tmp_path / "state.db"
    answered: list[str] = []

    def write(url: str) -> None:
        with httpx.Client(base_url=url, headers=AUTHORIZED) as client, suppress(httpx.TransportError):
            while True:
                name = secrets.token_hex(8)
                if client.post("/api/v2/roles", json={"name": name}).is_success:
                    answered.append(name)

    with served("", str(state)) as (process, (url,)), ThreadPoolExecutor(4) as pool:
        for _ in range(4):
            pool.submit(write, url)
        while len(answered) < 30:
            time.sleep(0.01)
        process.kill()
    with served("", str(state)) as (_, (url,)), httpx.Client(base_url=url, headers=AUTHORIZED) as client:
        roles: list[dict[str, str]] = []
        while (page := client.get(f"/api/v2/roles?per_page=100&page={len(roles) // 100}").json()) != []:
            roles += page
        assert set(answered) <= {role["name"] for role in roles}
        made = client.post("/api/v2/roles", json={"name": "after"}).json()
        assert client.delete(f"/api/v2/roles/{made['id']}").status_code == 200
    with closing(sqlite3.connect(state)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_one_server_has_tenants_by_their_hosts(tmp_path: Path) -> None:
    state = str(tmp_path / "state.db")
    first, second = ({**AUTHORIZED, "Host": host} for host in ("a.example", "b.example:8443"))
    with served("", state) as (process, (url,)), httpx.Client(base_url=url) as client:
        client.post("/api/v2/roles", json={"name": "of a"}, headers=first)
        client.put("/__sandbox__/faults", json={"faults": ["503:GET /roles"]}, headers=second)
        keys = [client.get("/.well-known/jwks.json", headers=each).json() for each in (first, second)]
        process.kill()
        process.wait(timeout=10)
    assert keys[0] != keys[1]
    with served("", state) as (_, (url,)), httpx.Client(base_url=url) as client:
        assert [role["name"] for role in client.get("/api/v2/roles", headers=first).json()] == ["of a"]
        assert client.get("/api/v2/roles", headers=second).status_code == 503
        assert client.get("/api/v2/roles", headers=AUTHORIZED).json() == []
        assert client.post("/__sandbox__/reset", headers=second).status_code == 204
        assert client.get("/api/v2/roles", headers=second).json() == []
        assert len(client.get("/api/v2/roles", headers=first).json()) == 1
        assert [client.get("/.well-known/jwks.json", headers=each).json() for each in (first, second)] == keys


def test_one_connection_serves_many_requests(tmp_path: Path) -> None:
    with served("") as (_, (url,)), httpx.Client(base_url=url, headers=AUTHORIZED) as client:
        ports = {
            client.get("/api/v2/roles").extensions["network_stream"].get_extra_info("client_addr")
            for _ in range(50)
        }
    assert len(ports) == 1


def test_a_state_file_of_an_older_release_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    with SandboxStore(path) as store:
        store.tenant().insert("roles", {"id": "rol_1", "name": "kept"})
    with closing(sqlite3.connect(path)) as database:
        database.execute("ALTER TABLE requests DROP COLUMN trouble")
        database.execute("DROP TABLE assertions")
        database.commit()

    with SandboxStore(path) as store:
        tenant = store.tenant()
        tenant.log(LoggedRequest("GET", "/", "", 503, ["503"]))
        assert tenant.requests() == [LoggedRequest("GET", "/", "", 503, ["503"])]
        assert tenant.note_assertion("c", "jti", 9e9)
        assert tenant.get("roles", "rol_1")


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

"""What goes wrong on purpose, and what the log tells of it."""

from __future__ import annotations

import json
import time
from typing import Any

import httpx
import pytest

from tenantctl.sandbox import SandboxStore, make_app
from tenantctl.sandbox.faults import make_faults

from .conftest import MANAGEMENT_TOKEN, Api, make_client

AUTHORIZED = {"Authorization": f"Bearer {MANAGEMENT_TOKEN}"}


def put(http: httpx.Client, *faults: str, **others: Any) -> None:
    answer = http.put("/__sandbox__/faults", json={"faults": list(faults), **others})
    assert answer.status_code == 200, answer.text
    http.delete("/__sandbox__/requests")


def send(http: httpx.Client, method: str, path: str, body: Any = None) -> httpx.Response:
    return http.request(method, f"/api/v2{path}", json=body, headers=AUTHORIZED)


def logged(http: httpx.Client) -> list[dict[str, Any]]:
    requests: list[dict[str, Any]] = http.get("/__sandbox__/requests").json()["requests"]
    return requests


def names(http: httpx.Client) -> list[str]:
    return [role["name"] for role in send(http, "GET", "/roles").json()]


def test_a_status_before_and_after_the_write(http: httpx.Client) -> None:
    put(http, "503:POST:nth=1", "500-after:POST:nth=2")

    before = send(http, "POST", "/roles", {"name": "a"})
    after = send(http, "POST", "/roles", {"name": "b"})

    assert before.status_code == 503
    assert before.json() == {"statusCode": 503, "error": "Service Unavailable", "message": "Internal error"}
    assert after.status_code == 500
    assert names(http) == ["b"]
    assert logged(http)[:2] == [
        {"method": "POST", "path": "/api/v2/roles", "query": "", "status": 503, "faults": ["503:POST:nth=1"]},
        {
            "method": "POST",
            "path": "/api/v2/roles",
            "query": "",
            "status": 500,
            "faults": ["500-after:POST:nth=2"],
            "handled": 200,
        },
    ]


def test_only_what_matches_is_struck_and_counted(http: httpx.Client) -> None:
    put(http, "503:GET /roles/*:nth=2")

    paths = ["/roles/x", "/roles", "/clients", "/roles/y", "/roles/z"]

    assert [send(http, "GET", path).status_code for path in paths] == [404, 200, 200, 503, 404]


@pytest.mark.parametrize("spec", ["503:nth=2-3", "503:/roles:nth=2-3", "503:GET:nth=2-3"])
def test_a_range(http: httpx.Client, spec: str) -> None:
    put(http, spec)

    assert [send(http, "GET", "/roles").status_code for _ in range(5)] == [200, 503, 503, 200, 200]


def test_a_run_is_repeated_by_its_seed(http: httpx.Client) -> None:
    def run(seed: int) -> list[int]:
        put(http, "503:rate=0.5", "latency=0ms:rate=0.5", seed=seed)
        return [send(http, "GET", "/roles").status_code for _ in range(40)]

    first = run(1)

    assert 5 < first.count(503) < 35
    assert run(1) == first
    assert run(2) != first


def test_one_fault_does_not_move_the_draws_of_another(http: httpx.Client) -> None:
    put(http, "503:GET /roles:rate=0.5")
    alone = [send(http, "GET", "/roles").status_code for _ in range(20)]

    put(http, "503:GET /roles:rate=0.5", "502:GET /clients:rate=0.5")
    statuses = []
    for _ in range(20):
        send(http, "GET", "/clients")
        statuses.append(send(http, "GET", "/roles").status_code)

    assert statuses == alone


def test_the_token_endpoint_fails_in_its_own_words(http: httpx.Client) -> None:
    put(http, "503:/oauth/token:nth=1", "429:/oauth/token:nth=2")

    answers = [http.post("/oauth/token", json={}) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [503, 429, 400]
    assert answers[0].json()["error"] == "server_error"
    assert answers[1].json()["error"] == "too_many_requests"


def test_what_faults_never_reach(http: httpx.Client) -> None:
    put(http, "503", rate_limit=1)

    for _ in range(3):
        assert http.get("/__sandbox__/requests").status_code == 200
        assert http.get("/.well-known/jwks.json").status_code == 200
    assert send(http, "GET", "/roles").status_code == 503


def test_half_an_answer_that_looks_whole(http: httpx.Client) -> None:
    put(http, "truncate:GET", "truncate:DELETE")
    made = send(http, "POST", "/roles", {"name": "a"}).json()

    answer = send(http, "GET", "/roles")

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert int(answer.headers["content-length"]) == len(answer.content)
    with pytest.raises(json.JSONDecodeError):
        answer.json()
    assert send(http, "DELETE", f"/clients/{made['id']}").status_code == 204
    assert [each.get("faults") for each in logged(http)] == [None, ["truncate:GET"], None]


def test_latency_and_what_comes_after_it(http: httpx.Client) -> None:
    put(http, "latency=30ms", "latency=20ms:GET", "503:nth=1")

    start = time.perf_counter()
    assert send(http, "GET", "/roles").status_code == 503
    assert time.perf_counter() - start >= 0.05
    assert logged(http)[0]["faults"] == ["latency=30ms", "latency=20ms:GET", "503:nth=1"]


def test_the_rate_limit_of_a_plan(http: httpx.Client) -> None:
    put(http, rate_limit=2)

    answers = [send(http, "GET", "/roles") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert [answer.headers["x-ratelimit-remaining"] for answer in answers] == ["1", "0", "0"]
    assert {answer.headers["x-ratelimit-limit"] for answer in answers} == {"2"}
    assert 0 <= int(answers[2].headers["x-ratelimit-reset"]) - time.time() <= 1.5
    assert answers[2].json() == {
        "statusCode": 429,
        "error": "Too Many Requests",
        "message": "Global limit has been reached",
        "errorCode": "too_many_requests",
    }
    assert logged(http)[2]["faults"] == ["rate-limit"]
    time.sleep(max(0.0, int(answers[2].headers["x-ratelimit-reset"]) - time.time()))
    assert send(http, "GET", "/roles").status_code == 200


def test_reads_that_are_late_to_see_a_write(http: httpx.Client) -> None:
    send(http, "POST", "/roles", {"name": "a"})
    put(http, "stale=2:POST:nth=1")
    made = send(http, "POST", "/roles", {"name": "b"}).json()

    seen = [names(http), send(http, "GET", f"/roles/{made['id']}").status_code, names(http)]

    assert seen == [["a"], 404, ["a", "b"]]
    assert [each.get("faults") for each in logged(http)] == [
        ["stale=2:POST:nth=1"],
        ["stale read"],
        ["stale read"],
        None,
    ]


def test_writes_are_never_late(http: httpx.Client) -> None:
    put(http, "stale=1:POST /roles")
    made = send(http, "POST", "/roles", {"name": "a"}).json()

    assert send(http, "PATCH", f"/roles/{made['id']}", {"name": "b"}).status_code == 200
    assert send(http, "GET", "/clients").status_code == 200
    assert names(http) == []
    assert names(http) == ["b"]


def test_a_write_that_was_refused_hides_nothing(http: httpx.Client) -> None:
    put(http, "stale=9")

    assert send(http, "POST", "/roles", {}).status_code == 400
    send(http, "GET", "/roles")

    assert [each.get("faults") for each in logged(http)] == [None, None]


def test_what_is_stale_for_a_time(http: httpx.Client) -> None:
    put(http, "stale=300ms")
    send(http, "POST", "/roles", {"name": "a"})

    assert [names(http) for _ in range(3)] == [[], [], []]
    time.sleep(0.35)
    assert names(http) == ["a"]


def test_a_grant_that_the_token_endpoint_does_not_see_yet(
    http: httpx.Client, api: Api, machine: dict[str, Any], ask: Any
) -> None:
    put(http, "stale=1:POST /client-grants")
    grant = {"client_id": machine["client"]["client_id"], "audience": "https://aaa-api", "scope": ["read:a"]}
    api("POST", "/client-grants", grant, status=201)

    answers = [ask(machine["client"], audience="https://aaa-api") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [403, 200]


def test_faults_are_read_back_and_mended(http: httpx.Client, api: Api) -> None:
    wanted = {"faults": ["503:GET /roles"], "rate_limit": "9", "seed": 3, "stale_jwks": True}
    assert http.put("/__sandbox__/faults", json=wanted).json() == wanted
    assert http.get("/__sandbox__/faults").json() == wanted

    http.put("/__sandbox__/faults", json={})

    assert send(http, "GET", "/roles").status_code == 200
    assert http.get("/__sandbox__/faults").json()["faults"] == []


def test_a_tenant_starts_with_the_faults_of_the_server(store: SandboxStore) -> None:
    app = make_app(store, management_token=MANAGEMENT_TOKEN, faults=make_faults({"faults": ["503:nth=1"]}))
    with make_client(app) as http:
        assert [send(http, "GET", "/roles").status_code for _ in range(2)] == [503, 200]
        http.put("/__sandbox__/faults", json={})
        assert send(http, "GET", "/roles").status_code == 200
        http.post("/__sandbox__/reset")
        assert [send(http, "GET", "/roles").status_code for _ in range(2)] == [503, 200]
        other = http.get("/api/v2/roles", headers={**AUTHORIZED, "Host": "other.example"})
        assert other.status_code == 503


def test_a_fault_that_is_none_changes_nothing(http: httpx.Client) -> None:
    put(http, "503:GET /roles")

    refused = http.put("/__sandbox__/faults", json={"faults": ["503", "nope"]})

    assert refused.status_code == 400
    assert "Bad fault 'nope'" in refused.json()["message"]
    assert http.get("/__sandbox__/faults").json()["faults"] == ["503:GET /roles"]


def test_without_a_connection_a_reset_is_raised(http: httpx.Client) -> None:
    put(http, "reset")

    with pytest.raises(ConnectionResetError):
        send(http, "GET", "/roles")


def test_without_a_connection_a_hanging_request_ends_at_once(http: httpx.Client) -> None:
    put(http, "hang")

    with pytest.raises(TimeoutError):
        send(http, "GET", "/roles")

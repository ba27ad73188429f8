"""``plan --out`` and ``apply PLAN``: what was shown is done, or nothing is."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .administrator import Administrator
from .program import Program

PLAN = Path("plan.json")
FILE = Path("tenant.yaml")


def document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(PLAN.read_text(encoding="utf-8"))
    return found


def rewrite(change: Callable[[dict[str, Any]], None]) -> None:
    found = document()
    change(found)
    PLAN.write_text(json.dumps(found), encoding="utf-8")


def save(run: Program, *options: str) -> None:
    result = run("plan", "--sandbox", "--out", str(PLAN), *options)
    assert result.code == 0, result.err
    assert f"`tenantctl apply {PLAN}`" in result.err


def apply(run: Program, *options: str) -> Any:
    return run("apply", "--sandbox", str(PLAN), "--no-verify", *options)


def test_a_saved_plan_is_applied_without_a_question(administrator: Administrator, run: Program) -> None:
    administrator.patch_api(signing_alg="HS256")
    save(run)
    administrator.clear_requests()
    result = apply(run)
    assert result.code == 0, result.err
    assert "~ resourceServers/https://aaa-api" in result.out
    assert [each for each in administrator.requests() if each[0] != "GET"] == [
        ("PATCH", f"/api/v2/resource-servers/{administrator.find('resource-servers', name='AAA API')['id']}")
    ]
    # Of the sections of the file, only the one that is touched is read again.
    assert {path for method, path in administrator.requests() if method == "GET"} == {
        "/api/v2/resource-servers"
    }
    assert run("plan", "--sandbox", "--detailed-exitcode").code == 0


def test_the_file_is_for_its_owner_alone_and_a_document_of_a_plan(
    administrator: Administrator, run: Program
) -> None:
    administrator.patch_api(signing_alg="HS256")
    save(run)
    assert stat.S_IMODE(PLAN.stat().st_mode) == 0o600
    shown = run("plan", "--sandbox", "--format", "json").json()
    assert {name: value for name, value in document().items() if name in shown} == shown


def test_no_secret_is_in_it_and_the_one_of_now_is_sent(
    administrator: Administrator, run: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    FILE.write_text(
        "logStreams:\n  - {name: hook, type: http, sink: {httpEndpoint: 'https://x.example', "
        'httpContentFormat: JSONLINES, httpAuthorization: "##TOKEN##"}}\n',
        encoding="utf-8",
    )
    monkeypatch.setenv("TOKEN", "canary-of-then")
    save(run)
    assert "canary" not in PLAN.read_text(encoding="utf-8")
    (write,) = document()["requests"]["logStreams/hook"]["writes"]
    assert write["body"]["sink"]["httpAuthorization"] == {
        "sensitive": "logStreams/hook#sink.httpAuthorization"
    }
    monkeypatch.setenv("TOKEN", "canary-of-now")
    assert apply(run).code == 0
    assert administrator.find("log-streams", name="hook")["sink"]["httpAuthorization"] == "canary-of-now"


@pytest.mark.parametrize(
    ("move", "told"),
    [
        (
            lambda each: each.patch_api(token_lifetime=60),
            "has changed since the plan was made: token_lifetime",
        ),
        # Not even named by the file, but it was part of what the plan was made of.
        (lambda each: each.patch_api(allow_offline_access=True), "plan was made: allow_offline_access"),
        (Administrator.delete_api, "existed when the plan was made, and does not any more"),
        (lambda each: each.patch_api(signing_alg="RS256"), "is as the plan would make it already"),
    ],
)
def test_a_stale_plan_is_refused(
    administrator: Administrator, run: Program, move: Callable[[Administrator], object], told: str
) -> None:
    administrator.patch_api(signing_alg="HS256")
    save(run)
    move(administrator)
    administrator.clear_requests()
    result = apply(run)
    assert result.code == 1
    assert "stale-plan" in result.err
    assert "resourceServers/https://aaa-api" in result.err
    assert told in result.words
    assert {method for method, _ in administrator.requests()} == {"GET"}


def test_an_object_that_came_meanwhile_makes_it_stale(administrator: Administrator, run: Program) -> None:
    administrator.delete_grant()
    administrator.delete_client()
    save(run)
    administrator.call("POST", "clients", {"name": "AAA M2M"})
    result = apply(run)
    assert result.code == 1
    assert "clients/AAA M2M did not exist when the plan was made, and does now" in result.words


def test_a_plan_of_an_object_that_is_referred_to(administrator: Administrator, run: Program) -> None:
    administrator.patch_grant(scope=[])
    save(run)
    administrator.delete_client()
    administrator.call("POST", "clients", {"name": "AAA M2M"})
    result = apply(run)
    assert result.code == 1
    assert "stale-plan" in result.err


def settle(**values: Any) -> Callable[[dict[str, Any]], None]:
    return lambda found: found.update(values)


def tamper(found: dict[str, Any]) -> None:
    (requests,) = found["requests"].values()
    requests["writes"][0]["body"]["signing_alg"] = "PS256"


def lengthen(found: dict[str, Any]) -> None:
    found["requests"]["clients/AAA M2M"] = {"before": {}, "depends_on": [], "writes": []}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (tamper, "stale-plan"),
        (lengthen, "stale-plan"),
        (settle(tenant={"domain": "other.eu.auth0.com"}), "plan-of-another-tenant"),
        (settle(tool={"name": "tenantctl", "version": "99.0.0"}), "plan-of-another-version"),
        (settle(format_version="2.0"), "plan-of-another-version"),
        (settle(requests=[]), "bad-plan"),
        (lambda found: found.pop("made"), "bad-plan"),
        (lambda found: found["made"].update(fiel="x"), "bad-plan"),
    ],
)
def test_a_plan_that_was_changed_is_refused(
    administrator: Administrator, run: Program, change: Callable[[dict[str, Any]], None], code: str
) -> None:
    administrator.patch_api(signing_alg="HS256")
    save(run)
    rewrite(change)
    administrator.clear_requests()
    result = apply(run)
    assert result.code == 1
    assert f"[{code}]" in result.err
    assert {method for method, _ in administrator.requests()} <= {"GET"}


def test_a_plan_of_another_file_is_refused(administrator: Administrator, run: Program) -> None:
    administrator.patch_api(signing_alg="HS256")
    save(run)
    with FILE.open("a", encoding="utf-8") as stream:
        stream.write("# nothing but a remark\n")
    result = apply(run)
    assert result.code == 1
    assert "tenant.yaml has changed since the plan was made" in result.words
    assert administrator.find("resource-servers", name="AAA API")["signing_alg"] == "HS256"


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"a": NaN}', "\0"])
def test_what_is_no_plan_is_refused(administrator: Administrator, run: Program, text: str) -> None:
    PLAN.write_text(text, encoding="utf-8")
    result = apply(run)
    assert result.code == 1
    assert "plan.json:1:" in result.err
    assert "tenantctl plan --out" in result.err


def test_the_choices_of_the_plan_are_those_of_the_apply(administrator: Administrator, run: Program) -> None:
    administrator.patch_api(signing_alg="HS256")
    administrator.patch_client(description="changed")
    save(run, "--only", "clients/*")
    assert list(document()["requests"]) == ["clients/AAA M2M"]
    assert apply(run).code == 0
    assert administrator.find("resource-servers", name="AAA API")["signing_alg"] == "HS256"
    result = apply(run, "--only", "clients/*")
    assert result.code == 64
    assert "leave --only out" in result.err


def test_a_plan_that_a_guard_forbids_is_not_written(administrator: Administrator, run: Program) -> None:
    administrator.call("POST", "connections", {"name": "Users", "strategy": "auth0"})
    FILE.write_text("databases: []\n", encoding="utf-8")
    result = run("plan", "--sandbox", "--prune", "databases", "--out", str(PLAN))
    assert result.code == 1
    assert "irreplaceable" in result.words
    assert not PLAN.exists()


def test_a_plan_against_a_snapshot_is_not_saved(administrator: Administrator, run: Program) -> None:
    result = run("plan", "--against", "snapshot.json", "--out", str(PLAN))
    assert result.code == 64
    assert not PLAN.exists()

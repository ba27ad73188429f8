"""What the pages show of a tenant, what they never show, and that looking leaves no trace."""

from __future__ import annotations

import html
import sqlite3
from pathlib import Path
from typing import Any

import httpx
import pytest

from tenantctl.catalog.paths import steps_of
from tenantctl.catalog.registry import BY_SECTION, RESOURCE_TYPES
from tenantctl.catalog.spec import ResourceType
from tenantctl.plan.values import SENSITIVE
from tenantctl.sandbox import SandboxStore, make_app
from tenantctl.sandbox.identity import identity
from tenantctl.sandbox.page.links import REQUESTS_PATH, TOKEN_PATH, object_path, section_path
from tenantctl.sandbox.page.rendering import counted
from tenantctl.sandbox.seed import put_object
from tests.sandbox.conftest import ORIGIN, Api, make_client

CANARY = "canary-7f3a"
HOSTILE = "<script>alert(1)</script>\"'&\u202egnp.\u0000\u200b" + "x" * 10_000


def page(http: httpx.Client, path: str, status: int = 200, **more: Any) -> str:
    answer = http.get(path, **more)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return answer.text


def test_a_fresh_tenant_says_what_to_do_next(http: httpx.Client, api: Api) -> None:
    text = page(http, "/")
    assert "This tenant is fresh." in text
    assert "tenantctl --sandbox apply" in text
    assert "None yet. Declare them under <code>roles:</code>" in text

    api("POST", "/roles", {"name": "reader"}, status=200)

    text = page(http, "/")
    assert "This tenant is fresh." not in text
    assert "1 role<" in text
    assert "2 applications" in text


def test_the_host_decides_whose_page_it_is(http: httpx.Client, api: Api) -> None:
    api("POST", "/roles", {"name": "only-here"}, status=200)

    assert "only-here" in page(http, "/", headers={"Host": "127.0.0.1:8080"})
    other = page(http, "/", headers={"Host": "other.example"})
    assert "only-here" not in other
    assert "tenantctl --domain other.example apply" in other


def test_objects_lead_to_what_they_refer_to(http: httpx.Client, granted: dict[str, Any]) -> None:
    grant, client = granted["grant"], granted["client"]
    to_client = html.escape(object_path("clients", client["client_id"]))
    listed = page(http, section_path("clientGrants"))
    assert f'{html.escape(object_path("clientGrants", grant["id"]))}">M2M</a>' in listed
    assert (
        f'{html.escape(object_path("resourceServers", granted["api"]["id"]))}">https://aaa-api</a>' in listed
    )

    shown = page(http, object_path("clientGrants", grant["id"]))
    assert "<h1>M2M · https://aaa-api</h1>" in shown
    assert f'<a href="{to_client}">M2M</a>' in shown
    assert f"{TOKEN_PATH}?client={client['client_id']}&amp;audience=https%3A%2F%2Faaa-api" in shown
    assert "&#34;allow_any_organization&#34;" not in shown
    assert "&#34;read:a&#34;" in shown


def test_an_object_is_shown_with_its_lists_and_parts(
    http: httpx.Client, api: Api, machine: dict[str, Any]
) -> None:
    role = api("POST", "/roles", {"name": "reader"}, status=200)
    permission = {"resource_server_identifier": "https://aaa-api", "permission_name": "read:a"}
    api("POST", f"/roles/{role['id']}/permissions", {"permissions": [permission]}, status=201)
    api("PUT", "/prompts/login/custom-text/en", {"login": {"title": "Hello"}}, status=200)

    assert "&#34;permission_name&#34;: &#34;read:a&#34;" in page(http, object_path("roles", role["id"]))
    assert "read:a" in page(http, section_path("roles"))
    assert "&#34;title&#34;: &#34;Hello&#34;" in page(http, section_path("prompts"))
    assert f'{section_path("prompts")}">prompts</a>' in page(http, "/")


def test_a_long_section_comes_in_pages(http: httpx.Client, store: SandboxStore) -> None:
    for number in range(230):
        store.tenant().insert("roles", {"id": f"rol_{number}", "name": f"role-{number}"})

    assert "role-5" not in page(http, "/")
    assert "page 1 of 3" in page(http, section_path("roles"))
    last = page(http, section_path("roles", 3))
    assert "role-229" in last
    assert 'rel="next"' not in last
    assert "There are only 3 pages." in page(http, section_path("roles", 9))


@pytest.mark.parametrize("number", ["0", "-1", "x", "²", "9" * 40, ""])
def test_page_numbers_that_are_none(http: httpx.Client, number: str) -> None:
    page(http, f"{section_path('roles')}?page={number}")


@pytest.mark.parametrize("section", BY_SECTION)
def test_every_section_has_a_page(http: httpx.Client, section: str) -> None:
    is_made_by_a_request = BY_SECTION[section].is_singleton and BY_SECTION[section].create is not None
    page(http, section_path(section), 404 if is_made_by_a_request else 200)


@pytest.mark.parametrize(
    ("count", "noun", "words"),
    [
        (1, "policy", "1 policy"),
        (2, "rate limit policy", "2 rate limit policies"),
        (0, "signing key", "0 signing keys"),
    ],
)
def test_how_many(count: int, noun: str, words: str) -> None:
    assert counted(count, noun) == words


SECRETS = [(each, path) for each in RESOURCE_TYPES for path in sorted(each.secret)]


def _nested(steps: tuple[str, ...]) -> Any:
    if not steps:
        return CANARY
    below = _nested(steps[1:])
    return [below] if steps[0] == "[]" else {steps[0].replace("*", "any"): below}


@pytest.mark.parametrize(("resource_type", "path"), SECRETS, ids=lambda each: getattr(each, "section", each))
def test_no_page_shows_a_secret(
    http: httpx.Client, store: SandboxStore, resource_type: ResourceType, path: str
) -> None:
    key = {name: f"a-{name}" for name in (*resource_type.key, resource_type.id_field or "") if name}
    body = {**key, **_nested(steps_of(path))}
    tenant = store.tenant()
    tenant.remove_all(resource_type.section)
    put_object(tenant, resource_type, body)

    shown = page(http, object_path(resource_type.section, identity(resource_type, body)))
    everywhere = "".join(page(http, each) for each in ("/", section_path(resource_type.section), TOKEN_PATH))

    assert SENSITIVE in shown
    assert CANARY not in shown + everywhere


def test_the_secret_of_no_application_is_shown(http: httpx.Client, machine: dict[str, Any]) -> None:
    client = machine["client"]
    for path in ("/", section_path("clients"), object_path("clients", client["client_id"]), TOKEN_PATH):
        assert client["client_secret"] not in page(http, path)


@pytest.mark.parametrize("path", ["/", TOKEN_PATH, REQUESTS_PATH, section_path("roles"), "object"])
def test_hostile_names(http: httpx.Client, api: Api, store: SandboxStore, path: str) -> None:
    store.tenant().insert("roles", {"id": HOSTILE, "name": HOSTILE})
    store.tenant().insert("clients", {"client_id": HOSTILE, "name": HOSTILE})
    store.tenant().insert("resourceServers", {"id": HOSTILE, "identifier": HOSTILE, "name": HOSTILE})
    http.get("/%3Cscript%3E<script>")

    shown = page(http, object_path("roles", HOSTILE) if path == "object" else path)

    assert "<script" not in shown
    assert not {"\u202e", "\u0000", "\u200b"} & set(shown)
    if path != REQUESTS_PATH:
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
        assert "\\u202e" in shown


def test_looking_leaves_no_trace(http: httpx.Client, api: Api, machine: dict[str, Any]) -> None:
    api("GET", "/roles?page=0", status=200)
    before = http.get("/__sandbox__/requests").json()

    shown = page(http, "/")
    for path in (REQUESTS_PATH, TOKEN_PATH, section_path("roles")):
        page(http, path)
    page(http, "/__sandbox__/page/nowhere", 404)
    assert http.head("/").status_code == 200
    asked = {"client": machine["client"]["client_id"], "audience": "https://aaa-api"}
    assert http.post(f"{TOKEN_PATH}/issue", data=asked).status_code == 200

    assert http.get("/__sandbox__/requests").json() == before
    assert "/api/v2/roles<" in shown
    assert " UTC</td>" in shown


def test_faults_on_purpose_reach_the_tenant_and_not_its_page(http: httpx.Client) -> None:
    http.put("/__sandbox__/faults", json={"faults": ["503"]})
    assert http.get("/api/v2/roles").status_code == 503

    assert '/api/v2/roles <span class="note">503</span>' in page(http, REQUESTS_PATH)


def test_the_log_of_an_earlier_version_has_no_times(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    with SandboxStore(path) as store:
        make_client(make_app(store)).get("/before")
    with sqlite3.connect(path) as database:
        database.execute("ALTER TABLE requests DROP COLUMN at")
    database.close()

    with SandboxStore(path) as store:
        make_client(make_app(store)).get("/after")
        (after, newest), (before, oldest) = store.tenant().last_requests(9)

    assert (newest.path, oldest.path) == ("/after", "/before")
    assert before == 0 < after


@pytest.mark.parametrize("path", ["/", "/__sandbox__/page/style.css", "/__sandbox__/page/nowhere"])
def test_nothing_but_the_page_itself_is_loaded(http: httpx.Client, path: str) -> None:
    headers = http.get(path).headers
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert "script-src" not in policy
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    [
        "/__sandbox__/page/",
        "/__sandbox__/page/sections/",
        "/__sandbox__/page/sections/nope",
        "/__sandbox__/page/sections/roles?id=nope",
        "/__sandbox__/page/sections/roles?id=",
        "/__sandbox__/page/%00",
    ],
)
def test_what_is_not_there(http: httpx.Client, path: str) -> None:
    assert "<h1>Not here</h1>" in page(http, path, 404)


def test_the_tenant_answers_all_else(http: httpx.Client) -> None:
    assert http.post("/").json()["statusCode"] == 404
    assert http.get("/userinfo").headers["content-type"] == "application/json"


def test_in_process_there_is_no_page(store: SandboxStore) -> None:
    with make_client(make_app(store)) as client:
        assert client.get("/").json()["statusCode"] == 404
    assert [request.path for _, request in store.tenant().last_requests(1)] == ["/"]
    assert ORIGIN.endswith(store.tenant().domain)

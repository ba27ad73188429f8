"""Every operation of every registered type answers whatever comes in, and never with a 5xx."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from tenantctl.catalog.registry import BY_SECTION
from tenantctl.catalog.spec import ResourceType
from tenantctl.sandbox import SandboxStore
from tenantctl.sandbox.bodies import MAX_BYTES
from tenantctl.sandbox.errors import ApiError
from tenantctl.sandbox.identity import identity
from tenantctl.sandbox.routes import endpoints_of, find_route, is_placeholder, make_routes
from tests.entries import identity_of

from .conftest import MANAGEMENT_TOKEN, Api
from .storm import fault_of

ROUTES = make_routes()
_HOSTILE = "a/b\u202e<x>'\x00"
_BODIES: tuple[Any, ...] = (
    None,
    {},
    [],
    [{}],
    ["x"],
    "x",
    1,
    {"name": None},
    {"name": {"a": [1]}, "x": [None]},
    {"template": 1, "body": [], "ref": {}, "groups": [None], "bindings": [{"ref": 1}]},
)
_VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW")
_VALUES: tuple[Any, ...] = (None, 1, "x", [], {}, [{}], [None], {"a": {"b": []}})


@pytest.mark.parametrize("resource_type", BY_SECTION.values(), ids=BY_SECTION)
def test_no_input_breaks_an_operation(api: Api, resource_type: ResourceType) -> None:
    for endpoint in endpoints_of(resource_type):
        for name in ("x", _HOSTILE):
            path = _filled(endpoint.path, name)
            for body in _BODIES if endpoint.method != "GET" else (None,):
                api(endpoint.method, path, body)


@pytest.mark.parametrize("resource_type", BY_SECTION.values(), ids=BY_SECTION)
def test_every_field_may_be_of_any_type(api: Api, resource_type: ResourceType) -> None:
    for endpoint in endpoints_of(resource_type):
        if endpoint.method in {"POST", "PUT", "PATCH"} and "{" not in endpoint.path:
            for value in _VALUES:
                names = {*resource_type.required, *resource_type.key, *resource_type.defaults}
                api(endpoint.method, endpoint.path, dict.fromkeys(sorted(names), value))


NAMES = (
    "<script>alert(1)</script>",
    "'; DROP TABLE objects; --",
    '" OR "1"="1',
    "\u202egnp.exe\u202c",
    "a\x00b",
    "a\r\nSet-Cookie: a=b",
    "../../etc/passwd",
    "%00%2e%2e%2f%s%n",
    "{id}",
    "x" * 10_000,
    "\U0001f984 \u03a9",
)
_LONGEST = 5000  # in a path: what tests speak HTTP with takes none above 64 kB
CREATED = [
    each
    for each in BY_SECTION.values()
    if each.create and each.create.method == "POST" and "{" not in each.create.path and each.key
]


@pytest.mark.parametrize("resource_type", CREATED, ids=lambda each: each.section)
def test_a_hostile_name_is_kept_as_it_is_or_refused(
    store: SandboxStore, http: httpx.Client, resource_type: ResourceType
) -> None:
    """What is accepted can be read and deleted, and nothing else of the tenant changes."""
    assert resource_type.create
    before, field = _everything(store), resource_type.key[0]
    for name in NAMES:
        body = {**identity_of(resource_type), field: name}
        made = _send(http, "POST", resource_type.create.path, resource_type.encode(body))
        if not made.is_success:
            assert 400 <= made.status_code < 500
            assert _everything(store) == before
            continue
        ((_, kept),) = [each for each in store.tenant().all(resource_type.section) if each[1] not in before]
        assert kept[field] == name
        place = _quoted(identity(resource_type, kept))
        if resource_type.get and "{id}" in resource_type.get.path:
            found = _send(http, "GET", resource_type.get.path.format(id=place))
            assert found.status_code == 200
            assert resource_type.decode(found.json())[field] == name
        if resource_type.delete and "{id}" in resource_type.delete.path:
            assert _send(http, "DELETE", resource_type.delete.path.format(id=place)).is_success
            assert _everything(store) == before
        else:
            store.tenant().remove(resource_type.section, identity(resource_type, kept))


def test_most_types_have_names_of_their_own() -> None:
    assert len(CREATED) > 20


@pytest.mark.parametrize("resource_type", BY_SECTION.values(), ids=BY_SECTION)
def test_a_body_that_is_none_changes_nothing(
    store: SandboxStore, http: httpx.Client, resource_type: ResourceType
) -> None:
    before = _everything(store)
    for endpoint in endpoints_of(resource_type):
        route, _ = find_route(ROUTES, endpoint.method, endpoint.path)
        if endpoint.method == "GET" or not route.takes_body:
            continue
        path = _filled(endpoint.path, "x")
        for content, kind, status in (
            (b"{", "application/json", 400),
            (b'{"name": "\xff"}', "application/json", 400),
            (b'{"name": "x"}', "text/plain", 415),
            (b" " * (MAX_BYTES + 1), "application/json", 413),
        ):
            answer = _send(http, endpoint.method, path, content=content, kind=kind)
            assert answer.status_code == status
            assert not fault_of(answer)
    assert _everything(store) == before


@pytest.mark.parametrize("resource_type", BY_SECTION.values(), ids=BY_SECTION)
def test_a_hostile_name_in_a_path_leads_nowhere(
    store: SandboxStore, http: httpx.Client, resource_type: ResourceType
) -> None:
    before = _everything(store)
    for endpoint in endpoints_of(resource_type):
        if "{" in endpoint.path and endpoint.method in {"GET", "DELETE"}:
            for name in NAMES:
                answer = _send(http, endpoint.method, _filled(endpoint.path, name[:_LONGEST]))
                assert not fault_of(answer), answer.text
    assert _everything(store) == before


@pytest.mark.parametrize("resource_type", BY_SECTION.values(), ids=BY_SECTION)
def test_another_verb_or_a_longer_path_is_not_there(
    store: SandboxStore, http: httpx.Client, resource_type: ResourceType
) -> None:
    before = _everything(store)
    for path in {endpoint.path for endpoint in endpoints_of(resource_type)}:
        longer = [_filled(path, "x") + more for more in ("//x", "/x/y/z/x", "/%00/%2e%2e/x/x")]
        asked = [("GET", each) for each in longer] + [(verb, _filled(path, "x")) for verb in _VERBS]
        for verb, url in asked:
            if not _is_served(verb, url):
                answer = _send(http, verb, url, {})
                assert answer.status_code == 404
                assert not fault_of(answer)
    assert _everything(store) == before


def _is_served(verb: str, path: str) -> bool:
    try:
        find_route(ROUTES, verb, path)
    except ApiError:
        return False
    return True


def _filled(path: str, name: str) -> str:
    """Return a path with one name in the place of all its placeholders."""
    return "/".join(_quoted(name) if is_placeholder(step) else step for step in path.split("/"))


def _everything(store: SandboxStore) -> list[Any]:
    tenant = store.tenant()
    return [body for section in BY_SECTION for _, body in tenant.all(section)]


def _send(
    http: httpx.Client,
    method: str,
    path: str,
    body: Any = None,
    *,
    content: bytes | None = None,
    kind: str = "application/json",
) -> httpx.Response:
    raw = json.dumps(body).encode() if body is not None else content
    headers = {"Authorization": f"Bearer {MANAGEMENT_TOKEN}", "Content-Type": kind}
    return http.request(method, f"/api/v2{path}", content=raw, headers=headers)


def _quoted(name: str) -> str:
    return "".join(f"%{byte:02X}" for byte in name.encode())

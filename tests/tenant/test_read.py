"""Only what a plan needs is read, and every problem of the reading is told at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from starlette.responses import Response

from tenantctl.catalog.endpoints import Paging
from tenantctl.catalog.registry import RESOURCE_TYPES
from tenantctl.catalog.tenant import TENANT
from tenantctl.states import Interest
from tenantctl.tenant.read import read_current
from tests.tenant.conftest import Talk
from tests.tenant.scripted import Seen, Served, answer

PERMISSIONS = ("roles", "permissions")
ROLES = [{"id": "rol_1", "name": "Editor"}, {"id": "rol 2/3", "name": "Viewer"}]


def an_empty_tenant(seen: Seen) -> Response:
    if seen.path == "/api/v2/tenants/settings":
        return answer(200, {"friendly_name": "T"})
    path = seen.path.removeprefix("/api/v2")
    listing = next(each.listing for each in LISTED if each.listing and each.listing.endpoint.path == path)
    return answer(200, {listing.envelope: [], "total": 0})


def with_roles(seen: Seen) -> Response:
    if seen.path.endswith("/permissions"):
        name = {"permission_name": "p", "resource_server_identifier": "a"}
        return answer(200, {"permissions": [name], "total": 1})
    return answer(200, {"roles": ROLES, "total": 2})


def read(*sections: str, **associations: frozenset[str]) -> Callable[..., Any]:
    wanted = {("roles", field): keys for field, keys in associations.items()}
    return lambda client: read_current(client, Interest(sections, wanted))


LISTED = [
    each
    for each in RESOURCE_TYPES
    if each.listing and each.listing.paging is not Paging.NONE and not each.listing.endpoint.query
]
"""Types that are read from one paged list; parts, named objects and whole lists have tests of their own."""


@pytest.mark.parametrize("resource_type", [*LISTED, TENANT], ids=lambda each: each.section)
def test_only_the_asked_section_is_requested(served: Served, talk: Talk, resource_type: Any) -> None:
    served.tenant.handle = an_empty_tenant
    current = talk(read(resource_type.section))
    endpoint = resource_type.listing.endpoint if resource_type.listing else resource_type.get
    assert served.tenant.paths() == [f"GET {endpoint.path}"]
    assert list(current.sections) == [resource_type.section]
    assert "http://" + current.domain == served.origin


def test_nothing_asked_is_nothing_requested(served: Served, talk: Talk) -> None:
    assert talk(read()).sections == {}
    assert served.tenant.seen == []


WANTED = {
    "by key": (frozenset({"Editor"}), ["/roles/rol_1/permissions"]),
    "by id": (frozenset({"rol_1"}), ["/roles/rol_1/permissions"]),
    "an id with odd characters": (frozenset({"Viewer"}), ["/roles/rol%202%2F3/permissions"]),
    "none": (frozenset[str](), []),
    "one that is not there": (frozenset({"Nobody"}), []),
}


@pytest.mark.parametrize(("keys", "requested"), WANTED.values(), ids=WANTED.keys())
def test_associations_are_read_for_wanted_objects_alone(
    served: Served, talk: Talk, keys: frozenset[str], requested: list[str]
) -> None:
    served.tenant.handle = with_roles
    current = talk(read("roles", permissions=keys))
    assert served.tenant.paths()[1:] == [f"GET {path}" for path in requested]
    with_permissions = [role["id"] for role in current.sections["roles"] if "permissions" in role]
    assert [f"/roles/{quote(object_id, safe='')}/permissions" for object_id in with_permissions] == requested


def test_all_problems_of_all_sections_come_at_once(served: Served, problems_of: Callable[..., Any]) -> None:
    def handle(seen: Seen) -> Response:
        match seen.path.removeprefix("/api/v2/"):
            case "roles":
                return answer(200, {"roles": []})
            case "client-grants":
                return answer(500)
        return an_empty_tenant(seen)

    served.tenant.handle = handle
    problems = problems_of(read("tenant", "roles", "clientGrants"))
    assert [problem.code for problem in problems] == ["incomplete-list", "server-error"]


def test_a_problem_that_all_sections_share_is_told_once(
    served: Served, problems_of: Callable[..., Any]
) -> None:
    served.tenant.handle = lambda _: answer(401, {"message": "Expired token received"})
    assert [problem.code for problem in problems_of(read("clients", "roles", "clientGrants"))] == [
        "unauthorized"
    ]


def test_the_own_client_is_known_from_the_setting(served: Served, talk: Talk) -> None:
    served.tenant.handle = lambda seen: (
        answer(200, {"access_token": "t"}) if seen.path == "/oauth/token" else an_empty_tenant(seen)
    )
    assert talk(read("tenant"), client_id="me", client_secret="s").own_client_id == "me"

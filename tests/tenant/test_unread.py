"""What the tenant would not tell is unread: known as such, each by its cause, while the rest is read."""

from __future__ import annotations

from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey
from starlette.responses import HTMLResponse, Response

from tenantctl.states import Current, Interest
from tenantctl.tenant.read import read_current
from tests.tenant.conftest import Talk
from tests.tenant.scripted import Seen, Served, answer

UPGRADE = "Please upgrade your subscription to use bot detection"
NO_SCOPE = answer(403, {"errorCode": "insufficient_scope", "message": "Insufficient scope"})
NO_PLAN = answer(403, {"errorCode": "insufficient_entitlement", "message": UPGRADE})
ROLES = [{"id": f"rol_{number}", "name": f"Role {number}"} for number in range(3)]


def token_with(*scopes: str) -> str:
    return jwt.encode({"alg": "HS256"}, {"scope": " ".join(scopes)}, OctKey.import_key("0" * 32))


def serve(served: Served, **answers: Response) -> None:
    """Answer each path whose last segment is a name of `answers`, and nothing else."""
    named = {name.replace("_", "-"): each for name, each in answers.items()}

    def handle(seen: Seen) -> Response:
        return named[seen.path.rpartition("/")[2]]

    served.tenant.handle = handle


def read(talk: Talk, interest: Interest, **credentials: Any) -> Current:
    current: Current = talk(lambda client: read_current(client, interest), **credentials)
    return current


REFUSALS = {
    "scope": (NO_SCOPE, "insufficient-scope", "Grant read:roles to"),
    "plan": (NO_PLAN, "insufficient-entitlement", "another Auth0 plan"),
    "other": (answer(403, {"message": "No"}), "forbidden", "switched the feature off"),
    "absent": (answer(404, {"message": "Not Found"}), "not-available", "may not be enabled"),
}


@pytest.mark.parametrize(("refusal", "code", "words"), REFUSALS.values(), ids=REFUSALS.keys())
def test_a_section_that_is_refused_is_unread_and_no_empty_list(
    served: Served, talk: Talk, refusal: Response, code: str, words: str
) -> None:
    serve(served, roles=refusal, rules=answer(200, {"rules": [], "total": 0}))
    current = read(talk, Interest(("roles", "rules")))
    assert list(current.sections) == ["rules"]
    assert list(current.unread) == [("roles", "")]
    problem = current.unread["roles", ""]
    assert (problem.code, words in problem.hint) == (code, True)
    assert "GET /roles" in problem.summary


def test_the_same_refusal_of_every_object_is_one(served: Served, talk: Talk) -> None:
    serve(served, roles=answer(200, {"roles": ROLES, "total": 3}), permissions=NO_SCOPE)
    wanted = frozenset(role["name"] for role in ROLES)
    current = read(talk, Interest(("roles",), {("roles", "permissions"): wanted}))
    assert list(current.unread) == [("roles", "permissions")]
    assert current.unread["roles", "permissions"].summary == (
        "the token lacks a scope for GET /roles/{id}/permissions"
    )
    assert all("permissions" not in role for role in current.sections["roles"])


def test_a_part_that_is_always_there_is_unread_where_the_api_has_none(served: Served, talk: Talk) -> None:
    serve(served, captcha=answer(404), bot_detection=NO_PLAN)
    details = {("attackProtection", name): frozenset({""}) for name in ("captcha", "botDetection")}
    current = read(talk, Interest(("attackProtection",), details))
    codes = {field: problem.code for (_, field), problem in current.unread.items()}
    assert codes == {"captcha": "not-available", "botDetection": "insufficient-entitlement"}


IDPS = [{"id": f"con_{number}", "name": f"idp-{number}", "strategy": "samlp"} for number in range(3)]
SCIM = ("connections", "scim_configuration")
PROVISIONED = Interest(("connections",), {SCIM: frozenset(idp["name"] for idp in IDPS)})
CONFIGURATION = {"connection_id": "con_1", "user_id_attribute": "externalId"}


def test_a_refused_list_of_parts_does_not_say_that_there_are_none(served: Served, talk: Talk) -> None:
    serve(served, connections=answer(200, {"connections": IDPS}), connections_scim_configurations=NO_SCOPE)
    current = read(talk, PROVISIONED)
    assert current.unread[SCIM].code == "insufficient-scope"
    assert all("scim_configuration" not in idp for idp in current.sections["connections"])


def test_parts_are_read_at_once(served: Served, talk: Talk) -> None:
    parts = answer(200, {"scim_configurations": [CONFIGURATION]})
    serve(served, connections=answer(200, {"connections": IDPS}), connections_scim_configurations=parts)
    current = read(talk, PROVISIONED)
    found = [idp.get("scim_configuration") for idp in current.sections["connections"]]
    assert (found, SCIM in current.unread) == ([None, CONFIGURATION, None], False)


def test_parts_are_read_one_by_one_where_the_tenant_knows_no_list_of_them(served: Served, talk: Talk) -> None:
    serve(
        served,
        connections=answer(200, {"connections": IDPS}),
        connections_scim_configurations=answer(404),
        scim_configuration=answer(200, CONFIGURATION),
    )
    current = read(talk, PROVISIONED)
    assert [idp["scim_configuration"] for idp in current.sections["connections"]] == [CONFIGURATION] * 3
    assert SCIM not in current.unread


def test_what_can_be_created_is_not_set_where_there_is_none(served: Served, talk: Talk) -> None:
    serve(served, provider=answer(404))
    current = read(talk, Interest(("emailProvider",)))
    assert (current.sections["emailProvider"], current.unread) == (({},), {})


def test_no_tenant_at_all_is_no_refusal(served: Served, problems_of: Any) -> None:
    served.tenant.handle = lambda _: HTMLResponse("<h1>Not found</h1>", 404)
    (problem,) = problems_of(lambda client: read_current(client, Interest(("roles",))))
    assert problem.code == "unexpected-response"


CONNECTIONS = {
    "left out": {"id": "con_1", "name": "c", "strategy": "oidc"},
    "empty": {"id": "con_1", "name": "c", "strategy": "oidc", "options": {}},
}
OPTIONS = ("connections", "options")


@pytest.mark.parametrize("connection", CONNECTIONS.values(), ids=CONNECTIONS.keys())
@pytest.mark.parametrize("token", ["opaque", token_with("read:connections")], ids=["opaque", "JWT"])
def test_options_that_reads_leave_out_are_unread(
    served: Served, talk: Talk, token: str, connection: dict[str, Any]
) -> None:
    serve(served, connections=answer(200, {"connections": [connection]}))
    current = read(talk, Interest(("connections",)), access_token=token)
    assert current.sections["connections"] == (CONNECTIONS["left out"],)
    assert "read:connections_options" in current.unread[OPTIONS].hint


def test_a_token_without_the_scope_is_enough_to_know(served: Served, talk: Talk) -> None:
    serve(served, connections=answer(200, {"connections": []}))
    assert OPTIONS in read(talk, Interest(("connections",)), access_token=token_with()).unread
    assert not read(talk, Interest(("connections",))).unread


@pytest.mark.parametrize("connection", CONNECTIONS.values(), ids=CONNECTIONS.keys())
def test_with_the_scope_what_is_told_is_true(served: Served, talk: Talk, connection: dict[str, Any]) -> None:
    serve(served, connections=answer(200, {"connections": [connection]}))
    token = token_with("read:connections", "read:connections_options")
    current = read(talk, Interest(("connections",)), access_token=token)
    assert (current.sections["connections"], current.unread) == ((connection,), {})


def test_of_clients_a_summary_is_told(served: Served, talk: Talk) -> None:
    summary = {"client_id": "1", "name": "App", "app_type": "spa"}
    serve(served, clients=answer(200, {"clients": [summary], "total": 1}))
    current = read(talk, Interest(("clients",)), access_token=token_with("read:client_summary"))
    assert {("clients", "callbacks"), ("clients", "client_secret")} <= current.unread.keys()
    assert not {("clients", name) for name in (*summary, "description")} & current.unread.keys()
    current = read(talk, Interest(("clients",)), access_token=token_with("read:clients"))
    assert ("clients", "callbacks") not in current.unread
    assert ("clients", "client_secret") in current.unread

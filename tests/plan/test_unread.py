"""What could not be read: an error where the file names it, else a warning; never taken for empty."""

from __future__ import annotations

from typing import Any

import pytest

from tenantctl.plan.model import Plan
from tenantctl.plan.planner import make_plan
from tenantctl.problems import Problem, ProblemsError, Severity
from tenantctl.states import Current, Desired
from tests.states import make_current, make_desired

CLIENT_ID = "A" * 32
API = "https://aaa-api"


def lacks(path: str) -> Problem:
    return Problem(
        code="insufficient-scope", summary=f"the token lacks a scope for GET {path}", hint="Grant it."
    )


def without(unread: dict[tuple[str, str], Problem], **sections: Any) -> Current:
    current = make_current(**sections)
    return Current(current.domain, current.sections, current.own_client_id, unread)


def refused(desired: Desired, current: Current) -> tuple[Problem, ...]:
    with pytest.raises(ProblemsError) as caught:
        make_plan(desired, current)
    return caught.value.problems


def plan(desired: Desired, current: Current) -> Plan:
    return make_plan(desired, current)


NO_CLIENTS = {("clients", ""): lacks("/clients")}
NO_APIS = {("resourceServers", ""): lacks("/resource-servers")}


def grant(client: str) -> Desired:
    return make_desired(clientGrants=[{"client_id": client, "audience": API, "scope": []}])


def test_a_section_of_the_file_is_an_error_at_its_place() -> None:
    (problem,) = refused(make_desired(clients=[{"name": "App"}]), without(NO_CLIENTS))
    assert (problem.code, problem.severity) == ("insufficient-scope", Severity.ERROR)
    assert problem.summary == "clients can't be read: the token lacks a scope for GET /clients"
    assert problem.hint == "Grant it. Or leave clients out of the file."
    assert (problem.address, problem.position is not None) == ("clients", True)


def test_a_section_without_entries_is_one_of_the_file() -> None:
    (problem,) = refused(make_desired(clients=[]), without(NO_CLIENTS))
    assert (problem.address, problem.position) == ("clients", None)


def test_planning_goes_on_without_a_section_that_is_only_referred_to() -> None:
    """The audience of a grant goes on the wire as it is written, and an id needs no name."""
    made = plan(grant(CLIENT_ID), without(NO_CLIENTS | NO_APIS, clientGrants=[]))
    assert [change.action.value for change in made.changes] == ["create"]
    assert [write.body["client_id"] for change in made.changes for write in change.writes] == [CLIENT_ID]
    assert [(each.code, each.severity, each.address) for each in made.problems] == [
        ("insufficient-scope", Severity.WARNING, "clients"),
        ("insufficient-scope", Severity.WARNING, "resourceServers"),
    ]


def test_a_live_object_that_holds_the_id_is_matched() -> None:
    live = {"id": "cgr_1", "client_id": CLIENT_ID, "audience": API, "scope": []}
    assert plan(grant(CLIENT_ID), without(NO_CLIENTS, resourceServers=[], clientGrants=[live])).is_empty


def test_a_name_in_an_unread_section_is_the_error_and_tells_the_cause() -> None:
    apis = [{"id": "1", "identifier": API}]
    error, warning = refused(grant("AAA M2M"), without(NO_CLIENTS, clientGrants=[], resourceServers=apis))
    assert (error.code, warning.severity) == ("unread-reference", Severity.WARNING)
    assert "the application 'AAA M2M', and clients can't be read" in error.summary
    assert "the token lacks a scope for GET /clients" in error.detail
    assert "write the client_id" in error.hint


def test_a_declared_name_needs_no_reading() -> None:
    desired = make_desired(
        clients=[{"name": "App"}], clientGrants=grant("App").sections["clientGrants"][0].data
    )
    made = plan(desired, without(NO_APIS, clients=[], clientGrants=[]))
    assert [change.address for change in made.changes] == ["clients/App", f"clientGrants/App:{API}"]


def test_members_that_tell_a_target_are_not_looked_up_in_an_unread_section() -> None:
    organization = {"name": "acme", "client_grants": [{"client_id": CLIENT_ID, "audience": API}]}
    current = without({("clientGrants", ""): lacks("/client-grants")}, organizations=[], clients=[])
    codes = [problem.code for problem in refused(make_desired(organizations=[organization]), current)]
    assert codes == ["unread-reference", "insufficient-scope"]


def test_a_field_is_an_error_only_where_the_file_names_it() -> None:
    live = {"id": "con_1", "name": "c", "strategy": "oidc"}
    unread = {("connections", "options"): lacks("/connections")}
    current = without(unread, connections=[live])
    assert plan(make_desired(connections=[{"name": "c", "strategy": "oidc"}]), current).problems == ()
    named = make_desired(connections=[{"name": "c", "options": {"scope": "a"}}, {"name": "d", "options": {}}])
    (problem,) = refused(named, current)
    assert problem.summary.startswith("connections.options can't be read: ")
    assert (problem.address, str(problem.position)) == ("connections/c", "tenant.yaml:2:1")


def test_one_cause_is_told_once_with_all_that_it_concerns() -> None:
    unread = {(section, ""): lacks("/connections") for section in ("connections", "databases")}
    (problem,) = refused(make_desired(connections=[], databases=[]), without(unread))
    assert problem.summary.startswith("connections and databases can't be read: ")


def test_all_of_the_files_problems_come_at_once() -> None:
    desired = make_desired(
        clients=[{"name": "App"}],
        roles=[{"name": "R", "permissions": [{"permission_name": "p", "resource_server_identifier": "x"}]}],
    )
    current = without(NO_CLIENTS, roles=[], resourceServers=[])
    assert [each.code for each in refused(desired, current)] == ["insufficient-scope", "unknown-reference"]

"""The catalog's operations against recordings and the API's description: what they answer, what they need."""

from __future__ import annotations

from pathlib import Path

import pytest

from tenantctl.catalog.endpoints import Endpoint
from tenantctl.catalog.registry import RESOURCE_TYPES
from tests.catalog.facts import calls_of, endpoints_of, notes, operations, same_place

ENDPOINTS = {
    f"{each.method} {each.path}": each
    for resource_type in RESOURCE_TYPES
    for each in endpoints_of(resource_type)
}

OTHER_SCOPES = {
    "PATCH /clients/{id}": "the others are for single fields, beside one of these",
    "GET /roles/{id}/users": "the others tell of users what no configuration has",
    "POST /roles/{id}/users": "the narrower of two",
    "POST /organizations": "the other is for a field that the tool writes elsewhere",
    "GET /clients": "the others tell less of a client, and not its page",
}
"""Operations whose description knows further scopes → why the catalog names none of them."""


@pytest.mark.parametrize("endpoint", ENDPOINTS.values(), ids=list(ENDPOINTS))
def test_an_operation_answers_with_the_recorded_or_described_status(shared: Path, endpoint: Endpoint) -> None:
    recorded = {call.status for call in calls_of(shared, endpoint)}
    described = {
        int(status)
        for operation in operations(shared, endpoint)
        for status in operation["responses"]
        if status.startswith("2")
    }
    observed = {
        each["ok_recorded"]
        for described_type in notes(shared)
        for each in (described_type["endpoints"] or {}).values()
        if "ok_recorded" in each and same_place(each["call"], f"{endpoint.method} {endpoint.path}")
    }
    known = recorded or observed or described
    assert not known or endpoint.status in known


@pytest.mark.parametrize("endpoint", ENDPOINTS.values(), ids=list(ENDPOINTS))
def test_an_operation_needs_the_described_scopes(shared: Path, endpoint: Endpoint) -> None:
    for operation in operations(shared, endpoint):
        described = {
            scope
            for scheme in operation.get("security", ())
            for scope in scheme.get("oAuth2ClientCredentials", ())
        }
        if f"{endpoint.method} {endpoint.path}" in OTHER_SCOPES:
            assert described > set(endpoint.scopes)
        else:
            assert set(endpoint.scopes) == described


def test_most_operations_are_known(shared: Path) -> None:
    unknown = [name for name, each in ENDPOINTS.items() if not operations(shared, each)]
    assert len(ENDPOINTS) > 250
    assert len(unknown) < 0.15 * len(ENDPOINTS), unknown

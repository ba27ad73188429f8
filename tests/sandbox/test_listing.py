"""Paging, envelopes, filters and the choice of fields."""

from __future__ import annotations

import pytest

from .conftest import Api


@pytest.fixture
def five_roles(api: Api) -> list[str]:
    names = ["Alpha", "Beta", "Gamma", "Delta", "Alphabet"]
    for name in names:
        api("POST", "/roles", {"name": name}, status=200)
    return names


def test_a_page_list(api: Api, five_roles: list[str]) -> None:
    assert [role["name"] for role in api("GET", "/roles", status=200)] == five_roles
    page = api("GET", "/roles?page=1&per_page=2&include_totals=true", status=200)
    assert (page["start"], page["limit"], page["total"]) == (2, 2, 5)
    assert [role["name"] for role in page["roles"]] == ["Gamma", "Delta"]
    assert api("GET", "/roles?page=9", status=200) == []


def test_a_checkpoint_list(api: Api) -> None:
    for number in range(4):
        api("POST", "/clients", {"name": f"c{number}"}, status=201)
    names: list[str] = []
    path = "/clients?is_global=false&take=2"
    while path:
        answer = api("GET", path, status=200)
        names += [client["name"] for client in answer["clients"]]
        path = f"/clients?is_global=false&take=2&from={answer['next']}" if "next" in answer else ""

    assert names == ["tenantctl", "c0", "c1", "c2", "c3"]
    assert api("GET", "/clients?include_totals=true", status=200)["total"] == 6
    assert isinstance(api("GET", "/clients", status=200), list)


@pytest.mark.parametrize(
    "query",
    [
        "per_page=101",
        "take=101",
        "take=0",
        "page=-1",
        "page=x",
        "per_page=",
        "include_totals=maybe",
        "from=%FF&take=2",
        "nope=1",
        "page=99999999999999999999",
    ],
)
def test_a_query_that_the_list_does_not_take(api: Api, query: str) -> None:
    refused = api("GET", f"/client-grants?{query}", status=400)

    assert refused["errorCode"] == "invalid_query_string"


def test_filters(api: Api, granted: dict[str, dict[str, str]], five_roles: list[str]) -> None:
    client_id = granted["client"]["client_id"]
    api("POST", "/resource-servers", {"identifier": "https://bbb"}, status=201)

    def count(path: str) -> int:
        return len(api("GET", path, status=200))

    assert count(f"/client-grants?client_id={client_id}&audience=https%3A%2F%2Faaa-api") == 1
    assert count(f"/client-grants?client_id={client_id}&audience=https%3A%2F%2Fbbb") == 0
    assert count("/clients?is_global=true") == 1
    assert count("/clients?is_global=false&app_type=non_interactive") == 2
    assert count("/resource-servers?identifiers=https%3A%2F%2Faaa-api&identifiers=https%3A%2F%2Fbbb") == 2
    assert [role["name"] for role in api("GET", "/roles?name_filter=alpha", status=200)] == [
        "Alpha",
        "Alphabet",
    ]


def test_fields(api: Api, five_roles: list[str]) -> None:
    assert api("GET", "/clients?fields=name,global&is_global=true", status=200) == [
        {"name": "All Applications", "global": True}
    ]
    role = api("GET", "/roles", status=200)[0]
    left = api("GET", f"/roles/{role['id']}?fields=name&include_fields=false", status=200)
    assert left == {name: value for name, value in role.items() if name != "name"}

from __future__ import annotations

import pytest

from tenantctl.states import Json
from tenantctl.verify.credentials import Places, explain_search, find_credentials
from tenantctl.verify.entry import ClientCredentials, VerifyRequest

ENTRY = VerifyRequest("AAA M2M", "https://aaa-api")
OTHER = VerifyRequest("Other", "https://aaa-api")
VARIABLES = {"AUTH0_M2M_CLIENT_ID": "id-1", "AUTH0_M2M_CLIENT_SECRET": "env-secret"}
STALE = {"AUTH0_M2M_CLIENT_ID": "old", "AUTH0_M2M_CLIENT_SECRET": "old-secret"}


def live(**fields: Json) -> dict[str, Json]:
    return {"name": "AAA M2M", "client_id": "id-1", "client_secret": "live-secret"} | fields


def test_what_was_just_created_comes_first() -> None:
    created = ClientCredentials("id-1", "new-secret", "the client just created")
    places = Places({"AAA M2M": created}, [("environment", VARIABLES)], [live()])
    assert find_credentials([ENTRY], places) == {"AAA M2M": created}
    assert explain_search([ENTRY], places) == {}


def test_environment_before_the_tenant() -> None:
    places = Places(sources=[("environment", {}), (".env.local", VARIABLES)], current_clients=[live()])
    assert find_credentials([ENTRY], places)["AAA M2M"] == ClientCredentials(
        "id-1", "env-secret", ".env.local"
    )


def test_another_clients_variables_are_passed_over() -> None:
    places = Places(sources=[("environment", STALE), (".env.local", VARIABLES)], current_clients=[live()])
    assert find_credentials([ENTRY], places)["AAA M2M"].source == ".env.local"
    places = Places(sources=[("environment", STALE)], current_clients=[live()])
    assert find_credentials([ENTRY], places)["AAA M2M"] == ClientCredentials(
        "id-1", "live-secret", "the tenant (read:client_keys)"
    )


def test_without_a_live_client_the_environment_is_taken_at_its_word() -> None:
    assert (
        find_credentials([ENTRY], Places(sources=[("environment", VARIABLES)]))["AAA M2M"].client_id == "id-1"
    )


def test_unless_several_clients_would_share_it() -> None:
    places = Places(sources=[("environment", VARIABLES)])
    assert find_credentials([ENTRY, OTHER], places) == {}
    assert "any of several clients'" in explain_search([ENTRY, OTHER], places)["Other"]
    own = {"OTHER_CLIENT_ID": "id-2", "OTHER_CLIENT_SECRET": "s"}
    places = Places(sources=[("environment", VARIABLES | own)], prefixes={"Other": "OTHER"})
    found = find_credentials([ENTRY, OTHER, ENTRY], places)
    assert {name: each.client_id for name, each in found.items()} == {"AAA M2M": "id-1", "Other": "id-2"}


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("client_secret_basic", "client_secret_basic"),
        ("client_secret_post", "client_secret_post"),
        ("none", "client_secret_post"),
        (None, "client_secret_post"),
    ],
)
def test_the_live_client_says_how_to_authenticate(method: str | None, expected: str) -> None:
    client = live(token_endpoint_auth_method=method)
    for places in (
        Places(current_clients=[client]),
        Places(sources=[("e", VARIABLES)], current_clients=[client]),
    ):
        assert find_credentials([ENTRY], places)["AAA M2M"].method == expected


def test_a_search_in_vain_says_where_and_shows_no_secret() -> None:
    half = {"AUTH0_M2M_CLIENT_ID": "id-1"}
    sources = [("environment", {}), ("half", half), (".env.local", STALE)]
    places = Places(sources=sources, current_clients=[live(client_secret=None)])
    assert find_credentials([ENTRY], places) == {}
    assert explain_search([ENTRY], places)["AAA M2M"] == (
        "environment: AUTH0_M2M_CLIENT_ID and AUTH0_M2M_CLIENT_SECRET not set; "
        "half: AUTH0_M2M_CLIENT_SECRET not set; "
        ".env.local: AUTH0_M2M_CLIENT_ID is another client's id; "
        "the tenant: it shows no client_secret (that needs read:client_keys)"
    )
    assert "no client of that name" in explain_search([ENTRY], Places(current_clients=[]))["AAA M2M"]
    assert "secret" not in repr(Places({"a": ClientCredentials("i", "secret", "x")}, sources, [live()]))

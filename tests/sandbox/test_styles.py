"""Parts, lists and steps in every style that the catalog's vocabulary has, on a made-up type."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from .conftest import Api
from .made_up import served, texts
from .shelf import SHELF, SHELF_FIELDS, plain


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    others = [(plain("books", "bok_"), texts("name")), (plain("readers", "rdr_"), texts("name"))]
    with served(monkeypatch, [(SHELF, SHELF_FIELDS), *others]) as api:
        yield api


@pytest.fixture
def shelf(shop: Api) -> str:
    return f"/shelves/{shop('POST', '/shelves', {'name': 'a'}, status=201)['id']}"


def test_an_object_shows_neither_parts_nor_lists_with_endpoints_of_their_own(shop: Api, shelf: str) -> None:
    shown = shop("GET", shelf)

    assert {name: shown[name] for name in shown.keys() - {"created_at", "updated_at"}} == {
        "id": shelf.rpartition("/")[2],
        "name": "a",
        "size": "m",
        "state": "built",
        "is_open": False,
        "readers": [],
    }
    assert shown["created_at"] == shown["updated_at"]
    assert shop("GET", "/shelves/name/a") == shown
    assert shop("PATCH", shelf, {"settings": {}}, status=400)["errorCode"] == "invalid_body"
    assert shop("GET", "/shelves/nope/settings", status=404)["errorCode"] == "inexistent_shelf"


def test_a_put_beside_the_patch_drops_what_it_leaves_out(shop: Api, shelf: str) -> None:
    shop("PATCH", shelf, {"size": "l", "colour": "red"})
    replaced = shop("PUT", shelf, {"name": "a"})

    assert replaced["size"] == "m"
    assert "colour" not in replaced
    assert replaced["id"] == shelf.rpartition("/")[2]


def test_a_part_that_is_always_there(shop: Api, shelf: str) -> None:
    assert shop("GET", f"{shelf}/settings") == {"level": "low", "nested": {"a": 1}}

    changed = shop("PATCH", f"{shelf}/settings", {"nested": {"b": 2}, "secret": "s"})

    assert changed == {"level": "low", "nested": {"a": 1, "b": 2}}
    assert shop("PATCH", f"{shelf}/settings", {"level": None, "x": 1}) == {**changed, "x": 1}
    shop("PATCH", f"{shelf}/settings", status=400)
    shop("PATCH", f"{shelf}/settings", [], status=400)


def test_a_part_that_a_put_makes(shop: Api, shelf: str) -> None:
    assert shop("GET", f"{shelf}/label", status=404)["message"] == "No label."
    assert shop("PUT", f"{shelf}/label", {"a": 1}, status=201) == {}
    assert shop("PUT", f"{shelf}/label", {"b": 1}, status=204) is None
    assert shop("GET", f"{shelf}/label") == {"b": 1}
    shop("DELETE", f"{shelf}/label", status=204)
    shop("GET", f"{shelf}/label", status=404)


def test_a_part_that_a_post_makes(shop: Api, shelf: str) -> None:
    shop("PATCH", f"{shelf}/lamp", {"on": True}, status=404)
    assert shop("POST", f"{shelf}/lamp", {"on": True}, status=201) == {"on": True}
    shop("POST", f"{shelf}/lamp", {"on": True}, status=409)
    assert shop("PATCH", f"{shelf}/lamp", {"dim": 1}) == {"on": True, "dim": 1}
    shop("DELETE", f"{shelf}/lamp", status=204)
    shop("GET", f"{shelf}/lamp", status=404)


def test_parts_behind_free_keys(shop: Api, shelf: str) -> None:
    assert shop("GET", f"{shelf}/texts/login/en") == {}
    shop("PUT", f"{shelf}/texts/login/en", {"title": "Hi"})
    assert shop("GET", f"{shelf}/texts/login/en") == {"title": "Hi"}
    assert shop("GET", f"{shelf}/texts/login/de") == {}


def test_a_part_whose_members_come_and_go(shop: Api, shelf: str) -> None:
    assert shop("POST", f"{shelf}/keys", {"a": "1", "b": "2"}, status=201) == {}
    shop("PATCH", f"{shelf}/keys", {"a": "3"})
    shop("DELETE", f"{shelf}/keys", ["b"], status=204)
    shop("DELETE", f"{shelf}/keys", status=400)

    assert shop("GET", f"{shelf}/keys") == {"a": "***"}


def test_items_one_by_one(shop: Api, shelf: str) -> None:
    book = shop("POST", "/books", {"name": "B"}, status=201)["id"]
    added = shop("POST", f"{shelf}/books", {"book_id": book, "place": "top"}, status=201)

    assert added == {"book_id": book, "place": "top", "book": {"name": "B"}}
    assert shop("GET", f"{shelf}/books/{book}") == added
    assert shop("GET", f"{shelf}/books?include_totals=true")["total"] == 1
    shop("POST", f"{shelf}/books", {"book_id": book}, status=409)
    shop("POST", f"{shelf}/books", {"book_id": "nope"}, status=404)
    assert shop("PATCH", f"{shelf}/books/{book}", {"place": "low"}) == {**added, "place": "low"}
    shop("PATCH", f"{shelf}/books/nope", {"place": "low"}, status=404)
    shop("DELETE", f"{shelf}/books/nope", status=204)
    shop("DELETE", f"{shelf}/books/{book}", status=204)
    assert shop("GET", f"{shelf}/books") == []


def test_items_that_the_server_gives_an_id(shop: Api, shelf: str) -> None:
    first = shop("POST", f"{shelf}/notes", {"text": "x", "pin": "1234"}, status=201)
    second = shop("POST", f"{shelf}/notes", {"text": "x"}, status=201)

    assert first == {"id": first["id"], "text": "x", "kind": "plain"}
    assert first["id"].startswith("note_")
    assert shop("GET", f"{shelf}/notes") == [first, second]
    shop("DELETE", f"{shelf}/notes/{first['id']}")
    shop("DELETE", f"{shelf}/notes/{first['id']}", status=404)
    assert shop("GET", f"{shelf}/notes") == [second]


def test_items_that_one_request_adds_and_removes(shop: Api, shelf: str) -> None:
    a, b = (shop("POST", "/readers", {"name": name}, status=201)["id"] for name in "ab")
    shop("PATCH", f"{shelf}/readers", [{"reader_id": a, "status": True}], status=204)
    entries = [{"reader_id": b, "status": True}, {"reader_id": a, "status": False}]
    shop("PATCH", f"{shelf}/readers", entries, status=204)

    assert shop("GET", f"{shelf}/readers?take=1") == {"readers": [{"reader_id": b}]}
    assert shop("GET", shelf)["readers"] == [b]
    assert shop("PATCH", shelf, {"readers": [a]})["readers"] == [a]
    assert shop("POST", "/shelves", {"name": "b", "readers": [b]}, status=201)["readers"] == [b]
    bodies: list[Any] = [None, [], {}, [1], [{"reader_id": 1, "status": True}], [{"reader_id": a}]]
    for body in bodies:
        shop("PATCH", f"{shelf}/readers", body, status=400)
    shop("PATCH", f"{shelf}/readers", [{"reader_id": "nope", "status": True}], status=404)


def test_scalar_items_in_a_wrapper(shop: Api, shelf: str) -> None:
    a = shop("POST", "/readers", {"name": "a"}, status=201)["id"]
    shop("POST", f"{shelf}/guests", {"guests": [a]}, status=204)
    shop("POST", f"{shelf}/guests", {"guests": [a]}, status=204)
    shop("POST", f"{shelf}/guests", {"guests": [{}]}, status=400)

    assert shop("GET", f"{shelf}/guests") == [{"reader_id": a}]
    shop("DELETE", f"{shelf}/guests", {"guests": [a]}, status=204)
    assert shop("GET", f"{shelf}/guests") == []


def test_a_list_that_is_put_whole_in_forms_of_its_own(shop: Api, shelf: str) -> None:
    assert shop("PUT", f"{shelf}/tags", {"tags": [{"ref": "x"}, {"ref": "y"}]}) == {
        "tags": [{"shown": "x"}, {"shown": "y"}]
    }
    shop("PUT", f"{shelf}/tags", {"tags": [{"ref": "y"}]})
    assert shop("GET", f"{shelf}/tags") == [{"shown": "y"}]
    bodies: list[Any] = [None, {}, {"tags": {}}, {"tags": [{"nope": 1}]}, {"tags": [1]}]
    for body in bodies:
        shop("PUT", f"{shelf}/tags", body, status=400)


def test_a_list_that_is_no_configuration(shop: Api, shelf: str) -> None:
    shop("POST", f"{shelf}/visits", {"visits": ["auth0|x"]}, status=204)
    assert shop("GET", f"{shelf}/visits") == [{"visitor": "auth0|x"}]


def test_what_is_deleted_takes_its_items_and_parts_along(shop: Api, shelf: str) -> None:
    book = shop("POST", "/books", {"name": "B"}, status=201)["id"]
    reader = shop("POST", "/readers", {"name": "R"}, status=201)["id"]
    shop("POST", f"{shelf}/books", {"book_id": book}, status=201)
    shop("PATCH", f"{shelf}/readers", [{"reader_id": reader, "status": True}], status=204)

    assert "deleted_at" in shop("DELETE", f"/books/{book}", status=202)
    shop("DELETE", f"/readers/{reader}", status=202)
    shop("DELETE", f"/readers/{reader}", status=404)

    assert shop("GET", f"{shelf}/books") == []
    assert shop("GET", shelf)["readers"] == []
    shop("DELETE", shelf, status=204)
    shop("GET", f"{shelf}/settings", status=404)


def test_a_step_and_what_undoes_it(shop: Api, shelf: str) -> None:
    opened = shop("POST", f"{shelf}/open", status=202)

    assert (opened["is_open"], opened["version"]) == (True, {"of": "a"})
    assert shop("GET", shelf) == opened
    changed = shop("PATCH", shelf, {"size": "l"})
    # Building takes a moment: the answer comes before.
    assert (changed["is_open"], changed["version"], changed["state"]) == (False, {"of": "a"}, "pending")
    assert shop("GET", shelf) == {**changed, "state": "built"}


def test_a_snapshot_with_parts_and_lists(shop: Api) -> None:
    body = {
        "id": "shf_1",
        "name": "a",
        "opened": True,
        "settings": {"level": "high"},
        "texts": {"en": {"login": {"title": "Hi"}}},
        "readers": ["rdr_1"],
        "notes": [{"text": "x"}],
        "tags": [{"tag": "t"}],
    }
    snapshot = {"format_version": "1.0", "sections": {"shelves": [body]}}
    shop("POST", "/__sandbox__/seed", snapshot, status=204)

    assert shop("GET", "/shelves/shf_1") == {"id": "shf_1", "name": "a", "readers": ["rdr_1"]}
    assert shop("GET", "/shelves/shf_1/settings") == {"level": "high"}
    assert shop("GET", "/shelves/shf_1/texts/login/en") == {"title": "Hi"}
    assert shop("GET", "/shelves/shf_1/notes")[0]["text"] == "x"
    assert shop("GET", "/shelves/shf_1/tags") == [{"shown": "t"}]


def test_the_scopes_of_parts_lists_and_steps_are_offered(shop: Api) -> None:
    (management,) = shop("GET", "/resource-servers")
    values = {scope["value"] for scope in management["scopes"]}
    assert values >= {"read:things", "create:things", "update:things", "delete:things"}

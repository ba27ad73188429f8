"""A list comes whole or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import Response

from tenantctl.catalog.endpoints import Endpoint, Listing, Paging
from tenantctl.problems import ProblemsError
from tenantctl.tenant.client import TenantClient
from tenantctl.tenant.paging import read_list
from tests.tenant.conftest import Talk
from tests.tenant.scripted import ScriptedTenant, Seen, Served, answer, make_target

Body = Mapping[str, Any]
ENDPOINT = Endpoint("GET", "/things", ("read:things",))
PAGES = Listing(ENDPOINT, Paging.PAGE, "things", page_size=3)
COUNTED = Listing(ENDPOINT, Paging.PAGE, "things", page_size=3, enveloped=True, sparse=True)
CURSORS = Listing(ENDPOINT, Paging.CHECKPOINT, "things", {"flag": False}, page_size=3)
WHOLE = Listing(ENDPOINT, Paging.NONE, "things")
BARE = Listing(ENDPOINT, Paging.NONE, "")


def things(*numbers: int) -> list[dict[str, int]]:
    return [{"id": number} for number in numbers]


def page(total: int | None, *numbers: int, **more: Any) -> dict[str, Any]:
    return {"things": things(*numbers), **({} if total is None else {"total": total}), **more}


def by_page(pages: Mapping[int, Any]) -> Callable[[Seen], Response]:
    return lambda seen: answer(200, pages[int(seen.query["page"])])


def by_cursor(pages: Mapping[str, Any]) -> Callable[[Seen], Response]:
    return lambda seen: answer(200, pages[seen.query.get("from", "")])


def test_pages_are_read_whole_and_in_order(served: Served, talk: Talk) -> None:
    served.tenant.handle = by_page({0: page(7, 1, 2, 3), 1: page(7, 4, 5, 6), 2: page(7, 7)})
    assert talk(lambda client: read_list(client, PAGES)) == things(1, 2, 3, 4, 5, 6, 7)
    assert [seen.query["include_totals"] for seen in served.tenant.seen] == ["true"] * 3
    assert {seen.query["per_page"] for seen in served.tenant.seen} == {"3"}


def test_an_envelope_that_is_always_there_is_not_asked_for(served: Served, talk: Talk) -> None:
    served.tenant.handle = by_page({0: page(4, 1, 2, 3), 1: page(4, 4)})
    assert talk(lambda client: read_list(client, COUNTED)) == things(1, 2, 3, 4)
    assert [dict(seen.query) for seen in served.tenant.seen] == [
        {"page": "0", "per_page": "3"},
        {"page": "1", "per_page": "3"},
    ]


def test_a_count_of_zero_may_be_left_out(served: Served, talk: Talk) -> None:
    served.tenant.handle = by_page({0: page(None, per_page=3)})
    assert talk(lambda client: read_list(client, COUNTED)) == []


def test_pages_are_read_side_by_side() -> None:
    waiting: list[str] = []
    all_there = asyncio.Event()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        query = scope["query_string"].decode()
        if "page=0" not in query:
            waiting.append(query)
            if len(waiting) == 3:
                all_there.set()
            await asyncio.wait_for(all_there.wait(), 5)
        number = int(query.partition("page=")[2][0])
        tenant = ScriptedTenant()
        tenant.tell(answer(200, page(12, *range(3 * number, 3 * number + 3))))
        await tenant(scope, receive, send)

    async def go() -> None:
        async with TenantClient(make_target("https://tenant.example"), app=app) as client:
            assert len(await read_list(client, PAGES)) == 12

    asyncio.run(go())
    assert len(waiting) == 3


def test_cursors_are_followed_with_the_query_kept(served: Served, talk: Talk) -> None:
    served.tenant.handle = by_cursor({"": page(None, 1, 2, 3, next="b"), "b": page(None, 4)})
    assert talk(lambda client: read_list(client, CURSORS)) == things(1, 2, 3, 4)
    assert [dict(seen.query) for seen in served.tenant.seen] == [
        {"flag": "false", "take": "3"},
        {"flag": "false", "take": "3", "from": "b"},
    ]


@pytest.mark.parametrize("end", [{}, {"next": None}, {"next": ""}])
def test_the_last_page_names_no_other(served: Served, talk: Talk, end: Body) -> None:
    served.tell(answer(200, {"things": things(1), **end}))
    assert talk(lambda client: read_list(client, CURSORS)) == things(1)


@pytest.mark.parametrize(("listing", "body"), [(WHOLE, page(None, 1, 2)), (BARE, things(1, 2))])
def test_lists_without_pages(served: Served, talk: Talk, listing: Listing, body: Any) -> None:
    served.tell(answer(200, body))
    assert talk(lambda client: read_list(client, listing)) == things(1, 2)
    assert len(served.tenant.seen) == 1


@pytest.mark.parametrize("body", [page(0), {"things": [], "total": 0, "start": 0, "limit": 3}])
def test_an_empty_list_is_one(served: Served, talk: Talk, body: Any) -> None:
    served.tell(answer(200, body))
    assert talk(lambda client: read_list(client, PAGES)) == []


INCOMPLETE: dict[str, tuple[Listing, Callable[[Seen], Response]]] = {
    "shrinks": (PAGES, by_page({0: page(5, 1, 2, 3), 1: page(4, 5)})),
    "shrinks without saying so": (PAGES, by_page({0: page(5, 1, 2, 3), 1: page(5, 5)})),
    "grows": (PAGES, by_page({0: page(5, 1, 2, 3), 1: page(6, 4, 5, 6)})),
    "grows at the front of full pages": (PAGES, by_page({0: page(6, 1, 2, 3), 1: page(7, 3, 4, 5)})),
    "one goes as one comes": (PAGES, by_page({0: page(6, 1, 2, 3), 1: page(6, 3, 4, 5)})),
    "no total": (PAGES, by_page({0: page(None, 1, 2, 3)})),
    "a total that is no number": (PAGES, by_page({0: {"things": things(1), "total": "1"}})),
    "no total on a later page": (PAGES, by_page({0: page(4, 1, 2, 3), 1: page(None, 4)})),
    "an empty page in the middle": (PAGES, by_page({0: page(7, 1, 2, 3), 1: page(7), 2: page(7, 7)})),
    "items without a count": (COUNTED, by_page({0: page(None, 1, 2, 3), 1: page(None, 4)})),
    "pages smaller than asked for": (PAGES, by_page({0: page(4, 1, 2), 1: page(4, 3)})),
    "pages: a bare array": (PAGES, lambda _: answer(200, things(1))),
    "pages: another envelope": (PAGES, lambda _: answer(200, {"items": things(1), "total": 1})),
    "pages: no objects": (PAGES, lambda _: answer(200, {"things": ["a"], "total": 1})),
    "pages: null": (PAGES, lambda _: Response("null", media_type="application/json")),
    "pages: no body": (PAGES, lambda _: Response(status_code=204)),
    "a repeated next": (CURSORS, lambda _: answer(200, page(None, next="b"))),
    "a next that is no text": (CURSORS, lambda _: answer(200, page(None, 1, next={"page": 2}))),
    "cursor: an item twice": (CURSORS, by_cursor({"": page(None, 1, 2, 3, next="b"), "b": page(None, 3)})),
    "cursor: a bare array": (CURSORS, lambda _: answer(200, things(1, 2, 3))),
    "cursor: another envelope": (CURSORS, lambda _: answer(200, {"items": things(1)})),
    "whole: a bare array": (WHOLE, lambda _: answer(200, things(1))),
    "bare: an envelope": (BARE, lambda _: answer(200, page(None, 1))),
}


@pytest.mark.parametrize(("listing", "handle"), INCOMPLETE.values(), ids=INCOMPLETE.keys())
def test_what_is_not_whole_is_refused(
    served: Served, problems_of: Callable[..., Any], listing: Listing, handle: Callable[[Seen], Response]
) -> None:
    served.tenant.handle = handle
    (problem,) = problems_of(lambda client: read_list(client, listing))
    assert problem.code == "incomplete-list"
    assert "/things" in problem.summary
    assert problem.detail


def test_a_page_that_fails_fails_the_list(served: Served, problems_of: Callable[..., Any]) -> None:
    served.tenant.handle = lambda seen: (
        answer(200, page(7, 1, 2, 3)) if seen.query["page"] == "0" else answer(429)
    )
    assert [problem.code for problem in problems_of(lambda client: read_list(client, PAGES))] == [
        "rate-limited"
    ]


@given(before=st.integers(0, 12), changes=st.lists(st.tuples(st.integers(0, 5), st.booleans()), max_size=3))
def test_a_list_that_changes_meanwhile_is_never_silently_short(
    before: int, changes: list[tuple[int, bool]]
) -> None:
    """Between any two requests items come and go at the front; what is returned is whole, if anything."""
    live = list(range(100, 100 + before))
    always = set(live)
    pending = list(changes)
    tenant = ScriptedTenant()

    def handle(seen: Seen) -> Response:
        start = 3 * int(seen.query["page"])
        body = page(len(live), *live[start : start + 3])
        if pending:
            number, comes = pending.pop(0)
            if comes and number not in live:
                live.insert(0, number)
            else:
                del live[:1]
        always.intersection_update(live)
        return answer(200, body)

    tenant.handle = handle

    async def go() -> list[Mapping[str, Any]]:
        async with TenantClient(make_target("https://tenant.example"), app=tenant) as client:
            return await read_list(client, PAGES)

    try:
        found = asyncio.run(go())
    except ProblemsError as error:
        assert [problem.code for problem in error.problems] == ["incomplete-list"]  # noqa: PT017 - either outcome is fine
    else:
        assert always <= {item["id"] for item in found}

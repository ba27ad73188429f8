"""Lists of the Management API: which objects a query asks for, and in what envelope they come."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import islice
from typing import TypeVar

from tenantctl.catalog.endpoints import Listing, Paging
from tenantctl.catalog.fields import fields_of
from tenantctl.catalog.spec import ResourceType
from tenantctl.sandbox.errors import invalid_query
from tenantctl.states import Json

Query = Mapping[str, Sequence[str]]
"""A query string: each parameter with its values in order."""

MAX_PAGE_SIZE = 100
_DEFAULT_PAGE_SIZE = 50
_CUT = frozenset({"page", "per_page", "include_totals", "from", "take"})
_SHAPE = frozenset({"fields", "include_fields"})
_DIGITS = re.compile(r"[0-9]{1,9}\Z", re.ASCII)
_BOOLEANS = {"true": True, "false": False}
_SUFFIX = "_filter"

T = TypeVar("T")
Test = Callable[[Mapping[str, Json]], bool]


def answer_list(
    listing: Listing, rows: Iterable[tuple[int, T]], query: Query, show: Callable[[T], Json]
) -> Json:
    """Return the answer to a list request: `rows`, already filtered, cut, shown and in their envelope.

    A bare array; ``{start, limit, total, ITEMS}`` with ``include_totals=true``; ``{ITEMS, next?}`` where a
    cursor (``from``, ``take``) is used: then the rows are those after `first_after`, and no more of them are
    taken than are shown.

    Raises:
        ApiError: 400 ``invalid_query_string``.
    """
    if listing.paging is Paging.NONE:
        bodies = [show(each) for _, each in rows]
        return {listing.envelope: bodies} if listing.envelope else bodies
    if _takes_cursor(listing, query):
        return _answer_checkpoint(listing, rows, query, show)
    return _answer_page(listing, [each for _, each in rows], query, show)


def first_after(listing: Listing, query: Query) -> int:
    """Return the number behind which the rows begin that a list request asks for.

    Raises:
        ApiError: 400 ``invalid_query_string``.
    """
    return _read_cursor(query["from"][-1]) if _takes_cursor(listing, query) and "from" in query else 0


def _takes_cursor(listing: Listing, query: Query) -> bool:
    return listing.paging is Paging.CHECKPOINT and (listing.enveloped or bool({"from", "take"} & set(query)))


def _answer_page(listing: Listing, rows: Sequence[T], query: Query, show: Callable[[T], Json]) -> Json:
    size = _number(query, "per_page", _DEFAULT_PAGE_SIZE, least=0)
    start = _number(query, "page", 0, least=0, most=None) * size
    bodies = [show(each) for each in rows[start : start + size]]
    if listing.enveloped:
        # Recorded: behind the last page there are none at all.
        counts = {"total": len(rows) if bodies else 0, "page": start // size if size else 0}
        return {
            **{name: count for name, count in counts.items() if count or not listing.sparse},
            "per_page": size,
            listing.envelope: bodies,
        }
    if _boolean(query, "include_totals", default=False):
        return {"start": start, "limit": size, "total": len(rows), listing.envelope: bodies}
    return bodies


def _answer_checkpoint(
    listing: Listing, rows: Iterable[tuple[int, T]], query: Query, show: Callable[[T], Json]
) -> Json:
    most = max(MAX_PAGE_SIZE, listing.page_size)
    size = _number(query, "take", _DEFAULT_PAGE_SIZE, least=1, most=most)
    found = list(islice(rows, size + 1))
    answer: dict[str, Json] = {listing.envelope: [show(each) for _, each in found[:size]]}
    if len(found) > size or (found and listing.open_ended):
        answer["next"] = _make_cursor(found[:size][-1][0])
    return answer


def _make_cursor(seq: int) -> str:
    return base64.urlsafe_b64encode(str(seq).encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> int:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        text = ""
    if not _DIGITS.match(text):
        raise invalid_query("'The value of from is no cursor of this list' on property from.")
    return int(text)


def _number(query: Query, name: str, default: int, *, least: int, most: int | None = MAX_PAGE_SIZE) -> int:
    if name not in query:
        return default
    text = query[name][-1]
    if not _DIGITS.match(text):
        raise invalid_query(f"'Expected type integer but found type string' on property {name}.")
    number = int(text)
    if number < least:
        raise invalid_query(f"'Value {number} is less than minimum {least}' on property {name}.")
    if most is not None and number > most:
        raise invalid_query(f"'Value {number} is greater than maximum {most}' on property {name}.")
    return number


def _boolean(query: Query, name: str, *, default: bool) -> bool:
    if name not in query:
        return default
    text = query[name][-1].lower()
    if text not in _BOOLEANS:
        raise invalid_query(f"'Expected type boolean but found type string' on property {name}.")
    return _BOOLEANS[text]


def make_shaper(
    query: Query, always: Collection[str] = ()
) -> Callable[[Mapping[str, Json]], dict[str, Json]]:
    """Return what cuts an object to the ``fields`` that a query asks for (or leaves them out).

    always: fields that an answer has whatever the query asks for.

    Raises:
        ApiError: 400 ``invalid_query_string``.
    """
    included = _boolean(query, "include_fields", default=True)
    named = {name.strip() for text in query.get("fields", ()) for name in text.split(",") if name.strip()}
    if not named:
        return dict
    return lambda body: {
        name: value
        for name, value in body.items()
        if (name in named) is included or (included and name in always)
    }


def as_text(query: Mapping[str, Json]) -> Query:
    """Return a query of the catalog as a request has it."""
    return {
        name: ["true" if value is True else "false" if value is False else str(value)]
        for name, value in query.items()
    }


def make_filter(types: Sequence[ResourceType], query: Query) -> Test:
    """Return what tells the objects that a query asks for: equality on fields, or part of a name.

    ``field=x``; ``is_global=false`` for the field ``global``; ``identifiers=a&identifiers=b`` for any value
    of ``identifier``; ``name_filter=x`` for a part of ``name``. What else the catalog's own queries have is
    taken and changes nothing.

    Raises:
        ApiError: 400 ``invalid_query_string`` for a parameter that the list doesn't have.
    """
    own = {name for resource_type in types if resource_type.listing for name in resource_type.listing.query}
    known = {name for resource_type in types for name in fields_of(resource_type)}
    tests = []
    for name in query.keys() - _CUT - _SHAPE:
        test = _make_test(known, name, query[name])
        if test is None and name not in own:
            raise invalid_query(f"'Additional properties not allowed: {name}'.")
        tests += [test] if test else []
    return lambda body: all(test(body) for test in tests)


def _make_test(known: Collection[str], name: str, values: Sequence[str]) -> Test | None:
    if name.endswith(_SUFFIX) and name.removesuffix(_SUFFIX) in known:
        field, part = name.removesuffix(_SUFFIX), values[-1].lower()
        return lambda body: part in str(body.get(field, "")).lower()
    for field in (name, name.removeprefix("is_"), name.removesuffix("s")):
        if field in known:
            return lambda body: _as_text(body.get(field), like=values[-1]) in values
    return None


def _as_text(value: Json, *, like: str) -> str | None:
    """Return a field's value as a query writes it; a flag that isn't there is false."""
    if isinstance(value, bool) or (value is None and like in _BOOLEANS):
        return "true" if value else "false"
    return None if value is None else str(value)

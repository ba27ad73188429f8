"""What a sandbox's tenant holds, read from its state file: what no API shows, too."""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tenantctl.catalog.keys import key_of
from tenantctl.catalog.registry import BY_SECTION
from tenantctl.states import make_address

_DOMAIN = "sandbox.localhost"
_LONG_ENOUGH = 8  # shorter ids are names (of singletons, templates, factors), equal in every tenant
# What two tenants have of their own although the same was done to both. A version that was in doubt is made
# once more, as nothing tells whether its secrets are in it; so its number counts what happened, too.
_VARYING = (
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)?"), "TIME"),
    (re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"), "UUID"),
    (re.compile(r'"number": \d+'), '"number": "NUMBER"'),
)


@dataclass(frozen=True, slots=True)
class State:
    """A tenant at one moment.

    raw: (section, id) → the object as it is stored, what lies below it included.
    known: address → the same, with addresses in the place of ids, and without times and new secrets.
    doubles: addresses that more than one object has.
    names: id → address. credentials: client name → id and secret.
    """

    raw: Mapping[tuple[str, str], str]
    known: Mapping[str, str]
    doubles: tuple[str, ...]
    names: Mapping[str, str]
    credentials: Mapping[str, tuple[str, str | None]]


def read_state(path: Path, told: str = "") -> State:
    """Return what the first tenant of a state file holds.

    told: a text with the secrets that were there before or are declared; others the server has made up.
    """
    with closing(sqlite3.connect(path, timeout=30)) as database:
        objects = {
            (section, name): json.loads(body)
            for section, name, body in database.execute(
                "SELECT section, id, body FROM objects WHERE domain = ? ORDER BY seq", (_DOMAIN,)
            )
        }
        items: dict[tuple[str, str], list[Any]] = {}
        for section, name, field, body in database.execute(
            "SELECT section, id, field, body FROM items WHERE domain = ? ORDER BY seq", (_DOMAIN,)
        ):
            items.setdefault((section, name), []).append([field, json.loads(body)])
    places = sorted({*objects, *items})
    raw = {place: _text([objects.get(place), items.get(place, [])]) for place in places}
    names = _addresses(objects)
    addressed = [(_address(place, names), place) for place in places]
    counted = Counter(address for address, _ in addressed)
    return State(
        raw=raw,
        known={address: _known(place, objects, items, names, told) for address, place in addressed},
        doubles=tuple(sorted(address for address, count in counted.items() if count > 1)),
        names=names,
        credentials={
            body["name"]: (body["client_id"], body.get("client_secret"))
            for (section, _), body in objects.items()
            if section == "clients"
        },
    )


def _addresses(objects: Mapping[tuple[str, str], Mapping[str, Any]]) -> Mapping[str, str]:
    """Return id → address; keys that name other objects by their ids name them by address, too."""
    names: dict[str, str] = {}
    for _ in range(2):
        names = {
            name: _replaced(make_address(section, key_of(BY_SECTION[section], body)), names)
            for (section, name), body in objects.items()
            if len(name) >= _LONG_ENOUGH
        }
    return names


def _address(place: tuple[str, str], names: Mapping[str, str]) -> str:
    section, name = place
    return names.get(name) or make_address(section, name)


def _known(
    place: tuple[str, str],
    objects: Mapping[tuple[str, str], Mapping[str, Any]],
    items: Mapping[tuple[str, str], Iterable[Any]],
    names: Mapping[str, str],
    told: str,
) -> str:
    body = {
        field: "NEW" if field in BY_SECTION[place[0]].generated and str(value) not in told else value
        for field, value in objects.get(place, {}).items()
    }
    history = {each.field for each in BY_SECTION[place[0]].runtime}
    # What is associated comes in the order in which requests side by side arrived.
    below = sorted(_plain(_text(item), names) for item in items.get(place, ()) if item[0] not in history)
    return "\n".join([_plain(_text(body), names), *below])


def _plain(text: str, names: Mapping[str, str]) -> str:
    for pattern, word in _VARYING:
        text = pattern.sub(word, text)
    return _replaced(text, names)


def _replaced(text: str, names: Mapping[str, str]) -> str:
    return re.sub(r"[\w|-]{8,}", lambda found: names.get(found[0], found[0]), text)


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def differences(wanted: State, found: State) -> Iterator[str]:
    """Yield what is not as it should be, one line for each object."""
    for address in sorted({*wanted.known, *found.known}):
        left, right = wanted.known.get(address), found.known.get(address)
        if right is None:
            yield f"{address} is missing"
        elif left is None:
            yield f"{address} should not be there"
        elif left != right:
            yield f"{address} differs: {_first_difference(left, right)}"
    for address in found.doubles:
        if address not in wanted.doubles:
            yield f"{address} is there more than once"


def _first_difference(left: str, right: str) -> str:
    start = next(
        (index for index, (one, other) in enumerate(zip(left, right, strict=False)) if one != other), 0
    )
    begin = max(0, start - 60)
    return f"{left[begin : start + 80]!r} became {right[begin : start + 80]!r}"

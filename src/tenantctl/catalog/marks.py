"""Questions about a field that combine the marks of its type: is it secret, write-only, unordered?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import TypeVar

from tenantctl.catalog.fields import field_at
from tenantctl.catalog.spec import ResourceType
from tenantctl.states import FieldPath, Json

T = TypeVar("T")

ANY_OTHER = "*"
"""Stands, among the names of fields, for every other."""

# A field that the catalog does not know yet must not leak for want of a mark, so its name is judged too.
# What changes a password, a script of a database, is none.
_SECRET_NAME = re.compile(
    r"(?:^|_)(?:secret|(?<!change_)password|passphrase|private_key|api_key|(?:access|api|auth)_token)s?$",
    re.IGNORECASE,
)

_NO_TEXT = frozenset({"boolean", "integer", "number"})


def dotted(path: FieldPath) -> str:
    """Return a path in the catalog's notation: ``("scopes", 0, "value")`` is ``scopes[].value``."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += "[]"
        else:
            text += f".{step}" if text else step
    return text


@cache
def _pattern(mark: str) -> re.Pattern[str]:
    return re.compile(re.escape(mark).replace(r"\*", r"[^.\[]+"))


def is_marked(marks: Iterable[str], path: FieldPath) -> bool:
    """Return whether one of the `marks` names exactly this path."""
    return any(_pattern(mark).fullmatch(dotted(path)) for mark in marks)


def mark_at(marks: Mapping[str, T], path: FieldPath) -> T | None:
    """Return what the mark that names exactly this path says, or None."""
    place = dotted(path)
    if place in marks:
        return marks[place]
    return next((said for mark, said in marks.items() if _pattern(mark).fullmatch(place)), None)


def scopes_to_read(resource_type: ResourceType, name: str) -> tuple[str, ...]:
    """Return the scopes, one of which a token needs to be told a top-level field; none if any token is."""
    scopes = resource_type.read_scopes
    return scopes.get(name, scopes.get(ANY_OTHER, ()))


def default_at(resource_type: ResourceType, path: FieldPath, absent: Json = None) -> Json:
    """Return the server's default at `path`, or `absent`; marks name whole objects, or places in them."""
    found: Json = resource_type.defaults
    if dotted(path) in found:
        return found[dotted(path)]
    for step in path:
        if not isinstance(found, Mapping) or step not in found:
            return absent
        found = found[step]
    return found


def is_secret(resource_type: ResourceType, path: FieldPath) -> bool:
    """Return whether the value at `path`, or what it is part of, must never be shown."""
    names = [step for step in path if isinstance(step, str)]
    if _is_within(resource_type.secret, path):
        return True
    return bool(names and _SECRET_NAME.search(names[-1])) and _may_be_text(resource_type, path)


@lru_cache(maxsize=65536)
def _is_within(marks: frozenset[str], path: FieldPath) -> bool:
    """Return whether one of the `marks` names this path, or what it is part of."""
    return any(is_marked(marks, path[: end + 1]) for end in range(len(path)))


def _may_be_text(resource_type: ResourceType, path: FieldPath) -> bool:
    """Whether the field table does not tell that a number, a switch or an object of its own is at `path`."""
    known = field_at(resource_type, dotted(path))
    return known is None or not (known.fields or (known.types and set(known.types) <= _NO_TEXT))


def is_write_only(resource_type: ResourceType, path: FieldPath) -> bool:
    """Return whether reads leave out the value at `path`."""
    return is_marked(resource_type.write_only, path)


def is_nested_read_only(resource_type: ResourceType, path: FieldPath) -> bool:
    """Return whether the API returns what stands at `path` but never takes it."""
    return is_marked(resource_type.read_only, path)

"""What the marks of a type say about one place inside it, looked up once and remembered.

The planner asks for every field of every object; going through the patterns each time would dominate a
plan of ten thousand clients.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from tenantctl.catalog.marks import default_at, is_marked, is_secret, mark_at
from tenantctl.catalog.registry import BY_SECTION
from tenantctl.catalog.spec import ResourceType
from tenantctl.states import FieldPath, Json


class _Absent:
    """The value of a field that is not there; different from null."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT = _Absent()


@dataclass(frozen=True, slots=True)
class Shape:
    """The marks of one place: how it is compared and how it is sent.

    unordered: whether a list here is compared without order. item_key: members that identify its items.
    masked: what reads show in place of a write-only value. variant: member that tells the kind of an object.
    opaque: whether something here, or in the same field, is not returned by reads as it is.
    """

    unordered: bool
    item_key: tuple[str, ...]
    write_only: bool
    secret: bool
    read_only: bool
    merged: bool
    masked: Json
    variant: str | None
    default: Json
    opaque: bool


def shape_at(resource_type: ResourceType, path: FieldPath) -> Shape:
    """Return the marks of the place at `path`."""
    return _shape(resource_type.section, path)


@lru_cache(maxsize=65536)
def _shape(section: str, path: FieldPath) -> Shape:
    resource_type = BY_SECTION[section]
    item_key = mark_at(resource_type.unordered, path)
    return Shape(
        unordered=item_key is not None,
        item_key=item_key or (),
        write_only=is_marked(resource_type.write_only, path),
        secret=is_secret(resource_type, path),
        read_only=is_marked(resource_type.read_only, path),
        merged=is_marked(resource_type.merged, path),
        masked=mark_at(resource_type.masked, path) or ABSENT,
        variant=mark_at(resource_type.variants, path),
        default=default_at(resource_type, path, ABSENT),
        opaque=_is_opaque(resource_type, path),
    )


def _is_opaque(resource_type: ResourceType, path: FieldPath) -> bool:
    """Return whether a mark of the top-level field at `path` hides what was written."""
    fields = {
        mark.partition(".")[0].partition("[")[0]
        for mark in (*resource_type.write_only, *resource_type.masked)
    }
    return bool(fields & {*path[:1], "*", "**"})

"""What files hold that a pull or auth0-deploy-cli wrote, and no request takes: it is left out of an entry."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from tenantctl.catalog.marks import is_secret, is_write_only
from tenantctl.catalog.paths import values_at, without
from tenantctl.catalog.spec import ResourceType
from tenantctl.config.keywords import MARKER, keyword_for
from tenantctl.config.report import Entry, Report
from tenantctl.states import FieldPath, Json, make_address

_HIDDEN = "_VALUE_NOT_SHOWN_"
"""What exports write for a secret that no read shows; as a keyword in its place, it counts as left out."""


def without_placeholders(report: Report, resource_type: ResourceType, entry: Entry) -> Entry:
    """Return an entry without what a pull or an export put in place of values that it may not show."""
    found = dict(_placeholders(resource_type, entry.data))
    if report.has_unresolved:
        found |= _pulled(resource_type, entry)
    if not found:
        return entry
    report.placeholders(found, entry)
    data: Mapping[str, Json] = entry.data
    for path in found:
        data = without(data, path)
    return replace(entry, data=dict(data))


def _pulled(resource_type: ResourceType, entry: Entry) -> Mapping[FieldPath, str]:
    """Return the keywords for secrets that are named after the entry, as a pull names them."""
    prefix = keyword_for(make_address(entry.section, entry.key)) + "_"
    return {
        path: value
        for path, value in values_at(entry.data, "**")
        if isinstance(value, str)
        and (marker := MARKER.fullmatch(value))
        and marker[2].startswith(prefix)
        and (is_secret(resource_type, path) or is_write_only(resource_type, path))
    }


def _placeholders(resource_type: ResourceType, data: Mapping[str, Json]) -> Iterator[tuple[FieldPath, str]]:
    for place, name in resource_type.placeholders.items():
        for path, value in values_at(data, place):
            if isinstance(value, str) and re.fullmatch(f"##(?:{name})##", value):
                yield path, value
    # Of a masked value the plan knows that it is what reads show.
    for place in resource_type.secret - resource_type.masked.keys():
        yield from ((path, value) for path, value in values_at(data, place) if value == _HIDDEN)


def without_retired(report: Report, resource_type: ResourceType, entry: Entry) -> Entry:
    """Return an entry without fields that the API takes no more; their values go to what took their place."""
    data: Mapping[str, Json] = entry.data
    for place, successor in resource_type.retired.items():
        for path, value in list(values_at(data, place)):
            _tell_retired(report, place, successor, path, entry)
            data = without(data, path)
            if successor:
                data = {successor: value, **data}
    return entry if data is entry.data else replace(entry, data=dict(data))


def _tell_retired(report: Report, place: str, successor: str, path: FieldPath, entry: Entry) -> None:
    what = f"an older name of {successor}" if successor else "a field that the API takes no more"
    hint = f"Write {successor} instead." if successor else "It is left out of plans; remove it from the file."
    report.warning("retired-field", f"{place} is {what}", (*entry.path, *path), hint=hint, entry=entry)

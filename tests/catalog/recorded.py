"""Recorded pairs in the form in which a plan sees them, told by the catalog's own paths."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from tenantctl.catalog.endpoints import Association, Part, Pool
from tenantctl.catalog.registry import RESOURCE_TYPES
from tenantctl.catalog.spec import ResourceType

REDACTED = "[REDACTED]"
"""What the recorders wrote over secrets; a value of theirs, not the tenant's."""


class Pair(NamedTuple):
    """What a tenant accepted for one object and then returned, both as that object's section has it."""

    scenario: str
    resource_type: ResourceType
    desired: Mapping[str, Any]
    actual: Mapping[str, Any]


class _Template(NamedTuple):
    """A path of the catalog, and what an object under it is."""

    path: str
    resource_type: ResourceType
    detail: Part | Association | None = None

    def names(self, path: str) -> dict[str, str] | None:
        """Return what a recorded path says for the placeholders, or None if it is another path."""
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(self.path))
        found = re.fullmatch(pattern, path)
        return found.groupdict() if found else None


def _templates() -> Iterator[_Template]:
    for resource_type in RESOURCE_TYPES:
        own = [resource_type.get, resource_type.update, *(each.get for each in resource_type.places.values())]
        yield from (_Template(endpoint.path, resource_type) for endpoint in own if endpoint)
        for part in resource_type.parts:
            yield _Template(part.get.path, resource_type, part)
        for association in resource_type.associations:
            yield _Template(f"{association.listing.endpoint.path}/{{item}}", resource_type, association)
        for pool in resource_type.pools:
            yield _Template(f"{pool.listing.endpoint.path}/{{item}}", resource_type, pool)


TEMPLATES = sorted(_templates(), key=lambda template: template.path.count("{"))
"""Those that leave less open come first."""


def read_pairs(shared: Path) -> Iterator[tuple[str, Pair | None]]:
    """Yield each recorded pair with its path; None if no type of the catalog is kept there."""
    text = (shared / "traffic" / "pairs.jsonl").read_text(encoding="utf-8")
    for line in text.splitlines():
        raw = json.loads(line)
        path = "/" + raw["path"].split("?")[0]
        yield path, _pair(raw, path)


def _pair(raw: Mapping[str, Any], path: str) -> Pair | None:
    for template in TEMPLATES:
        names = template.names(path)
        if names is None:
            continue
        if template.detail or template.resource_type.belongs(raw["actual"]):
            return _placed(raw, template, names)
    return None


def _placed(raw: Mapping[str, Any], template: _Template, names: Mapping[str, str]) -> Pair:
    resource_type, detail = template.resource_type, template.detail
    owner = {name: value for name, value in names.items() if name in resource_type.key}
    if resource_type.id_field and "id" in names:
        owner[resource_type.id_field] = names["id"]
    if detail is None:
        found, known = resource_type.decode(raw["actual"]), resource_type.decode(raw["desired"])
        owner |= {resource_type.id_field: found[resource_type.id_field]} if resource_type.id_field else {}
        if raw["via"] == "list" and resource_type.listing and resource_type.listing.summary:
            known = {name: value for name, value in known.items() if name in found}
    elif isinstance(detail, Part):
        found = _nested(detail, names, detail.decode(raw["actual"]))
        known = _nested(detail, names, detail.decode(raw["desired"]))
    elif isinstance(detail, Pool):
        link = next(each for each in detail.links if "*" not in each)
        known = _linked(link, raw["desired"])
        found = {detail.field: [raw["actual"]], **_linked(link, {detail.item_id: names["item"]})}
    else:
        item = detail.decode(raw["actual"])
        keyed = {**{name: item[name] for name in detail.item_key}, **raw["desired"]}
        found, known = {detail.field: [item]}, {detail.field: [keyed]}
    return Pair(raw["scenario"], resource_type, {**shown(known, found), **owner}, {**owner, **found})


def _nested(part: Part, names: Mapping[str, str], value: Any) -> dict[str, Any]:
    for name in reversed(part.names):
        value = {names[name]: value}
    return {part.root: value}


def _linked(link: str, item: Mapping[str, Any]) -> dict[str, Any]:
    value: Any = [item]
    for name in reversed(link.split(".")):
        value = {name: value}
    return dict(value)


def shown(desired: Any, actual: Any) -> Any:
    """Return the members of `desired` that the recorders did not overwrite in `actual`."""
    if isinstance(desired, dict) and isinstance(actual, dict):
        return {
            name: shown(value, actual.get(name))
            for name, value in desired.items()
            if actual.get(name) != REDACTED
        }
    return desired

"""Parts that the file lists one by one (`Part.listed`), and the nested mappings that they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tenantctl.catalog.spec import ResourceType
from tenantctl.states import Json


def gathered(resource_type: ResourceType, data: Mapping[str, Json]) -> Mapping[str, Json]:
    """Return the resource with each list of nested mappings turned into one mapping."""
    united: dict[str, Json] = {}
    for part in resource_type.parts:
        value = data.get(part.root)
        if part.listed and isinstance(value, list):
            united[part.root] = {}
            for item in value:
                _unite(united[part.root], item, len(part.names))
    return {**data, **united} if united else data


def spread(resource_type: ResourceType, data: Mapping[str, Json]) -> Mapping[str, Json]:
    """Return the resource with each such mapping turned into a list, as auth0-deploy-cli has it."""
    listed = {part.root: len(part.names) for part in resource_type.parts if part.listed and part.root in data}
    return {**data, **{name: list(_items(data[name], depth)) for name, depth in listed.items()}}


def _items(mapping: Json, depth: int) -> Iterator[Json]:
    for key, value in mapping.items():
        yield from ({key: item} for item in (_items(value, depth - 1) if depth > 1 else [value]))


def _unite(into: dict[str, Any], mapping: Json, depth: int) -> None:
    """Put the members of a mapping into another, `depth` levels deep."""
    for key, value in mapping.items() if isinstance(mapping, Mapping) else ():
        if depth > 1 and isinstance(value, Mapping):
            _unite(into.setdefault(key, {}), value, depth - 1)
        else:
            into[key] = value

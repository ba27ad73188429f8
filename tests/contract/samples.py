"""For each resource type, the life of one object: an entry as it is created, changed and cleared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from tenantctl.catalog.fields import is_immutable
from tenantctl.catalog.marks import is_write_only
from tenantctl.catalog.spec import ResourceType
from tenantctl.plan.shape import shape_at
from tenantctl.states import FieldPath
from tests.entries import (
    DECLARABLE,
    VARIANTS,
    Entry,
    clearable_names,
    compatible,
    identity_of,
    needed,
    value_of,
    writable_names,
)

API = "https://contract.example/api"


_FEW = 3


class Sample(NamedTuple):
    """What the contract does with a type.

    needed: what must be there first, by section. life: the entry, again and again.
    """

    needed: Mapping[str, list[Entry]]
    life: tuple[Entry, ...]


AN_API: Entry = {
    "name": "Contract API",
    "identifier": API,
    "signing_alg": "RS256",
    "scopes": [{"value": "read:a", "description": "Read"}],
}
A_CLIENT: Entry = {
    "name": "Contract M2M",
    "app_type": "non_interactive",
    "grant_types": ["client_credentials"],
    "organization_usage": "allow",
}
A_GRANT: Entry = {"client_id": "Contract M2M", "audience": API, "scope": ["read:a"]}
A_ROLE: Entry = {"name": "Contract role", "description": "first", "permissions": []}
A_PERMISSION: Entry = {"resource_server_identifier": API, "permission_name": "read:a"}

REAL: Mapping[str, Sample] = {
    "tenant": Sample({}, ({"support_url": "https://contract.example/help"}, {"support_url": ""})),
    "resourceServers": Sample(
        {},
        (AN_API, {**AN_API, "token_lifetime": 3600, "name": "Renamed"}, {**AN_API, "token_encryption": None}),
    ),
    "clients": Sample(
        {},
        (
            A_CLIENT,
            {**A_CLIENT, "description": "changed", "callbacks": ["https://contract.example/cb"]},
            {**A_CLIENT, "organization_usage": None, "callbacks": []},
        ),
    ),
    "clientGrants": Sample(
        {"resourceServers": [AN_API], "clients": [A_CLIENT]}, (A_GRANT, {**A_GRANT, "scope": []})
    ),
    "roles": Sample(
        {"resourceServers": [AN_API]},
        (
            A_ROLE,
            {**A_ROLE, "description": "second", "permissions": [A_PERMISSION]},
            {**A_ROLE, "description": ""},
        ),
    ),
}
"""Those with values that a real tenant takes."""

CONTRACTED = [each.section for each in DECLARABLE]
"""The sections of the types that there is a contract for: all that a file can say something of."""


def sample_of(resource_type: ResourceType) -> Sample:
    """Return what the contract does with a type, made from the catalog where nobody wrote it down."""
    return REAL.get(resource_type.section) or _made(resource_type)


def _made(resource_type: ResourceType) -> Sample:
    """Return an object with a field of each kind: its own, one kept elsewhere, a list kept elsewhere."""
    identity, names = identity_of(resource_type), list(_names(resource_type))
    first, second = (
        compatible(
            resource_type,
            {
                name: _cut(resource_type, value, (name,))
                for name, value in (
                    identity | {name: value_of(resource_type, name, variant) for name in names}
                ).items()
            },
        )
        for variant in VARIANTS
    )
    emptied = {**second, **dict.fromkeys(set(clearable_names(resource_type, second)) & set(names))}
    return Sample(needed(resource_type, [first, second]), (first, second, emptied))


def _cut(resource_type: ResourceType, value: Any, path: FieldPath) -> Any:
    """Return a value with a few members of each mapping in it, those that tell items apart among them."""
    if isinstance(value, list):
        return [_cut(resource_type, item, (*path, 0)) for item in value]
    if not isinstance(value, dict):
        return value
    listed = next((each for each in resource_type.associations if (each.field, 0) == path), None)
    telling = listed.item_key if listed else shape_at(resource_type, path[:-1]).item_key
    names = [*(name for name in telling if name in value), *(name for name in value if name not in telling)]
    return {name: _cut(resource_type, value[name], (*path, name)) for name in names[: len(telling) + _FEW]}


def _names(resource_type: ResourceType) -> Iterator[str]:
    """Yield the smallest field of each kind that can be changed, and cleared if there is such a one."""
    changeable = [name for name in writable_names(resource_type) if _can_change(resource_type, name)]
    clearable = set(clearable_names(resource_type, dict.fromkeys(changeable)))
    lists = {each.field for each in resource_type.associations}
    parts = {each.root for each in resource_type.parts}

    def cost(name: str) -> tuple[bool, bool, int, int]:
        value = value_of(resource_type, name, 1)
        is_unread = is_write_only(resource_type, (name,))
        return is_unread, name not in clearable, len(needed(resource_type, [{name: value}])), len(repr(value))

    for kind in (set(changeable) - lists - parts, lists, parts):
        found = [name for name in changeable if name in kind]
        if found:
            yield min(found, key=cost)


def _can_change(resource_type: ResourceType, name: str) -> bool:
    is_step = name in {step.field for step in resource_type.steps}
    first, second = (value_of(resource_type, name, variant) for variant in VARIANTS)
    return bool(first != second) and not is_step and not is_immutable(resource_type, name)

"""Values that stand in a plan for something that must not, or cannot yet, be written down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from tenantctl.catalog.marks import is_secret
from tenantctl.catalog.spec import ResourceType
from tenantctl.states import FieldPath, Json

SENSITIVE = "(sensitive value)"
"""What is shown in place of a secret."""


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret on its way to the tenant; only the applier looks at `value`.

    source: address and field it belongs to (``clients/AAA M2M#client_secret``).
    """

    source: str
    value: Json = field(repr=False)

    def __str__(self) -> str:
        return SENSITIVE


@dataclass(frozen=True, slots=True)
class Pending:
    """The id of what the same plan creates: known once the request that does is answered.

    address: of the resource, or what `Write.brings` says of the request.
    wire: field of the created object that holds it. prefix: what is sent before it.
    """

    address: str
    name: str
    wire: str
    prefix: str = ""

    def after(self, prefix: str) -> Pending:
        """Return the same, with something sent before it."""
        return replace(self, prefix=prefix)

    def __str__(self) -> str:
        return self.prefix + self.name


def map_leaves(value: Json, visit: Callable[[FieldPath, Json], Json], path: FieldPath = ()) -> Json:
    """Return a copy of a JSON value with every scalar replaced by what `visit` makes of it."""
    if isinstance(value, dict):
        return {key: map_leaves(member, visit, (*path, key)) for key, member in value.items()}
    if isinstance(value, list):
        return [map_leaves(item, visit, (*path, index)) for index, item in enumerate(value)]
    return visit(path, value)


def seal(resource_type: ResourceType, address: str, body: Json, below: FieldPath = ()) -> Json:
    """Return a request body with each secret wrapped, so that no rendering of it can show one.

    below: where the body stands in the resource.
    """

    def visit(path: FieldPath, leaf: Json) -> Json:
        place = (*below, *path)
        if leaf is None or isinstance(leaf, Pending) or not is_secret(resource_type, place):
            return leaf
        return Secret(f"{address}#{'.'.join(map(str, place))}", leaf)

    return map_leaves(body, visit)


def shown(resource_type: ResourceType, path: FieldPath, value: Json) -> Json:
    """Return a value as a plan shows it: secrets masked, pending ids by their name."""

    def visit(below: FieldPath, leaf: Json) -> Json:
        if leaf is not None and is_secret(resource_type, (*path, *below)):
            return SENSITIVE
        return str(leaf) if isinstance(leaf, Pending) else leaf

    return map_leaves(value, visit)


def unseal(body: Json, resolve: Callable[[Pending], Json]) -> Any:
    """Return a body as it goes on the wire: secrets revealed, pending ids looked up by `resolve`."""

    def visit(_: FieldPath, leaf: Json) -> Json:
        if isinstance(leaf, Secret):
            return leaf.value
        return resolve(leaf) if isinstance(leaf, Pending) else leaf

    return map_leaves(body, visit)


def pending_in(body: Json) -> list[Pending]:
    """Return the values of a body that are not known yet."""
    found: list[Pending] = []

    def visit(_: FieldPath, leaf: Json) -> Json:
        if isinstance(leaf, Pending):
            found.append(leaf)
        return leaf

    map_leaves(body, visit)
    return found

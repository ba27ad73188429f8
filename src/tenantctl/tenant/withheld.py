"""Fields that reads leave out for want of a scope: they are unknown, and not empty."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from tenantctl.catalog.fields import fields_of
from tenantctl.catalog.marks import ANY_OTHER, scopes_to_read
from tenantctl.catalog.spec import ResourceType
from tenantctl.problems import Problem
from tenantctl.states import Json
from tenantctl.tenant.errors import grant_hint


def withheld(
    resource_type: ResourceType, items: Sequence[Mapping[str, Json]], scopes: frozenset[str] | None
) -> Mapping[str, Problem]:
    """Return the top-level fields of which the token is not told, each with the problem that this is.

    scopes: those of the token. Where they are not known, fields are taken for withheld that all `items` lack.
    """
    return {
        name: _not_told(resource_type, needed, is_known=scopes is not None)
        for needed, names in _by_scopes(resource_type)
        if (_is_lacking(items, names) if scopes is None else scopes.isdisjoint(needed))
        for name in names
    }


def _by_scopes(resource_type: ResourceType) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    """Yield the scopes that reads need besides their own, each with the fields that need them."""
    groups: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for name in sorted((resource_type.read_scopes.keys() | fields_of(resource_type)) - {ANY_OTHER}):
        groups[scopes_to_read(resource_type, name)].append(name)
    yield from ((needed, names) for needed, names in groups.items() if needed)


def _is_lacking(items: Sequence[Mapping[str, Json]], names: Sequence[str]) -> bool:
    return bool(items) and not any(item.get(name) for item in items for name in names)


def _not_told(resource_type: ResourceType, needed: tuple[str, ...], *, is_known: bool) -> Problem:
    read = resource_type.listing.endpoint if resource_type.listing else resource_type.get
    several = "one of " if len(needed) > 1 else ""
    return Problem(
        code="insufficient-scope",
        summary=f"{f'{read.method} {read.path}' if read else 'a read'} tells it only to a token with "
        f"{several}{', '.join(needed)}",
        detail="What is on the tenant is unknown, so a change could wipe it."
        + ("" if is_known else " The token does not tell its scopes, and the answers have nothing of it."),
        hint=grant_hint(needed),
    )

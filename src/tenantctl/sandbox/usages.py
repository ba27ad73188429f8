"""Who refers to an object: as the API lists them, counts them, and keeps the object for them (`Usage`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tenantctl.catalog.endpoints import Usage
from tenantctl.catalog.paths import values_at
from tenantctl.catalog.registry import BY_SECTION
from tenantctl.catalog.spec import ResourceType
from tenantctl.sandbox.calls import Answer, Call
from tenantctl.sandbox.errors import management_error
from tenantctl.sandbox.listing import answer_list
from tenantctl.sandbox.lookup import Found, must_find
from tenantctl.sandbox.tenant_state import TenantState
from tenantctl.states import Json

Usages = Sequence[tuple[ResourceType, Usage]]


def list_usages(usages: Usages, call: Call) -> Answer:
    """GET who refers to an object."""
    found = must_find([resource_type for resource_type, _ in usages], call)
    usage = next(usage for owner, usage in usages if owner is found.resource_type)
    rows = enumerate(_usages(call.tenant, found, usage), start=1)
    return Answer(usage.listing.endpoint.status, answer_list(usage.listing, rows, call.query, dict))


def with_counts(tenant: TenantState, found: Found) -> dict[str, Json]:
    """Return an object with the number of those who refer to it, where it tells that."""
    counts = {
        usage.counter: sum(1 for _ in _usages(tenant, found, usage))
        for usage in found.resource_type.usages
        if usage.counter
    }
    return {**found.body, **counts}


def check_unused(tenant: TenantState, found: Found) -> None:
    """Check that nobody refers to an object who would keep it from being deleted.

    Raises:
        ApiError: 412.
    """
    for usage in found.resource_type.usages:
        if usage.refused and next(_usages(tenant, found, usage), None) is not None:
            raise management_error(412, usage.refused)


def _usages(tenant: TenantState, found: Found, usage: Usage) -> Iterator[Mapping[str, Json]]:
    """Yield what the API tells of each reference to an object."""
    target = found.resource_type
    references = [each for each in BY_SECTION[usage.section].references if target.section in each.sections]
    for _, other in tenant.all(usage.section):
        for reference in references:
            for _, holder in values_at(other, reference.holder):
                if holder.get(reference.name) == found.body.get(reference.wire):
                    told = {name: other[field] for name, field in usage.members.items() if field in other}
                    yield told | {name: holder[name] for name in usage.beside if name in holder}

"""How objects hang together: what must exist, what goes along on a delete, what a list shows of the target.

All of it is read off the catalog. A reference that is part of what an object *is* (its natural key, a field
fixed at create, the key of an associated item) binds it: the target must exist, and an object whose key
names something deleted is deleted with it. Other references are mere settings, and may dangle.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tenantctl.catalog.registry import BY_SECTION, RESOURCE_TYPES
from tenantctl.catalog.spec import Association, Reference, ResourceType
from tenantctl.sandbox.domains import canonical_audience
from tenantctl.sandbox.errors import no_such_object
from tenantctl.sandbox.tenant_state import TenantState
from tenantctl.states import Json


def target_of(tenant: TenantState, reference: Reference, value: Json) -> dict[str, Json] | None:
    """Return the object that a reference with this value points to, or None."""
    wanted = canonical_audience(tenant.domain, value) if isinstance(value, str) else value
    if BY_SECTION[reference.section].id_field == reference.wire:
        return tenant.get(reference.section, str(wanted))
    return tenant.find(reference.section, reference.wire, wanted)


def check_bindings(tenant: TenantState, resource_type: ResourceType, body: Mapping[str, Json]) -> None:
    """Check that what `body` is bound to exists.

    Raises:
        ApiError: 404 in the words of the type that is missing.
    """
    for reference in resource_type.references:
        binds = reference.field in resource_type.key or reference.field in resource_type.immutable
        if binds and body.get(reference.field) is not None:
            _check(tenant, reference, body[reference.field])


def check_item(
    tenant: TenantState, resource_type: ResourceType, association: Association, item: Mapping[str, Json]
) -> None:
    """Check that what an associated item names exists.

    Raises:
        ApiError: 404 in the words of the type that is missing.
    """
    for reference, member in _item_references(resource_type, association):
        _check(tenant, reference, item.get(member))


def _check(tenant: TenantState, reference: Reference, value: Json) -> None:
    if reference.section not in BY_SECTION or value in reference.empty:
        return
    if target_of(tenant, reference, value) is None:
        raise no_such_object(BY_SECTION[reference.section])


def _item_references(
    resource_type: ResourceType, association: Association
) -> Iterator[tuple[Reference, str]]:
    """Yield the references inside an association's items, each with the member of the key that holds it."""
    prefix = f"{association.field}[]."
    for reference in resource_type.references:
        member = reference.field.removeprefix(prefix)
        if member != reference.field and member in association.item_key:
            yield reference, member


def delete_with_dependents(
    tenant: TenantState, resource_type: ResourceType, body: Mapping[str, Json]
) -> None:
    """Delete an object, and what can't be without it, however far that goes."""
    if resource_type.id_field is None:
        return
    tenant.remove(resource_type.section, str(body[resource_type.id_field]))
    for dependent in RESOURCE_TYPES:
        for reference in dependent.references:
            if reference.section == resource_type.section:
                _drop_dependents(tenant, dependent, reference, body.get(reference.wire))


def _drop_dependents(tenant: TenantState, dependent: ResourceType, reference: Reference, value: Json) -> None:
    for association in dependent.associations:
        for inner, member in _item_references(dependent, association):
            if inner is reference:
                tenant.remove_items_with(dependent.section, association.field, member, value)
    if reference.field in dependent.key:
        for _, other in tenant.all(dependent.section):
            if other.get(reference.field) == value:
                delete_with_dependents(tenant, dependent, other)


def described_item(
    tenant: TenantState, resource_type: ResourceType, association: Association, item: Mapping[str, Json]
) -> dict[str, Json]:
    """Return an associated item with the read-only members that the API adds from what the item names.

    ``resource_server_name`` beside a reference ``resource_server_identifier`` is the target's ``name``; any
    other member (``description``) is that of the entry that the item's key picks from the target's lists.
    """
    prefix = f"{association.field}[]."
    added = [mark.removeprefix(prefix) for mark in resource_type.read_only if mark.startswith(prefix)]
    result = dict(item)
    for reference, member in _item_references(resource_type, association):
        target = target_of(tenant, reference, item.get(member))
        if target is None:
            continue
        stem = member.removesuffix(reference.wire)
        entry = _entry_of(BY_SECTION[reference.section], target, set(map(str, item.values())))
        for name in sorted(added):
            source, field = (target, name.removeprefix(stem)) if name.startswith(stem) else (entry, name)
            if field in source:
                result[name] = source[field]
    return result


def _entry_of(target_type: ResourceType, target: Mapping[str, Json], named: set[str]) -> Mapping[str, Json]:
    """Return the entry of one of the target's keyed lists whose key is among the values in `named`."""
    for field, key in target_type.unordered.items():
        entries = target.get(field) if len(key) == 1 else None
        for entry in entries if isinstance(entries, list) else ():
            if isinstance(entry, dict) and str(entry.get(key[0])) in named:
                return entry
    return {}

"""How objects hang together: what must exist, what goes along on a delete, what a list shows of the target.

All of it is read off the catalog. A reference that is part of what an object *is* (its natural key, a field
fixed at create, the key of an associated item) binds it: the target must exist, and an object whose key
names something deleted is deleted with it. Other references are mere settings, and may dangle.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import partial

from tenantctl.catalog.endpoints import Association
from tenantctl.catalog.fields import field_at
from tenantctl.catalog.paths import rewritten
from tenantctl.catalog.registry import BY_SECTION
from tenantctl.catalog.spec import Reference, ResourceType
from tenantctl.sandbox.domains import canonical_audience
from tenantctl.sandbox.errors import no_such_object
from tenantctl.sandbox.identity import identity
from tenantctl.sandbox.lookup import Found
from tenantctl.sandbox.objects import item_defaults, lay_under
from tenantctl.sandbox.tenant_state import TenantState
from tenantctl.states import Json


def target_of(tenant: TenantState, reference: Reference, value: Json) -> Found | None:
    """Return the object that a reference with this value points to, or None."""
    target = reference.target_in(value)
    wanted = None if target is None else canonical_audience(tenant.domain, target)
    for section in reference.sections if wanted is not None else ():
        resource_type = BY_SECTION.get(section)
        if resource_type is None:
            continue
        for wire in reference.wires:
            by_id = resource_type.id_field == wire
            body = tenant.get(section, str(wanted)) if by_id else tenant.find(section, wire, wanted)
            if body is not None:
                return Found(resource_type, body)
    return None


def check_bindings(tenant: TenantState, resource_type: ResourceType, body: Mapping[str, Json]) -> None:
    """Check that what `body` is bound to exists.

    Raises:
        ApiError: 404 in the words of the type that is missing.
    """
    for reference in resource_type.references:
        binds = reference.field in resource_type.key or reference.field in resource_type.immutable
        if binds and body.get(reference.field) is not None:
            _check(tenant, reference, body[reference.field])


def with_shown(tenant: TenantState, resource_type: ResourceType, body: Mapping[str, Json]) -> dict[str, Json]:
    """Return an object with what answers tell beside its references: fields of the targets, and versions."""
    result: Json = body
    for reference in resource_type.references:
        if reference.shows or reference.version:
            result = rewritten(result, reference.holder, partial(_with_told, tenant, reference))
    return dict(result)


def _with_told(tenant: TenantState, reference: Reference, holder: Json) -> Json:
    value = holder.get(reference.name) if isinstance(holder, Mapping) else None
    found = target_of(tenant, reference, value)
    if found is None:
        return holder
    told = {name: found.body[field] for name, field in reference.shows if field in found.body}
    if version := reference.version:
        made = (item for _, item in tenant.items(*found.place, version.history))
        meant = next((each for each in made if each.get("id") == holder.get(version.wire)), None)
        told |= {version.number: meant[version.numbered]} if meant else {}
    return {**holder, **told}


def with_targets(
    tenant: TenantState, resource_type: ResourceType, association: Association, item: Mapping[str, Json]
) -> dict[str, Json]:
    """Return an associated item, what it names by id named as the catalog has it.

    Raises:
        ApiError: 404 in the words of the type that is missing.
    """
    result = dict(item)
    for reference, member in _item_references(resource_type, association):
        value = item.get(member)
        if member in item and target_of(tenant, reference, value) is None:
            by_id = (tenant.get(section, str(value)) for section in reference.sections)
            target = next((body for body in by_id if body is not None), {})
            result[member] = target.get(reference.wire)
        _check(tenant, reference, result.get(member))
    return result


def _check(tenant: TenantState, reference: Reference, value: Json) -> None:
    if reference.section not in BY_SECTION or (value is not None and reference.target_in(value) is None):
        return
    if target_of(tenant, reference, value) is None:
        raise no_such_object(BY_SECTION[reference.section])


def _item_references(
    resource_type: ResourceType, association: Association
) -> Iterator[tuple[Reference, str]]:
    """Yield the references inside an association's items, each with the member that holds it.

    Only those that are part of what an item is: its one member, its id, or a member of its key.
    """
    of_list = re.compile(re.escape(association.field) + r"(?:\[\](?:\.(?P<member>\w+))?)?")
    identifying = {*association.item_key, association.item_id} - {""}
    for reference in resource_type.references:
        field = reference.field.replace("*", association.field, 1)
        found = of_list.fullmatch(field)
        if found is None:
            continue
        member = found["member"] or association.scalar
        if member and (member == association.scalar or member in identifying):
            yield reference, member


def delete_with_dependents(
    tenant: TenantState, resource_type: ResourceType, body: Mapping[str, Json]
) -> None:
    """Delete an object, and what can't be without it, however far that goes."""
    tenant.remove(resource_type.section, identity(resource_type, body))
    for dependent in BY_SECTION.values():
        for reference in dependent.references:
            if resource_type.section in reference.sections and body.get(reference.wire) is not None:
                _drop_dependents(tenant, dependent, reference, body.get(reference.wire))


def _drop_dependents(tenant: TenantState, dependent: ResourceType, reference: Reference, value: Json) -> None:
    for association in dependent.lists:
        for inner, member in _item_references(dependent, association):
            if inner is reference:
                tenant.remove_items_with(dependent.section, association.field, member, value)
    if reference.field in dependent.key:
        for other in tenant.having(dependent.section, reference.field, value):
            delete_with_dependents(tenant, dependent, other)


def described_item(
    tenant: TenantState, resource_type: ResourceType, association: Association, item: Mapping[str, Json]
) -> dict[str, Json]:
    """Return an associated item with what the API adds: defaults, and read-only members from what it names.

    ``connection`` beside a reference ``connection_id`` holds of the target what the field table knows;
    ``resource_server_name`` beside a reference ``resource_server_identifier`` is the target's ``name``; any
    other member (``description``) is that of the entry that the item's key picks from the target's lists.
    """
    prefix = f"{association.field}[]."
    added = [mark.removeprefix(prefix) for mark in resource_type.read_only if mark.startswith(prefix)]
    result = lay_under(item, item_defaults(resource_type, association.field))
    for reference, member in _item_references(resource_type, association):
        found = target_of(tenant, reference, item.get(member))
        if found is None:
            continue
        target = found.body
        stem = member.removesuffix(reference.wire)
        entry = _entry_of(BY_SECTION[reference.section], target, set(map(str, item.values())))
        result.update({name: target[name] for name in reference.by if name in target})
        for name in sorted(added):
            source, field = (target, name.removeprefix(stem)) if name.startswith(stem) else (entry, name)
            if field in source:
                result[name] = source[field]
            elif name == member.rpartition("_")[0]:
                known = field_at(resource_type, f"{prefix}{name}")
                result[name] = {
                    each: target[each] for each in (known.fields if known else ()) if each in target
                }
    return result


def _entry_of(target_type: ResourceType, target: Mapping[str, Json], named: set[str]) -> Mapping[str, Json]:
    """Return the entry of one of the target's keyed lists whose key is among the values in `named`."""
    for field, key in target_type.unordered.items():
        entries = target.get(field) if len(key) == 1 else None
        for entry in entries if isinstance(entries, list) else ():
            if isinstance(entry, dict) and str(entry.get(key[0])) in named:
                return entry
    return {}

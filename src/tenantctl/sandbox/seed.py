"""Filling a tenant from a snapshot: ``{"format_version", "domain", "sections": {section: objects}}``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tenantctl.catalog.endpoints import Association, Part, Pool
from tenantctl.catalog.fields import fields_of
from tenantctl.catalog.keys import key_of
from tenantctl.catalog.registry import BY_SECTION, RESOURCE_TYPES
from tenantctl.catalog.spec import NOTHING, ResourceType
from tenantctl.sandbox.credentials import make_id, with_secrets
from tenantctl.sandbox.identity import identity, makes_id
from tenantctl.sandbox.items import ItemList
from tenantctl.sandbox.listing import as_text, make_filter
from tenantctl.sandbox.lookup import Found
from tenantctl.sandbox.objects import elsewhere
from tenantctl.sandbox.tenant_state import TenantState
from tenantctl.sandbox.validation import check_seeded
from tenantctl.snapshot.shape import sections_of
from tenantctl.states import Json


def seed(tenant: TenantState, snapshot: Any) -> None:
    """Replace the sections that a snapshot has; the others, and what a section lacks of secrets, stay.

    A singleton that can be created and has nothing is not there.

    Raises:
        ValueError: it is no snapshot of a format that is known here (`ShapeError`), or lacks ids.
        ApiError: 400 if a field is of another JSON type than the API gives it.
    """
    for section, objects in _checked(snapshot).items():
        resource_type = BY_SECTION[section]
        found = [Found(resource_type, body) for _, body in tenant.all(section)]
        before = {each.place[1]: {**each.body, **_pooled(tenant, each)} for each in found}
        untold = [body for each in found if not _is_listed(resource_type, body := each.body)]
        tenant.remove_all(section)
        given = {identity(resource_type, body) for body in objects if resource_type.id_field in body}
        for body in untold:
            if identity(resource_type, body) not in given:
                tenant.insert(section, body)
        for body in objects:
            if resource_type.places:
                _put_piece(tenant, resource_type, body)
            elif body or resource_type.create is None or not resource_type.is_singleton:
                put_object(tenant, resource_type, body, before)


def _is_listed(resource_type: ResourceType, body: Mapping[str, Json]) -> bool:
    """Return whether a list, and so a snapshot, tells of an object."""
    query = resource_type.listing.query if resource_type.listing else NOTHING
    return make_filter([resource_type], as_text(query))(body)


def _put_piece(tenant: TenantState, resource_type: ResourceType, body: Mapping[str, Json]) -> None:
    """Put an object that is a piece of one of another type (`Place`) into that one."""
    place = resource_type.places[key_of(resource_type, body)]
    if body.keys().isdisjoint(place.fields):
        return
    holder = next(each for each in RESOURCE_TYPES if each.update and each.update.path == place.update.path)
    query = {name: value for name, value in place.get.query.items() if name != "fields"}
    is_meant = make_filter([holder], as_text(query))
    found = next((each for _, each in tenant.all(holder.section) if is_meant(each)), {})
    if found:
        tenant.remove(holder.section, identity(holder, found))
    own_id = {holder.id_field: body["id"]} if holder.id_field and "id" in body else {}
    tenant.insert(holder.section, {**found, **own_id, **place.encode(body)})


def _pooled(tenant: TenantState, owner: Found) -> dict[str, Json]:
    """Return the items in the pools of an object, whole."""
    return {pool.field: ItemList(tenant, owner, pool).values() for pool in owner.resource_type.pools}


def _checked(snapshot: Any) -> Mapping[str, list[dict[str, Json]]]:
    sections = sections_of(snapshot)
    for section, objects in sections.items():
        _check_ids(BY_SECTION[section], objects)
        for body in objects:
            check_seeded(BY_SECTION[section], body)
    return sections


def _check_ids(resource_type: ResourceType, objects: list[dict[str, Json]]) -> None:
    id_field = resource_type.id_field
    if id_field is None and not resource_type.is_singleton:
        ids: list[Json] = [identity(resource_type, body) for body in objects]
    else:
        ids = [body[id_field] for body in objects if id_field in body]
    if not all(isinstance(object_id, str) and object_id for object_id in ids) or len(set(ids)) < len(ids):
        raise ValueError(f"The ids in {resource_type.section} must be texts, each one once.")
    if id_field and not makes_id(resource_type) and len(ids) < len(objects):
        raise ValueError(f"The objects of {resource_type.section} must have {id_field}.")


def put_object(
    tenant: TenantState,
    resource_type: ResourceType,
    body: Mapping[str, Json],
    before: Mapping[str, Mapping[str, Json]] = NOTHING,
) -> None:
    """Put an object, with its parts and lists, into a tenant; `before` are those by id that were there."""
    lists = (*resource_type.associations, *resource_type.runtime)
    shown = {name for name, field in fields_of(resource_type).items() if field.read}
    asked = {each.field for each in resource_type.steps} & shown
    details = (elsewhere(resource_type) | {each.field for each in lists}) - asked
    id_field = resource_type.id_field
    plain = {name: value for name, value in body.items() if name not in details}
    if id_field and id_field not in plain:
        plain = {id_field: make_id(resource_type.id_format), **plain}
    # A snapshot holds no secrets: a client that is there already keeps the one that it had.
    known = before.get(identity(resource_type, plain), {})
    kept = {name: value for name, value in known.items() if name in resource_type.secret}
    made = Found(resource_type, with_secrets(resource_type, {**kept, **plain}))
    tenant.insert(resource_type.section, made.body)
    for part in resource_type.parts:
        _put_part(tenant, made, part, body)
    for association in lists:
        if body.get(association.field) is not None:
            _put_items(ItemList(tenant, made, association), body[association.field])
    for pool in resource_type.pools:
        if body.get(pool.field) is not None:
            _put_pooled(ItemList(tenant, made, pool), pool, body[pool.field], known.get(pool.field, []))


def _put_part(tenant: TenantState, owner: Found, part: Part, body: Mapping[str, Json]) -> None:
    for path, _ in part.places(body):
        value = _value_at(body, path)
        if value is not None:
            tenant.put_part(*owner.place, ".".join(path), part.without_lists(value))
        for listed in part.lists if isinstance(value, Mapping) else ():
            if value.get(listed.field) is not None:
                _put_items(ItemList(tenant, owner, listed), value[listed.field])


def _value_at(body: Mapping[str, Json], path: Sequence[str]) -> Json:
    found: Json = body
    for step in path:
        found = found[step]
    return found


def _put_pooled(found: ItemList, pool: Pool, items: Json, before: list[dict[str, Json]]) -> None:
    """Put items into a pool; of those that were there already, it still knows what no snapshot tells."""
    known = {item[pool.item_id]: item for item in before}
    for item in map(found.as_item, _as_list(pool, items)):
        had = known.get(item.get(pool.item_id), {})
        found.put(found.pooled(pool, {**{name: had[name] for name in pool.unread if name in had}, **item}))


def _as_list(association: Association, items: Json) -> list[Json]:
    if not isinstance(items, list):
        raise ValueError(f"Expected a list: {association.field}")  # noqa: TRY004 - a bad value of a request
    return items


def _put_items(found: ItemList, items: Json) -> None:
    association = found.association
    needed = set(association.sent or association.item_key) & set(association.item_key)
    for value in _as_list(association, items):
        item = found.as_item(value)
        if not association.scalar and not needed <= set(item):
            raise ValueError(f"Expected items with {', '.join(association.item_key)}: {association.field}")
        found.put({name: item[name] for name in association.sent or item if name in item})

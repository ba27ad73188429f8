"""Filling a tenant from a snapshot: ``{"format_version", "domain", "sections": {section: objects}}``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tenantctl.catalog.endpoints import Association, Part, Pool
from tenantctl.catalog.registry import BY_SECTION
from tenantctl.catalog.spec import NOTHING, ResourceType
from tenantctl.sandbox.credentials import make_id, with_secrets
from tenantctl.sandbox.identity import identity, makes_id
from tenantctl.sandbox.items import ItemList
from tenantctl.sandbox.lookup import Found
from tenantctl.sandbox.objects import elsewhere
from tenantctl.sandbox.tenant_state import TenantState
from tenantctl.sandbox.validation import check_seeded
from tenantctl.states import Json

_MAJOR = "1."


def seed(tenant: TenantState, snapshot: Any) -> None:
    """Replace the sections that a snapshot has; the others, and what a section lacks of secrets, stay.

    Raises:
        ValueError: it is no snapshot of a format that is known here.
        ApiError: 400 if a field is of another JSON type than the API gives it.
    """
    for section, objects in _checked(snapshot).items():
        resource_type = BY_SECTION[section]
        found = [Found(resource_type, body) for _, body in tenant.all(section)]
        before = {each.place[1]: {**each.body, **_pooled(tenant, each)} for each in found}
        tenant.remove_all(section)
        for body in objects:
            put_object(tenant, resource_type, body, before)


def _pooled(tenant: TenantState, owner: Found) -> dict[str, Json]:
    """Return the items in the pools of an object, whole."""
    return {pool.field: ItemList(tenant, owner, pool).values() for pool in owner.resource_type.pools}


def _checked(snapshot: Any) -> Mapping[str, list[dict[str, Json]]]:
    if not isinstance(snapshot, dict) or not isinstance(snapshot.get("sections"), dict):
        raise ValueError("Expected a snapshot: an object with sections.")  # noqa: TRY004 - a bad value of a request
    version = snapshot.get("format_version", "1.0")
    if not isinstance(version, str) or not version.startswith(_MAJOR):
        raise ValueError(f"Unknown format_version: {version}")
    sections: dict[str, list[dict[str, Json]]] = {}
    for section, content in snapshot["sections"].items():
        if section not in BY_SECTION:
            raise ValueError(f"Unknown section: {section}")
        objects = [content] if BY_SECTION[section].is_singleton and isinstance(content, dict) else content
        if not isinstance(objects, list) or not all(isinstance(body, dict) for body in objects):
            raise ValueError(f"Expected the objects of {section}.")
        _check_ids(BY_SECTION[section], objects)
        for body in objects:
            check_seeded(BY_SECTION[section], body)
        sections[section] = objects
    return sections


def _check_ids(resource_type: ResourceType, objects: list[dict[str, Json]]) -> None:
    id_field = resource_type.id_field
    if id_field is None and not resource_type.is_singleton:
        ids: list[Json] = [identity(resource_type, body) for body in objects]
    else:
        ids = [body[id_field] for body in objects if id_field in body]
    if not all(isinstance(object_id, str) and object_id for object_id in ids) or len(set(ids)) < len(ids):
        raise ValueError(f"The ids in {resource_type.section} must be texts, each one once.")
    if resource_type.is_singleton and len(objects) != 1:
        raise ValueError(f"{resource_type.section} is one object.")
    if id_field and not makes_id(resource_type) and len(ids) < len(objects):
        raise ValueError(f"The objects of {resource_type.section} must have {id_field}.")


def put_object(
    tenant: TenantState,
    resource_type: ResourceType,
    body: Mapping[str, Json],
    before: Mapping[str, Mapping[str, Json]] = NOTHING,
) -> None:
    """Put an object, with its parts and lists, into a tenant; `before` are those by id that were there."""
    id_field, details = resource_type.id_field, elsewhere(resource_type)
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
    for association in resource_type.associations:
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

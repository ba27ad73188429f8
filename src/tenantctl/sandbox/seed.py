"""Filling a tenant from a snapshot: ``{"format_version", "domain", "sections": {section: objects}}``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tenantctl.catalog.registry import BY_SECTION
from tenantctl.catalog.spec import Association, ResourceType
from tenantctl.sandbox.credentials import make_id, with_secrets
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
        before = {_id_of(resource_type, body): body for _, body in tenant.all(section)}
        tenant.remove_all(section)
        for body in objects:
            _put(tenant, resource_type, body, before)


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
    ids = [body[resource_type.id_field] for body in objects if resource_type.id_field in body]
    if not all(isinstance(object_id, str) and object_id for object_id in ids) or len(set(ids)) < len(ids):
        raise ValueError(f"The ids in {resource_type.section} must be texts, each one once.")
    if resource_type.is_singleton and len(objects) != 1:
        raise ValueError(f"{resource_type.section} is one object.")


def _put(
    tenant: TenantState,
    resource_type: ResourceType,
    body: Mapping[str, Json],
    before: Mapping[str, Mapping[str, Json]],
) -> None:
    id_field = resource_type.id_field
    associations = {association.field: association for association in resource_type.associations}
    plain = {name: value for name, value in body.items() if name not in associations}
    if id_field and id_field not in plain:
        plain = {id_field: make_id(resource_type), **plain}
    # A snapshot holds no secrets: a client that is there already keeps the one that it had.
    known = before.get(_id_of(resource_type, plain), {})
    kept = {name: value for name, value in known.items() if name in resource_type.secret}
    made = with_secrets(resource_type, {**kept, **plain})
    tenant.insert(resource_type.section, made)
    for field, association in associations.items():
        _put_items(tenant, resource_type, association, _id_of(resource_type, made), body.get(field))


def _put_items(
    tenant: TenantState, resource_type: ResourceType, association: Association, object_id: str, items: Json
) -> None:
    if items is None:
        return
    if not isinstance(items, list):
        raise ValueError(f"Expected a list: {association.field}")  # noqa: TRY004 - a bad value of a request
    for item in items:
        if not isinstance(item, dict) or not set(association.item_key) <= set(item):
            raise ValueError(f"Expected items with {', '.join(association.item_key)}: {association.field}")
        key = {name: item[name] for name in association.item_key}
        tenant.add_item(resource_type.section, object_id, association.field, key)


def _id_of(resource_type: ResourceType, body: Mapping[str, Json]) -> str:
    return str(body[resource_type.id_field]) if resource_type.id_field else ""

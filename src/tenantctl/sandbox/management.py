"""Management API v2: one set of handlers for every type of the catalog."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import unquote

from tenantctl.catalog.fields import fields_of
from tenantctl.catalog.spec import Association, ResourceType
from tenantctl.sandbox.access import Scopes
from tenantctl.sandbox.credentials import make_id, with_secrets
from tenantctl.sandbox.domains import canonical_audience
from tenantctl.sandbox.errors import conflict, invalid_body, management_error, no_such_object
from tenantctl.sandbox.listing import Query, answer_list, make_filter, make_shaper
from tenantctl.sandbox.objects import make_created, make_updated, visible
from tenantctl.sandbox.references import check_bindings, check_item, delete_with_dependents, described_item
from tenantctl.sandbox.tenant_state import Stored, TenantState
from tenantctl.sandbox.validation import check_create, check_object, check_update
from tenantctl.states import Json

_KEY_SCOPE_SUFFIX = "_keys"
_NO_CONTENT = 204


@dataclass(frozen=True, slots=True)
class Call:
    """One request to the Management API, authorized and parsed.

    name: what the path says in the place of ``{id}``, decoded. scopes: those of the token.
    """

    tenant: TenantState
    scopes: Scopes
    name: str
    query: Query
    body: Json


class Answer(NamedTuple):
    """Status and JSON body of an answer; no body if it is None."""

    status: int
    body: Json = None


def read_one(resource_type: ResourceType, call: Call) -> Answer:
    """GET an object."""
    found = _found(resource_type, call)
    return Answer(
        resource_type.get.status, make_shaper(call.query)(_shown(resource_type, found, call.scopes))
    )


def read_list(resource_type: ResourceType, call: Call) -> Answer:
    """GET a collection."""
    listing = resource_type.listing
    if listing is None:
        raise LookupError(f"{resource_type.section} has no list.")
    matches = make_filter(resource_type, call.query)
    shape = make_shaper(call.query)
    rows = [
        Stored(seq, shape(_shown(resource_type, body, call.scopes)))
        for seq, body in call.tenant.all(resource_type.section)
        if matches(body)
    ]
    return Answer(listing.endpoint.status, answer_list(listing, rows, call.query))


def create(resource_type: ResourceType, call: Call) -> Answer:
    """POST a new object."""
    made = make_created(resource_type, check_create(resource_type, call.body))
    check_bindings(call.tenant, resource_type, made)
    _check_unique(resource_type, call.tenant, made)
    named = {resource_type.id_field: make_id(resource_type)} if resource_type.id_field else {}
    body = {**named, **with_secrets(resource_type, made)}
    call.tenant.insert(resource_type.section, body)
    status = resource_type.create.status if resource_type.create else 201
    return Answer(status, visible(resource_type, body))


def update(resource_type: ResourceType, call: Call) -> Answer:
    """PATCH an object."""
    current = _found(resource_type, call)
    changes = check_update(resource_type, current, call.body)
    made = with_secrets(resource_type, make_updated(resource_type, current, changes))
    _check_unique(resource_type, call.tenant, made)
    call.tenant.replace(resource_type.section, made)
    shown = _shown(resource_type, made, call.scopes)
    if resource_type.is_singleton:
        # Recorded: a write of settings answers with what can be written.
        fixed = {name for name, field in fields_of(resource_type).items() if not field.writable}
        shown = {name: value for name, value in shown.items() if name not in fixed}
    return Answer(resource_type.update.status, shown)


def delete(resource_type: ResourceType, call: Call) -> Answer:
    """DELETE an object, and what can't be without it.

    Where the API answers 204 it does so for an object that isn't there, too; where it answers 200 (roles)
    that is a 404.
    """
    status = resource_type.delete.status if resource_type.delete else _NO_CONTENT
    found = _lookup(resource_type, call) if status == _NO_CONTENT else _found(resource_type, call)
    if found is not None:
        if resource_type.protected(found):
            message = f"The {resource_type.title} is a system object and can't be deleted."
            raise management_error(403, message, "operation_not_supported")
        delete_with_dependents(call.tenant, resource_type, found)
    return _done(status)


def rotate_secret(resource_type: ResourceType, call: Call) -> Answer:
    """Give an object other secrets than the ones that the server made for it."""
    found = _found(resource_type, call)
    generated = resource_type.generated
    kept = {name: value for name, value in found.items() if name not in generated}
    made = with_secrets(resource_type, kept)
    call.tenant.replace(resource_type.section, made)
    return Answer(200, visible(resource_type, made))


def list_items(resource_type: ResourceType, association: Association, call: Call) -> Answer:
    """GET what is associated with an object."""
    rows = [
        Stored(seq, described_item(call.tenant, resource_type, association, item))
        for seq, item in call.tenant.items(
            resource_type.section, _id_of(resource_type, call), association.field
        )
    ]
    return Answer(association.listing.endpoint.status, answer_list(association.listing, rows, call.query))


def add_items(resource_type: ResourceType, association: Association, call: Call) -> Answer:
    """POST items to associate with an object; those that are there already stay."""
    object_id = _id_of(resource_type, call)
    for item in _sent_items(association, call.body):
        check_item(call.tenant, resource_type, association, item)
        call.tenant.add_item(resource_type.section, object_id, association.field, item)
    return _done(association.add.status)


def remove_items(resource_type: ResourceType, association: Association, call: Call) -> Answer:
    """DELETE items from an object."""
    object_id = _id_of(resource_type, call)
    for item in _sent_items(association, call.body):
        call.tenant.remove_item(resource_type.section, object_id, association.field, item)
    return _done(association.remove.status)


def _done(status: int) -> Answer:
    """Return the answer of an operation that has nothing to tell: an empty object where a body is due."""
    return Answer(status, None if status == _NO_CONTENT else {})


def _sent_items(association: Association, body: Json) -> list[dict[str, Json]]:
    """Return the items of ``{wrapper: [...]}``, each cut to the members that identify it."""
    wanted = check_object(body)
    if extra := sorted(set(wanted) - {association.wrapper}):
        raise invalid_body(f"'Additional properties not allowed: {','.join(extra)}'.")
    if association.wrapper not in wanted:
        raise invalid_body(f"'Missing required property: {association.wrapper}'.")
    items = wanted[association.wrapper]
    if not isinstance(items, list) or not items:
        raise invalid_body(f"'Expected a list of one or more items' on property {association.wrapper}.")
    return [_cut_item(association, item) for item in items]


def _cut_item(association: Association, item: Json) -> dict[str, Json]:
    if not association.item_key:
        raise LookupError(f"{association.field} has no item key.")
    members = check_object(item)
    for name in association.item_key:
        if not isinstance(members.get(name), str):
            raise invalid_body(f"'Missing required property: {name}' on property {association.wrapper}.")
    return {name: members[name] for name in association.item_key}


def _lookup(resource_type: ResourceType, call: Call) -> dict[str, Json] | None:
    """Return the object that the path names by id, or by another field that is unique in the tenant."""
    if resource_type.is_singleton:
        return call.tenant.get(resource_type.section)
    found = call.tenant.get(resource_type.section, call.name)
    if found is not None:
        return found
    # Some clients encode an identifier twice, and the server takes it.
    names = dict.fromkeys(
        canonical_audience(call.tenant.domain, name) for name in (call.name, unquote(call.name))
    )
    by_field = (
        call.tenant.find(resource_type.section, fields[0], name)
        for fields in resource_type.unique
        for name in names
        if len(fields) == 1
    )
    return next((body for body in by_field if body is not None), None)


def _found(resource_type: ResourceType, call: Call) -> dict[str, Json]:
    found = _lookup(resource_type, call)
    if found is None:
        raise no_such_object(resource_type)
    return found


def _id_of(resource_type: ResourceType, call: Call) -> str:
    found = _found(resource_type, call)
    return str(found[resource_type.id_field]) if resource_type.id_field else ""


def _check_unique(resource_type: ResourceType, tenant: TenantState, body: Mapping[str, Json]) -> None:
    own_id = body.get(resource_type.id_field) if resource_type.id_field else None
    for fields in resource_type.unique:
        mine = [body.get(field) for field in fields]
        for _, other in tenant.all(resource_type.section):
            is_self = own_id is not None and other.get(resource_type.id_field or "") == own_id
            if not is_self and [other.get(field) for field in fields] == mine:
                raise conflict(resource_type, [field for field in fields if body.get(field) is not None])


def _shown(resource_type: ResourceType, body: Mapping[str, Json], scopes: Scopes) -> dict[str, Json]:
    """Return what a token with these scopes may read: secrets only with the type's ``read:*_keys``."""
    needed = {scope for scope in resource_type.get.scopes if scope.endswith(_KEY_SCOPE_SUFFIX)}
    locked = needed and scopes is not None and not needed & scopes
    return visible(resource_type, body, hidden=resource_type.secret if locked else ())

"""Management API v2: the operations on objects, one set of handlers for every type of the catalog.

Several types may lie behind one path (connections, databases); handlers take all of them. Bodies and objects
are kept in the form of the file: `wire` translates.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterator, Mapping, Sequence
from heapq import merge
from operator import itemgetter

from tenantctl.catalog.endpoints import Endpoint, Step
from tenantctl.catalog.fields import fields_of
from tenantctl.catalog.spec import NOTHING, ResourceType
from tenantctl.sandbox.access import require_scopes_to_send
from tenantctl.sandbox.calls import ID, Answer, Call, answered
from tenantctl.sandbox.credentials import make_id, with_secrets
from tenantctl.sandbox.domains import tenant_name
from tenantctl.sandbox.embedded import take_embedded, with_embedded, without_embedded
from tenantctl.sandbox.errors import already_there, conflict, invalid_body, management_error, no_such_object
from tenantctl.sandbox.identity import identity, makes_id
from tenantctl.sandbox.items import ItemList
from tenantctl.sandbox.listing import answer_list, first_after, make_filter, make_shaper
from tenantctl.sandbox.lookup import Found, find, key_names, must_find
from tenantctl.sandbox.objects import (
    dismissed,
    lay_under,
    make_created,
    make_replaced,
    make_updated,
    make_version,
    nested,
    stepped,
    timestamp,
    unsettled,
    visible,
)
from tenantctl.sandbox.pools import check_links, with_links
from tenantctl.sandbox.references import check_bindings, delete_with_dependents, with_shown
from tenantctl.sandbox.signing_keys import certificate_of
from tenantctl.sandbox.usages import check_unused, with_counts
from tenantctl.sandbox.validation import check_create, check_object, check_update
from tenantctl.sandbox.wire import decoded, listed, shown
from tenantctl.states import Json

_OK = 200
_CREATED = 201
_ACCEPTED = 202
_NO_CONTENT = 204

Types = Sequence[ResourceType]


def read_one(types: Types, call: Call) -> Answer:
    """GET an object; one that is always there, and not set, has nothing to show."""
    found = must_find(types, call)
    answer = _shown(found, call)
    shape = make_shaper(call.query, found.resource_type.always_seen)
    if not answer and found.resource_type.permanent and found.resource_type.not_null:
        return Answer(_NO_CONTENT)
    get = found.resource_type.get
    return Answer(get.status if get else _OK, shape(answer) if isinstance(answer, dict) else answer)


def read_list(types: Types, call: Call) -> Answer:
    """GET a collection."""
    listing = types[0].listing
    if listing is None:
        raise LookupError(f"{types[0].section} has no list.")
    matches = make_filter(types, call.query)
    shape = make_shaper(call.query, types[0].always_seen)
    first = first_after(listing, call.query)
    rows = merge(*(_objects_after(call, resource_type, first) for resource_type in types), key=itemgetter(0))
    found = ((seq, each) for seq, each in rows if matches(each.body))
    answer = answer_list(listing, found, call.query, lambda each: shape(_listed(each, call)))
    return Answer(listing.endpoint.status, answer)


def _objects_after(call: Call, resource_type: ResourceType, seq: int) -> Iterator[tuple[int, Found]]:
    for number, body in call.tenant.after(resource_type.section, seq):
        yield number, Found(resource_type, body)


def create(types: Types, call: Call) -> Answer:
    """POST a new object, or PUT one that is not there yet."""
    bodies = [(resource_type, decoded(resource_type.decode, call.body)) for resource_type in types]
    resource_type, sent = next(
        (each for each in bodies if isinstance(each[1], Mapping) and each[0].belongs(each[1])), bodies[0]
    )
    names = key_names(resource_type, call.names)
    plain = without_embedded(resource_type, check_object(sent))
    wanted = check_create(resource_type, plain, names)
    _check_refused(resource_type, wanted, NOTHING)
    made = make_created(resource_type, wanted)
    check_bindings(call.tenant, resource_type, made)
    made = with_shown(call.tenant, resource_type, made)
    _check_unique(types, call, Found(resource_type, made))
    if makes_id(resource_type):
        made = {resource_type.id_field or ID: make_id(resource_type.id_format), **made}
    elif call.tenant.get(resource_type.section, identity(resource_type, made)) is not None:
        raise already_there(resource_type)
    found = with_links(call.tenant, Found(resource_type, with_secrets(resource_type, made)))
    call.tenant.insert(resource_type.section, found.body)
    take_embedded(call.tenant, found, sent)
    status = resource_type.create.status if resource_type.create else _CREATED
    return answered(status, _after_write(found, call, sent, is_new=True))


def update(types: Types, call: Call) -> Answer:
    """PATCH an object."""
    return _write(must_find(types, call), types, call, is_whole=False)


def replace(types: Types, call: Call) -> Answer:
    """PUT an object that is there: what the body leaves out is gone."""
    return _write(must_find(types, call), types, call, is_whole=True)


def put(types: Types, call: Call) -> Answer:
    """PUT an object, whether it is there or not."""
    found = find(types, call)
    return create(types, call) if found is None else _write(found, types, call, is_whole=True)


def _write(found: Found, types: Types, call: Call, *, is_whole: bool) -> Answer:
    resource_type, current = found
    names = key_names(resource_type, call.names)
    body = check_object(decoded(resource_type.decode, call.body))
    require_scopes_to_send(call.scopes, body, resource_type.update_scopes)
    plain = without_embedded(resource_type, body)
    sent = {name: value for name, value in plain.items() if name not in names or names[name] != value}
    changes = check_update(resource_type, current, sent)
    _check_refused(resource_type, changes, current)
    make = make_replaced if is_whole else make_updated
    kept = with_shown(call.tenant, resource_type, make(resource_type, current, changes))
    made = Found(resource_type, with_secrets(resource_type, kept))
    _check_unique(types, call, made)
    check_links(call.tenant, made)
    call.tenant.put(resource_type.section, made.body)
    take_embedded(call.tenant, made, body)
    endpoint = resource_type.update or resource_type.create
    return answered(endpoint.status if endpoint else _OK, _after_write(made, call, sent, is_new=False))


def _after_write(found: Found, call: Call, sent: Mapping[str, Json], *, is_new: bool) -> Json:
    """Return the answer to a write. Recorded: it tells of settings what can be written.

    Of an object that can't be read it tells what was sent, and the id.
    """
    resource_type, body = found
    extra = {**resource_type.write_seen, **(resource_type.create_seen if is_new else NOTHING)}
    body = {**body, **lay_under(unsettled(resource_type, body), nested(extra))}
    if resource_type.is_singleton:
        fixed = {name for name, field in fields_of(resource_type).items() if not field.writable}
        return _shown(found._replace(body={k: v for k, v in body.items() if k not in fixed}), call)
    if resource_type.get is None:
        told = {name: value for name, value in body.items() if name in {*sent, resource_type.id_field}}
        return resource_type.encode(told)
    unseen = resource_type.create_unseen - sent.keys() if is_new else frozenset()
    return _shown(found._replace(body=body), call, unseen=resource_type.write_unseen | unseen)


def _shown(found: Found, call: Call, *, unseen: Collection[str] = ()) -> Json:
    known = {name: value for name, value in _known(found, call).items() if name not in unseen}
    if found.resource_type.certificate_field:
        known[found.resource_type.certificate_field] = [certificate_of(call.tenant)]
    answer = shown(found.resource_type, known, call.scopes, call.names)
    return with_embedded(call.tenant, found, answer)


def _listed(found: Found, call: Call) -> dict[str, Json]:
    listing = found.resource_type.listing
    known = {**_known(found, call), **(listing.adds if listing else {})}
    shown_alone = listed(found.resource_type, known, call.scopes)
    item: dict[str, Json] = with_embedded(call.tenant, found, shown_alone)
    return item


def _known(found: Found, call: Call) -> dict[str, Json]:
    """Return an object with what the API tells besides, and without what it does not show."""
    resource_type, body = found.resource_type, with_counts(call.tenant, found)
    unseen = {name for name in resource_type.empty_unseen if body.get(name) in ("", [], {})}
    unseen |= resource_type.unseen(body)
    told = {name: value for name, value in body.items() if name not in unseen}
    named = resource_type.tenant_field
    return {**told, named: tenant_name(call.tenant.domain)} if named else told


def delete(types: Types, call: Call) -> Answer:
    """DELETE an object, and what can't be without it.

    Where the API answers 204 it does so for an object that isn't there, too; where it answers 200 (roles)
    that is a 404.
    """
    found = find(types, call)
    endpoint = (found.resource_type if found else types[0]).delete
    status = endpoint.status if endpoint else _NO_CONTENT
    if found is None:
        if status != _NO_CONTENT:
            raise no_such_object(types[0])
        return answered(status)
    if found.resource_type.protected(found.body):
        message = f"The {found.resource_type.title} is a system object and can't be deleted."
        raise management_error(403, message, "operation_not_supported")
    check_unused(call.tenant, found)
    delete_with_dependents(call.tenant, found.resource_type, found.body)
    # Recorded: what is deleted later tells when it was asked for.
    told = dict(endpoint.answer) if endpoint and endpoint.answer else None
    return answered(status, {"deleted_at": timestamp()} if status == _ACCEPTED else told)


def take_step(steps: Sequence[tuple[ResourceType, Step]], call: Call) -> Answer:
    """Do what a step asks for (POST …/deploy), at once."""
    resource_type, body = must_find([resource_type for resource_type, _ in steps], call)
    step = next(step for owner, step in steps if owner is resource_type)
    version = make_version()
    made = stepped(resource_type, step, body, version)
    call.tenant.put(resource_type.section, made)
    status = step.endpoint.status if step.endpoint else _OK
    if step.shows is None:
        return answered(status, _shown(Found(resource_type, made), call))
    told = dict(step.shows(made, version))
    for association in resource_type.runtime:
        if association.field == step.history:
            ItemList(call.tenant, Found(resource_type, made), association).put(told)
    return answered(status, told)


def elect(steps: Sequence[tuple[ResourceType, Step]], call: Call) -> Answer:
    """PATCH which object a step is true of (the default custom domain): the body names it."""
    (resource_type, step), *_ = steps
    sent = check_object(call.body)
    if missing := [name for name in step.sent if name not in sent]:
        raise invalid_body(f"'Missing required property: {missing[0]}'.")
    names = {name: str(sent[name]) for name in step.sent}
    named = dataclasses.replace(call, names=names)
    # The name that the tenant has without any of them elects none.
    is_own = call.tenant.domain in names.values()
    if not is_own:
        _, body = must_find([resource_type], named)
        _check_refused(resource_type, step.outcome(body, NOTHING), body)
    for _, other in call.tenant.all(resource_type.section):
        call.tenant.put(resource_type.section, dismissed(resource_type, step, other))
    if is_own:
        return answered(step.endpoint.status if step.endpoint else _OK, names)
    return take_step(steps, named)


def rotate_secret(types: Types, call: Call) -> Answer:
    """Give an object other secrets than the ones that the server made for it."""
    resource_type, body = must_find(types, call)
    kept = {name: value for name, value in body.items() if name not in resource_type.generated}
    made = with_secrets(resource_type, kept)
    call.tenant.put(resource_type.section, made)
    return Answer(_OK, visible(resource_type, made))


def rotation_of(resource_type: ResourceType) -> Endpoint | None:
    """Return the rotation of a secret, for types that have one made by the server and a scope for it."""
    update, get = resource_type.update, resource_type.get
    scopes = tuple(scope for scope in (update.scopes if update else ()) if scope.endswith("_keys"))
    if get and scopes and resource_type.generated:
        return Endpoint("POST", f"{get.path}/rotate-secret", scopes)
    return None


def _check_refused(
    resource_type: ResourceType, wanted: Mapping[str, Json], current: Mapping[str, Json]
) -> None:
    refused = resource_type.refused(wanted, current)
    if refused is not None:
        code, message = refused
        raise management_error(400, message, code)


def _check_unique(types: Types, call: Call, made: Found) -> None:
    """Check that no other object of the `types`, which share their names, has what is `unique`."""
    resource_type, body = made
    is_new = makes_id(resource_type) and resource_type.id_field not in body
    own = None if is_new else made.place
    for fields in resource_type.unique:
        mine = [body.get(field) for field in fields]
        for other_type in types:
            for other in call.tenant.having(other_type.section, fields[0], mine[0]):
                is_same = [other.get(field) for field in fields] == mine
                if is_same and Found(other_type, other).place != own:
                    raise conflict(resource_type, [field for field in fields if body.get(field) is not None])

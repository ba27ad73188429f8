"""The operations on parts: objects that the API keeps under endpoints of their own, below another."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from heapq import merge
from operator import itemgetter
from typing import NamedTuple

from tenantctl.catalog.endpoints import Part
from tenantctl.catalog.fields import field_at
from tenantctl.catalog.spec import ResourceType
from tenantctl.sandbox.calls import Answer, Call, answered
from tenantctl.sandbox.domains import tenant_name
from tenantctl.sandbox.errors import invalid_body, management_error, no_such_part
from tenantctl.sandbox.listing import answer_list, first_after
from tenantctl.sandbox.lookup import Found, must_find
from tenantctl.sandbox.objects import default_values, laid_on, lay_under, readable, stamped
from tenantctl.sandbox.validation import check_below, check_object
from tenantctl.sandbox.wire import decoded
from tenantctl.states import Json

_NO_CONTENT = 204
_EMPTY: Mapping[str, Json] = {"array": [], "string": "", "boolean": False}

Parts = Sequence[tuple[ResourceType, Part]]
"""The parts behind one path, each with its type: several where types share the path of the object above."""


class _Place(NamedTuple):
    """A part of one object.

    keys: the free keys of the nested mappings that lead to it. value: what is there, None for nothing.
    """

    owner: Found
    part: Part
    keys: tuple[str, ...]
    value: Json

    @property
    def path(self) -> tuple[str, ...]:
        """Where it stands in the object, in the file's form."""
        return (self.part.root, *self.keys)

    @property
    def pattern(self) -> str:
        """The path in the notation of the field table."""
        return ".".join([self.part.root, *("*" for _ in self.keys)])

    @property
    def stored_as(self) -> tuple[str, str, str]:
        """Section, id and field under which the tenant holds it."""
        return *self.owner.place, ".".join(self.path)

    @property
    def default(self) -> Json:
        """The value that it has before it is written, or that a write leaves members of; None if unknown."""
        resource_type, body = self.owner
        known: Json = lay_under(resource_type.computed_defaults(body), default_values(resource_type))
        for step in self.path:
            known = known.get(step) if isinstance(known, Mapping) else None
        return known


def read_part(parts: Parts, call: Call) -> Answer:
    """GET a part."""
    place = _find(parts, call)
    if place.value is None:
        raise no_such_part(place.part)
    return Answer(place.part.get.status, _shown(place, place.value, call))


def list_nested(parts: Parts, call: Call) -> Answer:
    """GET all objects of a mapping: those that were written, each with the keys that lead to it."""
    listed, part = parts[0]
    owner = must_find([listed], call)
    if part.listing is None:
        raise LookupError(f"{part.root} has no list.")
    rows = []
    for field, (seq, value) in call.tenant.parts(*owner.place, part.root):
        keys = tuple(field.split(".")[1:])
        told = _shown(_Place(owner, part, keys, value), value, call)
        rows.append((seq, {**dict(zip(part.names, keys, strict=True)), **told}))
    answer = answer_list(part.listing, rows, call.query, lambda each: each)
    return Answer(part.listing.endpoint.status, answer)


def patch_nested(parts: Parts, call: Call) -> Answer:
    """PATCH several objects of a mapping, each entry of the body with the keys that lead to one."""
    part = parts[0][1]
    if part.listing is None or part.bulk is None:
        raise LookupError(f"{part.root} is not written in bulk.")
    envelope = part.listing.envelope
    entries = check_object(call.body).get(envelope)
    if not isinstance(entries, list) or not entries:
        raise invalid_body(f"'Expected a list of one or more items' on property {envelope}.")
    told = [_patched(parts, call, part.names, check_object(entry)) for entry in entries]
    return Answer(part.bulk.status, {envelope: told})


def _patched(parts: Parts, call: Call, names: Sequence[str], entry: Mapping[str, Json]) -> Json:
    if missing := [name for name in names if not isinstance(entry.get(name), str)]:
        raise invalid_body(f"'Missing required property: {missing[0]}'.")
    keys = {name: entry[name] for name in names}
    body = {name: value for name, value in entry.items() if name not in keys}
    answer = patch_part(parts, dataclasses.replace(call, names={**call.names, **keys}, body=body))
    return {**keys, **answer.body}


def list_parts(parts: Parts, call: Call) -> Answer:
    """GET a part of all objects that have it."""
    listing = parts[0][1].in_bulk
    if listing is None:
        raise LookupError(f"{parts[0][1].field} is not listed.")
    first = first_after(listing, call.query)
    rows = merge(*(_places_after(call, *each, first) for each in parts), key=itemgetter(0))
    answer = answer_list(listing, rows, call.query, lambda place: _shown(place, place.value, call))
    return Answer(listing.endpoint.status, answer)


def _places_after(
    call: Call, resource_type: ResourceType, part: Part, seq: int
) -> Iterator[tuple[int, _Place]]:
    for number, body in call.tenant.after(resource_type.section, seq):
        place = _filled(_Place(Found(resource_type, body), part, (), None), call)
        if place.value is not None:
            yield number, place


def create_part(parts: Parts, call: Call) -> Answer:
    """POST a part that is not there yet, or further members of one that takes them one by one."""
    place = _find(parts, call)
    if place.part.by_member:
        return _write(place, call, place.value, is_new=True)
    if place.value is not None:
        raise management_error(409, f"The {place.part.root} already exists.")
    return _write(place, call, {}, is_new=True)


def patch_part(parts: Parts, call: Call) -> Answer:
    """PATCH a part: what the body leaves out stays."""
    place = _find(parts, call)
    if place.value is None:
        raise no_such_part(place.part)
    return _write(place, call, place.value, is_new=False)


def put_part(parts: Parts, call: Call) -> Answer:
    """PUT a part: what the body leaves out is gone. It must be there, unless a PUT creates it, too."""
    place = _find(parts, call)
    is_new = place.value is None
    if is_new and (place.part.create is None or place.part.create.method != "PUT"):
        raise no_such_part(place.part)
    return _write(place, call, {} if is_new else _kept(place), is_new=is_new)


def _kept(place: _Place) -> Mapping[str, Json]:
    """Return those members of a part that no body can name, so that a PUT leaves them."""
    field = field_at(place.owner.resource_type, place.pattern)
    known = field.fields if field and isinstance(place.value, Mapping) else {}
    return {name: place.value[name] for name in known if not known[name].writable and name in place.value}


def delete_part(parts: Parts, call: Call) -> Answer:
    """DELETE a part, or the members of it that the body lists; one that isn't there is no error."""
    place = _find(parts, call)
    if place.part.by_member:
        if not isinstance(call.body, list):
            raise invalid_body("'Expected type array'.")
        kept = {name: value for name, value in place.value.items() if name not in call.body}
        call.tenant.put_part(*place.stored_as, kept)
    else:
        call.tenant.remove_items(*place.stored_as)
    return answered(place.part.delete.status if place.part.delete else _NO_CONTENT)


def _find(parts: Parts, call: Call) -> _Place:
    owner = must_find([resource_type for resource_type, _ in parts], call)
    part = next(part for resource_type, part in parts if resource_type is owner.resource_type)
    keys = tuple(call.names.get(name, "") for name in part.names)
    return _filled(_Place(owner, part, keys, None), call)


def _filled(place: _Place, call: Call) -> _Place:
    part, value = place.part, call.tenant.part(*place.stored_as)
    is_always_there = part.by_member or (part.create is None and part.delete is None)
    return place._replace(value=_initial(place) if value is None and is_always_there else value)


def _initial(place: _Place) -> Json:
    """Return the value of a part that is always there and was never written."""
    if place.default is not None:
        return place.default
    field = field_at(place.owner.resource_type, place.pattern)
    return next((_EMPTY[name] for name in (field.types if field else ()) if name in _EMPTY), {})


def _write(place: _Place, call: Call, before: Json, *, is_new: bool) -> Answer:
    resource_type, part = place.owner.resource_type, place.part
    sent = {} if call.body is None and is_new else call.body
    value = decoded(part.accept or part.decode, sent)
    if value != part.without_lists(value):
        raise invalid_body(f"'Additional properties not allowed: {part.lists[0].field}'.")
    check_below(resource_type, value, place.path)
    if isinstance(value, Mapping):
        base = before if isinstance(before, Mapping) else {}
        laid = laid_on(resource_type, place.path, base, value)
        if isinstance(place.default, Mapping):
            laid = lay_under(laid, place.default)
        value = stamped(resource_type, place.pattern, laid, is_new=is_new)
    elif value is None:
        raise invalid_body("'Expected type object but found type null'.")
    call.tenant.put_part(*place.stored_as, value)
    endpoint = part.create if is_new and part.create else part.update
    # Recorded: what adds members, or makes a part by PUT, tells nothing.
    is_silent = part.by_member or (is_new and endpoint.replaces)
    return answered(endpoint.status, None if is_silent else _shown(place, value, call))


def _shown(place: _Place, value: Json, call: Call) -> Json:
    show = place.part.show or place.part.encode
    told = readable(place.owner.resource_type, value, place.path)
    return show({**_of_owner(place, call), **told} if isinstance(told, dict) else told)


def _of_owner(place: _Place, call: Call) -> dict[str, Json]:
    """Return what a read of a part tells of the object above: read-only members that this one has.

    ``connection_id`` is the ``id`` of a connection, ``strategy`` its field of that name; ``tenant_name`` is
    that of the tenant.
    """
    resource_type, owner = place.owner
    body = {**owner, "tenant_name": tenant_name(call.tenant.domain)}
    prefix = f"{place.part.root}."
    noun = f"{resource_type.sdk.rpartition('.')[2].removesuffix('s')}_"
    members = (mark.removeprefix(prefix) for mark in resource_type.read_only if mark.startswith(prefix))
    named = {member: member.removeprefix(noun) for member in sorted(members)}
    return {member: body[field] for member, field in named.items() if field in body}

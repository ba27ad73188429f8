"""Whether the API takes a body: judged by the field table and the marks of its type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tenantctl.catalog.fields import Field, field_at, fields_of, is_immutable, is_read_only, is_update_only
from tenantctl.catalog.marks import dotted, is_marked, is_nested_read_only
from tenantctl.catalog.paths import values_at
from tenantctl.catalog.spec import NOTHING, ResourceType
from tenantctl.sandbox.errors import invalid_body
from tenantctl.sandbox.objects import default_values, elsewhere
from tenantctl.states import FieldPath, Json

_OPEN = Field()
"""A field of which nothing is known: it takes anything."""

_TYPE_NAMES: Mapping[type, str] = {
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "string",
    list: "array",
    dict: "object",
    type(None): "null",
}


def check_object(body: Json) -> dict[str, Json]:
    """Return `body` if it is a JSON object.

    Raises:
        ApiError: 400 ``invalid_body``.
    """
    if isinstance(body, dict):
        return body
    raise invalid_body(f"'Expected type object but found type {_type_of(body)}'.")


def check_create(
    resource_type: ResourceType, body: Json, names: Mapping[str, str] = NOTHING
) -> dict[str, Json]:
    """Return `body`, with the fields that the path `names`, if it may create an object of this type.

    Raises:
        ApiError: 400 ``invalid_body``: unknown or read-only properties, a wrong type, a missing property.
    """
    sent = {
        name: value for name, value in check_object(body).items() if name not in names or names[name] != value
    }
    # A PUT that creates takes what one that updates does.
    is_put = resource_type.create is not None and resource_type.create.method == "PUT"
    _check_known(resource_type, sent, on_create=not is_put)
    wanted = {**names, **sent}
    for name in resource_type.required:
        if wanted.get(name) is None:
            raise invalid_body(f"'Missing required property: {name}'.")
    for group in resource_type.any_of:
        if all(wanted.get(name) is None for name in group):
            raise invalid_body(f"'Missing required property: {' or '.join(group)}'.")
    _check_values(resource_type, wanted)
    _check_conflicts(resource_type, wanted)
    return wanted


def check_update(resource_type: ResourceType, current: Mapping[str, Json], body: Json) -> dict[str, Json]:
    """Return `body` if it may update the object `current` of this type.

    Raises:
        ApiError: 400 ``invalid_body``, as for a create, and for properties that are fixed.
    """
    wanted = check_object(body)
    # A fixed property that the schema of the request has may be repeated, but not changed.
    repeated = {
        name
        for name, field in fields_of(resource_type).items()
        if field.update and name in wanted and name in current and wanted[name] == current[name]
    }
    changed = {name: value for name, value in wanted.items() if name not in repeated}
    _check_known(resource_type, changed, on_create=False)
    for name in (*resource_type.required, *sorted(resource_type.not_null)):
        if name in wanted and wanted[name] is None:
            expected = next(iter(fields_of(resource_type)[name].types), "string")
            raise invalid_body(f"'Expected type {expected} but found type null' on property {name}.")
    _check_fixed(resource_type, current, wanted)
    _check_values(resource_type, wanted)
    _check_conflicts(resource_type, wanted)
    return wanted


def check_seeded(resource_type: ResourceType, body: Mapping[str, Json]) -> None:
    """Check that the known fields of an object that comes from a snapshot have the right JSON types.

    Raises:
        ApiError: 400 ``invalid_body``.
    """
    _check_values(resource_type, body, is_strict=False)


def check_below(resource_type: ResourceType, value: Json, path: FieldPath) -> None:
    """Check what is sent for a place inside an object by itself: a part, or an item of an association.

    Raises:
        ApiError: 400 ``invalid_body``.
    """
    field = field_at(resource_type, dotted(path)) or _OPEN
    if fault := next(_faults(resource_type, field, value, path, is_strict=True), None):
        raise invalid_body(fault)


def _check_fixed(resource_type: ResourceType, current: Mapping[str, Json], body: Mapping[str, Json]) -> None:
    """Check that what is fixed inside the object, or in an object of its kind, is repeated at most."""
    nested = {path for path in resource_type.immutable if "." in path}
    for path in sorted(nested | resource_type.fixed(body, current)):
        before = dict(values_at(current, path))
        for place, value in values_at(body, path):
            if before.get(place) is not None and not _repeats(value, before[place]):
                raise invalid_body(f"'Cannot be changed once it is created' on property {dotted(place)}.")


def _repeats(value: Json, before: Json) -> bool:
    """Return whether a value says nothing that was not so before."""
    if isinstance(value, Mapping) and isinstance(before, Mapping):
        return all(_repeats(member, before.get(name)) for name, member in value.items())
    return bool(value == before)


def _check_conflicts(resource_type: ResourceType, body: Mapping[str, Json]) -> None:
    for name, value, other in resource_type.conflicts:
        if body.get(name) == value and body.get(other) is not None:
            raise invalid_body(f"'{other} is not allowed with {name}' on property {other}.")


def _check_known(resource_type: ResourceType, body: Mapping[str, Json], *, on_create: bool) -> None:
    refused = [name for name in body if not _takes(resource_type, name, on_create=on_create)]
    if refused:
        raise invalid_body(f"'Additional properties not allowed: {','.join(refused)}'.")


def _takes(resource_type: ResourceType, name: str, *, on_create: bool) -> bool:
    known = name in fields_of(resource_type) or name in resource_type.writable
    if not known or name in elsewhere(resource_type) or is_read_only(resource_type, name):
        return False
    not_now = is_update_only if on_create else is_immutable
    return not not_now(resource_type, name)


def _check_values(resource_type: ResourceType, body: Mapping[str, Json], *, is_strict: bool = True) -> None:
    known = fields_of(resource_type)
    for name, value in body.items():
        faults = _faults(resource_type, known.get(name, _OPEN), value, (name,), is_strict=is_strict)
        if fault := next(faults, None):
            raise invalid_body(fault)


def _faults(
    resource_type: ResourceType, field: Field, value: Json, path: FieldPath, *, is_strict: bool
) -> Iterator[str]:
    """Yield what is wrong with a value and what it holds. A null clears, but for one in a list."""
    is_item = isinstance(path[-1], int)
    if value is None and not (is_item and field.types):
        return
    found = _type_of(value)
    if field.types and found not in field.types and not (found == "integer" and "number" in field.types):
        yield _worded(f"Expected type {' or '.join(field.types)} but found type {found}", field, path)
    elif is_strict and len(path) == 1 and _is_no_choice(field, value):
        # Deeper down the API knows values that the SDK lacks (a client policy of ``allow_all``).
        yield _worded(f"No enum match for: {value}", field, path)
    elif isinstance(value, dict):
        yield from _faults_of_members(resource_type, field, value, path, is_strict=is_strict)
    elif isinstance(value, list) and field.items:
        for index, item in enumerate(value):
            yield from _faults(resource_type, field.items, item, (*path, index), is_strict=is_strict)


def _is_no_choice(field: Field, value: Json) -> bool:
    return bool(field.enum) and isinstance(value, str) and value not in field.enum


def _faults_of_members(
    resource_type: ResourceType, field: Field, value: Mapping[str, Json], path: FieldPath, *, is_strict: bool
) -> Iterator[str]:
    is_closed = bool(field.fields) and not is_marked(resource_type.open, path)
    for name, member in value.items():
        below = (*path, name)
        known = field.fields.get(name) or field.values or _default_at(resource_type, below)
        is_extra = is_nested_read_only(resource_type, below) or (known is None and is_closed)
        if is_strict and is_extra and not is_marked(resource_type.writable, below):
            yield _worded(f"Additional properties not allowed: {name}", field, path)
        elif known:
            yield from _faults(resource_type, known, member, below, is_strict=is_strict)


def _default_at(resource_type: ResourceType, path: FieldPath) -> Field | None:
    """Return a field that is open, if the server has a default at `path`: the SDK lacks some of those."""
    found: Json = default_values(resource_type)
    for step in path:
        found = found.get(step) if isinstance(found, Mapping) else None
    return None if found is None else _OPEN


def _worded(reason: str, field: Field, path: FieldPath) -> str:
    place = ".".join(str(step) for step in path)
    said = f" ({field.help.rstrip('.')})" if field.help else ""
    return f"'{reason}' on property {place}{said}."


def _type_of(value: Json) -> str:
    return _TYPE_NAMES[type(value)]

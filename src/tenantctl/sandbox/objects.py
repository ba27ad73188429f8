"""What the server makes of a body: defaults on create, the rules of PATCH, and what reads show.

Pure functions over the catalog's marks; nothing here knows one type from another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy

from tenantctl.catalog.fields import fields_of
from tenantctl.catalog.marks import is_write_only
from tenantctl.catalog.spec import ResourceType
from tenantctl.states import FieldPath, Json

_MINUTES_PER_HOUR = 60
_IN_MINUTES = "_in_minutes"


def lay_under(body: Mapping[str, Json], below: Mapping[str, Json]) -> dict[str, Json]:
    """Return `body` with the members of `below` that it lacks, at every depth."""
    result = {name: deepcopy(value) for name, value in below.items() if name not in body}
    for name, value in body.items():
        under = below.get(name)
        if isinstance(value, Mapping) and isinstance(under, Mapping):
            result[name] = lay_under(value, under)
        else:
            result[name] = deepcopy(value)
    return result


def with_defaults(resource_type: ResourceType, body: Mapping[str, Json]) -> dict[str, Json]:
    """Return `body` with the values that the server gives fields which were never set."""
    defaults = {
        path: value for path, value in resource_type.defaults.items() if path not in resource_type.silent
    }
    computed = lay_under(resource_type.computed_defaults(body), _nested(defaults))
    completed = lay_under(body, computed)
    # What was sent comes first, in its own order, as people compare answers by eye.
    return {
        name: completed[name]
        for name in [*body, *(set_later for set_later in computed if set_later not in body)]
    }


def _nested(defaults: Mapping[str, Json]) -> dict[str, Json]:
    """Return defaults given by dotted path as nested mappings, without those inside lists."""
    nested: dict[str, Json] = {}
    for path, value in defaults.items():
        if "[]" in path or "*" in path:
            continue
        *parents, name = path.split(".")
        holder = nested
        for parent in parents:
            holder = holder.setdefault(parent, {})
        holder[name] = deepcopy(value)
    return nested


def make_created(resource_type: ResourceType, body: Mapping[str, Json]) -> dict[str, Json]:
    """Return the object, without its id, that a create with this body leaves."""
    sent = {
        name: _without_nulls(resource_type, name, value)
        for name, value in _in_hours(resource_type, body).items()
    }
    return with_defaults(resource_type, {name: value for name, value in sent.items() if value is not None})


def make_updated(
    resource_type: ResourceType, current: Mapping[str, Json], changes: Mapping[str, Json]
) -> dict[str, Json]:
    """Return the object that a PATCH leaves.

    A field replaces the one before, except that `merged` objects keep the members left out. Null clears: the
    field vanishes, or goes back to its default.
    """
    result = dict(current)
    for name, value in _in_hours(resource_type, changes).items():
        before = result.get(name)
        if value is None:
            result.pop(name, None)
        elif name in resource_type.merged and isinstance(value, Mapping) and isinstance(before, Mapping):
            result[name] = _without_nulls(resource_type, name, {**before, **value})
        else:
            result[name] = _without_nulls(resource_type, name, value)
    for name, value, other in resource_type.conflicts:
        if changes.get(name) == value:
            result.pop(other, None)  # recorded: all scopes allowed drops those that were listed
    return with_defaults(resource_type, result)


def _without_nulls(resource_type: ResourceType, name: str, value: Json) -> Json:
    """Return `value` without null members, if it is an object whose members are set one by one."""
    if name in resource_type.merged and isinstance(value, Mapping):
        return {member: kept for member, kept in value.items() if kept is not None}
    return value


def _in_hours(resource_type: ResourceType, body: Mapping[str, Json]) -> dict[str, Json]:
    """Return `body` with the fields that are written in minutes and read in hours put in hours."""
    known = fields_of(resource_type)
    result: dict[str, Json] = {}
    for name, value in body.items():
        hours = name.removesuffix(_IN_MINUTES)
        if hours != name and hours in known and name in known and not known[name].read:
            result[hours] = _shortest(value / _MINUTES_PER_HOUR) if isinstance(value, int | float) else value
        else:
            result[name] = value
    return result


def _shortest(number: float) -> int | float:
    return int(number) if number.is_integer() else number


def visible(
    resource_type: ResourceType, body: Mapping[str, Json], *, hidden: Iterable[str] = ()
) -> dict[str, Json]:
    """Return what a read shows of an object: nothing write-only, and no `hidden` top-level field."""
    left_out = frozenset(hidden)
    shown = {name: value for name, value in body.items() if name not in left_out}
    if not resource_type.write_only:
        return shown
    return {
        name: _readable(resource_type, value, (name,))
        for name, value in shown.items()
        if not is_write_only(resource_type, (name,))
    }


def _readable(resource_type: ResourceType, value: Json, path: FieldPath) -> Json:
    if isinstance(value, Mapping):
        return {
            name: _readable(resource_type, member, (*path, name))
            for name, member in value.items()
            if not is_write_only(resource_type, (*path, name))
        }
    if isinstance(value, list):
        return [_readable(resource_type, item, (*path, 0)) for item in value]
    return value

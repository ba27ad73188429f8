"""What the server makes of a body: defaults on create, the rules of PATCH, and what reads show.

Pure functions over the catalog's marks; nothing here knows one type from another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from datetime import UTC, datetime

from tenantctl.catalog.endpoints import Step
from tenantctl.catalog.fields import field_at, fields_of, is_immutable, is_read_only
from tenantctl.catalog.marks import is_marked, is_write_only, mark_at
from tenantctl.catalog.spec import ResourceType
from tenantctl.sandbox.credentials import make_id
from tenantctl.states import FieldPath, Json

_VERSION_ID = ("", 36)
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
    computed = lay_under(resource_type.computed_defaults(body), default_values(resource_type))
    completed = lay_under(body, {name: computed[name] for name in computed.keys() - elsewhere(resource_type)})
    # What was sent comes first, in its own order, as people compare answers by eye.
    return {name: completed[name] for name in dict.fromkeys([*body, *computed]) if name in completed}


def elsewhere(resource_type: ResourceType) -> frozenset[str]:
    """Return the fields of a type that no object itself holds: parts, lists with endpoints, steps."""
    lists = {each.field for each in (*resource_type.associations, *resource_type.pools)}
    parts = {each.root for each in resource_type.parts}
    return frozenset(lists | parts | {each.field for each in resource_type.steps if each.field})


def default_values(resource_type: ResourceType) -> dict[str, Json]:
    """Return the defaults that reads show, given by dotted path, as nested mappings.

    Those inside lists are left out: see `item_defaults`.
    """
    nested: dict[str, Json] = {}
    for path, value in resource_type.defaults.items():
        if "[]" not in path and "*" not in path:
            holder, name = _holder(nested, path)
            if isinstance(holder, dict):
                holder[name] = deepcopy(value)
    for path in resource_type.silent:
        holder, name = _holder(nested, path)
        if isinstance(holder, dict):
            holder.pop(name, None)
    return nested


def _holder(nested: dict[str, Json], path: str) -> tuple[Json, str]:
    *parents, name = path.split(".")
    holder: Json = nested
    for parent in parents:
        holder = holder.setdefault(parent, {}) if isinstance(holder, dict) else None
    return holder, name


def item_defaults(resource_type: ResourceType, field: str) -> dict[str, Json]:
    """Return the defaults of the items of a list, those that reads show."""
    prefix = f"{field}[]."
    return {
        path.removeprefix(prefix): deepcopy(value)
        for path, value in resource_type.defaults.items()
        if path.startswith(prefix) and path not in resource_type.silent
    }


def make_created(resource_type: ResourceType, body: Mapping[str, Json]) -> dict[str, Json]:
    """Return the object, without its id, that a create with this body leaves."""
    sent = {
        name: _without_nulls(resource_type, (name,), value)
        for name, value in _in_hours(resource_type, body).items()
    }
    made = with_defaults(resource_type, {name: value for name, value in sent.items() if value is not None})
    return _settled(resource_type, stamped(resource_type, "", made, is_new=True))


def make_updated(
    resource_type: ResourceType, current: Mapping[str, Json], changes: Mapping[str, Json]
) -> dict[str, Json]:
    """Return the object that a PATCH leaves.

    A field replaces the one before, except that `merged` objects keep the members left out. Null clears: the
    field vanishes, or goes back to its default.
    """
    kept = {name: value for name, value in current.items() if name not in resource_type.resent}
    result = laid_on(resource_type, (), kept, _in_hours(resource_type, changes))
    for name, value, other in resource_type.conflicts:
        if changes.get(name) == value:
            result.pop(other, None)  # recorded: all scopes allowed drops those that were listed
    return _settled(resource_type, _touched(resource_type, with_defaults(resource_type, result)))


def make_replaced(
    resource_type: ResourceType, current: Mapping[str, Json], body: Mapping[str, Json]
) -> dict[str, Json]:
    """Return the object that a PUT leaves: what it does not name is gone, but for what no body can name."""
    sent = {name: value for name, value in _in_hours(resource_type, body).items() if value is not None}
    kept = {name: value for name, value in current.items() if _is_fixed(resource_type, name)}
    return _settled(resource_type, _touched(resource_type, with_defaults(resource_type, {**kept, **sent})))


def _is_fixed(resource_type: ResourceType, name: str) -> bool:
    named = name in resource_type.key or name == resource_type.id_field or name in resource_type.generated
    known = name in fields_of(resource_type)
    return named or (known and (is_read_only(resource_type, name) or is_immutable(resource_type, name)))


def laid_on(
    resource_type: ResourceType, path: FieldPath, before: Mapping[str, Json], changes: Mapping[str, Json]
) -> dict[str, Json]:
    """Return the object at `path` that a PATCH with these changes leaves."""
    result = dict(before)
    for name, value in changes.items():
        below = (*path, name)
        is_merged = is_marked(resource_type.merged, below) and isinstance(value, Mapping)
        if value is None:
            result.pop(name, None)
        elif is_merged and isinstance(before.get(name), Mapping):
            result[name] = laid_on(resource_type, below, before[name], value)
        else:
            result[name] = _without_nulls(resource_type, below, value)
    return result


def _without_nulls(resource_type: ResourceType, path: FieldPath, value: Json) -> Json:
    """Return `value` without null members, if it is an object whose members are set one by one."""
    if is_marked(resource_type.merged, path) and isinstance(value, Mapping):
        return {member: kept for member, kept in value.items() if kept is not None}
    return value


def _touched(resource_type: ResourceType, body: Mapping[str, Json]) -> dict[str, Json]:
    """Return an updated object: what a step had made of it is no longer true of it."""
    defaults = default_values(resource_type)
    undone = {
        name: defaults[name]
        for step in resource_type.steps
        if not step.elects
        for name in step.outcome(body)
        if name in defaults
    }
    return stamped(resource_type, "", {**body, **undone}, is_new=False)


def _settled(resource_type: ResourceType, body: Mapping[str, Json]) -> dict[str, Json]:
    """Return the object once the server has done with it what a step waits for."""
    reached = {step.wait_field: step.done[0] for step in resource_type.steps if step.wait_field and step.done}
    return {**body, **reached}


def stepped(resource_type: ResourceType, step: Step, body: Mapping[str, Json]) -> dict[str, Json]:
    """Return the object that a step leaves."""
    made = {name: _numbered(resource_type, name, value) for name, value in step.outcome(body).items()}
    return _settled(resource_type, {**body, **made})


def dismissed(resource_type: ResourceType, step: Step, body: Mapping[str, Json]) -> dict[str, Json]:
    """Return the object once a step has elected another."""
    defaults = default_values(resource_type)
    return {**body, **{name: defaults[name] for name in step.outcome(body) if name in defaults}}


def _numbered(resource_type: ResourceType, name: str, value: Json) -> Json:
    """Return an object that a step makes (a version), with the id and the times that the server gives it."""
    known = field_at(resource_type, name)
    if not isinstance(value, Mapping) or known is None or "id" not in known.fields:
        return value
    return stamped(resource_type, name, {"id": make_id(_VERSION_ID), **value}, is_new=True)


def timestamp() -> str:
    """Return the time now, as the API writes it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def stamped(
    resource_type: ResourceType, path: str, body: Mapping[str, Json], *, is_new: bool
) -> dict[str, Json]:
    """Return what stands at a dotted `path` with the times of its creation and change, if it has them."""
    above = field_at(resource_type, path) if path else None
    known = above.fields if above else {} if path else fields_of(resource_type)
    now = timestamp()
    times = ("created_at", "updated_at", "updated_on") if is_new else ("updated_at", "updated_on")
    set_now = {name: now for name in times if name in known and name not in resource_type.silent}
    return {**body, **{name: now for name in set_now if not (known[name].writable and not path)}}


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
    if not resource_type.write_only and not resource_type.masked:
        return shown
    return {
        name: readable(resource_type, value, (name,))
        for name, value in shown.items()
        if _is_shown(resource_type, (name,))
    }


def readable(resource_type: ResourceType, value: Json, path: FieldPath) -> Json:
    """Return what a read shows of the value at `path`: nothing write-only, but what stands in its place."""
    mask = mark_at(resource_type.masked, path)
    if mask is not None and value is not None:
        return mask
    if isinstance(value, Mapping):
        return {
            name: readable(resource_type, member, (*path, name))
            for name, member in value.items()
            if _is_shown(resource_type, (*path, name))
        }
    if isinstance(value, list):
        return [readable(resource_type, item, (*path, 0)) for item in value]
    return value


def _is_shown(resource_type: ResourceType, path: FieldPath) -> bool:
    return not is_write_only(resource_type, path) or mark_at(resource_type.masked, path) is not None

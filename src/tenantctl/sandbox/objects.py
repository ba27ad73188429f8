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
from tenantctl.catalog.paths import values_at
from tenantctl.catalog.spec import ResourceType
from tenantctl.sandbox.credentials import make_id
from tenantctl.states import FieldPath, Json

_VERSION_ID = ("", 36)
_CIPHERTEXT = "2.0$ciphertext"
_MINUTES_PER_HOUR = 60
_IN_MINUTES = "_in_minutes"


def lay_under(body: Mapping[str, Json], below: Mapping[str, Json]) -> dict[str, Json]:
    """Return `body` with the members of `below` that it lacks, or has as null, at every depth."""
    result = {name: deepcopy(value) for name, value in below.items() if name not in body}
    for name, value in body.items():
        under = below.get(name)
        if isinstance(value, Mapping) and isinstance(under, Mapping):
            result[name] = lay_under(value, under)
        else:
            result[name] = deepcopy(under if value is None else value)
    return result


def with_defaults(
    resource_type: ResourceType, body: Mapping[str, Json], *, on_update: bool = False
) -> dict[str, Json]:
    """Return `body` with the values that the server gives fields which were never set."""
    computed = lay_under(resource_type.computed_defaults(body), default_values(resource_type))
    if on_update:
        _put_at(computed, resource_type.after_update)
    completed = lay_under(body, {name: computed[name] for name in computed.keys() - _details(resource_type)})
    # What was sent comes first, in its own order, as people compare answers by eye.
    return {name: completed[name] for name in dict.fromkeys([*body, *computed]) if name in completed}


def elsewhere(resource_type: ResourceType) -> frozenset[str]:
    """Return the fields of a type that no object itself holds: parts, lists with endpoints, steps."""
    return _details(resource_type) | {each.field for each in resource_type.steps if each.field}


def _details(resource_type: ResourceType) -> frozenset[str]:
    lists = {each.field for each in (*resource_type.associations, *resource_type.pools)}
    return frozenset(lists | {each.root for each in resource_type.parts})


def _put_at(tree: dict[str, Json], values: Mapping[str, Json]) -> None:
    """Put other values, or nothing for None, at the dotted paths that lead to something in `tree`."""
    for path, value in values.items():
        *parents, name = path.split(".")
        holder: Json = tree
        for parent in parents:
            holder = holder.get(parent) if isinstance(holder, dict) else None
        if isinstance(holder, dict) and name in holder:
            holder[name] = value
            if value is None:
                del holder[name]


def default_values(resource_type: ResourceType) -> dict[str, Json]:
    """Return the defaults that reads show, given by dotted path, as nested mappings.

    Those inside lists are left out: see `item_defaults`.
    """
    values = nested({path: value for path, value in resource_type.defaults.items() if _is_plain(path)})
    _put_at(values, dict.fromkeys(resource_type.silent))
    return values


def _is_plain(path: str) -> bool:
    return "[]" not in path and "*" not in path


def nested(values: Mapping[str, Json]) -> dict[str, Json]:
    """Return values given by dotted path as nested mappings."""
    result: dict[str, Json] = {}
    for path, value in values.items():
        *parents, name = path.split(".")
        holder: Json = result
        for parent in parents:
            holder = holder.setdefault(parent, {}) if isinstance(holder, dict) else None
        if isinstance(holder, dict):
            holder[name] = deepcopy(value)
    return result


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
    made = _with_item_times(resource_type, made, sent)
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
    completed = with_defaults(resource_type, result, on_update=True)
    return _settled(
        resource_type, _touched(resource_type, _with_item_times(resource_type, completed, changes))
    )


def make_replaced(
    resource_type: ResourceType, current: Mapping[str, Json], body: Mapping[str, Json]
) -> dict[str, Json]:
    """Return the object that a PUT leaves: what it does not name is gone, but for what no body can name."""
    sent = {name: value for name, value in _in_hours(resource_type, body).items() if value is not None}
    kept = {name: value for name, value in current.items() if _is_fixed(resource_type, name)}
    completed = with_defaults(resource_type, {**kept, **sent}, on_update=True)
    return _settled(resource_type, _touched(resource_type, completed))


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
        for name in step.outcome(body, {})
        if name in defaults
    }
    return stamped(resource_type, "", {**body, **undone}, is_new=False)


def _settled(resource_type: ResourceType, body: Mapping[str, Json]) -> dict[str, Json]:
    """Return the object once the server has done with it what a step waits for."""
    reached = {step.wait_field: step.done[0] for step in resource_type.steps if step.wait_field and step.done}
    return {**body, **reached, **resource_type.derived(body)}


def unsettled(resource_type: ResourceType, body: Mapping[str, Json]) -> dict[str, Json]:
    """Return an object as a write leaves it, before the server has done with it what a step waits for."""
    defaults = default_values(resource_type)
    waiting = {step.wait_field for step in resource_type.steps} & defaults.keys()
    before = {name: defaults[name] for name in waiting}
    return {**body, **before}


def make_version() -> dict[str, Json]:
    """Return what the server makes up for a version that a step makes of an object."""
    now = timestamp()
    return {"id": make_id(_VERSION_ID), "created_at": now, "updated_at": now}


def stepped(
    resource_type: ResourceType, step: Step, body: Mapping[str, Json], version: Mapping[str, Json]
) -> dict[str, Json]:
    """Return the object that a step leaves."""
    return _settled(resource_type, {**body, **step.outcome(body, version)})


def dismissed(resource_type: ResourceType, step: Step, body: Mapping[str, Json]) -> dict[str, Json]:
    """Return the object once a step has elected another."""
    defaults = default_values(resource_type)
    return {**body, **{name: defaults[name] for name in step.outcome(body, {}) if name in defaults}}


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
    own = frozenset() if path else resource_type.read_only
    told = [name for name in times if (name in known or name in own) and name not in resource_type.silent]
    return {**body, **{name: now for name in told if path or name in own or not known[name].writable}}


def _with_item_times(
    resource_type: ResourceType, body: Mapping[str, Json], sent: Iterable[str]
) -> dict[str, Json]:
    """Return an object with the time of their change in the items of the lists that were sent."""
    known = fields_of(resource_type)
    result = dict(body)
    for name in sent:
        items = known[name].items if name in known else None
        if items and "updated_at" in items.fields and isinstance(result.get(name), list):
            result[name] = [{**item, "updated_at": timestamp()} for item in result[name]]
    return result


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
    returned = frozenset(
        path
        for path, sign in resource_type.returned.items()
        if any(sign.tells(value) for _, value in values_at(body, sign.path))
    )
    return {
        name: readable(resource_type, value, (name,), returned)
        for name, value in shown.items()
        if _is_shown(resource_type, (name,), returned)
    }


def readable(
    resource_type: ResourceType, value: Json, path: FieldPath, returned: frozenset[str] = frozenset()
) -> Json:
    """Return what a read shows of the value at `path`: nothing write-only, but what stands in its place.

    returned: write-only paths that reads of this object show all the same.
    """
    mask = _mask(resource_type, path)
    if mask is not None and value is not None:
        return mask
    if isinstance(value, Mapping):
        return {
            name: readable(resource_type, member, (*path, name), returned)
            for name, member in value.items()
            if _is_shown(resource_type, (*path, name), returned)
        }
    if isinstance(value, list):
        return [readable(resource_type, item, (*path, 0), returned) for item in value]
    return value


def _is_shown(resource_type: ResourceType, path: FieldPath, returned: frozenset[str]) -> bool:
    if is_write_only(resource_type, path) and not is_marked(returned, path):
        return _mask(resource_type, path) is not None
    return True


def _mask(resource_type: ResourceType, path: FieldPath) -> Json:
    """Return what reads show in place of a value, or None if they show it, or nothing."""
    is_encrypted = is_marked(resource_type.encrypted, path)
    return _CIPHERTEXT if is_encrypted else mark_at(resource_type.masked, path)

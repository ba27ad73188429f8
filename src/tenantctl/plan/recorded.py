"""The form in which a live object is put on file: without secrets, and in an order that stays."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from tenantctl.catalog.fields import field_at, fields_of, is_read_only
from tenantctl.catalog.marks import dotted, is_marked, is_secret, is_write_only, mark_at
from tenantctl.catalog.spec import ResourceType
from tenantctl.states import FieldPath, Json


def recorded(resource_type: ResourceType, item: Mapping[str, Json], unread: Iterable[str]) -> Json:
    """Return an object as files hold it: snapshots, and the journal of an apply.

    unread: fields that are unknown. Another part that it lacks is null: that there is none is known.
    """
    absent = {part.root for part in resource_type.parts if part.may_lack} - {*unread}
    return _plain(resource_type, {**dict.fromkeys(absent), **item}, ())


def _plain(resource_type: ResourceType, value: Json, path: FieldPath) -> Json:
    if is_marked(resource_type.encrypted, path):
        return None  # What reads tell is that there is one, under a name of the tenant's choice.
    if isinstance(value, Mapping):
        return {
            name: _plain(resource_type, member, (*path, name))
            for name, member in sorted(value.items())
            if _is_told(resource_type, member, (*path, name))
        }
    if not isinstance(value, list):
        return value
    items = [_plain(resource_type, item, (*path, 0)) for item in value]
    item_key = mark_at(resource_type.unordered, path)
    if not item_key:
        return items
    return sorted(items, key=lambda item: (_key(item, item_key), json.dumps(item, sort_keys=True)))


def _key(item: Json, item_key: Iterable[str]) -> list[str]:
    """Return by what the items of a keyed list are sorted; what is no object comes first."""
    return [str(item.get(name)) for name in item_key] if isinstance(item, Mapping) else []


def _is_told(resource_type: ResourceType, value: Json, path: FieldPath) -> bool:
    """Return whether a value is none of those that are never shown or never returned.

    What stands in the place of such a value, to tell that there is one or none, is no secret.
    """
    mask = mark_at(resource_type.masked, path)
    if value is None or (mask is not None and value == mask) or is_marked(resource_type.encrypted, path):
        return True
    if not _is_hidden(resource_type, path) or _is_list_of_objects(resource_type, value, path):
        return True
    masks = (mark for mark in resource_type.masked if mark.startswith(f"{dotted(path)}."))
    return isinstance(value, Mapping) and any(masks)


def _is_list_of_objects(resource_type: ResourceType, value: Json, path: FieldPath) -> bool:
    """Return whether a list that is called a secret holds objects, whose members tell what is one."""
    if is_marked((*resource_type.secret, *resource_type.write_only), path):
        return False
    known = field_at(resource_type, dotted(path))
    return known is not None and isinstance(value, list) and all(isinstance(item, Mapping) for item in value)


def _is_hidden(resource_type: ResourceType, path: FieldPath) -> bool:
    places = [path]
    if _is_copy(resource_type, str(path[0])):
        # Versions repeat fields of the object, its secrets among them.
        places += [path[start:] for start in range(1, len(path)) if isinstance(path[start], str)]
    unread = {name for pool in resource_type.pools if pool.field == path[0] for name in pool.unread}
    return path[-1] in unread or any(
        is_secret(resource_type, place) or _is_never_returned(resource_type, place) for place in places
    )


def _is_never_returned(resource_type: ResourceType, path: FieldPath) -> bool:
    """Return whether reads leave a value out of objects of every kind."""
    return is_write_only(resource_type, path) and not is_marked(resource_type.returned, path)


def _is_copy(resource_type: ResourceType, name: str) -> bool:
    """Return whether a top-level field is told by the API alone."""
    return name not in fields_of(resource_type) or is_read_only(resource_type, name)

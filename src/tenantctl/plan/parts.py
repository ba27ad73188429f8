"""The requests for what the API keeps of a resource under endpoints of its own, each object by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tenantctl.catalog.endpoints import Endpoint, Part
from tenantctl.catalog.spec import ResourceType
from tenantctl.plan.diff import is_empty
from tenantctl.plan.lists import association_writes
from tenantctl.plan.model import Write
from tenantctl.plan.overlay import holds_write_only, laid_over, without_nulls
from tenantctl.plan.shape import shape_at
from tenantctl.states import Json


@dataclass(frozen=True, slots=True)
class PartRequest:
    """One request: the place of the part in the resource, and what fills the placeholders of the path."""

    endpoint: Endpoint
    place: tuple[str, ...]
    names: Mapping[str, str]
    body: Json = field(default=None, repr=False)


def part_requests(
    resource_type: ResourceType,
    desired: Mapping[str, Json],
    current: Mapping[str, Json],
    differing: Sequence[str] | None = None,
) -> Iterator[PartRequest]:
    """Yield the requests for the parts that differ, and for those that hold what reads leave out.

    differing: paths as a plan shows them; None if the resource is made anew, and everything is to be sent.
    """
    for part in resource_type.parts:
        for place, names in part.places(desired):
            wanted = part.without_lists(member_at(desired, place))
            live = None if differing is None else part.without_lists(member_at(current, place))
            unseen = _unseen(resource_type, place, wanted)
            members = set[str]() if differing is None else _members(differing, place)
            if members:
                members = members - {each.field for each in part.lists} or None
            if members is None and not unseen:
                continue
            if part.by_member:
                gone = dict.fromkeys(live or {}) if wanted is None else {}
                yield from _by_member(resource_type, part, wanted or gone, live or {})
                continue
            if members is None or members:
                members = (members or set()) | unseen
            if wanted is None or wanted == []:
                endpoint = _clearing(part, live)
                body = None if endpoint is part.delete else part.encode({})
            else:
                endpoint = part.create if part.create is not None and live is None else part.update
                body = part.encode(_body(resource_type, place, endpoint, wanted, live, members))
            if endpoint is not None:
                yield PartRequest(endpoint, place, names, body)


def list_requests(
    resource_type: ResourceType, desired: Mapping[str, Json], current: Mapping[str, Json]
) -> Iterator[tuple[tuple[str, ...], Write]]:
    """Yield the requests for the lists inside parts (`Part.lists`), each with the place of its list."""
    for part in resource_type.parts:
        for listed in part.lists:
            place = (part.root, listed.field)
            if listed.field in (member_at(desired, (part.root,)) or ()):
                wanted, live = member_at(desired, place), member_at(current, place)
                for write in association_writes(listed, wanted or [], live or []):
                    yield place, write


def _by_member(
    resource_type: ResourceType, part: Part, wanted: Mapping[str, Json], live: Mapping[str, Json]
) -> Iterator[PartRequest]:
    """Yield the requests that add, change and remove members, for a part that takes them so."""
    place = (part.field,)
    given = {
        name: value
        for name, value in wanted.items()
        if value is not None and value != shape_at(resource_type, (*place, name)).masked
    }
    added = {name: value for name, value in given.items() if name not in live}
    changed = {name: value for name, value in given.items() if name in live and value != live[name]}
    removed = [name for name, value in wanted.items() if value is None and name in live]
    for endpoint, body in ((part.create, added), (part.update, changed), (part.delete, removed)):
        if endpoint is not None and body:
            yield PartRequest(endpoint, place, {}, body)


def _clearing(part: Part, live: Json) -> Endpoint | None:
    """Return the operation that leaves nothing of a part, if it has one and there is something."""
    if is_empty(live):
        return None
    return part.delete or (part.update if part.update.replaces else None)


def _body(
    resource_type: ResourceType,
    place: tuple[str, ...],
    endpoint: Endpoint,
    wanted: Json,
    live: Json,
    members: set[str],
) -> Json:
    """Return what to send: all of it where the request replaces, else the `members` (none: all there are)."""
    body = laid_over(resource_type, place, wanted, live)
    if not isinstance(wanted, Mapping) or endpoint.replaces:
        return body
    if endpoint.method == "POST":
        return without_nulls(body)
    return {
        name: body.get(name)
        for name, value in wanted.items()
        if (name in members or not members) and (value is None or name in body)
    }


def unclearable(resource_type: ResourceType, desired: Mapping[str, Json]) -> list[tuple[str, ...]]:
    """Return the places of parts that are to be cleared, and that no request could clear."""
    return [
        place
        for part in resource_type.parts
        if part.delete is None and not part.update.replaces
        for place, _ in part.places(desired)
        if member_at(desired, place) is None
    ]


def member_at(data: Json, place: tuple[str, ...]) -> Json:
    """Return what stands at a place of nested mappings, or None."""
    for step in place:
        data = data.get(step) if isinstance(data, Mapping) else None
    return data


def first_name(path: str) -> str:
    """Return the top-level field that a path leads into, such as ``scopes[read:things].description``."""
    return path.partition(".")[0].partition("[")[0]


def _unseen(resource_type: ResourceType, place: tuple[str, ...], wanted: Json) -> set[str]:
    """Return the members of a part that hold what reads leave out: they go along with any change."""
    members = wanted if isinstance(wanted, Mapping) else {}
    return {name for name, value in members.items() if holds_write_only(resource_type, (*place, name), value)}


def _members(differing: Sequence[str], place: tuple[str, ...]) -> set[str] | None:
    """Return which members of a place differ: None if nothing does, no members if it does as a whole."""
    here = ".".join(place)
    inside = [path.removeprefix(here) for path in differing if path.startswith((f"{here}.", f"{here}["))]
    if any(path == here or here.startswith(f"{path}.") for path in differing):
        return set()
    if not inside:
        return None
    return {first_name(path[1:]) for path in inside if path.startswith(".")}

"""Values that an update would lose: reads leave them out, so does the file, and a request replaces all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import zip_longest

from tenantctl.catalog.paths import steps_of, values_at
from tenantctl.catalog.spec import ResourceType, Sign
from tenantctl.plan.model import Write
from tenantctl.plan.parts import member_at
from tenantctl.plan.shape import shape_at
from tenantctl.states import Json

_Place = tuple[str, ...]


def left_out(
    resource_type: ResourceType,
    desired: Mapping[str, Json],
    live: Mapping[str, Json],
    writes: Iterable[Write],
) -> list[_Place]:
    """Return the places of such values: `ResourceType.withheld` tells of which there is one on the tenant.

    desired: the file's fields, in wire form. writes: the requests of the update.
    """
    bodies = [write for write in writes if isinstance(write.body, Mapping)]
    return [
        place
        for path, sign in resource_type.withheld.items()
        for place, shown_at in _signs(path, sign, live)
        if not _is_named(desired, place)
        if any(_loses(resource_type, write, place, shown_at, sign) for write in bodies)
    ]


def _signs(path: str, sign: Sign, live: Mapping[str, Json]) -> Iterator[tuple[_Place, _Place]]:
    """Yield the places of the values that the live object has, each with that of its sign."""
    for steps, value in values_at(live, sign.path):
        if sign.tells(value):
            shown_at = tuple(map(str, steps))
            pairs = zip_longest(steps_of(path), shown_at[: len(steps_of(path))], fillvalue="")
            yield tuple(name if step == "*" else step for step, name in pairs), shown_at


def _is_named(desired: Mapping[str, Json], place: _Place) -> bool:
    holder = member_at(desired, place[:-1])
    return isinstance(holder, Mapping) and place[-1] in holder


def _loses(resource_type: ResourceType, write: Write, place: _Place, shown_at: _Place, sign: Sign) -> bool:
    """Whether a request replaces what the value stands in, and leaves it out of an object that has one."""
    above = 1 if place[0] in {part.root for part in resource_type.parts} else 0
    *way, name = place[above:]
    holder = member_at(write.body, tuple(way))
    is_replaced = not shape_at(resource_type, place[:-1]).merged if way else write.method == "PUT"
    if not is_replaced or not isinstance(holder, Mapping) or name in holder:
        return False
    after = member_at(write.body, shown_at[above:])
    return after is None or sign.tells(after)

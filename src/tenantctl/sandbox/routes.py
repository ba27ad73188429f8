"""Which handler answers which path: routes read off the catalog, and the few that no type describes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import unquote

from tenantctl.catalog.encryption_key import ENCRYPTION_KEY
from tenantctl.catalog.endpoints import Association, Endpoint, Part
from tenantctl.catalog.registry import BY_SECTION
from tenantctl.catalog.signing_key import SIGNING_KEY
from tenantctl.catalog.spec import ResourceType
from tenantctl.sandbox import (
    associations,
    encryption_keys,
    management,
    parts,
    signing_keys,
    usages,
)
from tenantctl.sandbox.calls import Answer, Call
from tenantctl.sandbox.errors import no_such_route

_BODY_VERBS = frozenset({"POST", "PUT", "PATCH", "DELETE"})


def is_placeholder(segment: str) -> bool:
    """Return whether a segment of a path stands for a name."""
    return segment.startswith("{")


@dataclass(frozen=True, slots=True)
class Route:
    """One operation.

    takes_body: the body is read.
    """

    endpoint: Endpoint
    handler: Callable[[Call], Answer]
    takes_body: bool = True

    @property
    def segments(self) -> tuple[str, ...]:
        """The path between its slashes."""
        return tuple(self.endpoint.path.strip("/").split("/"))

    def match(self, method: str, segments: Sequence[str]) -> dict[str, str] | None:
        """Return what stands in the place of the path's placeholders, or None if this is no match."""
        own = self.segments
        if method != self.endpoint.method or len(own) != len(segments):
            return None
        names = {}
        for pattern, segment in zip(own, segments, strict=True):
            if is_placeholder(pattern) and segment:
                names[pattern.strip("{}")] = segment
            elif pattern != segment:
                return None
        return names


class _Offer(NamedTuple):
    """An operation that a type has under a path: the handler, and what it is handed besides the call."""

    endpoint: Endpoint
    handler: Callable[[Sequence[Any], Call], Answer]
    subject: Any


def make_routes() -> tuple[Route, ...]:
    """Return every route of the Management API; a literal segment goes before a placeholder."""
    routes = [*_routes_on_request(), *_united(_offers(BY_SECTION.values()))]
    return tuple(sorted(routes, key=lambda route: [is_placeholder(segment) for segment in route.segments]))


def find_route(routes: Sequence[Route], method: str, raw_path: str) -> tuple[Route, Mapping[str, str]]:
    """Return the route for a percent-encoded path below ``/api/v2/``, and the names that stand in it.

    Raises:
        ApiError: 404, also for a verb that the path doesn't have.
    """
    # Decoded after the split: an API's identifier in the path holds encoded slashes.
    segments = [unquote(segment) for segment in raw_path.strip("/").split("/")]
    for route in routes:
        names = route.match(method, segments)
        if names is not None:
            return route, names
    raise no_such_route()


def endpoints_of(resource_type: ResourceType) -> Iterator[Endpoint]:
    """Yield every operation of a type."""
    for offer in _offers([resource_type]):
        yield offer.endpoint
    yield from resource_type.on_request.values()


def _offers(types: Iterable[ResourceType]) -> Iterator[_Offer]:
    """Yield the operations of the types, those on whole objects first: under the same path they win."""
    for resource_type in (types := tuple(types)):
        yield from _on_objects(resource_type)
    for resource_type in types:
        for step in (*resource_type.steps, *resource_type.by_hand):
            if step.endpoint is not None:
                handler = management.elect if step.elects else management.take_step
                yield _Offer(step.endpoint, handler, (resource_type, step))
        for part in (*resource_type.parts, *resource_type.beside):
            yield from _on_part(resource_type, part)
        for association in resource_type.lists:
            yield from _on_items(resource_type, association)
        for usage in resource_type.usages:
            yield _Offer(usage.listing.endpoint, usages.list_usages, (resource_type, usage))


def _on_objects(resource_type: ResourceType) -> Iterator[_Offer]:
    create, update = resource_type.create, resource_type.update
    is_upsert = create is not None and create.method == "PUT"
    replaces = management.put if is_upsert and update and update.method == "PUT" else management.replace
    listing = resource_type.listing.endpoint if resource_type.listing else None
    offered = (
        (resource_type.get, management.read_one),
        (listing, management.read_list),
        (create, management.put if is_upsert else management.create),
        (update, replaces if update and update.replaces else management.update),
        (resource_type.delete, management.delete),
        (management.rotation_of(resource_type), management.rotate_secret),
        *((endpoint, _ALSO.get(endpoint.method, management.read_one)) for endpoint in resource_type.also),
    )
    for endpoint, handler in offered:
        if endpoint is not None:
            yield _Offer(endpoint, handler, resource_type)


_ALSO: Mapping[str, Callable[[management.Types, Call], Answer]] = {
    "PUT": management.replace,
    "PATCH": management.update,
    "DELETE": management.delete,
}


def _on_part(resource_type: ResourceType, part: Part) -> Iterator[_Offer]:
    subject = (resource_type, part)
    yield _Offer(part.get, parts.read_part, subject)
    if part.in_bulk is not None:
        yield _Offer(part.in_bulk.endpoint, parts.list_parts, subject)
    if part.listing is not None:
        yield _Offer(part.listing.endpoint, parts.list_nested, subject)
    if part.bulk is not None:
        yield _Offer(part.bulk, parts.patch_nested, subject)
    if part.create is not None:
        yield _Offer(part.create, _creation_of(part.create), subject)
    yield _Offer(part.update, parts.put_part if part.update.replaces else parts.patch_part, subject)
    if part.delete is not None:
        yield _Offer(part.delete, parts.delete_part, subject)


def _creation_of(endpoint: Endpoint) -> Callable[[parts.Parts, Call], Answer]:
    return parts.put_part if endpoint.method == "PUT" else parts.create_part


def _on_items(resource_type: ResourceType, association: Association) -> Iterator[_Offer]:
    add, update, remove = _item_handlers(association)
    offered = (
        (association.listing.endpoint, associations.list_items),
        (associations.item_endpoint(association), associations.read_item),
        (association.add, add),
        (association.update, update),
        (association.remove, remove),
        (association.replace, associations.replace_items),
    )
    for endpoint, handler in offered:
        if endpoint is not None:
            yield _Offer(endpoint, handler, (resource_type, association))


_ItemHandler = Callable[[associations.Lists, Call], Answer]


def _item_handlers(association: Association) -> tuple[_ItemHandler, _ItemHandler, _ItemHandler]:
    """Return what adds, updates and removes in the style of an association."""
    if association.whole:
        return associations.replace_items, associations.update_item, associations.remove_items
    if association.toggle:
        return associations.toggle_items, associations.update_item, associations.remove_items
    if association.wrapper:
        return associations.add_items, associations.update_item, associations.remove_items
    return associations.add_item, associations.update_item, associations.remove_item


def _united(offers: Iterable[_Offer]) -> Iterator[Route]:
    """Yield one route for each verb and path: the first operation there, of all types that have it."""
    by_shape: dict[tuple[str, ...], list[_Offer]] = {}
    for offer in offers:
        path = offer.endpoint.path.strip("/").split("/")
        shape = ["{}" if is_placeholder(segment) else segment for segment in path]
        by_shape.setdefault((offer.endpoint.method, *shape), []).append(offer)
    for group in by_shape.values():
        first = group[0]
        subjects = [offer.subject for offer in group if offer.handler is first.handler]
        subjects = [each for index, each in enumerate(subjects) if each not in subjects[:index]]
        takes_body = first.endpoint.method in _BODY_VERBS and first.handler not in _BODILESS
        yield Route(first.endpoint, partial(first.handler, subjects), takes_body=takes_body)


_BODILESS = (
    management.delete,
    management.take_step,
    management.rotate_secret,
    associations.remove_item,
)


def _routes_on_request() -> Iterator[Route]:
    """Yield what a person may ask for, and the reads of keys: they are real ones, and no stored objects."""
    listing = SIGNING_KEY.listing.endpoint if SIGNING_KEY.listing else None
    for endpoint, handler in (
        (listing, signing_keys.list_keys),
        (SIGNING_KEY.get, signing_keys.read_key),
        (SIGNING_KEY.on_request["rotate"], signing_keys.rotate),
        (SIGNING_KEY.on_request["revoke"], signing_keys.revoke),
        (ENCRYPTION_KEY.on_request["rekey"], encryption_keys.rekey),
    ):
        if endpoint is not None:
            yield Route(endpoint, handler, takes_body=False)

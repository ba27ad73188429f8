"""Which handler answers which path: routes read off the catalog, and the few that no type describes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from urllib.parse import unquote

from tenantctl.catalog.registry import RESOURCE_TYPES
from tenantctl.catalog.spec import Endpoint, ResourceType
from tenantctl.sandbox import management, signing_keys
from tenantctl.sandbox.errors import no_such_route
from tenantctl.sandbox.management import Answer, Call


@dataclass(frozen=True, slots=True)
class Route:
    """One operation.

    every_scope: all of the endpoint's scopes are needed, not any one. takes_body: the body is read.
    """

    endpoint: Endpoint
    handler: Callable[[Call], Answer]
    every_scope: bool = False
    takes_body: bool = True

    @property
    def segments(self) -> tuple[str, ...]:
        """The path between its slashes."""
        return tuple(self.endpoint.path.strip("/").split("/"))

    def match(self, method: str, segments: Sequence[str]) -> str | None:
        """Return what stands in the place of the id (empty if there is none), or None if this is no match."""
        own = self.segments
        if method != self.endpoint.method or len(own) != len(segments):
            return None
        name = ""
        for pattern, segment in zip(own, segments, strict=True):
            if pattern.startswith("{") and segment:
                name = segment
            elif pattern != segment:
                return None
        return name


def make_routes() -> tuple[Route, ...]:
    """Return every route of the Management API, those with fewer placeholders first."""
    routes = [route for resource_type in RESOURCE_TYPES for route in _routes_of(resource_type)]
    routes += _routes_of_keys()
    return tuple(sorted(routes, key=lambda route: route.endpoint.path.count("{")))


def find_route(routes: Sequence[Route], method: str, raw_path: str) -> tuple[Route, str]:
    """Return the route for a percent-encoded path below ``/api/v2/``, and the id that it names.

    Raises:
        ApiError: 404, also for a verb that the path doesn't have.
    """
    # Decoded after the split: an API's identifier in the path holds encoded slashes.
    segments = [unquote(segment) for segment in raw_path.strip("/").split("/")]
    for route in routes:
        name = route.match(method, segments)
        if name is not None:
            return route, name
    raise no_such_route()


def _routes_of(resource_type: ResourceType) -> Iterator[Route]:
    yield Route(resource_type.get, partial(management.read_one, resource_type), takes_body=False)
    yield Route(resource_type.update, partial(management.update, resource_type))
    if resource_type.listing:
        listing = resource_type.listing.endpoint
        yield Route(listing, partial(management.read_list, resource_type), takes_body=False)
    if resource_type.create:
        yield Route(resource_type.create, partial(management.create, resource_type))
    if resource_type.delete:
        yield Route(resource_type.delete, partial(management.delete, resource_type), takes_body=False)
    for association in resource_type.associations:
        listing = association.listing.endpoint
        yield Route(listing, partial(management.list_items, resource_type, association), takes_body=False)
        yield Route(association.add, partial(management.add_items, resource_type, association))
        yield Route(association.remove, partial(management.remove_items, resource_type, association))
    yield from _rotation_of(resource_type)


def _rotation_of(resource_type: ResourceType) -> Iterator[Route]:
    """Yield the rotation of a secret for types that the server makes one for and that have a scope for it."""
    scopes = tuple(scope for scope in resource_type.update.scopes if scope.endswith("_keys"))
    if scopes and resource_type.generated:
        endpoint = Endpoint("POST", f"{resource_type.get.path}/rotate-secret", scopes)
        yield Route(endpoint, partial(management.rotate_secret, resource_type), takes_body=False)


def _routes_of_keys() -> list[Route]:
    path, one = "/keys/signing", "/keys/signing/{id}"
    read, write = ("read:signing_keys",), ("update:signing_keys",)
    both = ("create:signing_keys", "update:signing_keys")
    return [
        Route(Endpoint("GET", path, read), signing_keys.list_keys, takes_body=False),
        Route(Endpoint("GET", one, read), signing_keys.read_key, takes_body=False),
        Route(
            Endpoint("POST", f"{path}/rotate", both, 201),
            signing_keys.rotate,
            every_scope=True,
            takes_body=False,
        ),
        Route(Endpoint("PUT", f"{one}/revoke", write), signing_keys.revoke, takes_body=False),
    ]

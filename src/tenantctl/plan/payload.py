"""The requests of a change: what goes on the wire so that the tenant becomes what the file says.

A resource is written where the API keeps it: most fields in one object, some (`Part`, `Association`) under
endpoints of their own, and some (`Step`) not at all: they ask for a request that follows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote

from tenantctl.catalog.endpoints import Endpoint, Place, Step
from tenantctl.catalog.fields import is_immutable, is_read_only, is_update_only
from tenantctl.catalog.keys import key_of
from tenantctl.catalog.spec import NOTHING, ResourceType
from tenantctl.plan.diff import compare
from tenantctl.plan.lists import association_writes
from tenantctl.plan.model import Wait, Write
from tenantctl.plan.overlay import holds_write_only, laid_over, without_nulls
from tenantctl.plan.parts import first_name, list_requests, part_requests
from tenantctl.plan.pools import PoolRequest, PoolUpdate, as_links, linked
from tenantctl.plan.values import seal
from tenantctl.plan.versions import brought_version
from tenantctl.states import Json


@dataclass(frozen=True, slots=True)
class Payload:
    """Makes the requests of one resource.

    desired: its fields in wire form. current: the live object, empty for a create.
    """

    resource_type: ResourceType
    address: str
    desired: Mapping[str, Json]
    current: Mapping[str, Json]

    def create(self, endpoint: Endpoint) -> tuple[Write, ...]:
        """Return the requests that create it: the object, what a create refuses, and what lies elsewhere."""
        wanted = {**self.resource_type.create_with, **self.desired}
        sent = {
            name: without_nulls(value)
            for name, value in wanted.items()
            if value is not None and name not in self._elsewhere
        }
        late = {name: value for name, value in sent.items() if is_update_only(self.resource_type, name)}
        body = {name: value for name, value in sent.items() if name not in late}
        writes = [self._write(endpoint, body)]
        if late and self.resource_type.update:
            late |= {name: sent[name] for name in self.resource_type.resent & sent.keys()}
            writes.append(self._write(self.resource_type.update, late))
        present = {name for name, value in self.desired.items() if value is not None}
        writes.extend(self._of_parts())
        writes.extend(self._of_lists(present))
        writes.extend(self._of_steps(present))
        return tuple(writes)

    def update(self, paths: Iterable[str]) -> tuple[Write, ...]:
        """Return the requests that bring the fields at `paths` (as a plan shows them) to what is desired."""
        differing = tuple(paths)
        names = {first_name(path) for path in differing}
        wanted, additions = linked(self.resource_type, self.address, self.desired, self.current)
        body = self._body(names, wanted)
        pools = PoolUpdate(self.resource_type, wanted, self.current, body, additions)
        writes = list(self._of_pools(pools.before()))
        if body and self._update:
            writes.append(self._write(self._update, body))
        writes.extend(self._of_pools(pools.after()))
        writes.extend(self._of_parts(differing))
        writes.extend(self._of_lists(names))
        if writes or any(step.field in names for step in self.resource_type.steps):
            writes.extend(self._of_steps(names))
        return tuple(writes)

    def delete(self, endpoint: Endpoint) -> tuple[Write, ...]:
        """Return the request that deletes it."""
        return (Write(endpoint.method, self._path(endpoint)),)

    @property
    def _elsewhere(self) -> frozenset[str]:
        """The fields that are not sent with the object itself."""
        resource_type = self.resource_type
        lists = {each.field for each in resource_type.associations}
        parts = {each.root for each in resource_type.parts}
        return frozenset(lists | parts | {each.field for each in resource_type.steps})

    def _body(self, touched: Iterable[str], wanted: Mapping[str, Json]) -> Mapping[str, Json]:
        """Return what the update of the object itself takes; empty if there is nothing to tell it.

        wanted: its fields, with the items of pools in the form of `linked`.
        """
        names, current, endpoint, elsewhere = set(touched), self.current, self._update, self._elsewhere
        whole = endpoint is not None and endpoint.replaces
        if endpoint is None or (whole and names and not names - elsewhere):
            return NOTHING
        if (kind := self.resource_type.discriminator) in names:
            # What the live object holds is of another kind, and means nothing beside the new one.
            current = {}
        laid = {
            name: laid_over(self.resource_type, (name,), value, current.get(name))
            for name, value in wanted.items()
            if name not in elsewhere
            and (
                name in names
                or whole
                or kind in names
                or name in self.resource_type.resent
                or (
                    holds_write_only(self.resource_type, (name,), value)
                    and not is_immutable(self.resource_type, name)
                )
            )
        }
        body = self._told_apart(as_links(self.resource_type, laid))
        rest = self._writable_rest() if whole else {**self._resent(), **self._displaced(body)}
        return {**rest, **body} if body else NOTHING

    def _told_apart(self, body: Mapping[str, Json]) -> Mapping[str, Json]:
        """Leave out lists of links that stay as they are, though an item behind them differs."""
        roots = {root for pool in self.resource_type.pools for root in pool.roots}
        return {
            name: value
            for name, value in body.items()
            if name not in roots or compare(self.resource_type, {name: value}, self.current).fields
        }

    def _displaced(self, body: Mapping[str, Json]) -> Mapping[str, Json]:
        """Return, as null, the live fields that the API refuses beside those of a body."""
        displaced = [
            other for name, other in self.resource_type.displaces.items() if body.get(name) is not None
        ]
        return {name: None for name in displaced if self.current.get(name) is not None and name not in body}

    def _of_pools(self, requests: Iterable[PoolRequest]) -> Iterator[Write]:
        for request in requests:
            path = self._path(request.endpoint, {"item": request.item_id})
            body = self._sealed(request.body, ())
            yield Write(request.endpoint.method, path, body, brings=request.brings)

    @property
    def _place(self) -> Place | None:
        """Where the object is kept, if it is a piece of another."""
        places = self.resource_type.places
        return places.get(key_of(self.resource_type, {**self.current, **self.desired})) if places else None

    @property
    def _update(self) -> Endpoint | None:
        place = self._place
        return replace(place.update, whole=True) if place else self.resource_type.update

    def _writable_rest(self) -> Mapping[str, Json]:
        """Return the live fields that a PUT would lose if it did not send them along."""
        sent = laid_over(self.resource_type, (), {}, self.current)
        left_out = {*self._elsewhere, self.resource_type.id_field}
        return {
            name: value
            for name, value in sent.items()
            if name not in left_out and not is_read_only(self.resource_type, name)
        }

    def _resent(self) -> Mapping[str, Json]:
        """Return the live fields that a PATCH would clear if it did not send them along."""
        live = {name: self.current.get(name) for name in self.resource_type.resent - self.desired.keys()}
        return {name: value for name, value in live.items() if value is not None}

    def _of_parts(self, differing: Sequence[str] | None = None) -> Iterator[Write]:
        for part in part_requests(self.resource_type, self.desired, self.current, differing):
            path = self._path(part.endpoint, part.names)
            yield Write(part.endpoint.method, path, self._sealed(part.body, part.place))
        for place, write in list_requests(self.resource_type, self.desired, self.current):
            yield replace(write, path=self._filled(write.path), body=self._sealed(write.body, (*place, 0)))

    def _of_lists(self, touched: Iterable[str]) -> Iterator[Write]:
        names = set(touched)
        for association in self.resource_type.associations:
            if association.field in names:
                wanted, found = self.desired.get(association.field), self.current.get(association.field)
                for write in association_writes(association, wanted or [], found or []):
                    yield Write(
                        write.method,
                        self._filled(write.path),
                        self._sealed(write.body, (association.field, 0)),
                    )

    def _of_steps(self, touched: Iterable[str]) -> Iterator[Write]:
        names = set(touched)
        for step in self.resource_type.steps:
            endpoint = step.endpoint or self.resource_type.get
            is_wanted = not step.field or self.desired.get(step.field) is True
            if endpoint and is_wanted and (step.field in names or not step.elects):
                known = {**self.current, **self.desired}
                body = {name: known[name] for name in step.sent}
                brings = brought_version(self.address, step.history) if step.history else ""
                path = self._path(endpoint)
                yield Write(endpoint.method, path, body or None, self._wait(step), brings=brings)

    def _wait(self, step: Step) -> Wait | None:
        get = self.resource_type.get
        if get is None or not step.wait_field:
            return None
        explain = step.explain.path if step.explain else ""
        return Wait(get.path, step.wait_field, step.done, step.failed, explain, step.reasons)

    def _write(self, endpoint: Endpoint, body: Mapping[str, Json]) -> Write:
        """Return a request; key fields that its path names do not stand in its body."""
        kept = {name: value for name, value in body.items() if f"{{{name}}}" not in endpoint.path}
        place = self._place
        sent = place.encode(kept) if place else self.resource_type.encode(kept)
        return Write(endpoint.method, self._path(endpoint), self._sealed(sent, ()))

    def _sealed(self, body: Json, below: tuple[str | int, ...]) -> Json:
        return seal(self.resource_type, self.address, body, below)

    def _path(self, endpoint: Endpoint, names: Mapping[str, str] = NOTHING) -> str:
        path = endpoint.path
        for name, value in names.items():
            path = path.replace(f"{{{name}}}", quote(value, safe=""))
        return self._filled(path)

    def _filled(self, path: str) -> str:
        """Fill key fields into a path; ``{id}`` is the applier's, who may have to learn it first."""
        for name in self.resource_type.key:
            value = self.desired.get(name, self.current.get(name))
            path = path.replace(f"{{{name}}}", quote(str(value), safe=""))
        return path

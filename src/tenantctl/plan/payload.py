"""The requests of a change: what goes on the wire so that the tenant becomes what the file says.

A resource is written where the API keeps it: most fields in one object, some (`Part`, `Association`) under
endpoints of their own, and some (`Step`) not at all: they ask for a request that follows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from tenantctl.catalog.fields import is_update_only
from tenantctl.catalog.spec import Endpoint, Part, ResourceType
from tenantctl.plan.lists import association_writes
from tenantctl.plan.model import Wait, Write
from tenantctl.plan.overlay import holds_write_only, laid_over, without_nulls
from tenantctl.plan.values import seal
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
        sent = {
            name: without_nulls(value)
            for name, value in self.desired.items()
            if value is not None and name not in self._elsewhere
        }
        late = {name: value for name, value in sent.items() if is_update_only(self.resource_type, name)}
        body = {name: value for name, value in sent.items() if name not in late}
        writes = [self._write(endpoint, body)]
        if late and self.resource_type.update:
            writes.append(self._write(self.resource_type.update, late))
        present = {name for name, value in self.desired.items() if value is not None}
        writes.extend(self._of_parts(present, {}))
        writes.extend(self._of_lists(present))
        writes.extend(self._of_steps())
        return tuple(writes)

    def update(self, paths: Iterable[str]) -> tuple[Write, ...]:
        """Return the requests that bring the fields at `paths` (as a plan shows them) to what is desired."""
        members = _touched(paths)
        writes = list(self._of_object(members.keys()))
        writes.extend(self._of_parts(members.keys(), members))
        writes.extend(self._of_lists(members.keys()))
        if writes or any(step.field in members for step in self.resource_type.steps):
            writes.extend(self._of_steps())
        return tuple(writes)

    def delete(self, endpoint: Endpoint) -> tuple[Write, ...]:
        """Return the request that deletes it."""
        return (Write(endpoint.method, self._path(endpoint)),)

    @property
    def _elsewhere(self) -> frozenset[str]:
        """The fields that are not sent with the object itself."""
        resource_type = self.resource_type
        groups = (resource_type.associations, resource_type.parts, resource_type.steps)
        return frozenset(each.field for group in groups for each in group)

    def _of_object(self, touched: Iterable[str]) -> Iterator[Write]:
        endpoint = self.resource_type.update
        names = set(touched)
        body = {
            name: laid_over(self.resource_type, (name,), value, self.current.get(name))
            for name, value in self.desired.items()
            if name not in self._elsewhere
            and (
                name in names or _goes_whole(endpoint) or holds_write_only(self.resource_type, (name,), value)
            )
        }
        if endpoint is None or not (body and (names - self._elsewhere or not _goes_whole(endpoint))):
            return
        if _goes_whole(endpoint):
            body = {**self._writable_rest(), **body}
        yield self._write(endpoint, body)

    def _writable_rest(self) -> Mapping[str, Json]:
        """Return the live fields that a PUT would lose if it did not send them along."""
        sent = laid_over(self.resource_type, (), {}, self.current)
        left_out = {*self._elsewhere, self.resource_type.id_field}
        return {name: value for name, value in sent.items() if name not in left_out}

    def _of_parts(self, touched: Iterable[str], members: Mapping[str, set[str]]) -> Iterator[Write]:
        names = set(touched)
        for part in self.resource_type.parts:
            if part.field in names:
                yield from self._of_part(part, members.get(part.field, set()))

    def _of_part(self, part: Part, members: set[str]) -> Iterator[Write]:
        desired, live = self.desired.get(part.field), self.current.get(part.field)
        if desired is None:
            if part.delete is not None:
                yield Write(part.delete.method, self._path(part.delete))
            return
        endpoint = part.create if part.create is not None and live is None else part.update
        body = laid_over(self.resource_type, (part.field,), desired, live)
        if isinstance(body, Mapping) and not _goes_whole(endpoint) and live is not None and members:
            body = {name: value for name, value in body.items() if name in members}
        yield self._write(endpoint, part.encode(body), (part.field,))

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

    def _of_steps(self) -> Iterator[Write]:
        for step in self.resource_type.steps:
            if self.desired.get(step.field) is True:
                get = self.resource_type.get
                wait = (
                    Wait(get.path, step.wait_field, step.done, step.failed)
                    if get and step.wait_field
                    else None
                )
                yield Write(step.endpoint.method, self._path(step.endpoint), None, wait)

    def _write(self, endpoint: Endpoint, body: Json, below: tuple[str, ...] = ()) -> Write:
        """Return a request; fields that its path names do not stand in its body."""
        if isinstance(body, Mapping):
            body = {name: value for name, value in body.items() if f"{{{name}}}" not in endpoint.path}
            body = body if below else self.resource_type.encode(body)
        return Write(endpoint.method, self._path(endpoint), self._sealed(body, below))

    def _sealed(self, body: Json, below: tuple[str | int, ...]) -> Json:
        return seal(self.resource_type, self.address, body, below)

    def _path(self, endpoint: Endpoint) -> str:
        return self._filled(endpoint.path)

    def _filled(self, path: str) -> str:
        """Fill key fields into a path; ``{id}`` is the applier's, who may have to learn it first."""
        for name in self.resource_type.key:
            value = self.desired.get(name, self.current.get(name))
            path = path.replace(f"{{{name}}}", quote(str(value), safe=""))
        return path


def _goes_whole(endpoint: Endpoint | None) -> bool:
    return endpoint is not None and endpoint.method == "PUT"


def _touched(paths: Iterable[str]) -> dict[str, set[str]]:
    """Return top-level field → members of it that differ, from paths such as ``botDetection.level``."""
    members: dict[str, set[str]] = {}
    for path in paths:
        name, _, rest = path.partition(".")
        members.setdefault(name.partition("[")[0], set()).update(
            {rest.partition(".")[0].partition("[")[0]} - {""}
        )
    return members

"""What is known of the tenant besides its answers: what the file declares, and what was read of it.

A diagnosis uses it to name the place to change, and to tell a setting that is missing in the file from one
that the file has and the tenant has not. All of it may be empty; the diagnosis is then less precise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import chain

from tenantctl.problems import Position
from tenantctl.states import Current, Desired, FieldPath, Json, Resource, make_address

_NOWHERE: Mapping[str, Json] = {}


@dataclass(frozen=True, slots=True)
class KnownTenant:
    """The file's resources and the tenant's objects, as `Desired` and `Current` hold them."""

    desired: Desired = field(default_factory=lambda: Desired({}))
    current: Current | None = None

    def identifiers(self) -> tuple[str, ...]:
        """Return the API identifiers of file and tenant, each once."""
        declared = (each.data.get("identifier") for each in self._declared("resourceServers"))
        live = (each.get("identifier") for each in self._live("resourceServers"))
        return tuple(dict.fromkeys(each for each in chain(declared, live) if isinstance(each, str)))

    def near_identifier(self, audience: str) -> str | None:
        """Return the API identifier that `audience` was probably meant to be, unless it is one itself."""
        identifiers = self.identifiers()
        if audience in identifiers:
            return None
        alike = (each for each in identifiers if _loosely(each) == _loosely(audience))
        return next(alike, None) or next(iter(get_close_matches(audience, identifiers, 1, 0.85)), None)

    def declared_api(self, audience: str | None) -> Resource | None:
        """Return the API of this identifier in the file."""
        return self._first("resourceServers", identifier=(audience,))

    def live_api(self, audience: str | None) -> Mapping[str, Json]:
        """Return the API of this identifier on the tenant, empty if it is not known."""
        apis = (each for each in self._live("resourceServers") if each.get("identifier") == audience)
        return next(apis, _NOWHERE)

    def declared_client(self, client: str) -> Resource | None:
        """Return the client of this name in the file."""
        return self._first("clients", name=(client,))

    def declared_grant(self, client: str, client_id: str, audience: str | None) -> Resource | None:
        """Return the grant of a client, referred to by name or id, for an API in the file."""
        return self._first("clientGrants", client_id=(client, client_id), audience=(audience,))

    def live_grant(self, client_id: str, audience: str | None) -> Mapping[str, Json]:
        """Return the grant of a client for an API on the tenant, empty if it is not known."""
        wanted = (client_id, audience)
        grants = self._live("clientGrants")
        return next(
            (each for each in grants if (each.get("client_id"), each.get("audience")) == wanted), _NOWHERE
        )

    def place(self, section: str, key: str, path: str) -> Position | None:
        """Return where a field, or else its resource, stands in the file; `path` is dotted."""
        address = make_address(section, key)
        resource = next((each for each in self._declared(section) if each.address == address), None)
        if resource is None:
            return None
        fields: FieldPath = tuple(path.split("."))
        return next(
            (found for n in range(len(fields), 0, -1) if (found := resource.locate(fields[:n]))), None
        ) or (resource.position)

    def _declared(self, section: str) -> tuple[Resource, ...]:
        return self.desired.sections.get(section, ())

    def _live(self, section: str) -> tuple[Mapping[str, Json], ...]:
        return self.current.sections.get(section, ()) if self.current else ()

    def _first(self, section: str, **wanted: tuple[str | None, ...]) -> Resource | None:
        for resource in self._declared(section):
            if all(resource.data.get(name) in values for name, values in wanted.items()):
                return resource
        return None


def _loosely(identifier: str) -> str:
    return identifier.strip().rstrip("/").lower().removeprefix("https://").removeprefix("http://")

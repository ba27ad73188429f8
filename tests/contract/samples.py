"""For each resource type, one object to live through the contract with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Body = Mapping[str, Any]
API = "https://contract.example/api"


@dataclass(frozen=True)
class Sample:
    """What the contract does with a type.

    needed: objects that must be there first; ``{section.field}`` in `create` is a field of theirs.
    create: the object. update: what changes later. clear: what is emptied in the end.
    items: by association, one item to add and remove.
    """

    update: Body
    clear: Body
    create: Body = field(default_factory=dict)
    needed: Mapping[str, Body] = field(default_factory=dict)
    items: Mapping[str, Body] = field(default_factory=dict)


AN_API = {
    "name": "Contract API",
    "identifier": API,
    "signing_alg": "RS256",
    "scopes": [{"value": "read:a", "description": "Read"}],
}
A_CLIENT = {
    "name": "Contract M2M",
    "app_type": "non_interactive",
    "grant_types": ["client_credentials"],
    "organization_usage": "allow",
}
A_GRANT = {"client_id": "{clients.client_id}", "audience": API, "scope": ["read:a"]}

SAMPLES: Mapping[str, Sample] = {
    "tenant": Sample(update={"support_url": "https://contract.example/help"}, clear={"support_url": ""}),
    "resourceServers": Sample(
        create=AN_API, update={"token_lifetime": 3600, "name": "Renamed"}, clear={"token_encryption": None}
    ),
    "clients": Sample(
        create=A_CLIENT,
        update={"description": "changed", "callbacks": ["https://contract.example/cb"]},
        clear={"organization_usage": None, "callbacks": []},
    ),
    "clientGrants": Sample(
        needed={"resourceServers": AN_API, "clients": A_CLIENT},
        create=A_GRANT,
        update={"scope": ["read:a"]},
        clear={"scope": []},
    ),
    "roles": Sample(
        needed={"resourceServers": AN_API},
        create={"name": "Contract role", "description": "first"},
        update={"description": "second"},
        clear={"description": ""},
        items={"permissions": {"resource_server_identifier": API, "permission_name": "read:a"}},
    ),
}

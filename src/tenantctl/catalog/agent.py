"""Agents."""

from __future__ import annotations

from tenantctl.catalog.endpoints import Endpoint, Listing, Paging
from tenantctl.catalog.spec import Reference, ResourceType

AGENT = ResourceType(
    section="agents",
    title="agent",
    summary="A software agent that acts for users.",
    documentation="https://auth0.com/docs/api/management/v2/agents",
    sdk="agents",
    id_field="agent_id",
    listing=Listing(Endpoint("GET", "/agents", ("read:agents",)), Paging.CHECKPOINT, "agents"),
    get=Endpoint("GET", "/agents/{id}", ("read:agents",)),
    create=Endpoint("POST", "/agents", ("create:agents",), 201),
    update=Endpoint("PATCH", "/agents/{id}", ("update:agents",)),
    delete=Endpoint("DELETE", "/agents/{id}", ("delete:agents",), 204),
    read_only=frozenset({"agent_id", "created_at", "updated_at"}),
    # Creates take it, reads leave it out.
    write_only=frozenset({"client_id"}),
    defaults={"metadata": {}},
    required=("name",),
    references=(Reference("client_id", "clients", "client_id"),),
)

"""Client grants."""

from __future__ import annotations

from collections.abc import Mapping

from tenantctl.catalog.endpoints import Endpoint, Listing, Paging
from tenantctl.catalog.layout import Layout
from tenantctl.catalog.spec import Reference, ResourceType, ScopeUse
from tenantctl.states import Json


def _is_system(grant: Mapping[str, Json]) -> bool:
    return grant.get("is_system") is True


def _is_own(grant: Mapping[str, Json], own_client_id: str) -> bool:
    """Tell the grant by which the tool's own client may use the Management API."""
    return grant.get("client_id") == own_client_id and str(grant.get("audience")).endswith("/api/v2/")


CLIENT_GRANT = ResourceType(
    section="clientGrants",
    title="client grant",
    summary="Allows an application to ask for tokens for an API, with the scopes that it may have.",
    documentation="https://auth0.com/docs/api/management/v2/client-grants",
    layout=Layout("grants/*.json"),
    sdk="client_grants",
    # A grant belongs to one client or, by default_for, to a whole group of them.
    key=("client_id", "default_for", "audience", "subject_type"),
    id_format=("cgr_", 16),
    listing=Listing(
        Endpoint("GET", "/client-grants", ("read:client_grants",)), Paging.CHECKPOINT, "client_grants"
    ),
    get=Endpoint("GET", "/client-grants/{id}", ("read:client_grants",)),
    create=Endpoint("POST", "/client-grants", ("create:client_grants",), 201),
    update=Endpoint("PATCH", "/client-grants/{id}", ("update:client_grants",)),
    delete=Endpoint("DELETE", "/client-grants/{id}", ("delete:client_grants",), 204),
    read_only=frozenset({"id", "is_system"}),
    immutable=frozenset({"client_id", "default_for", "audience", "subject_type"}),
    unordered={"scope": (), "authorization_details_types": ()},
    defaults={"subject_type": "client", "allow_any_organization": False, "allow_all_scopes": False},
    silent=frozenset({"allow_any_organization", "allow_all_scopes"}),
    required=("audience",),
    any_of=(("client_id", "default_for"),),
    conflicts=(("allow_all_scopes", True, "scope"),),
    unique=(("client_id", "default_for", "audience", "subject_type"),),
    references=(
        Reference("client_id", "clients", "client_id"),
        Reference("audience", "resourceServers", "identifier"),
    ),
    scope_uses=(ScopeUse("scope[]", "audience"),),
    protected=_is_system,
    protects="grants that Auth0 made for itself",
    own=_is_own,
)

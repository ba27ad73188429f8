"""Groups of users, and the roles they bring.

A directory makes them, by SCIM or directory provisioning; a file links them with roles.
"""

from __future__ import annotations

from tenantctl.catalog.endpoints import Association, Endpoint, Listing, Paging
from tenantctl.catalog.spec import Reference, ResourceType

_ROLES = "/groups/{id}/roles"

GROUP = ResourceType(
    section="groups",
    title="group",
    summary="A group of users that a directory brings, and the roles that its members have.",
    documentation="https://auth0.com/docs/api/management/v2/groups",
    sdk="groups",
    # A name is unique within its connection.
    key=("connection_id", "name"),
    id_format=("grp_", 16),
    listing=Listing(Endpoint("GET", "/groups", ("read:groups",)), Paging.CHECKPOINT, "groups"),
    get=Endpoint("GET", "/groups/{id}", ("read:groups",)),
    delete=Endpoint("DELETE", "/groups/{id}", ("delete:groups",), 204),
    # All but the roles is the directory's to say.
    read_only=frozenset(
        {"id", "name", "connection_id", "external_id", "tenant_name", "created_at", "updated_at"}
    ),
    unordered={"roles": ()},
    required=("name",),
    lost_with_it="who its members are",
    references=(
        Reference("connection_id", "connections", "id", also=("databases",)),
        Reference("roles[]", "roles", "id"),
    ),
    associations=(
        Association(
            field="roles",
            listing=Listing(Endpoint("GET", _ROLES, ("read:group_roles",)), Paging.CHECKPOINT, "roles"),
            add=Endpoint("POST", _ROLES, ("create:group_roles",), 204),
            remove=Endpoint("DELETE", _ROLES, ("delete:group_roles",), 204),
            item_key=("id",),
            item_id="id",
            scalar="id",
            wrapper="roles",
        ),
    ),
)

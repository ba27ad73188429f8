"""Roles and their permissions."""

from __future__ import annotations

from tenantctl.catalog.endpoints import Association, Endpoint, Listing, Paging
from tenantctl.catalog.layout import Layout
from tenantctl.catalog.spec import Reference, ResourceType, ScopeUse

_PERMISSIONS = "/roles/{id}/permissions"
_USERS = "/roles/{id}/users"

ROLE = ResourceType(
    section="roles",
    title="role",
    summary="A set of permissions that users are given.",
    documentation="https://auth0.com/docs/api/management/v2/roles",
    layout=Layout("roles/*.json"),
    sdk="roles",
    # A role of an organization may bear the name of a tenant role.
    key=("name", "owner_id"),
    id_format=("rol_", 16),
    listing=Listing(Endpoint("GET", "/roles", ("read:roles",)), Paging.PAGE, "roles"),
    get=Endpoint("GET", "/roles/{id}", ("read:roles",)),
    create=Endpoint("POST", "/roles", ("create:roles",)),
    update=Endpoint("PATCH", "/roles/{id}", ("update:roles",)),
    delete=Endpoint("DELETE", "/roles/{id}", ("delete:roles",)),
    runtime=(
        Association(
            field="users",
            listing=Listing(Endpoint("GET", _USERS, ("read:role_members",)), Paging.CHECKPOINT, "users"),
            add=Endpoint("POST", _USERS, ("create:role_members",)),
            item_key=("user_id",),
            scalar="user_id",
            wrapper="users",
        ),
    ),
    read_only=frozenset({"id", "permissions[].resource_server_name", "permissions[].description"}),
    immutable=frozenset({"type", "owner_id"}),
    unordered={"permissions": ("resource_server_identifier", "permission_name")},
    defaults={"description": "", "type": "tenant"},
    create_unseen=frozenset({"description"}),
    required=("name",),
    unique=(("name", "owner_id"),),
    references=(Reference("permissions[].resource_server_identifier", "resourceServers", "identifier"),),
    not_found=("inexistent_role", "The role does not exist."),
    scope_uses=(ScopeUse("permissions[].permission_name", "permissions[].resource_server_identifier"),),
    associations=(
        Association(
            field="permissions",
            listing=Listing(Endpoint("GET", _PERMISSIONS, ("read:roles",)), Paging.PAGE, "permissions"),
            add=Endpoint("POST", _PERMISSIONS, ("update:roles",), 201),
            remove=Endpoint("DELETE", _PERMISSIONS, ("update:roles",), 204),
            sdk="roles.permissions",
            wrapper="permissions",
            item_key=("resource_server_identifier", "permission_name"),
            sent=("resource_server_identifier", "permission_name"),
        ),
    ),
)

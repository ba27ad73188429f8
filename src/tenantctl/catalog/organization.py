"""Organizations, and what each has enabled."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from tenantctl.catalog.connection import DATABASE_STRATEGY
from tenantctl.catalog.endpoints import Association, Endpoint, Listing, Paging
from tenantctl.catalog.layout import Layout
from tenantctl.catalog.spec import Reference, ResourceType
from tenantctl.states import Json

_CONNECTIONS = "/organizations/{id}/connections"
_GRANTS = "/organizations/{id}/client-grants"
_DOMAINS = "/organizations/{id}/discovery-domains"
_CLIENTS = "/organizations/{id}/clients"
_MEMBERS = "/organizations/{id}/members"

_GRANT_MEMBERS = ("client_id", "audience")


def _grant_by_id(grant: Mapping[str, Json]) -> Mapping[str, Any]:
    """Return a listed grant under the name by which requests know it."""
    return {"grant_id": grant["id"], **{name: grant[name] for name in _GRANT_MEMBERS if name in grant}}


def _listed_grant(grant: Mapping[str, Json]) -> Mapping[str, Any]:
    return {"id": grant["grant_id"], **{name: grant[name] for name in _GRANT_MEMBERS if name in grant}}


def _shown_connection(item: Mapping[str, Json]) -> Mapping[str, Json]:
    """Return an enabled connection as reads show it: only a database tells that nobody may sign up."""
    strategy = (item.get("connection") or {}).get("strategy")
    if strategy == DATABASE_STRATEGY or item.get("is_signup_enabled"):
        return item
    return {name: value for name, value in item.items() if name != "is_signup_enabled"}


def _proof_of_domain(organization: Mapping[str, Json], domain: Mapping[str, Json]) -> Mapping[str, Json]:
    """Return where a DNS record has to prove that a domain is the organization's, and what it has to say."""
    name = domain["domain"]
    return {
        "verification_host": f"_ss-verification.{organization['id']}.{name}",
        "verification_txt": hashlib.sha256(name.encode()).hexdigest()[:32],
    }


_CLIENT_FIELDS: Mapping[str, Json] = {
    "name": {"types": ["string"]},
    "is_first_party": {"types": ["boolean"]},
    "grant_types": {"types": ["array"], "items": {"types": ["string"]}},
    "organization_usage": {"types": ["string"]},
}

ORGANIZATION = ResourceType(
    section="organizations",
    title="organization",
    summary="A customer or partner, with connections, applications and grants of its own.",
    documentation="https://auth0.com/docs/api/management/v2/organizations",
    layout=Layout("organizations/*.json"),
    sdk="organizations",
    # What the SDK lacks of the clients of an organization.
    extra_fields={"clients[].client": {"types": ["object"], "fields": _CLIENT_FIELDS}},
    key=("name",),
    id_format=("org_", 16),
    listing=Listing(
        Endpoint("GET", "/organizations", ("read:organizations", "read:organizations_summary")),
        Paging.CHECKPOINT,
        "organizations",
    ),
    get=Endpoint("GET", "/organizations/{id}", ("read:organizations", "read:organizations_summary")),
    create=Endpoint("POST", "/organizations", ("create:organizations",), 201),
    update=Endpoint("PATCH", "/organizations/{id}", ("update:organizations",)),
    delete=Endpoint("DELETE", "/organizations/{id}", ("delete:organizations",), 204),
    also=(Endpoint("GET", "/organizations/name/{name}", ("read:organizations",)),),
    runtime=(
        Association(
            field="members",
            listing=Listing(
                Endpoint("GET", _MEMBERS, ("read:organization_members",)),
                Paging.CHECKPOINT,
                "members",
                open_ended=True,
            ),
            add=Endpoint("POST", _MEMBERS, ("create:organization_members",), 204),
            remove=Endpoint("DELETE", _MEMBERS, ("delete:organization_members",), 204),
            item_key=("user_id",),
            scalar="user_id",
            wrapper="members",
        ),
    ),
    # What a create takes as enabled_connections reads as connections, and stands in the file as these.
    read_only=frozenset(
        {
            "id",
            "enabled_connections",
            "connections[].connection",
            "discovery_domains[].id",
            "discovery_domains[].verification_txt",
            "discovery_domains[].verification_host",
            "clients[].client",
        }
    ),
    unordered={
        "connections": ("connection_id",),
        "client_grants": ("grant_id",),
        "discovery_domains": ("domain",),
        "clients": ("client_id",),
    },
    defaults={
        "third_party_client_access": "block",
        "is_app_entitlement_active": False,
        "connections[].assign_membership_on_login": False,
        "connections[].show_as_button": True,
        "connections[].is_signup_enabled": False,
        "connections[].is_enabled": True,
        "connections[].organization_access_level": "none",
        "discovery_domains[].status": "pending",
        "discovery_domains[].use_for_organization_discovery": True,
    },
    empty_unseen=frozenset({"metadata"}),
    required=("name",),
    unique=(("name",),),
    references=(
        Reference("connections[].connection_id", "connections", "id", also=("databases",), alias="name"),
        Reference("client_grants[].grant_id", "clientGrants", "id", by=_GRANT_MEMBERS),
        Reference("clients[].client_id", "clients", "client_id"),
    ),
    not_found=("", "No organization found by that id or name"),
    associations=(
        Association(
            field="connections",
            listing=Listing(
                Endpoint("GET", _CONNECTIONS, ("read:organization_connections",)), Paging.PAGE, "connections"
            ),
            add=Endpoint("POST", _CONNECTIONS, ("create:organization_connections",), 201),
            update=Endpoint("PATCH", f"{_CONNECTIONS}/{{item}}", ("update:organization_connections",)),
            remove=Endpoint("DELETE", f"{_CONNECTIONS}/{{item}}", ("delete:organization_connections",), 204),
            sdk="organizations.connections",
            show=_shown_connection,
            item_key=("connection_id",),
            item_id="connection_id",
        ),
        Association(
            field="client_grants",
            listing=Listing(
                Endpoint("GET", _GRANTS, ("read:organization_client_grants",)), Paging.PAGE, "client_grants"
            ),
            add=Endpoint("POST", _GRANTS, ("create:organization_client_grants",), 201),
            remove=Endpoint("DELETE", f"{_GRANTS}/{{item}}", ("delete:organization_client_grants",), 204),
            sdk="organizations.client_grants",
            item_key=("grant_id",),
            item_id="grant_id",
            sent=("grant_id",),
            decode=_grant_by_id,
            show=_listed_grant,
        ),
        Association(
            field="discovery_domains",
            listing=Listing(
                Endpoint("GET", _DOMAINS, ("read:organization_discovery_domains",)),
                Paging.CHECKPOINT,
                "domains",
            ),
            add=Endpoint("POST", _DOMAINS, ("create:organization_discovery_domains",), 201),
            update=Endpoint("PATCH", f"{_DOMAINS}/{{item}}", ("update:organization_discovery_domains",)),
            remove=Endpoint(
                "DELETE", f"{_DOMAINS}/{{item}}", ("delete:organization_discovery_domains",), 204
            ),
            sdk="organizations.discovery_domains",
            item_key=("domain",),
            item_id="id",
            id_format=("ord_", 22),
            derived=_proof_of_domain,
        ),
        Association(
            field="clients",
            listing=Listing(
                Endpoint("GET", _CLIENTS, ("read:organization_clients",)), Paging.CHECKPOINT, "clients"
            ),
            add=Endpoint("POST", _CLIENTS, ("create:organization_clients",), 201),
            update=Endpoint("PATCH", f"{_CLIENTS}/{{item}}", ("update:organization_clients",)),
            remove=Endpoint("DELETE", _CLIENTS, ("delete:organization_clients",), 204),
            sdk="organizations.clients",
            wrapper="clients",
            item_key=("client_id",),
            item_id="client_id",
            removed_by="client_id",
            tells=True,
            batch=10,
        ),
    ),
)

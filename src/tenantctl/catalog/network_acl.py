"""Network access control lists of the tenant."""

from __future__ import annotations

from collections.abc import Mapping

from tenantctl.catalog.endpoints import Endpoint, Listing, Paging
from tenantctl.catalog.layout import Layout
from tenantctl.catalog.spec import Reference, ResourceType
from tenantctl.states import Json


def _refused(wanted: Mapping[str, Json], _: Mapping[str, Json]) -> tuple[str, str] | None:
    """Tell why the server won't have a rule: a redirection that leads nowhere."""
    action = (wanted.get("rule") or {}).get("action") or {}
    if action.get("redirect") is True and not action.get("redirect_uri"):
        reason = "Action type of `redirect` requires a `redirect_uri`"
        return "invalid_body", f"Payload validation error: {reason}"
    return None


NETWORK_ACL = ResourceType(
    section="networkACLs",
    title="network ACL",
    summary="Allows, blocks or redirects requests by address, country, fingerprint and the like.",
    documentation="https://auth0.com/docs/api/management/v2/network-acls",
    layout=Layout("network-acls/*.json"),
    sdk="network_acls",
    # Nothing is unique but the id. The description is what a person tells them apart by: priorities change.
    key=("description",),
    id_format=("acl_", 22),
    id_name="network-acl-id",
    listing=Listing(Endpoint("GET", "/network-acls", ("read:network_acls",)), Paging.PAGE, "network_acls"),
    get=Endpoint("GET", "/network-acls/{id}", ("read:network_acls",)),
    create=Endpoint("POST", "/network-acls", ("create:network_acls",), 201),
    update=Endpoint("PATCH", "/network-acls/{id}", ("update:network_acls",)),
    delete=Endpoint(
        "DELETE", "/network-acls/{id}", ("delete:network_acls",), 200, answer={"code": 204, "object": ""}
    ),
    also=(Endpoint("PUT", "/network-acls/{id}", ("update:network_acls",)),),
    read_only=frozenset({"id", "created_at", "updated_at", "deleted_at", "tenant_id"}),
    unordered={"rule.match.*": (), "rule.not_match.*": ()},
    defaults={"priority": 50, "deleted_at": None},
    tenant_field="tenant_id",
    write_unseen=frozenset({"tenant_id", "deleted_at"}),
    refused=_refused,
    # A rule has exactly one action: the live one must not stand beside that of the file.
    variants={"rule.action": ""},
    required=("description", "active", "rule"),
    references=(Reference("rule.*.http_message_signature.keys[].id", "keysNetworkAcls", "id"),),
)

"""Accounts of other services that flows use."""

from __future__ import annotations

from tenantctl.catalog.endpoints import Endpoint, Listing, Paging
from tenantctl.catalog.fingerprint import fingerprint_of
from tenantctl.catalog.layout import Layout
from tenantctl.catalog.spec import ResourceType

_PATH = "/flows/vault/connections"
_READ = ("read:flows_vault_connections",)

FLOW_VAULT_CONNECTION = ResourceType(
    section="flowVaultConnections",
    title="vault connection",
    summary="An account of another service, with its credentials, that flows use.",
    documentation="https://auth0.com/docs/api/management/v2/flows/get-flows-vault-connections",
    layout=Layout("flow-vault-connections/*.json"),
    sdk="flows.vault.connections",
    id_format=("ac_", 22),
    listing=Listing(Endpoint("GET", _PATH, _READ), Paging.PAGE, "connections"),
    get=Endpoint("GET", f"{_PATH}/{{id}}", _READ),
    create=Endpoint("POST", _PATH, ("create:flows_vault_connections",), 201),
    update=Endpoint("PATCH", f"{_PATH}/{{id}}", ("update:flows_vault_connections",)),
    delete=Endpoint("DELETE", f"{_PATH}/{{id}}", ("delete:flows_vault_connections",), 204),
    read_only=frozenset(
        {
            "id",
            "account_name",
            "environment",
            "created_at",
            "updated_at",
            "refreshed_at",
            "fingerprint",
            "ready",
        }
    ),
    exported=frozenset({"account_name", "environment", "fingerprint", "ready"}),
    immutable=frozenset({"app_id"}),
    secret=frozenset({"setup"}),
    write_only=frozenset({"setup"}),
    derived=fingerprint_of("setup"),
    defaults={"ready": False},
    write_seen={"refreshed_at": None},
    required=("name", "app_id"),
    not_found=("", "Connection not found"),
)

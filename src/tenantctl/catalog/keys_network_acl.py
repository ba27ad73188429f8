"""Keys by which network ACLs know a proxy."""

from __future__ import annotations

from tenantctl.catalog.endpoints import Endpoint, Listing, Paging
from tenantctl.catalog.fingerprint import fingerprint_of
from tenantctl.catalog.spec import ResourceType

_PATH = "/keys/network-acls"

KEYS_NETWORK_ACL = ResourceType(
    section="keysNetworkAcls",
    title="network ACL key",
    summary="A key by which network ACLs know requests of a proxy.",
    documentation="https://auth0.com/docs/api/management/v2/keys",
    sdk="keys.network_acls",
    listing=Listing(Endpoint("GET", _PATH, ("read:network_acls_keys",)), Paging.NONE, "keys", enveloped=True),
    get=Endpoint("GET", f"{_PATH}/{{id}}", ("read:network_acls_keys",)),
    create=Endpoint("POST", _PATH, ("create:network_acls_keys",), 201),
    delete=Endpoint("DELETE", f"{_PATH}/{{id}}", ("delete:network_acls_keys",), 204),
    read_only=frozenset({"id", "fingerprint", "created_at", "updated_at"}),
    secret=frozenset({"value"}),
    write_only=frozenset({"value"}),
    derived=fingerprint_of("value"),
    required=("name", "alg", "value"),
)

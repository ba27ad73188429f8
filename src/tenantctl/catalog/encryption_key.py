"""Keys that encrypt a tenant's secrets."""

from __future__ import annotations

from tenantctl.catalog.endpoints import Endpoint, Listing, Paging
from tenantctl.catalog.spec import ResourceType

ENCRYPTION_KEY = ResourceType(
    section="encryptionKeys",
    title="encryption key",
    summary="A key that encrypts the tenant's secrets; it can be named, but not changed by a file.",
    documentation="https://auth0.com/docs/api/management/v2/keys/get-encryption-keys",
    sdk="keys.encryption",
    key=("kid",),
    id_field="kid",
    id_format=("", 36),
    listing=Listing(Endpoint("GET", "/keys/encryption", ("read:encryption_keys",)), Paging.PAGE, "keys"),
    get=Endpoint("GET", "/keys/encryption/{id}", ("read:encryption_keys",)),
    on_request={
        "rekey": Endpoint(
            "POST",
            "/keys/encryption/rekey",
            ("create:encryption_keys", "update:encryption_keys"),
            204,
            every_scope=True,
        ),
    },
    read_only=frozenset({"kid", "type"}),
    required=("kid",),
)

"""Keys that sign tokens, made by Auth0."""

from __future__ import annotations

from tenantctl.catalog.endpoints import Endpoint, Listing, Paging
from tenantctl.catalog.spec import ResourceType

SIGNING_KEY = ResourceType(
    section="signingKeys",
    title="signing key",
    summary="A key that signs tokens; it can be named, but not changed by a file.",
    documentation="https://auth0.com/docs/api/management/v2/keys/get-signing-keys",
    sdk="keys.signing",
    key=("kid",),
    id_field="kid",
    id_format=("", 21),
    listing=Listing(Endpoint("GET", "/keys/signing", ("read:signing_keys",)), Paging.NONE, ""),
    get=Endpoint("GET", "/keys/signing/{id}", ("read:signing_keys",)),
    on_request={
        "rotate": Endpoint(
            "POST",
            "/keys/signing/rotate",
            ("create:signing_keys", "update:signing_keys"),
            201,
            every_scope=True,
        ),
        "revoke": Endpoint("PUT", "/keys/signing/{id}/revoke", ("update:signing_keys",)),
    },
    read_only=frozenset({"kid"}),
    required=("kid",),
)

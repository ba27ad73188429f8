"""A tenant's own public keys."""

from __future__ import annotations

from tenantctl.catalog.endpoints import Endpoint
from tenantctl.catalog.spec import Kind, ResourceType

_PATH = "/keys/custom-signing"

CUSTOM_SIGNING_KEYS = ResourceType(
    section="customSigningKeys",
    title="custom signing keys",
    summary="Public keys of the tenant's owner that its JWKS shows beside those of Auth0.",
    documentation="https://auth0.com/docs/api/management/v2/keys/get-custom-signing-keys",
    sdk="keys.custom_signing",
    kind=Kind.SINGLETON,
    key=(),
    id_field=None,
    get=Endpoint("GET", _PATH, ("read:custom_signing_keys",)),
    # A PUT makes the set and replaces it; it takes public keys only, and at least one.
    create=Endpoint("PUT", _PATH, ("create:custom_signing_keys", "update:custom_signing_keys")),
    update=Endpoint("PUT", _PATH, ("create:custom_signing_keys", "update:custom_signing_keys")),
    delete=Endpoint("DELETE", _PATH, ("delete:custom_signing_keys",), 204),
    not_null=frozenset({"keys"}),
    unordered={"keys": ("kid",)},
)

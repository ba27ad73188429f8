"""APIs (resource servers)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tenantctl.catalog.endpoints import Endpoint, Listing, Paging
from tenantctl.catalog.spec import ResourceType
from tenantctl.states import Json

# Management API, My Account API, My Organization API.
_BUILT_IN = re.compile(r"https://[^/]+/(?:api/v2|me|my-org)/")


def _is_built_in(identifier: str) -> bool:
    return _BUILT_IN.fullmatch(identifier) is not None


def _is_system(api: Mapping[str, Json]) -> bool:
    return api.get("is_system") is True


def _signs_with_secret(api: Mapping[str, Json]) -> bool:
    return api.get("signing_alg") == "HS256"


RESOURCE_SERVER = ResourceType(
    section="resourceServers",
    title="API",
    summary="An API that tokens are issued for: its scopes, how its tokens are signed, how long they live.",
    documentation="https://auth0.com/docs/api/management/v2/resource-servers",
    sdk="resource_servers",
    key=("identifier",),
    id_format=("", 24),
    listing=Listing(
        Endpoint("GET", "/resource-servers", ("read:resource_servers",)), Paging.PAGE, "resource_servers"
    ),
    get=Endpoint("GET", "/resource-servers/{id}", ("read:resource_servers",)),
    create=Endpoint("POST", "/resource-servers", ("create:resource_servers",), 201),
    update=Endpoint("PATCH", "/resource-servers/{id}", ("update:resource_servers",)),
    delete=Endpoint("DELETE", "/resource-servers/{id}", ("delete:resource_servers",), 204),
    read_only=frozenset({"is_system", "client_id", "id"}),
    writable=frozenset({"token_lifetime_for_web"}),
    secret=frozenset({"signing_secret"}),
    # The encryption key is public; it is write-only all the same, as reads leave the PEM out.
    write_only=frozenset({"token_encryption.encryption_key.pem"}),
    unordered={"scopes": ("value",), "authorization_details": ("type",)},
    defaults={
        "signing_alg": "RS256",
        "token_lifetime": 86400,
        "token_lifetime_for_web": 7200,
        "allow_offline_access": False,
        "skip_consent_for_verifiable_first_party_clients": False,
        "subject_type_authorization": {
            "client": {"policy": "require_client_grant"},
            "user": {"policy": "allow_all"},
        },
    },
    generated={"signing_secret": _signs_with_secret},
    required=("identifier",),
    unique=(("identifier",),),
    not_found=("inexistent_resource_server", "The resource server does not exist"),
    protected=_is_system,
    protects="system APIs, such as the Management API",
    built_in=_is_built_in,
)

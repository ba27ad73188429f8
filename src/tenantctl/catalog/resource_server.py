"""APIs (resource servers)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress

from tenantctl.catalog.endpoints import Endpoint, Listing, Paging
from tenantctl.catalog.layout import Layout
from tenantctl.catalog.public_key import key_id
from tenantctl.catalog.spec import ResourceType, Sign
from tenantctl.states import Json

# Management API, My Account API, My Organization API.
_BUILT_IN = re.compile(r"https://[^/]+/(?:api/v2|me|my-org)/")


def _is_built_in(identifier: str) -> bool:
    return _BUILT_IN.fullmatch(identifier) is not None


def _is_system(api: Mapping[str, Json]) -> bool:
    return api.get("is_system") is True


_MY_ACCOUNT = re.compile(r"https://[^/]+/me/")
_MY_ACCOUNT_SCOPES = (
    "create:me:connected_accounts read:me:connected_accounts delete:me:connected_accounts "
    "read:me:authentication_methods delete:me:authentication_methods update:me:authentication_methods "
    "read:me:factors create:me:authentication_methods"
)


def _described(scope: str) -> Json:
    verb, _, noun = scope.split(":")
    return {"value": scope, "description": f"{verb} {noun}".replace("_", " ").title()}


def _computed(api: Mapping[str, Json]) -> Mapping[str, Json]:
    """Return what the server gives an API by the rest of it."""
    key = (api.get("token_encryption") or {}).get("encryption_key") or {}
    made = dict(_of_system(api))
    if isinstance(key.get("pem"), str):
        with suppress(ValueError):
            made["token_encryption"] = {"encryption_key": {"thumbprint_sha256": key_id(key["pem"])}}
    return made


def _of_system(api: Mapping[str, Json]) -> Mapping[str, Json]:
    """Return what the server gives an API of its own, which is made by asking for its identifier."""
    if not _MY_ACCOUNT.fullmatch(str(api.get("identifier"))):
        return {}
    return {
        "scopes": [_described(scope) for scope in _MY_ACCOUNT_SCOPES.split()],
        "allow_offline_access": True,
        "skip_consent_for_verifiable_first_party_clients": True,
        "token_lifetime": 600,
        "token_lifetime_for_web": 600,
        "proof_of_possession": {"mechanism": "dpop", "required": False},
        "subject_type_authorization": {
            "client": {"policy": "deny_all"},
            "user": {"policy": "require_client_grant"},
        },
    }


def _signs_with_secret(api: Mapping[str, Json]) -> bool:
    return api.get("signing_alg") == "HS256"


RESOURCE_SERVER = ResourceType(
    section="resourceServers",
    title="API",
    summary="An API that tokens are issued for: its scopes, how its tokens are signed, how long they live.",
    documentation="https://auth0.com/docs/api/management/v2/resource-servers",
    layout=Layout("resource-servers/*.json"),
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
    read_only=frozenset(
        {"is_system", "client_id", "id", "token_encryption.encryption_key.thumbprint_sha256"}
    ),
    writable=frozenset({"token_lifetime_for_web"}),
    secret=frozenset({"signing_secret"}),
    # The encryption key is public; it is write-only all the same, as reads leave the PEM out.
    write_only=frozenset({"token_encryption.encryption_key.pem"}),
    withheld={
        "token_encryption.encryption_key.pem": Sign("token_encryption.encryption_key.thumbprint_sha256")
    },
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
    computed_defaults=_computed,
    generated={"signing_secret": _signs_with_secret},
    required=("identifier",),
    unique=(("identifier",),),
    not_found=("inexistent_resource_server", "The resource server does not exist"),
    protected=_is_system,
    protects="system APIs, such as the Management API",
    built_in=_is_built_in,
)

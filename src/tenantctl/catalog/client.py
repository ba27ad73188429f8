"""Applications (clients)."""

from __future__ import annotations

from collections.abc import Mapping

from tenantctl.catalog.client_credentials import CLIENT_CREDENTIALS
from tenantctl.catalog.endpoints import Endpoint, Listing, Paging
from tenantctl.catalog.layout import Layout, SideFile
from tenantctl.catalog.spec import Reference, ResourceType
from tenantctl.states import Json

_READ = ("read:clients", "read:client_keys", "read:client_credentials", "read:client_summary")

_KEY_METHODS = ("private_key_jwt", "tls_client_auth", "self_signed_tls_client_auth")

_LONG_LIVED = {"token_lifetime": 31557600, "idle_token_lifetime": 2592000}

_WEB_GRANTS = ["authorization_code", "implicit", "refresh_token"]


def _is_global(client: Mapping[str, Json]) -> bool:
    return client.get("global") is True


def _is_own(client: Mapping[str, Json], own_client_id: str) -> bool:
    return client.get("client_id") == own_client_id


def _has_secret(client: Mapping[str, Json]) -> bool:
    return not client.get("client_authentication_methods")


def _unseen(client: Mapping[str, Json]) -> frozenset[str]:
    """Return the secret of a client that proves in another way who it is: it is kept for later."""
    return frozenset() if _has_secret(client) else frozenset({"client_secret"})


def _computed(client: Mapping[str, Json]) -> Mapping[str, Json]:
    """Return what the server gives a client by the rest of it."""
    made = dict(_by_app_type(client))
    if (client.get("token_endpoint_auth_method") or "none") != "none":
        # Recorded: a client that was told how to authenticate starts with tokens that last longer.
        made["refresh_token"] = {**_LONG_LIVED, **made.get("refresh_token", {})}
    return {**made, "cross_origin_auth": client.get("cross_origin_authentication", False)}


def _refused(wanted: Mapping[str, Json], _: Mapping[str, Json]) -> tuple[str, str] | None:
    """Tell why the server won't have a client: half of a default organization."""
    organization = wanted.get("default_organization")
    if organization and not (organization.get("organization_id") and organization.get("flows")):
        reason = "'Missing required property' on property default_organization"
        return "invalid_body", f"Payload validation error: {reason}."
    return None


def _by_app_type(client: Mapping[str, Json]) -> Mapping[str, Json]:
    """Return the grant types (and what goes with them) that the server gives a client of this app_type."""
    if client.get("third_party_security_mode") == "strict":
        return {
            "grant_types": ["authorization_code"],
            "oidc_conformant": True,
            "jwt_configuration": {"alg": "RS256", "lifetime_in_seconds": 3600},
            "refresh_token": {"expiration_type": "expiring", "infinite_idle_token_lifetime": False},
        }
    match client.get("app_type"):
        case "spa" | "native" | "none":
            return {"grant_types": list(_WEB_GRANTS)}
        case "resource_server":
            return {"grant_types": [], "oidc_conformant": True, "jwt_configuration": {"alg": "RS256"}}
        case "express_configuration":
            return {
                "grant_types": ["authorization_code", "client_credentials"],
                "oidc_conformant": True,
                "jwt_configuration": {"alg": "RS256"},
                "callbacks": ["https://system-admin.okta.com/admin/app/generic/oauth20redirect"],
                "organization_usage": "require",
                "organization_require_behavior": "pre_login_prompt",
                "client_authentication_methods": {"private_key_jwt": {"credentials": []}},
            }
        case _:
            return {"grant_types": [*_WEB_GRANTS, "client_credentials"]}


CLIENT = ResourceType(
    section="clients",
    title="application",
    summary="An application that asks for tokens: a website, a mobile app, or a machine of its own.",
    documentation="https://auth0.com/docs/api/management/v2/clients",
    layout=Layout("clients/*.json"),
    side_files=(
        SideFile(
            field="custom_login_page",
            suffix=".html",
            folder="clients",
            path="clients/{name}_custom_login_page.html",
            layout_path="clients/{name}_custom_login_page.html",
            optional=True,
        ),
    ),
    sdk="clients",
    key=("name",),
    id_field="client_id",
    id_format=("", 32),
    listing=Listing(
        Endpoint("GET", "/clients", _READ),
        Paging.CHECKPOINT,
        "clients",
        query={"is_global": False},
        adds={"signing_keys": [dict.fromkeys(("cert", "pkcs7", "subject"), "deprecated")]},
    ),
    get=Endpoint("GET", "/clients/{id}", _READ),
    create=Endpoint("POST", "/clients", ("create:clients",), 201),
    update=Endpoint("PATCH", "/clients/{id}", ("update:clients", "update:client_keys")),
    delete=Endpoint("DELETE", "/clients/{id}", ("delete:clients",), 204),
    pools=(CLIENT_CREDENTIALS,),
    read_only=frozenset(
        {
            "client_id",
            "global",
            "tenant",
            "signing_keys",
            "callback_url_template",
            "jwks_uri",
            "external_metadata_type",
            "external_metadata_created_by",
            "encrypted",
            "config_route",
            "owners",
            "custom_login_page_preview",
        }
    ),
    exported=frozenset(
        {
            "global",
            "tenant",
            "signing_keys",
            "callback_url_template",
            "config_route",
            "owners",
            "custom_login_page_preview",
            "external_metadata_type",
            "external_metadata_created_by",
        }
    ),
    retired={
        "cross_origin_auth": "cross_origin_authentication",
        "oidc_backchannel_logout": "oidc_logout",
    },
    immutable=frozenset({"resource_server_identifier", "third_party_security_mode", "external_client_id"}),
    read_scopes={
        **dict.fromkeys(("client_id", "app_type", "name", "description"), ()),
        **dict.fromkeys(
            ("client_secret", "encryption_key", "client_authentication_methods", "signing_keys"),
            ("read:client_keys", "read:client_credentials"),
        ),
        "*": ("read:clients", "read:client_keys"),
    },
    secret=frozenset(
        {
            "client_secret",
            "signing_keys",
            "addons.azure_blob.storageAccessKey",
            "addons.azure_sb.sasKey",
            "addons.firebase.secret",
            "addons.firebase.private_key",
            "addons.layer.privateKey",
            "addons.sap_api.servicePassword",
            "addons.wams.masterkey",
            # Public keys, unless somebody takes the wrong half of the pair.
            *(f"{link}[].pem" for link in CLIENT_CREDENTIALS.links),
        }
    ),
    unordered={
        "callbacks": (),
        "allowed_origins": (),
        "web_origins": (),
        "allowed_logout_urls": (),
        "allowed_clients": (),
        "client_aliases": (),
        "grant_types": (),
        "organization_discovery_methods": (),
        "oidc_logout.backchannel_logout_urls": (),
        "oidc_logout.backchannel_logout_initiators.selected_initiators": (),
        "session_transfer.allowed_authentication_methods": (),
        "mobile.android.sha256_cert_fingerprints": (),
        "my_organization_configuration.allowed_strategies": (),
        "token_exchange.allow_any_profile_of_type": (),
        **dict.fromkeys(CLIENT_CREDENTIALS.links, ("id",)),
    },
    defaults={
        "global": False,
        "callback_url_template": False,
        "is_first_party": True,
        "oidc_conformant": False,
        "is_token_endpoint_ip_header_trusted": False,
        "sso_disabled": False,
        "cross_origin_authentication": False,
        "custom_login_page_on": True,
        "jwt_configuration": {"lifetime_in_seconds": 36000, "secret_encoded": False},
        "refresh_token": {
            "rotation_type": "non-rotating",
            "expiration_type": "non-expiring",
            "leeway": 0,
            "infinite_token_lifetime": True,
            "infinite_idle_token_lifetime": True,
            "token_lifetime": 2592000,
            "idle_token_lifetime": 1296000,
        },
    },
    # The SDK knows the times of a client; no recorded answer has them.
    silent=frozenset({"created_at", "updated_at"}),
    generated={"client_secret": _has_secret},
    computed_defaults=_computed,
    unseen=_unseen,
    tenant_field="tenant",
    certificate_field="signing_keys",
    create_seen={"encrypted": True},
    refused=_refused,
    merged=frozenset(
        {"client_metadata", "jwt_configuration", "mobile", "native_social_login", "session_transfer"}
    ),
    exclusive=(
        (frozenset({"token_endpoint_auth_method"}), frozenset({"client_authentication_methods"})),
        tuple(frozenset({f"client_authentication_methods.{method}"}) for method in _KEY_METHODS),
    ),
    displaces={
        "client_authentication_methods": "token_endpoint_auth_method",
        "token_endpoint_auth_method": "client_authentication_methods",
    },
    required=("name",),
    references=(
        Reference("my_organization_configuration.user_attribute_profile_id", "userAttributeProfiles", "id"),
        Reference("my_organization_configuration.connection_profile_id", "connectionProfiles", "id"),
        Reference("express_configuration.user_attribute_profile_id", "userAttributeProfiles", "id"),
        Reference("express_configuration.connection_profile_id", "connectionProfiles", "id"),
        Reference("resource_server_identifier", "resourceServers", "identifier"),
        Reference("my_organization_configuration.invitation_landing_client_id", "clients", "client_id"),
        Reference("express_configuration.okta_oin_client_id", "clients", "client_id"),
    ),
    not_found=("inexistent_client", "The client does not exist"),
    protected=_is_global,
    protects="the global client",
    own=_is_own,
)

"""Connections to identity providers.

A database connection is one, too, and has a section of its own (`tenantctl.catalog.database`).
"""

from __future__ import annotations

from collections.abc import Mapping

from tenantctl.catalog.endpoints import Association, Endpoint, Listing, Paging, Part, Step
from tenantctl.catalog.identity_provider import (
    ENDPOINTS,
    directory_provisioning,
    discovered,
    scim_configuration,
    switched_scope,
)
from tenantctl.catalog.layout import Layout, SideFile
from tenantctl.catalog.saml import of_signing_certificate
from tenantctl.catalog.spec import Reference, ResourceType, Sign
from tenantctl.states import Json

DATABASE_STRATEGY = "auth0"

# Reads leave out the options for other tokens, and a PATCH made of what they show would wipe them.
# A create takes them from any token: "Migrate to Management API Connection Options Scopes" in Auth0's docs.
READ_OPTIONS = {"options": ("read:connections_options",)}
UPDATE_OPTIONS = {"options": ("update:connections_options",)}

_CLIENTS = "/connections/{id}/clients"
_SCIM = "/connections/{id}/scim-configuration"
_DIRECTORY = "/connections/{id}/directory-provisioning"

_DISCOVERING = frozenset({"oidc", "okta"})

ENABLED_CLIENTS = Association(
    field="enabled_clients",
    listing=Listing(
        Endpoint("GET", _CLIENTS, ("read:connections",)),
        Paging.CHECKPOINT,
        "clients",
        page_size=1000,
        enveloped=True,
    ),
    add=Endpoint("PATCH", _CLIENTS, ("update:connections",), 204),
    sdk="connections.clients",
    item_key=("client_id",),
    item_id="client_id",
    scalar="client_id",
    toggle=True,
    embedded=True,
    batch=50,
)


_GROUPS = f"{_DIRECTORY}/synchronized-groups"
_SYNCHRONIZED_GROUPS = Association(
    field="synchronized_groups",
    listing=Listing(Endpoint("GET", _GROUPS, ("read:directory_provisionings",)), Paging.CHECKPOINT, "groups"),
    add=Endpoint("POST", _GROUPS, ("update:directory_provisionings",), 204),
    remove=Endpoint("DELETE", _GROUPS, ("update:directory_provisionings",), 204),
    replace=Endpoint("PUT", _GROUPS, ("update:directory_provisionings",), 204),
    sdk="connections.directory_provisioning",
    item_key=("id",),
    wrapper="groups",
    sent=("id",),
)


# What the directory knows of a group; the API takes and returns its id alone.
_GROUP_FACTS = frozenset(
    f"directory_provisioning_configuration.synchronized_groups[].{name}"
    for name in ("name", "email", "direct_members_count")
)


ALWAYS_SEEN = frozenset({"id", "is_domain_connection", "authentication", "connected_accounts"})


_TOKENS = f"{_SCIM}/tokens"
_SCIM_TOKENS = Association(
    field="scim_tokens",
    listing=Listing(Endpoint("GET", _TOKENS, ("read:scim_token",)), Paging.NONE, ""),
    add=Endpoint("POST", _TOKENS, ("create:scim_token",), 201),
    remove=Endpoint("DELETE", f"{_TOKENS}/{{item}}", ("delete:scim_token",), 204),
    item_key=("token_id",),
    item_id="token_id",
    id_format=("tok_", 16),
)


def _is_no_database(connection: Mapping[str, Json]) -> bool:
    return connection.get("strategy") != DATABASE_STRATEGY


def realm_of_its_name(connection: Mapping[str, Json]) -> Mapping[str, Json]:
    """Return the realms of a connection that was given none."""
    return {"realms": [connection["name"]]} if connection.get("name") else {}


_OIDC: Mapping[str, Json] = {
    "schema_version": "oidc-V4",
    "type": "back_channel",
    "connection_settings": {"pkce": "auto"},
}
_DOMAIN = "sandbox.localhost"
_OPTIONS: Mapping[str, Mapping[str, Json]] = {
    "google-apps": {
        "email": True,
        "profile": True,
        "scope": ["email", "profile"],
        "handle_login_from_social": True,
    },
    "oidc": {**_OIDC, "attribute_map": {"mapping_mode": "bind_all"}},
    "okta": {**_OIDC, "attribute_map": {"mapping_mode": "basic_profile"}},
    "samlp": {"assertion_decryption_settings": {"algorithm_profile": "v2026-1", "algorithm_exceptions": []}},
    "waad": {"waad_common_endpoint": False},
}
_WITHOUT_BUTTON = frozenset({"ad", "adfs", "google-apps", "oidc", "okta", "pingfederate", "samlp", "waad"})
_WITH_TICKET = frozenset({"ad", "google-apps", "samlp"})
_SHOWN_BY_NAME = frozenset({"oidc", "waad"})


def _by_strategy(connection: Mapping[str, Json]) -> Mapping[str, Json]:
    """Return what the server gives a connection of this strategy."""
    strategy = str(connection.get("strategy"))
    made: dict[str, Json] = dict(realm_of_its_name(connection))
    made["options"] = _options(strategy, connection.get("options") or {})
    if strategy in _WITHOUT_BUTTON:
        made["show_as_button"] = False
        made["scim_configuration"] = scim_configuration(strategy)
    if strategy in _SHOWN_BY_NAME:
        made["display_name"] = connection.get("name")
    if strategy in _WITH_TICKET or _is_azure_1(strategy, connection.get("options") or {}):
        made["provisioning_ticket_url"] = f"https://{_DOMAIN}/p/{strategy}/ticket"
    if strategy == "google-apps":
        made["directory_provisioning_configuration"] = directory_provisioning()
    return made


def _options(strategy: str, options: Mapping[str, Json]) -> Mapping[str, Json]:
    """Return the options of a strategy; what the provider publishes goes in, and the endpoints among it."""
    given = {**_OPTIONS.get(strategy, {}), **switched_scope(strategy, options)}
    if _is_azure_1(strategy, options):
        return {**given, "app_domain": _DOMAIN, "thumbprints": []}
    published = options.get("oidc_metadata") or discovered(strategy, options)
    if strategy not in _DISCOVERING or not published:
        return given
    return {
        **given,
        "oidc_metadata": published,
        **{name: published[name] for name in ENDPOINTS if name in published},
    }


def _is_azure_1(strategy: str, options: Mapping[str, Json]) -> bool:
    """Return whether a connection is set up at Microsoft with a ticket, as its older API asks for."""
    return strategy == "waad" and options.get("identity_api") == "azure-active-directory-v1.0"


def _derived(connection: Mapping[str, Json]) -> Mapping[str, Json]:
    """Return the options of a SAML connection with what the server tells of the certificate among them."""
    options = connection.get("options")
    if connection.get("strategy") != "samlp" or not isinstance(options, Mapping):
        return {}
    return {"options": {**options, **of_signing_certificate(options)}}


CONNECTION = ResourceType(
    section="connections",
    title="connection",
    summary="A source of users other than a database: social, enterprise or passwordless.",
    documentation="https://auth0.com/docs/api/management/v2/connections",
    layout=Layout("connections/*.json"),
    side_files=(
        SideFile(
            field="options.email.body",
            suffix=".html",
            folder="connections",
            path="connections/{name}.html",
            layout_path="connections/{name}.html",
        ),
    ),
    placeholders={"options.client_secret": "CONNECTIONS_.+_SECRET"},
    sdk="connections",
    # The signatures know a few options of all strategies; these models, one per strategy, know the others.
    models=("CreateConnectionRequestContent*",),
    key=("name",),
    id_format=("con_", 16),
    listing=Listing(Endpoint("GET", "/connections", ("read:connections",)), Paging.CHECKPOINT, "connections"),
    get=Endpoint("GET", "/connections/{id}", ("read:connections",)),
    create=Endpoint("POST", "/connections", ("create:connections",), 201),
    update=Endpoint("PATCH", "/connections/{id}", ("update:connections",)),
    delete=Endpoint("DELETE", "/connections/{id}", ("delete:connections",), 202),
    read_only=frozenset(
        {
            "id",
            "provisioning_ticket_url",
            "options.expires",
            "options.subject",
            "scim_configuration.connection_id",
            "scim_configuration.connection_name",
            "scim_configuration.strategy",
            "scim_configuration.tenant_name",
            "scim_configuration.created_at",
            "scim_configuration.updated_on",
            "directory_provisioning_configuration.connection_id",
            "directory_provisioning_configuration.connection_name",
            "directory_provisioning_configuration.strategy",
            "directory_provisioning_configuration.created_at",
            "directory_provisioning_configuration.updated_at",
            "directory_provisioning_configuration.last_synchronization_at",
            "directory_provisioning_configuration.last_synchronization_status",
            "directory_provisioning_configuration.last_synchronization_error",
            *_GROUP_FACTS,
        }
    ),
    exported=frozenset({"provisioning_ticket_url", *_GROUP_FACTS}),
    open=frozenset({"options"}),
    read_scopes=READ_OPTIONS,
    update_scopes=UPDATE_OPTIONS,
    secret=frozenset(
        {
            "options.client_secret",
            "options.app_secret",
            "options.admin_access_token",
            "options.admin_refresh_token",
            "options.decryptionKey.key",
            "options.signing_key.key",
            "options.gateway_authentication.secret",
            "options.twilio_token",
        }
    ),
    # PingFederate's reads leave it out; where others return it, it is compared.
    write_only=frozenset({"options.signingCert"}),
    returned={"options.signingCert": Sign("strategy", ("samlp",))},
    withheld={"options.signingCert": Sign("strategy", ("pingfederate",))},
    unordered={
        "enabled_clients": (),
        "realms": (),
        "options.allowed_audiences": (),
        "options.domain_aliases": (),
        "options.id_token_signed_response_algs": (),
        "options.ips": (),
        "options.non_persistent_attrs": (),
        "options.scope": (),
        "options.thumbprints": (),
        "scim_configuration.mapping": ("scim",),
        "directory_provisioning_configuration.mapping": ("auth0",),
        "directory_provisioning_configuration.synchronized_groups": ("id",),
    },
    defaults={
        "authentication": {"active": True},
        "connected_accounts": {"active": False},
        "is_domain_connection": False,
        "show_as_button": False,
    },
    silent=frozenset({"show_as_button"}),
    computed_defaults=_by_strategy,
    derived=_derived,
    after_update={"options.connection_settings.pkce": "disabled"},
    always_seen=ALWAYS_SEEN,
    # What goes upstream is a fixed value, or the name of a parameter that is passed on.
    variants={"options.upstream_params.*": ""},
    required=("name", "strategy"),
    unique=(("name",),),
    references=(
        Reference("enabled_clients[]", "clients", "client_id"),
        Reference("options.idpinitiated.client_id", "clients", "client_id"),
    ),
    not_found=("inexistent_connection", "The connection does not exist"),
    belongs=_is_no_database,
    associations=(ENABLED_CLIENTS,),
    runtime=(_SCIM_TOKENS,),
    by_hand=(
        Step(
            endpoint=Endpoint("GET", f"{_SCIM}/default-mapping", ("read:scim_config",)),
            shows=lambda connection, _: {
                "mapping": scim_configuration(str(connection.get("strategy")))["mapping"]
            },
        ),
    ),
    parts=(
        Part(
            field="scim_configuration",
            sdk="connections.scim_configuration",
            get=Endpoint("GET", _SCIM, ("read:scim_config",)),
            create=Endpoint("POST", _SCIM, ("create:scim_config",), 201),
            update=Endpoint("PATCH", _SCIM, ("update:scim_config",), whole=True),
            delete=Endpoint("DELETE", _SCIM, ("delete:scim_config",), 204),
            in_bulk=Listing(
                Endpoint("GET", "/connections-scim-configurations", ("read:scim_config",)),
                Paging.CHECKPOINT,
                "scim_configurations",
            ),
            owner="connection_id",
            not_found=("", "Not Found"),
        ),
        Part(
            field="directory_provisioning_configuration",
            sdk="connections.directory_provisioning",
            get=Endpoint("GET", _DIRECTORY, ("read:directory_provisionings",)),
            create=Endpoint("POST", _DIRECTORY, ("create:directory_provisionings",), 201),
            update=Endpoint("PATCH", _DIRECTORY, ("update:directory_provisionings",)),
            delete=Endpoint("DELETE", _DIRECTORY, ("delete:directory_provisionings",), 204),
            in_bulk=Listing(
                Endpoint("GET", "/connections-directory-provisionings", ("read:directory_provisionings",)),
                Paging.CHECKPOINT,
                "directory_provisionings",
            ),
            owner="connection_id",
            lists=(_SYNCHRONIZED_GROUPS,),
            not_found=("", "Not Found"),
        ),
    ),
)

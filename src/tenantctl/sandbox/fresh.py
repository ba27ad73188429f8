"""What a tenant holds on its first day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tenantctl.catalog.registry import BY_SECTION, RESOURCE_TYPES
from tenantctl.catalog.spec import Endpoint, ResourceType
from tenantctl.sandbox.credentials import make_id, make_secret
from tenantctl.sandbox.domains import management_identifier
from tenantctl.sandbox.objects import make_created
from tenantctl.states import Json

TOOL_CLIENT = "tenantctl"
"""Name of the client that a fresh tenant has for the tool itself."""

_KEY_SCOPES = ("read:signing_keys", "create:signing_keys", "update:signing_keys")


def endpoints_of(resource_type: ResourceType) -> Iterator[Endpoint]:
    """Yield every operation of a type."""
    yield resource_type.get
    yield resource_type.update
    yield from (found for found in (resource_type.create, resource_type.delete) if found)
    if resource_type.listing:
        yield resource_type.listing.endpoint
    for association in resource_type.associations:
        yield from (association.listing.endpoint, association.add, association.remove)


def management_scopes() -> tuple[str, ...]:
    """Return every scope that an endpoint of the sandbox asks for, in the catalog's order."""
    by_catalog = (
        scope
        for resource_type in RESOURCE_TYPES
        for endpoint in endpoints_of(resource_type)
        for scope in endpoint.scopes
    )
    return tuple(dict.fromkeys([*by_catalog, *_KEY_SCOPES]))


def make_fresh(domain: str, client_id: str, client_secret: str) -> Mapping[str, list[dict[str, Json]]]:
    """Return the objects of a fresh tenant by section; the id and secret are those of the tool's client."""
    audience = management_identifier(domain)
    api = {
        "name": "Auth0 Management API",
        "identifier": audience,
        "is_system": True,
        "scopes": [{"value": scope, "description": _describe(scope)} for scope in management_scopes()],
    }
    everyone = {"name": "All Applications", "global": True, "callbacks": [], "grant_types": []}
    tool = {
        "name": TOOL_CLIENT,
        "app_type": "non_interactive",
        "grant_types": ["client_credentials"],
        "client_secret": client_secret,
    }
    grant = {"client_id": client_id, "audience": audience, "scope": list(management_scopes())}
    return {
        "tenant": [_settings()],
        "resourceServers": [_made("resourceServers", api)],
        "clients": [
            _made("clients", {**everyone, "client_secret": make_secret()}),
            _made("clients", tool, client_id),
        ],
        "clientGrants": [_made("clientGrants", grant)],
    }


def _settings() -> dict[str, Json]:
    return make_created(
        BY_SECTION["tenant"],
        {
            "friendly_name": "tenantctl sandbox",
            "picture_url": "",
            "support_email": "",
            "support_url": "",
            "sandbox_version": "22",
            "sandbox_versions_available": ["22", "18", "16"],
            "flags": {
                "allow_changing_enable_sso": False,
                "disable_impersonation": True,
                "enable_sso": True,
                "universal_login": True,
                "revoke_refresh_token_grant": False,
                "disable_clickjack_protection_headers": False,
            },
            "session_cookie": {"mode": "persistent"},
            "oidc_logout": {"rp_logout_end_session_endpoint_discovery": True},
        },
    )


def _made(section: str, body: Mapping[str, Json], object_id: str | None = None) -> dict[str, Json]:
    resource_type = BY_SECTION[section]
    named = {resource_type.id_field: object_id or make_id(resource_type)} if resource_type.id_field else {}
    return {**named, **make_created(resource_type, body)}


def _describe(scope: str) -> str:
    verb, _, noun = scope.partition(":")
    return f"{verb.capitalize()} {noun.replace('_', ' ')}"

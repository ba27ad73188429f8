"""What a tenant holds on its first day."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain

from tenantctl.catalog.registry import BY_SECTION
from tenantctl.sandbox.credentials import make_id, make_secret
from tenantctl.sandbox.domains import management_identifier
from tenantctl.sandbox.encryption_keys import make_hierarchy
from tenantctl.sandbox.identity import makes_id
from tenantctl.sandbox.objects import make_created
from tenantctl.sandbox.routes import endpoints_of
from tenantctl.states import Json

TOOL_CLIENT = "tenantctl"
"""Name of the client that a fresh tenant has for the tool itself."""


def management_scopes() -> tuple[str, ...]:
    """Return every scope that an operation of the sandbox asks for, in the catalog's order."""
    groups = chain.from_iterable(
        (
            *(endpoint.scopes for endpoint in endpoints_of(resource_type)),
            *resource_type.read_scopes.values(),
            *resource_type.update_scopes.values(),
        )
        for resource_type in BY_SECTION.values()
    )
    return tuple(dict.fromkeys(chain.from_iterable(groups)))


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
    first = {
        section: [_made(section, body) for body in resource_type.initial]
        for section, resource_type in BY_SECTION.items()
        if resource_type.initial
    }
    return {
        **first,
        "tenant": [_settings()],
        "resourceServers": [_made("resourceServers", api)],
        "clients": [
            _made("clients", {**everyone, "client_secret": make_secret()}),
            _made("clients", tool, client_id),
        ],
        "clientGrants": [_made("clientGrants", grant)],
        "encryptionKeys": make_hierarchy(),
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
    made = make_created(resource_type, body)
    if resource_type.id_field and makes_id(resource_type):
        return {resource_type.id_field: object_id or make_id(resource_type.id_format), **made}
    return made


def _describe(scope: str) -> str:
    verb, _, noun = scope.partition(":")
    return f"{verb.capitalize()} {noun.replace('_', ' ')}"

"""Tenant settings."""

from __future__ import annotations

from collections.abc import Mapping

from tenantctl.catalog.endpoints import Endpoint
from tenantctl.catalog.layout import Layout
from tenantctl.catalog.spec import Kind, Reference, ResourceType
from tenantctl.states import Json

_MINUTES_PER_HOUR = 60
_LIFETIMES = (
    "session_lifetime",
    "idle_session_lifetime",
    "ephemeral_session_lifetime",
    "idle_ephemeral_session_lifetime",
)


def _with_minutes(settings: Mapping[str, Json]) -> Mapping[str, Json]:
    """Add each lifetime in minutes: reads give hours only, writes take either form."""
    minutes = {
        f"{name}_in_minutes": round(settings[name] * _MINUTES_PER_HOUR)
        for name in _LIFETIMES
        if isinstance(settings.get(name), int | float)
    }
    return {**minutes, **settings}


def _whole_minutes(body: Mapping[str, Json]) -> Mapping[str, Json]:
    """Send a lifetime that is no whole number of hours in minutes, as the API takes whole hours only."""
    prepared = dict(body)
    for name in _LIFETIMES:
        hours = prepared.get(name)
        if isinstance(hours, float) and not hours.is_integer():
            del prepared[name]
            prepared[f"{name}_in_minutes"] = round(hours * _MINUTES_PER_HOUR)
    return prepared


TENANT = ResourceType(
    section="tenant",
    title="tenant settings",
    summary="What applies to the tenant as a whole: sessions, languages, error page, switches.",
    documentation="https://auth0.com/docs/api/management/v2/tenants",
    layout=Layout(members={"": "tenant.json"}),
    sdk="tenants.settings",
    kind=Kind.SINGLETON,
    key=(),
    id_field=None,
    get=Endpoint("GET", "/tenants/settings", ("read:tenant_settings",)),
    update=Endpoint("PATCH", "/tenants/settings", ("update:tenant_settings",)),
    read_only=frozenset(
        {
            "sandbox_versions_available",
            "universal_login",
            "flags.allow_changing_enable_sso",
            "flags.cannot_change_enforce_client_authentication_on_passwordless_start",
            "flags.disable_impersonation",
            "flags.remove_stale_idp_attributes",
            "flags.universal_login",
        }
    ),
    exported=frozenset(
        {
            "sandbox_versions_available",
            "universal_login",
            "flags.allow_changing_enable_sso",
            "flags.disable_impersonation",
            "flags.remove_stale_idp_attributes",
            "flags.universal_login",
        }
    ),
    retired={
        "flags.enable_legacy_logs_search_v2": "",
        "flags.new_universal_login_experience_enabled": "",
    },
    extra_fields={
        "flags.use_scope_descriptions_for_consent": {
            "types": ["boolean"],
            "help": "Whether consent prompts show the descriptions of scopes instead of their names.",
        }
    },
    # Recorded calls write both, and get them back; the SDK's types for the request lack them.
    writable=frozenset({"universal_login", "flags.use_scope_descriptions_for_consent"}),
    unordered={"allowed_logout_urls": (), "acr_values_supported": (), "country_codes.list": ()},
    defaults={
        "default_audience": "",
        "default_directory": "",
        "default_redirection_uri": "",
        "allowed_logout_urls": [],
        "enabled_locales": ["en"],
        "idle_session_lifetime": 72,
        "idle_session_lifetime_in_minutes": 72 * _MINUTES_PER_HOUR,
        "session_lifetime": 168,
        "session_lifetime_in_minutes": 168 * _MINUTES_PER_HOUR,
    },
    silent=frozenset(
        {"default_redirection_uri", "idle_session_lifetime_in_minutes", "session_lifetime_in_minutes"}
    ),
    empty_unseen=frozenset({"default_redirection_uri"}),
    exclusive=tuple((frozenset({name}), frozenset({f"{name}_in_minutes"})) for name in _LIFETIMES),
    write_seen={
        "flags.cannot_change_enforce_client_authentication_on_passwordless_start": True,
        "flags.enforce_client_authentication_on_passwordless_start": True,
    },
    merged=frozenset({"flags", "change_password", "guardian_mfa_page", "universal_login"}),
    references=(
        Reference("default_audience", "resourceServers", "identifier"),
        Reference("default_directory", "connections", "name", also=("databases",)),
    ),
    observe=_with_minutes,
    prepare=_whole_minutes,
)

"""Database connections.

They share paths and names with the other connections, and are told apart by their strategy.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tenantctl.catalog.connection import (
    ALWAYS_SEEN,
    CONNECTION,
    DATABASE_STRATEGY,
    ENABLED_CLIENTS,
    READ_OPTIONS,
    UPDATE_OPTIONS,
    realm_of_its_name,
)
from tenantctl.catalog.endpoints import Endpoint, Listing, Paging
from tenantctl.catalog.layout import Layout, SideFile
from tenantctl.catalog.spec import Reference, ResourceType
from tenantctl.states import Json

_PASSWORD_OPTIONS: Mapping[str, Json] = {
    "complexity": {
        "character_type_rule": "all",
        "identical_characters": "allow",
        "sequential_characters": "allow",
        "max_length_exceeded": "error",
        "min_length": 15,
        "character_types": [],
    },
    "profile_data": {
        "active": False,
        "blocked_fields": [
            "name",
            "username",
            "nickname",
            "email",
            "phone_number",
            "user_metadata.name",
            "user_metadata.first",
            "user_metadata.last",
        ],
    },
    "history": {"active": False, "size": 3},
    "dictionary": {"active": False, "custom": [], "default": "en_100k"},
}

# Members of the older form, besides ``passwordPolicy``.
_OLDER_PASSWORD_OPTIONS = frozenset(
    {
        "password_complexity_options",
        "password_dictionary",
        "password_history",
        "password_no_personal_info",
    }
)


def _is_database(connection: Mapping[str, Json]) -> bool:
    return connection.get("strategy") == DATABASE_STRATEGY


def _without_ciphertext(connection: Mapping[str, Json]) -> Mapping[str, Json]:
    """Keep the names of what scripts are configured with: reads return the values encrypted."""
    options: Any = connection.get("options")
    if not isinstance(options, Mapping) or not isinstance(options.get("configuration"), Mapping):
        return connection
    return {**connection, "options": {**options, "configuration": dict.fromkeys(options["configuration"])}}


def _by_options(connection: Mapping[str, Json]) -> Mapping[str, Json]:
    """Return what depends on the rest: its realm, that e-mail addresses are unique, what passwords need.

    Most recordings have the older form, ``passwordPolicy``, if nothing more was said of passwords, and
    otherwise the newer one, too. The latest (of 2026-08) have the newer one in any case.
    """
    options: Any = connection.get("options") or {}
    attributes = options.get("attributes") or {}
    unique = {"attributes": {"email": {"unique": True}}} if attributes.get("email") else {}
    says_more = not options.keys().isdisjoint({"password_options", *_OLDER_PASSWORD_OPTIONS})
    passwords = {"password_options": _PASSWORD_OPTIONS} if says_more else {"passwordPolicy": "good"}
    return {**realm_of_its_name(connection), "options": {**unique, **passwords}}


def _refused(wanted: Mapping[str, Json], current: Mapping[str, Json]) -> tuple[str, str] | None:
    """Tell why the server won't have a database connection."""
    options: Any = wanted.get("options") or {}
    attributes: Any = options.get("attributes") or {}
    before: Any = (current.get("options") or {}).get("attributes") or {}
    for name, attribute in attributes.items():
        is_identifier = (attribute.get("identifier") or {}).get("active") is True
        signup = (attribute.get("signup") or {}).get("status")
        if is_identifier and attribute.get("profile_required") is True and signup == "inactive":
            return "invalid_body", f"attribute {name} must also be required on signup"
    is_new = current and attributes.get("email") and not before.get("email")
    if is_new and attributes["email"].get("unique") is False:
        return "invalid_body", "cannot add non-unique email attribute"
    return None


DATABASE = ResourceType(
    section="databases",
    title="database connection",
    summary="A connection that keeps its users' passwords itself, or calls scripts that know them.",
    documentation="https://auth0.com/docs/api/management/v2/connections",
    layout=Layout("database-connections/*/database.json"),
    side_files=(
        SideFile(
            field="options.customScripts.*",
            suffix=".js",
            path="databases/{name}/{last}.js",
            layout_path="database-connections/{name}/{last}.js",
        ),
    ),
    placeholders={"options.client_secret": "CONNECTIONS_.+_SECRET"},
    sdk="connections",
    models=("CreateConnectionRequestContentAuth0",),
    extra_fields={
        "strategy": {"types": ["string"], "enum": [DATABASE_STRATEGY]},
        "options.attributes.username.identifier.default_method": {
            "types": ["string"],
            "help": "How users sign in by it when nothing else is asked for.",
        },
        "options.strategy_version": {"types": ["integer"], "help": "Version of the database's own format."},
        "options.custom_password_hash": {
            "types": ["object"],
            "help": "Compares passwords that were hashed elsewhere, by an action.",
            "fields": {"action_id": {"types": ["string"]}},
        },
    },
    key=("name",),
    id_format=CONNECTION.id_format,
    listing=Listing(
        Endpoint("GET", "/connections", ("read:connections",)),
        Paging.CHECKPOINT,
        "connections",
        query={"strategy": DATABASE_STRATEGY},
    ),
    get=CONNECTION.get,
    create=CONNECTION.create,
    update=CONNECTION.update,
    delete=CONNECTION.delete,
    create_with={"strategy": DATABASE_STRATEGY},
    # What another application may ask for in a user's name goes to an identity provider, which this is not.
    read_only=frozenset({"id", "cross_app_access_requesting_app", "options.bareConfiguration"}),
    open=CONNECTION.open,
    # The uniqueness of e-mail addresses is settled when the connection is made.
    immutable=frozenset({"options.attributes.email.unique"}),
    read_scopes=READ_OPTIONS,
    update_scopes=UPDATE_OPTIONS,
    secret=frozenset({"options.configuration.*"}),
    write_only=frozenset({"options.configuration.*"}),
    encrypted=frozenset({"options.configuration.*"}),
    unordered={
        "enabled_clients": (),
        "realms": (),
        "options.non_persistent_attrs": (),
        "options.password_options.complexity.character_types": (),
        "options.password_options.profile_data.blocked_fields": (),
    },
    defaults={
        "strategy": DATABASE_STRATEGY,
        "authentication": {"active": True},
        "connected_accounts": {"active": False},
        "is_domain_connection": False,
        "options": {
            "mfa": {"active": True, "return_enroll_settings": True},
            "passwordPolicy": "good",
            "password_options": _PASSWORD_OPTIONS,
            "brute_force_protection": True,
            "strategy_version": 2,
            "passkey_options": {
                "challenge_ui": "both",
                "local_enrollment_enabled": True,
                "progressive_enrollment_enabled": True,
            },
            "authentication_methods": {
                "password": {"enabled": True, "api_behavior": "required", "signup_behavior": "allow"},
                "passkey": {"enabled": False},
            },
        },
    },
    # Either of the two is there, or both: see `_by_options`.
    silent=frozenset({"options.passwordPolicy", "options.password_options"}),
    after_update={
        "options.mfa": None,
        "options.strategy_version": None,
        "options.passwordPolicy": None,
        "options.password_options": None,
        "options.brute_force_protection": None,
    },
    always_seen=ALWAYS_SEEN,
    refused=_refused,
    computed_defaults=_by_options,
    exclusive=(
        (frozenset({"options.attributes"}), frozenset({"options.validation", "options.requires_username"})),
        (
            frozenset({"options.password_options"}),
            frozenset(f"options.{name}" for name in {"passwordPolicy", *_OLDER_PASSWORD_OPTIONS}),
        ),
    ),
    required=("name",),
    unique=(("name",),),
    references=(
        Reference("enabled_clients[]", "clients", "client_id"),
        Reference("options.custom_password_hash.action_id", "actions", "id"),
    ),
    not_found=CONNECTION.not_found,
    lost_with_it="the users that it holds",
    belongs=_is_database,
    observe=_without_ciphertext,
    associations=(ENABLED_CLIENTS,),
)

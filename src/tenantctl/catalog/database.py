"""Database connections: https://auth0.com/docs/api/management/v2/connections.

They share paths and names with the other connections, and are told apart by their strategy.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tenantctl.catalog.connection import (
    CONNECTION,
    DATABASE_STRATEGY,
    ENABLED_CLIENTS,
    OPTIONS_SCOPES,
    realm_of_its_name,
)
from tenantctl.catalog.endpoints import Endpoint, Listing, Paging
from tenantctl.catalog.spec import Reference, ResourceType
from tenantctl.states import Json


def _is_database(connection: Mapping[str, Json]) -> bool:
    return connection.get("strategy") == DATABASE_STRATEGY


def _without_ciphertext(connection: Mapping[str, Json]) -> Mapping[str, Json]:
    """Leave out what custom scripts are configured with: reads return it encrypted, beyond comparison."""
    options: Any = connection.get("options")
    if not isinstance(options, Mapping) or "configuration" not in options:
        return connection
    kept = {name: value for name, value in options.items() if name != "configuration"}
    return {**connection, "options": kept}


DATABASE = ResourceType(
    section="databases",
    title="database connection",
    sdk="connections",
    models=("CreateConnectionRequestContentAuth0",),
    extra_fields={
        "strategy": {"types": ["string"], "enum": [DATABASE_STRATEGY]},
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
    read_only=frozenset({"id", "options.bareConfiguration"}),
    # The uniqueness of e-mail addresses is settled when the connection is made.
    immutable=frozenset({"options.attributes.email.unique"}),
    read_scopes=OPTIONS_SCOPES,
    secret=frozenset({"options.configuration.*"}),
    write_only=frozenset({"options.configuration.*"}),
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
    computed_defaults=realm_of_its_name,
    exclusive=(
        (frozenset({"options.attributes"}), frozenset({"options.validation", "options.requires_username"})),
        (
            frozenset({"options.password_options"}),
            frozenset(
                {
                    "options.passwordPolicy",
                    "options.password_complexity_options",
                    "options.password_dictionary",
                    "options.password_history",
                    "options.password_no_personal_info",
                }
            ),
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

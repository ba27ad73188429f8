"""The tenants to measure on: what a file declares, and what the tenant has of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Objects = list[dict[str, Any]]
Sections = Mapping[str, Objects]


class Differing(StrEnum):
    """Which objects of a file differ from the tenant's, in one field each."""

    NONE = "none"
    ONE = "one"
    ALL = "all"

    def concerns(self, section: str, number: int) -> bool:
        """Whether the object of this number does; the one is a client."""
        return self is Differing.ALL or (self is Differing.ONE and (section, number) == ("clients", 0))


@dataclass(frozen=True, slots=True)
class Case:
    """A tenant: how many objects of each kind it has, all of them in the file as well.

    grants: client grants, each of another client, on the APIs in turn.
    connected: organizations that have a connection enabled, and connections that have two clients enabled;
        the API tells of both lists for one object at a time.
    provisioned: connections that have a SCIM configuration.
    repeat: how often each command is measured; the median counts.
    """

    name: str
    clients: int
    grants: int = 0
    apis: int = 0
    organizations: int = 0
    connections: int = 0
    connected: int = 0
    provisioned: int = 0
    repeat: int = 3

    def file(self, differing: Differing = Differing.NONE) -> Sections:
        """Return the sections of the file."""
        return self._sections(differing, _client_name, lambda name: {"name": name})

    def snapshot(self) -> Mapping[str, Any]:
        """Return the tenant that the unchanged file describes, as ``POST /__sandbox__/seed`` takes it."""
        made = self._sections(Differing.NONE, _client_id, lambda name: {"connection_id": _id("con", name)})
        sections = {
            **made,
            "clients": [{"client_id": _client_id(n), **each} for n, each in enumerate(made["clients"])],
            "connections": [{"id": _id("con", each["name"]), **each} for each in made.get("connections", ())],
        }
        return {
            "format_version": "1.0",
            "domain": "localhost",
            "sections": {section: objects for section, objects in sections.items() if objects},
        }

    def _sections(
        self,
        differing: Differing,
        client: Callable[[int], str],
        connection: Callable[[str], Mapping[str, Any]],
    ) -> Sections:
        """Return the sections with clients and connections named as a file or the API does."""
        made = {
            "resourceServers": [_api(n, differing) for n in range(self.apis)],
            "clients": [_client(n, differing) for n in range(self.clients)],
            "clientGrants": [_grant(n, differing, client(n), self.apis) for n in range(self.grants)],
            "connections": [self._connection(n, differing, client) for n in range(self.connections)],
            "organizations": [
                self._organization(n, differing, connection) for n in range(self.organizations)
            ],
        }
        return {section: objects for section, objects in made.items() if objects}

    def _connection(self, number: int, differing: Differing, client: Callable[[int], str]) -> dict[str, Any]:
        idp = f"https://idp-{number}.example.com/saml"
        made: dict[str, Any] = {
            "name": f"connection-{number}",
            "strategy": "samlp",
            "display_name": _title(f"Connection {number}", differing.concerns("connections", number)),
            "options": {"signInEndpoint": idp, "signatureAlgorithm": "rsa-sha256"},
        }
        if number < self.connected:
            made["enabled_clients"] = [client(0), client(1)]
        if number < self.provisioned:
            made["scim_configuration"] = {"user_id_attribute": "externalId"}
        return made

    def _organization(
        self, number: int, differing: Differing, connection: Callable[[str], Mapping[str, Any]]
    ) -> dict[str, Any]:
        made: dict[str, Any] = {
            "name": f"organization-{number}",
            "display_name": _title(f"Organization {number}", differing.concerns("organizations", number)),
            "metadata": {"plan": "enterprise"},
        }
        if number < self.connected:
            name = f"connection-{number % self.connections}"
            made["connections"] = [{**connection(name), "assign_membership_on_login": True}]
        return made


def _title(name: str, differs: bool) -> str:  # noqa: FBT001  # the one question there is
    return f"{name}, moved" if differs else name


def _id(prefix: str, name: str) -> str:
    return f"{prefix}_{name.rpartition('-')[2]:0>16}"


def _client_id(number: int) -> str:
    return f"{number:032d}"


def _client_name(number: int) -> str:
    return f"client {number}"


def _client(number: int, differing: Differing) -> dict[str, Any]:
    site = f"https://app-{number}.example.com"
    return {
        "name": _client_name(number),
        "description": _title(
            f"The application of team {number % 97}", differing.concerns("clients", number)
        ),
        "app_type": "regular_web",
        "logo_uri": f"{site}/images/logo.png",
        "initiate_login_uri": f"{site}/login",
        "callbacks": [
            f"{site}/callback",
            f"{site}/silent",
            f"https://staging.app-{number}.example.com/callback",
        ],
        "allowed_logout_urls": [f"{site}/logout", site],
        "web_origins": [site, f"https://staging.app-{number}.example.com"],
        "grant_types": ["authorization_code", "refresh_token", "client_credentials"],
        "token_endpoint_auth_method": "client_secret_post",
        "jwt_configuration": {"alg": "RS256", "lifetime_in_seconds": 3600},
        "refresh_token": {
            "rotation_type": "rotating",
            "expiration_type": "expiring",
            "leeway": 30,
            "token_lifetime": 2592000,
            "idle_token_lifetime": 1296000,
            "infinite_token_lifetime": False,
            "infinite_idle_token_lifetime": False,
        },
        "oidc_conformant": True,
        "is_first_party": True,
        "sso_disabled": False,
        "cross_origin_authentication": False,
        "client_metadata": {"team": f"team {number % 97}", "cost_center": str(number % 31)},
    }


def _api(number: int, differing: Differing) -> dict[str, Any]:
    return {
        "name": f"API {number}",
        "identifier": _audience(number),
        "signing_alg": "RS256",
        "token_lifetime": 7200 if differing.concerns("resourceServers", number) else 86400,
        "scopes": [{"value": f"{verb}:things", "description": verb.title()} for verb in ("read", "write")],
    }


def _audience(number: int) -> str:
    return f"https://api-{number}.example.com/"


def _grant(number: int, differing: Differing, client: str, apis: int) -> dict[str, Any]:
    verb = "write" if differing.concerns("clientGrants", number) else "read"
    return {"client_id": client, "audience": _audience(number % apis), "scope": [f"{verb}:things"]}

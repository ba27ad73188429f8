"""Profiles that give applications their settings."""

from __future__ import annotations

from tenantctl.catalog.endpoints import Endpoint, Listing, Paging
from tenantctl.catalog.spec import ResourceType

_PATH = "/client-profiles"

CLIENT_PROFILE = ResourceType(
    section="clientProfiles",
    title="client profile",
    summary="Settings that a group of applications share.",
    documentation="https://auth0.com/docs/api/management/v2/client-profiles",
    sdk="client_profiles",
    listing=Listing(Endpoint("GET", _PATH, ("read:client_profiles",)), Paging.CHECKPOINT, "client_profiles"),
    get=Endpoint("GET", f"{_PATH}/{{id}}", ("read:client_profiles",)),
    create=Endpoint("POST", _PATH, ("create:client_profiles",), 201),
    update=Endpoint("PATCH", f"{_PATH}/{{id}}", ("update:client_profiles",)),
    delete=Endpoint("DELETE", f"{_PATH}/{{id}}", ("delete:client_profiles",), 204),
    read_only=frozenset({"id", "created_at", "updated_at"}),
    required=("name", "client_configuration", "apply_policy"),
)

"""Connection profiles."""

from __future__ import annotations

from tenantctl.catalog.endpoints import Endpoint, Listing, Paging
from tenantctl.catalog.layout import Layout
from tenantctl.catalog.spec import ResourceType

CONNECTION_PROFILE = ResourceType(
    section="connectionProfiles",
    title="connection profile",
    summary="Settings that a group of enterprise connections share.",
    documentation="https://auth0.com/docs/api/management/v2/connection-profiles",
    layout=Layout("connection-profiles/*.json"),
    sdk="connection_profiles",
    key=("name",),
    id_format=("cop_", 22),
    listing=Listing(
        Endpoint("GET", "/connection-profiles", ("read:connection_profiles",)),
        Paging.CHECKPOINT,
        "connection_profiles",
        page_size=10,
    ),
    get=Endpoint("GET", "/connection-profiles/{id}", ("read:connection_profiles",)),
    create=Endpoint("POST", "/connection-profiles", ("create:connection_profiles",), 201),
    update=Endpoint("PATCH", "/connection-profiles/{id}", ("update:connection_profiles",)),
    delete=Endpoint("DELETE", "/connection-profiles/{id}", ("delete:connection_profiles",), 204),
    unordered={"enabled_features": (), "strategy_overrides.*.enabled_features": ()},
    defaults={"strategy_overrides": None},
    required=("name",),
    unique=(("name",),),
)

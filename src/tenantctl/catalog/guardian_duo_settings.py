"""Duo as an MFA factor."""

from __future__ import annotations

from tenantctl.catalog.endpoints import Endpoint
from tenantctl.catalog.spec import Kind, ResourceType

_PATH = "/guardian/factors/duo/settings"

GUARDIAN_DUO_SETTINGS = ResourceType(
    section="guardianDuoSettings",
    title="Duo settings",
    summary="How the tenant reaches Duo, for its MFA factor.",
    documentation="https://auth0.com/docs/api/management/v2/guardian/get-factor-duo-settings",
    sdk="guardian.factors.duo.settings",
    kind=Kind.SINGLETON,
    key=(),
    id_field=None,
    get=Endpoint("GET", _PATH, ("read:guardian_factors",)),
    update=Endpoint("PATCH", _PATH, ("update:guardian_factors",)),
    # Reads return it in clear.
    secret=frozenset({"skey"}),
)

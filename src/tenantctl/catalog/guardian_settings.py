"""MFA sessions and one-time codes."""

from __future__ import annotations

from tenantctl.catalog.endpoints import Endpoint, Part
from tenantctl.catalog.spec import Kind, ResourceType

# The scopes of these endpoints are not published; the factors' are the likeliest.
_READ = ("read:guardian_factors",)
_UPDATE = ("update:guardian_factors",)


def _codes(factor: str) -> Part:
    """Describe the one-time codes that a factor sends."""
    path = f"/guardian/factors/{factor}/settings"
    return Part(
        field=factor,
        sdk=f"guardian.factors.{factor}",
        get=Endpoint("GET", path, _READ),
        update=Endpoint("PUT", path, _UPDATE),
    )


GUARDIAN_SETTINGS = ResourceType(
    section="guardianSettings",
    title="MFA settings",
    summary="Sessions and one-time codes of multi-factor authentication.",
    documentation="https://auth0.com/docs/api/management/v2/guardian",
    sdk="guardian",
    kind=Kind.SINGLETON,
    key=(),
    id_field=None,
    get=Endpoint("GET", "/guardian/settings", _READ),
    update=Endpoint("PUT", "/guardian/settings", _UPDATE),
    parts=(_codes("email"), _codes("phone")),
)

"""MFA sessions and one-time codes."""

from __future__ import annotations

from collections.abc import Mapping

from tenantctl.catalog.endpoints import Endpoint, Part
from tenantctl.catalog.spec import Kind, ResourceType
from tenantctl.states import Json

# The scopes of these endpoints are not published; the factors' are the likeliest.
_READ = ("read:guardian_factors",)
_UPDATE = ("update:guardian_factors",)
_DAY = 86400


def _codes(factor: str) -> Part:
    """Describe the one-time codes that a factor sends."""
    path = f"/guardian/factors/{factor}/settings"
    return Part(
        field=factor,
        sdk=f"guardian.factors.{factor}",
        get=Endpoint("GET", path, _READ),
        update=Endpoint("PUT", path, _UPDATE),
    )


_INITIAL: Mapping[str, Json] = {
    "display_remember_me_checkbox": True,
    "remember_me_default_value": False,
    "mfa_session_inactivity_timeout": 3 * _DAY,
    "mfa_session_overall_timeout": 30 * _DAY,
}
_CODES: Mapping[str, Json] = {"otp_length": 6, "otp_expiration_time": 300}

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
    not_null=frozenset(_INITIAL),
    initial=({**_INITIAL, "email": _CODES, "phone": _CODES},),
    parts=(_codes("email"), _codes("phone")),
)

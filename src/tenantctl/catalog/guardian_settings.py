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


def _own_relying_party(settings: Mapping[str, Json]) -> Mapping[str, Json]:
    return {"overrideRelyingParty": False, **settings}


def _authenticators(factor: str) -> Part:
    """Describe for whom a WebAuthn factor makes its credentials (WebAuthn Level 2, 5.4.2)."""
    path = f"/guardian/factors/{factor}/settings"
    return Part(
        field=factor,
        sdk="",
        get=Endpoint("GET", path, _READ),
        update=Endpoint("PATCH", path, _UPDATE),
        accept=dict,
        show=_own_relying_party,
    )


# The names and addresses of an app of one's own that takes the place of Guardian.
_PUSH_APP = Part(
    field="push_app",
    sdk="",
    get=Endpoint("GET", "/prompts/mfa-push", _READ),
    update=Endpoint("PATCH", "/prompts/mfa-push", _UPDATE),
    accept=dict,
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
    not_null=frozenset(_INITIAL),
    initial=({**_INITIAL, "email": _CODES, "phone": _CODES},),
    parts=(_codes("email"), _codes("phone")),
    beside=(_authenticators("webauthn-platform"), _authenticators("webauthn-roaming"), _PUSH_APP),
)

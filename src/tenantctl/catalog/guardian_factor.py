"""Factors of multi-factor authentication."""

from __future__ import annotations

from tenantctl.catalog.endpoints import Endpoint, Listing, Paging
from tenantctl.catalog.layout import Layout
from tenantctl.catalog.spec import ResourceType

_NAMES = (
    "sms",
    "push-notification",
    "otp",
    "email",
    "duo",
    "webauthn-roaming",
    "webauthn-platform",
    "recovery-code",
)

GUARDIAN_FACTOR = ResourceType(
    section="guardianFactors",
    title="MFA factor",
    summary="Whether users may use a factor of multi-factor authentication.",
    documentation="https://auth0.com/docs/api/management/v2/guardian/get-factors",
    layout=Layout("guardian/factors/*.json"),
    sdk="guardian.factors",
    extra_fields={"name": {"types": ["string"], "enum": list(_NAMES)}},
    id_field=None,
    listing=Listing(Endpoint("GET", "/guardian/factors", ("read:guardian_factors",)), Paging.NONE, ""),
    update=Endpoint("PUT", "/guardian/factors/{name}", ("update:guardian_factors",)),
    read_only=frozenset({"trial_expired"}),
    exported=frozenset({"trial_expired"}),
    defaults={"enabled": False},
    required=("name",),
    initial=tuple({"name": name, "enabled": False, "trial_expired": False} for name in _NAMES),
    # Duo can be enabled only once it is set up.
    after=("guardianDuoSettings",),
)

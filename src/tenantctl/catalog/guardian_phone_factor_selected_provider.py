"""Which provider the phone factor uses."""

from __future__ import annotations

from tenantctl.catalog.endpoints import Endpoint
from tenantctl.catalog.layout import Layout
from tenantctl.catalog.spec import Kind, ResourceType

_PATH = "/guardian/factors/phone/selected-provider"

GUARDIAN_PHONE_FACTOR_SELECTED_PROVIDER = ResourceType(
    section="guardianPhoneFactorSelectedProvider",
    title="MFA phone provider choice",
    summary="Which service the phone factor sends with.",
    documentation="https://auth0.com/docs/api/management/v2/guardian/get-guardian-phone-providers",
    layout=Layout(members={"": "guardian/phoneFactorSelectedProvider.json"}),
    sdk="guardian.factors.phone#selected_provider,provider",
    kind=Kind.SINGLETON,
    key=(),
    id_field=None,
    get=Endpoint("GET", _PATH, ("read:guardian_factors",)),
    update=Endpoint("PUT", _PATH, ("update:guardian_factors",)),
    defaults={"provider": "auth0"},
    after=("guardianFactorProviders",),
)

"""Which provider the push factor uses."""

from __future__ import annotations

from tenantctl.catalog.endpoints import Endpoint
from tenantctl.catalog.spec import Kind, ResourceType

_PATH = "/guardian/factors/push-notification/selected-provider"

GUARDIAN_PUSH_SELECTED_PROVIDER = ResourceType(
    section="guardianPushSelectedProvider",
    title="MFA push provider choice",
    summary="Which service the push factor sends with.",
    documentation="https://auth0.com/docs/api/management/v2/guardian/get-pn-providers",
    sdk="guardian.factors.push_notification#selected_provider,provider",
    kind=Kind.SINGLETON,
    key=(),
    id_field=None,
    get=Endpoint("GET", _PATH, ("read:guardian_factors",)),
    update=Endpoint("PUT", _PATH, ("update:guardian_factors",)),
    defaults={"provider": "guardian"},
    # The choice "direct" takes what is set for APNs and FCM.
    after=("guardianFactorProviders",),
)

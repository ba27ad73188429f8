"""Providers of MFA factors."""

from __future__ import annotations

from collections.abc import Mapping

from tenantctl.catalog.endpoints import Endpoint
from tenantctl.catalog.layout import Layout
from tenantctl.catalog.spec import ResourceType, Sign
from tenantctl.states import Json

_PATH = "/guardian/factors/{name}/providers/{provider}"

# Reads leave them out, those of FCM at all; what an older tenant returns is compared.
_SECRETS = frozenset({"auth_token", "aws_secret_access_key", "p12", "server_key", "server_credentials"})

_PROVIDERS = {"phone": ("twilio",), "sms": ("twilio",), "push-notification": ("sns", "apns", "fcm", "fcmv1")}


def _of_apns(provider: Mapping[str, Json]) -> Mapping[str, Json]:
    """Return what a read of APNs shows although nothing was set."""
    if provider.get("provider") != "apns":
        return {}
    return {"bundle_id": None, "sandbox": False, "enabled": True}


GUARDIAN_FACTOR_PROVIDER = ResourceType(
    section="guardianFactorProviders",
    title="MFA factor provider",
    summary="The account with which a factor sends its messages.",
    documentation="https://auth0.com/docs/api/management/v2/guardian/get-factor-sms-provider-twilio",
    layout=Layout("guardian/providers/*.json"),
    sdk="guardian.factors.phone#twilio_provider guardian.factors.sms#twilio_provider"
    " guardian.factors.push_notification#sns_provider,apns_provider,fcm_provider,fcmv_1_provider",
    extra_fields={
        "name": {"types": ["string"], "enum": ["phone", "sms", "push-notification"]},
        "provider": {"types": ["string"], "enum": ["twilio", "sns", "apns", "fcm", "fcmv1"]},
    },
    key=("name", "provider"),
    instances=tuple(
        {"name": name, "provider": provider}
        for name, providers in _PROVIDERS.items()
        for provider in providers
    ),
    id_field=None,
    get=Endpoint("GET", _PATH, ("read:guardian_factors",)),
    update=Endpoint("PUT", _PATH, ("update:guardian_factors",)),
    # There is no read for FCM.
    permanent=True,
    secret=_SECRETS,
    write_only=_SECRETS,
    withheld={
        "auth_token": Sign("sid"),
        "aws_secret_access_key": Sign("aws_access_key_id"),
        "p12": Sign("bundle_id"),
    },
    computed_defaults=_of_apns,
    write_unseen=frozenset({"enabled"}),
    required=("name", "provider"),
)

"""Texts of MFA messages."""

from __future__ import annotations

from tenantctl.catalog.endpoints import Endpoint
from tenantctl.catalog.spec import ResourceType

_PATH = "/guardian/factors/{name}/templates"

GUARDIAN_FACTOR_TEMPLATE = ResourceType(
    section="guardianFactorTemplates",
    title="MFA factor template",
    summary="The texts of a factor's messages.",
    documentation="https://auth0.com/docs/api/management/v2/guardian/get-factor-phone-templates",
    sdk="guardian.factors.phone#templates guardian.factors.sms#templates",
    extra_fields={"name": {"types": ["string"], "enum": ["sms", "phone"]}},
    id_field=None,
    get=Endpoint("GET", _PATH, ("read:guardian_factors",)),
    update=Endpoint("PUT", _PATH, ("update:guardian_factors",)),
    # Until they are set, a read answers 204 and nothing else.
    permanent=True,
    required=("name",),
)

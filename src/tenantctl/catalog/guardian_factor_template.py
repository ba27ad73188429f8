"""Texts of MFA messages."""

from __future__ import annotations

from collections.abc import Mapping

from tenantctl.catalog.endpoints import Endpoint
from tenantctl.catalog.layout import Layout
from tenantctl.catalog.spec import ResourceType
from tenantctl.states import Json

_PATH = "/guardian/factors/{name}/templates"

_CODE = "{{code}} is your verification code for {{tenant.friendly_name}}"
_TEXTS: Mapping[str, Json] = {
    "enrollment_message": f"{_CODE}. Please enter this code to verify your enrollment.",
    "verification_message": _CODE,
}


def _usual(template: Mapping[str, Json]) -> Mapping[str, Json]:
    return _TEXTS if template.get("name") == "phone" else {}


GUARDIAN_FACTOR_TEMPLATE = ResourceType(
    section="guardianFactorTemplates",
    title="MFA factor template",
    summary="The texts of a factor's messages.",
    documentation="https://auth0.com/docs/api/management/v2/guardian/get-factor-phone-templates",
    layout=Layout("guardian/templates/*.json"),
    sdk="guardian.factors.phone#templates guardian.factors.sms#templates",
    extra_fields={"name": {"types": ["string"], "enum": ["sms", "phone"]}},
    id_field=None,
    get=Endpoint("GET", _PATH, ("read:guardian_factors",)),
    update=Endpoint("PUT", _PATH, ("update:guardian_factors",)),
    # Until they are set, a read answers 204 and nothing else, or for the phone factor the usual texts.
    permanent=True,
    computed_defaults=_usual,
    required=("name",),
    not_null=frozenset({"enrollment_message", "verification_message"}),
)

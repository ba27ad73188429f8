"""When MFA is asked for."""

from __future__ import annotations

from collections.abc import Mapping

from tenantctl.catalog.endpoints import Endpoint
from tenantctl.catalog.layout import Layout
from tenantctl.catalog.spec import Kind, ResourceType
from tenantctl.states import Json

_PATH = "/guardian/policies"


def _mapping(policies: Json) -> Mapping[str, Json]:
    return {"policies": policies}


def _bare_list(body: Mapping[str, Json]) -> Json:
    # No policy is an empty list on the wire, and so is a cleared field.
    return body.get("policies") or []


GUARDIAN_POLICIES = ResourceType(
    section="guardianPolicies",
    title="MFA policies",
    summary="When multi-factor authentication is asked for.",
    documentation="https://auth0.com/docs/api/management/v2/guardian/get-policies",
    layout=Layout(members={"": "guardian/policies.json"}),
    sdk="",
    extra_fields={
        "policies": {
            "types": ["array"],
            "help": "When MFA is required; never if the list is empty.",
            "items": {"types": ["string"], "enum": ["all-applications", "confidence-score"]},
        },
    },
    kind=Kind.SINGLETON,
    key=(),
    id_field=None,
    get=Endpoint("GET", _PATH, ("read:mfa_policies",)),
    update=Endpoint("PUT", _PATH, ("update:mfa_policies",)),
    unordered={"policies": ()},
    defaults={"policies": []},
    decode=_mapping,
    encode=_bare_list,
)

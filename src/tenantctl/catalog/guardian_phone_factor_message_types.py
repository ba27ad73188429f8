"""Message types of the phone factor."""

from __future__ import annotations

from tenantctl.catalog.endpoints import Endpoint
from tenantctl.catalog.layout import Layout
from tenantctl.catalog.spec import Kind, ResourceType

_PATH = "/guardian/factors/phone/message-types"

GUARDIAN_PHONE_FACTOR_MESSAGE_TYPES = ResourceType(
    section="guardianPhoneFactorMessageTypes",
    title="MFA phone message types",
    summary="Whether the phone factor sends text messages, calls, or lets users choose.",
    documentation="https://auth0.com/docs/api/management/v2/guardian/get-message-types",
    layout=Layout(members={"": "guardian/phoneFactorMessageTypes.json"}),
    sdk="guardian.factors.phone#message_types",
    kind=Kind.SINGLETON,
    key=(),
    id_field=None,
    get=Endpoint("GET", _PATH, ("read:guardian_factors",)),
    update=Endpoint("PUT", _PATH, ("update:guardian_factors",)),
    unordered={"message_types": ()},
    not_null=frozenset({"message_types"}),
    defaults={"message_types": []},
)

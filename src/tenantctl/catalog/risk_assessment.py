"""Risk assessment."""

from __future__ import annotations

from tenantctl.catalog.endpoints import Endpoint, Part
from tenantctl.catalog.layout import Layout
from tenantctl.catalog.spec import Kind, ResourceType

_SETTINGS = "/risk-assessments/settings"
_NEW_DEVICE = f"{_SETTINGS}/new-device"

# Its scopes are those of attack protection.
_READ = ("read:attack_protection",)
_UPDATE = ("update:attack_protection",)

RISK_ASSESSMENT = ResourceType(
    section="riskAssessment",
    title="risk assessment",
    summary="Whether logins are judged by their risk, and how long a device stays known.",
    documentation="https://auth0.com/docs/api/management/v2/risk-assessments",
    layout=Layout(members={"": "risk-assessment/settings.json"}),
    sdk="",
    kind=Kind.SINGLETON,
    key=(),
    id_field=None,
    parts=(
        Part(
            field="settings",
            sdk="risk_assessments.settings",
            get=Endpoint("GET", _SETTINGS, _READ),
            update=Endpoint("PATCH", _SETTINGS, _UPDATE),
        ),
        Part(
            field="new_device",
            sdk="risk_assessments.settings.new_device",
            get=Endpoint("GET", _NEW_DEVICE, _READ),
            update=Endpoint("PATCH", _NEW_DEVICE, _UPDATE),
        ),
    ),
    # A tenant on which it was never set answers 404.
    defaults={"settings": {"enabled": False}},
    initial=({"settings": {"enabled": False}, "new_device": {"remember_for": 30}},),
)

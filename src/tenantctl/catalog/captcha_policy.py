"""When a CAPTCHA is asked for."""

from __future__ import annotations

from tenantctl.catalog.endpoints import Endpoint, Listing, Paging
from tenantctl.catalog.spec import ResourceType, Sign

_PATH = "/attack-protection/captcha/policies"
_SECRETS = frozenset({"action.*.secret", "action.*.api_key"})

CAPTCHA_POLICY = ResourceType(
    section="captchaPolicies",
    title="CAPTCHA policy",
    summary="A rule for when a CAPTCHA is asked for, and of which provider.",
    documentation="https://auth0.com/docs/api/management/v2/attack-protection",
    sdk="attack_protection.captcha_policies",
    listing=Listing(Endpoint("GET", _PATH, ("read:attack_protection",)), Paging.NONE, ""),
    get=Endpoint("GET", f"{_PATH}/{{id}}", ("read:attack_protection",)),
    create=Endpoint("POST", _PATH, ("create:attack_protection",), 201),
    update=Endpoint("PATCH", f"{_PATH}/{{id}}", ("update:attack_protection",)),
    delete=Endpoint("DELETE", f"{_PATH}/{{id}}", ("delete:attack_protection",), 204),
    read_only=frozenset({"id", "created_at", "updated_at"}),
    secret=_SECRETS,
    write_only=_SECRETS,
    withheld={
        "action.*.secret": Sign("action.*.site_key"),
        "action.recaptcha_enterprise.api_key": Sign("action.recaptcha_enterprise.site_key"),
    },
    unordered={"match.*": ()},
    required=("name", "priority", "match", "action"),
)

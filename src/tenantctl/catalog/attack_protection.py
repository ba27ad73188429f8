"""Attack protection."""

from __future__ import annotations

from collections.abc import Mapping

from tenantctl.catalog.endpoints import Endpoint, Part
from tenantctl.catalog.layout import Layout
from tenantctl.catalog.spec import Kind, ResourceType, Sign
from tenantctl.states import Json

_READ = ("read:attack_protection",)
_UPDATE = ("update:attack_protection",)

_SECRETS = frozenset(
    {
        "captcha.arkose.secret",
        "captcha.friendly_captcha.secret",
        "captcha.hcaptcha.secret",
        "captcha.recaptcha_v2.secret",
        "captcha.recaptcha_enterprise.api_key",
    }
)


def _part(field: str, name: str) -> Part:
    """Describe one of the protections; each has an endpoint of its own, and a plan may lack it."""
    path = f"/attack-protection/{name}"
    return Part(
        field=field,
        sdk=f"attack_protection.{name.replace('-', '_')}",
        get=Endpoint("GET", path, _READ),
        update=Endpoint("PATCH", path, _UPDATE),
    )


_INITIAL: Mapping[str, Json] = {
    "botDetection": {
        "challenge_password_policy": "never",
        "challenge_passwordless_policy": "never",
        "challenge_password_reset_policy": "never",
        "allowlist": [],
        "bot_detection_level": "medium",
        "monitoring_mode_enabled": False,
    },
    "breachedPasswordDetection": {
        "enabled": False,
        "shields": [],
        "admin_notification_frequency": [],
        "method": "standard",
        "stage": {"pre-user-registration": {"shields": []}, "pre-change-password": {"shields": []}},
    },
    "bruteForceProtection": {
        "enabled": True,
        "shields": ["block", "user_notification"],
        "mode": "count_per_identifier_and_ip",
        "allowlist": [],
        "max_attempts": 10,
    },
    "captcha": {
        "active_provider_id": "auth_challenge",
        "simple_captcha": {},
        "auth_challenge": {"fail_open": False},
        "recaptcha_v2": {"site_key": ""},
        "recaptcha_enterprise": {"site_key": "", "project_id": ""},
        "hcaptcha": {"site_key": ""},
        "friendly_captcha": {"site_key": ""},
        "arkose": {
            "site_key": "",
            "client_subdomain": "client-api",
            "verify_subdomain": "verify-api",
            "fail_open": False,
        },
    },
    "suspiciousIpThrottling": {
        "enabled": True,
        "shields": ["admin_notification", "block"],
        "allowlist": [],
        "stage": {
            "pre-login": {"max_attempts": 100, "rate": 864000},
            "pre-user-registration": {"max_attempts": 50, "rate": 1200},
            "pre-custom-token-exchange": {"max_attempts": 10, "rate": 600000},
        },
    },
    "phoneProviderProtection": {"type": "none"},
}

ATTACK_PROTECTION = ResourceType(
    section="attackProtection",
    title="attack protection",
    summary="How attacks are held off: bots, breached passwords, brute force, suspicious addresses.",
    documentation="https://auth0.com/docs/api/management/v2/attack-protection",
    layout=Layout(
        members={
            "botDetection": "attack-protection/bot-detection.json",
            "breachedPasswordDetection": "attack-protection/breached-password-detection.json",
            "bruteForceProtection": "attack-protection/brute-force-protection.json",
            "captcha": "attack-protection/captcha.json",
            "suspiciousIpThrottling": "attack-protection/suspicious-ip-throttling.json",
        }
    ),
    placeholders={
        "captcha.*.secret": "CAPTCHA_.+_SECRET",
        "captcha.recaptcha_enterprise.api_key": "CAPTCHA_RECAPTCHA_ENTERPRISE_API_KEY",
        "captcha.recaptcha_enterprise.project_id": "CAPTCHA_RECAPTCHA_ENTERPRISE_PROJECT_ID",
    },
    sdk="",
    kind=Kind.SINGLETON,
    key=(),
    id_field=None,
    parts=(
        _part("botDetection", "bot-detection"),
        _part("breachedPasswordDetection", "breached-password-detection"),
        _part("bruteForceProtection", "brute-force-protection"),
        _part("captcha", "captcha"),
        _part("suspiciousIpThrottling", "suspicious-ip-throttling"),
        _part("phoneProviderProtection", "phone-provider-protection"),
    ),
    # Reads always give an empty object there, and writes refuse it.
    read_only=frozenset({"captcha.simple_captcha"}),
    exported=frozenset({"captcha.simple_captcha"}),
    secret=_SECRETS,
    write_only=_SECRETS,
    withheld={path: Sign(f"{path.rpartition('.')[0]}.site_key") for path in sorted(_SECRETS)},
    unordered={
        "botDetection.allowlist": (),
        "breachedPasswordDetection.shields": (),
        "breachedPasswordDetection.admin_notification_frequency": (),
        "breachedPasswordDetection.stage.*.shields": (),
        "bruteForceProtection.shields": (),
        "bruteForceProtection.allowlist": (),
        "suspiciousIpThrottling.shields": (),
        "suspiciousIpThrottling.allowlist": (),
    },
    defaults={
        "breachedPasswordDetection": {
            "shields": [],
            "admin_notification_frequency": [],
            "method": "standard",
            "stage": {"pre-user-registration": {"shields": []}, "pre-change-password": {"shields": []}},
        },
        "bruteForceProtection": {
            "mode": "count_per_identifier_and_ip",
            "allowlist": [],
            "max_attempts": 10,
        },
        "suspiciousIpThrottling": {
            "allowlist": [],
            "stage": {"pre-custom-token-exchange": {"max_attempts": 10, "rate": 600000}},
        },
    },
    initial=(_INITIAL,),
    merged=frozenset({"breachedPasswordDetection.stage", "suspiciousIpThrottling.stage"}),
)

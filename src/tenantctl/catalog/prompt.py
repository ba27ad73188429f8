"""Prompts, their texts, partials and renderers."""

from __future__ import annotations

from tenantctl.catalog.endpoints import Endpoint, Listing, Paging, Part
from tenantctl.catalog.layout import Content, Layout, SideFile
from tenantctl.catalog.spec import Kind, ResourceType
from tenantctl.states import Json

_READ = ("read:prompts",)
_UPDATE = ("update:prompts",)

_TEXT = "/prompts/{prompt}/custom-text/{language}"
_PARTIALS = "/prompts/{prompt}/partials"
_RENDERING = "/prompts/{prompt}/screen/{screen}/rendering"

WITH_TEXTS = (
    "login",
    "login-id",
    "login-password",
    "login-passwordless",
    "login-email-verification",
    "signup",
    "signup-id",
    "signup-password",
    "phone-identifier-enrollment",
    "phone-identifier-challenge",
    "email-identifier-challenge",
    "reset-password",
    "custom-form",
    "consent",
    "customized-consent",
    "logout",
    "mfa-push",
    "mfa-otp",
    "mfa-voice",
    "mfa-phone",
    "mfa-webauthn",
    "mfa-sms",
    "mfa-email",
    "mfa-recovery-code",
    "mfa",
    "status",
    "device-flow",
    "email-verification",
    "email-otp-challenge",
    "organizations",
    "invitation",
    "common",
    "passkeys",
    "captcha",
    "brute-force-protection",
    "async-approval-flow",
    "confirmation",
)
"""Prompts that have texts (`PromptGroupNameEnum` of the SDK)."""

WITH_PARTIALS = (
    "login",
    "login-id",
    "login-password",
    "login-passwordless",
    "signup",
    "signup-id",
    "signup-password",
    "customized-consent",
    "passkeys",
    "confirmation",
)
"""Prompts that have partials (`PartialGroupsEnum` of the SDK)."""


def _with_content(partials: Json) -> Json:
    """Return the partials of a prompt by screen, as they are kept: an empty screen is none."""
    return {screen: points for screen, points in partials.items() if points}


def _by_point(partials: Json) -> Json:
    """Return the partials of a directory, which name each insertion point and its file, as mappings."""
    return {
        prompt: {
            screen: {each["name"]: each["template"] for each in points}
            for screens in listed
            for screen, points in screens.items()
        }
        for prompt, listed in partials.items()
    }


def _as_points(partials: Json) -> Json:
    """Return partials in the form of a directory."""
    return {
        prompt: [
            {screen: [{"name": name, "template": text} for name, text in points.items()]}
            for screen, points in screens.items()
        ]
        for prompt, screens in partials.items()
    }


def _as_renderer(renderer: Json) -> Json:
    """Return one renderer in the form of a directory."""
    ((prompt, screens),) = renderer.items()
    ((screen, rest),) = screens.items()
    return {"prompt": prompt, "screen": screen, **rest}


def _by_screen(renderer: Json) -> Json:
    """Return one renderer of a directory below its prompt and screen."""
    rest = {name: value for name, value in renderer.items() if name not in {"prompt", "screen"}}
    return {renderer["prompt"]: {renderer["screen"]: rest}}


PROMPTS = ResourceType(
    section="prompts",
    title="prompts",
    summary="Settings, texts and renderers of the Universal Login's screens.",
    documentation="https://auth0.com/docs/api/management/v2/prompts",
    layout=Layout(
        members={
            "": "prompts/prompts.json",
            "customText": "prompts/custom-text.json",
            "partials": "prompts/partials.json",
        },
        lists={"screenRenderers": "prompts/screenRenderSettings/*.json"},
        list_names={"screenRenderers": ("prompt", "screen")},
        decode={"partials": _by_point, "screenRenderers": _by_screen},
        encode={"partials": _as_points, "screenRenderers": _as_renderer},
    ),
    side_files=(
        SideFile(
            field="screenRenderers[].*.*",
            suffix=".json",
            content=Content.JSON,
            path="prompts/screenRenderSettings/{ways}.json",
        ),
        SideFile(
            field="partials.*.*.*",
            suffix=".liquid",
            folder="prompts",
            layout_path="prompts/partials/{way}.liquid",
            trimmed=True,
        ),
    ),
    sdk="prompts#settings",
    kind=Kind.SINGLETON,
    key=(),
    id_field=None,
    get=Endpoint("GET", "/prompts", _READ),
    update=Endpoint("PATCH", "/prompts", _UPDATE),
    parts=(
        Part(
            field="customText.{language}.{prompt}",
            sdk="",
            get=Endpoint("GET", _TEXT, _READ),
            update=Endpoint("PUT", _TEXT, _UPDATE),
            keys={"prompt": WITH_TEXTS},
            keys_from={"language": ("tenant", "enabled_locales")},
        ),
        Part(
            field="partials.{prompt}",
            sdk="",
            get=Endpoint("GET", _PARTIALS, _READ),
            update=Endpoint("PUT", _PARTIALS, _UPDATE),
            accept=_with_content,
            keys={"prompt": WITH_PARTIALS},
        ),
        Part(
            field="screenRenderers.{prompt}.{screen}",
            sdk="prompts.rendering",
            get=Endpoint("GET", _RENDERING, _READ),
            update=Endpoint("PATCH", _RENDERING, _UPDATE),
            listing=Listing(Endpoint("GET", "/prompts/rendering", _READ), Paging.PAGE, "configs"),
            bulk=Endpoint("PATCH", "/prompts/rendering", _UPDATE),
            listed=True,
        ),
    ),
    read_only=frozenset(
        {
            "screenRenderers.*.*.tenant",
            "screenRenderers.*.*.prompt",
            "screenRenderers.*.*.screen",
        }
    ),
    retired={"enable_ulp_wcag_compliance": ""},
    unordered={"screenRenderers.*.*.context_configuration": ()},
    # Texts are taken for enabled locales alone, and a change of the branding may reset what stands here.
    initial=({"universal_login_experience": "new", "identifier_first": True},),
    after=("tenant", "branding"),
)

"""Branding and the page template."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tenantctl.catalog.endpoints import Endpoint, Part
from tenantctl.catalog.layout import Layout, SideFile
from tenantctl.catalog.spec import Kind, ResourceType
from tenantctl.states import Json

_TEMPLATE = "/branding/templates/universal-login"
_PUT_TEMPLATE = Endpoint("PUT", _TEMPLATE, ("update:branding",), 201)

_NAME = "universal_login"


def _listed(answer: Json) -> Json:
    """Bring the one template to the form of the file, which has a list of templates by name."""
    return [{"template": _NAME, "body": answer["body"]}]


def _text(templates: Json) -> Json:
    return next((item.get("body") for item in templates if item.get("template") == _NAME), "")


def _sent(templates: Json) -> Json:
    """Return the body of a write, which has the text under another name than a read."""
    return {"template": _text(templates)}


def _requested(body: Json) -> Json:
    """Return the body of a write in the form of the file; the text may come without a name as well."""
    return [{"template": _NAME, "body": body if isinstance(body, str) else body["template"]}]


def _answered(templates: Json) -> Json:
    """Return the answer of a read."""
    return {"body": _text(templates)}


def _cleared(branding: Mapping[str, Json]) -> Mapping[str, Json]:
    """Clear a logo by null: reads give an empty URL, which writes refuse."""
    return {**branding, "logo_url": None} if branding.get("logo_url") == "" else branding


BRANDING = ResourceType(
    section="branding",
    title="branding",
    summary="Logo, colours and font of the tenant's pages, and the template of its Universal Login.",
    documentation="https://auth0.com/docs/api/management/v2/branding",
    layout=Layout(
        members={"": "branding/branding.json"},
        lists={"templates": "branding/templates/*.json"},
        list_names={"templates": ("template",)},
    ),
    side_files=(
        SideFile(
            field="templates[].body",
            suffix=".html",
            path=f"branding_templates/{_NAME}.html",
            layout_path=f"branding/templates/{_NAME}.html",
        ),
    ),
    sdk="branding",
    kind=Kind.SINGLETON,
    key=(),
    id_field=None,
    get=Endpoint("GET", "/branding", ("read:branding",)),
    update=Endpoint("PATCH", "/branding", ("update:branding",)),
    extra_fields={
        "templates": {
            "types": ["array"],
            "help": "The page template of the Universal Login; the tenant needs a custom domain for it.",
            "items": {
                "types": ["object"],
                "fields": {
                    "template": {"types": ["string"], "enum": [_NAME]},
                    "body": {"types": ["string"]},
                },
            },
        },
    },
    unordered={"templates": ("template",)},
    defaults={"logo_url": ""},
    silent=frozenset({"logo_url"}),
    initial=({"colors": {"page_background": "#000000", "primary": "#635dff"}, "logo_url": ""},),
    parts=(
        Part(
            field="templates",
            sdk="",
            get=Endpoint("GET", _TEMPLATE, ("read:branding",)),
            create=_PUT_TEMPLATE,
            update=replace(_PUT_TEMPLATE, status=204),
            delete=Endpoint("DELETE", _TEMPLATE, ("delete:branding",), 204),
            decode=_listed,
            encode=_sent,
            accept=_requested,
            show=_answered,
            not_found=("inexistent_templates_universal_login", "Template does not exist."),
        ),
    ),
    prepare=_cleared,
    after=("customDomains",),
)

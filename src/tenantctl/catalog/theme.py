"""The theme of the Universal Login."""

from __future__ import annotations

from tenantctl.catalog.endpoints import Endpoint
from tenantctl.catalog.layout import Layout
from tenantctl.catalog.spec import ResourceType

_THEME = "/branding/themes/{id}"

THEME = ResourceType(
    section="themes",
    title="theme",
    summary="Colours, fonts and borders of the Universal Login.",
    documentation="https://auth0.com/docs/api/management/v2/branding/get-default-branding-theme",
    layout=Layout("themes/*.json"),
    sdk="branding.themes",
    # There is at most one, and no list; whatever its id, it is the default.
    key=(),
    id_field="themeId",
    id_format=("", 32),
    get=Endpoint("GET", "/branding/themes/default", ("read:branding",)),
    # There is no scope create:branding.
    create=Endpoint("POST", "/branding/themes", ("update:branding",)),
    update=Endpoint("PATCH", _THEME, ("update:branding",), whole=True),
    delete=Endpoint("DELETE", _THEME, ("delete:branding",), 204),
    also=(Endpoint("GET", _THEME, ("read:branding",)),),
    read_only=frozenset({"themeId"}),
    defaults={"displayName": "Unnamed Theme"},
    not_null=frozenset({"borders", "colors", "fonts", "page_background", "widget"}),
    not_found=("theme_not_found", "There was an error retrieving branding settings: invalid theme ID"),
)

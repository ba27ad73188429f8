"""Classic pages, kept in the tenant settings and in the global client."""

from __future__ import annotations

from collections.abc import Mapping

from tenantctl.catalog.endpoints import Endpoint, Place
from tenantctl.catalog.layout import Layout, SideFile
from tenantctl.catalog.spec import ResourceType
from tenantctl.states import Json

_LOGIN = {"custom_login_page": "html", "custom_login_page_on": "enabled"}
_GET_SETTINGS = Endpoint("GET", "/tenants/settings", ("read:tenant_settings",))
_UPDATE_SETTINGS = Endpoint("PATCH", "/tenants/settings", ("update:tenant_settings",))


def _setting(field: str, *fields: str) -> Place:
    """Describe a page that is a field of the tenant settings."""

    def decode(settings: Json) -> Mapping[str, Json]:
        # A page that was never set is there all the same: Auth0's own is shown.
        return settings.get(field) or {}

    def encode(page: Mapping[str, Json]) -> Json:
        return {field: {name: value for name, value in page.items() if name != "name"}}

    return Place(get=_GET_SETTINGS, update=_UPDATE_SETTINGS, fields=fields, decode=decode, encode=encode)


def _login_page(answer: Json) -> Mapping[str, Json] | None:
    """Take the page out of the global client, of which a tenant has one."""
    clients = answer.get("clients", []) if isinstance(answer, Mapping) else answer
    if not clients:
        return None
    page = {name: clients[0][field] for field, name in _LOGIN.items() if field in clients[0]}
    return {**page, "id": clients[0]["client_id"]}


def _in_client(page: Mapping[str, Json]) -> Json:
    return {field: page[name] for field, name in _LOGIN.items() if name in page}


def _default_switch(page: Mapping[str, Json]) -> Mapping[str, Json]:
    """Return whether a page is shown when nobody said so: of the global client it is, of the settings not."""
    return {"enabled": page.get("name") == "login"}


_LOGIN_PAGE = Place(
    get=Endpoint(
        "GET",
        "/clients",
        ("read:clients", "read:client_keys"),
        query={"is_global": True, "fields": "client_id,custom_login_page,custom_login_page_on"},
    ),
    update=Endpoint("PATCH", "/clients/{id}", ("update:clients", "update:client_keys")),
    fields=("html", "enabled"),
    decode=_login_page,
    encode=_in_client,
)

_PLACES = {
    "login": _LOGIN_PAGE,
    "password_reset": _setting("change_password", "html", "enabled"),
    "guardian_multifactor": _setting("guardian_mfa_page", "html", "enabled"),
    "error_page": _setting("error_page", "html", "url", "show_log_link"),
}

PAGE = ResourceType(
    section="pages",
    title="page",
    summary="A page of the classic login experience, in HTML.",
    documentation="https://auth0.com/docs/api/management/v2/tenants",
    layout=Layout("pages/*.json"),
    side_files=(
        SideFile(field="html", suffix=".html", path="pages/{name}.html", layout_path="pages/{name}.html"),
    ),
    sdk="",
    extra_fields={
        "name": {"types": ["string"], "enum": list(_PLACES)},
        "html": {"types": ["string"], "help": "The page, with Liquid syntax."},
        "enabled": {"types": ["boolean"], "help": "Whether it is shown; the error page has no such switch."},
        "url": {"types": ["string"], "help": "Where to go instead of showing the error page."},
        "show_log_link": {"types": ["boolean"], "help": "Whether the error page links to the logs."},
    },
    places=_PLACES,
    required=("name",),
    defaults={"html": "", "url": ""},
    silent=frozenset({"html", "url"}),
    computed_defaults=_default_switch,
)

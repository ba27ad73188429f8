"""Email templates."""

from __future__ import annotations

from tenantctl.catalog.endpoints import Endpoint
from tenantctl.catalog.layout import Layout, SideFile
from tenantctl.catalog.spec import ResourceType

_TEMPLATE = "/email-templates/{template}"

EMAIL_TEMPLATE = ResourceType(
    section="emailTemplates",
    title="email template",
    summary="Subject, sender and text of an e-mail that the tenant sends.",
    documentation="https://auth0.com/docs/api/management/v2/email-templates",
    layout=Layout("emails/*.json", others=frozenset({"provider.json"})),
    side_files=(
        SideFile(
            field="body", suffix=".html", path="emailTemplates/{name}.html", layout_path="emails/{name}.html"
        ),
    ),
    sdk="email_templates",
    # There is no list: the names are fixed, and a name without a template of its own answers 404.
    key=("template",),
    id_field=None,
    get=Endpoint("GET", _TEMPLATE, ("read:email_templates",)),
    create=Endpoint("POST", "/email-templates", ("create:email_templates",)),
    update=Endpoint("PATCH", _TEMPLATE, ("update:email_templates",)),
    # The names are places that are there or not.
    immutable=frozenset({"template"}),
    required=("template",),
    unique=(("template",),),
    defaults={"syntax": "liquid", "enabled": False},
    not_found=("inexistent_email_template", "The template does not exist."),
    after=("emailProvider",),
)

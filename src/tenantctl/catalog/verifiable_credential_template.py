"""Templates to verify credentials by."""

from __future__ import annotations

from tenantctl.catalog.endpoints import Endpoint, Listing, Paging
from tenantctl.catalog.spec import ResourceType

_PATH = "/verifiable-credentials/verification/templates"

VERIFIABLE_CREDENTIAL_TEMPLATE = ResourceType(
    section="verifiableCredentialTemplates",
    title="verifiable credential template",
    summary="What a credential has to show for it to be accepted.",
    documentation="https://auth0.com/docs/api/management/v2/verifiable-credentials",
    sdk="verifiable_credentials.verification.templates",
    listing=Listing(Endpoint("GET", _PATH, ("read:vdcs_templates",)), Paging.CHECKPOINT, "templates"),
    get=Endpoint("GET", f"{_PATH}/{{id}}", ("read:vdcs_templates",)),
    create=Endpoint("POST", _PATH, ("create:vdcs_templates",), 201),
    update=Endpoint("PATCH", f"{_PATH}/{{id}}", ("update:vdcs_templates",)),
    delete=Endpoint("DELETE", f"{_PATH}/{{id}}", ("delete:vdcs_templates",), 204),
    read_only=frozenset({"id", "created_at", "updated_at"}),
    write_only=frozenset({"version"}),
    required=("name", "type", "dialect", "presentation", "well_known_trusted_issuers"),
    unique=(("name",),),
)

"""Custom domains.

To verify one takes a DNS record, which a person has to set; that is no part of a plan.
"""

from __future__ import annotations

from collections.abc import Mapping

from tenantctl.catalog.endpoints import Endpoint, Listing, Paging, Step
from tenantctl.catalog.layout import Layout
from tenantctl.catalog.spec import ResourceType
from tenantctl.states import Json

_READY = "ready"


def _without_empty_header(domain: Mapping[str, Json]) -> Mapping[str, Json]:
    """Leave out a header that is null: an empty one, which a file may state, means the same."""
    return {
        name: value
        for name, value in domain.items()
        if name != "custom_client_ip_header" or value is not None
    }


def _of_a_new_domain(domain: Mapping[str, Json]) -> Mapping[str, Json]:
    """Return the policy for certificates of the server's own, and how to prove that the domain is yours."""
    name = str(domain.get("domain"))
    if domain.get("type") == "auth0_managed_certs":
        method = {"name": "CNAME", "record": _origin(name), "domain": name}
        return {"tls_policy": "recommended", "verification": {"methods": [method]}}
    method = {"name": "TXT", "record": f"auth0-verify={name}", "domain": f"_cf-custom-hostname.{name}"}
    return {"custom_client_ip_header": None, "verification": {"methods": [method]}}


def _origin(name: str) -> str:
    return f"{name}.edge.tenants.auth0.com"


def _verified(domain: Mapping[str, Json], _: Mapping[str, Json]) -> Mapping[str, Json]:
    """Return what a verification makes of a domain, which here never fails: there is no DNS to ask."""
    return {"status": _READY, "origin_domain_name": _origin(str(domain.get("domain")))}


def _refused(wanted: Mapping[str, Json], current: Mapping[str, Json]) -> tuple[str, str] | None:
    """Tell why the server won't have a domain: only one that is verified may be the default."""
    if wanted.get("is_default") is True and current.get("status") != _READY:
        return "invalid_body", "The custom domain must be verified before it can be the default domain."
    return None


CUSTOM_DOMAIN = ResourceType(
    section="customDomains",
    title="custom domain",
    summary="A domain of one's own under which the tenant answers.",
    documentation="https://auth0.com/docs/api/management/v2/custom-domains",
    layout=Layout(members={"": "custom-domains/custom-domains.json"}),
    sdk="custom_domains",
    key=("domain",),
    id_field="custom_domain_id",
    id_format=("cd_", 16),
    listing=Listing(
        Endpoint("GET", "/custom-domains", ("read:custom_domains",)), Paging.CHECKPOINT, "custom_domains"
    ),
    get=Endpoint("GET", "/custom-domains/{id}", ("read:custom_domains",)),
    create=Endpoint("POST", "/custom-domains", ("create:custom_domains",), 201),
    update=Endpoint("PATCH", "/custom-domains/{id}", ("update:custom_domains",)),
    delete=Endpoint("DELETE", "/custom-domains/{id}", ("delete:custom_domains",), 204),
    read_only=frozenset({"cname_api_key", "created_at"}),
    # A file may ask for it to be the default; to be so no more is for another domain to ask.
    writable=frozenset({"is_default"}),
    # Reads return how a domain is verified in `verification`, in another form.
    write_only=frozenset({"verification_method"}),
    secret=frozenset({"cname_api_key"}),
    defaults={
        "status": "pending_verification",
        "custom_client_ip_header": "",
        "primary": True,
        "is_default": False,
    },
    silent=frozenset({"custom_client_ip_header"}),
    computed_defaults=_of_a_new_domain,
    merged=frozenset({"domain_metadata"}),
    required=("domain", "type"),
    refused=_refused,
    unique=(("domain",),),
    by_hand=(
        Step(
            endpoint=Endpoint("POST", "/custom-domains/{id}/verify", ("create:custom_domains",), 201),
            outcome=_verified,
        ),
    ),
    steps=(
        Step(
            field="is_default",
            endpoint=Endpoint("PATCH", "/custom-domains/default", ("update:custom_domains",)),
            sent=("domain",),
            elects=True,
            outcome=lambda _, __: {"is_default": True},
        ),
    ),
    observe=_without_empty_header,
)

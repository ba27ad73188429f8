"""Which tenant a request is for: its Host header says so, as on Auth0 itself.

Every loopback name is the one default tenant, whatever the port, so that a client may write ``localhost`` and
another ``127.0.0.1``. Any other host is a tenant of its own.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from tenantctl.loopback import is_loopback

DEFAULT_DOMAIN = "sandbox.localhost"
"""Canonical domain of the tenant that all loopback names reach."""

MANAGEMENT_PATH = "/api/v2/"
TOKEN_PATH = "/oauth/token"  # noqa: S105 - a path

_PORT = re.compile(r"^(?:\[[0-9a-fA-F:.]*\]|[^:\[\]]*)(?::[0-9]{1,5})?$")
_DOMAIN = re.compile(r"(?=.{1,253}\Z)[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\Z")


def host_of(authority: str) -> str:
    """Return the host of ``host[:port]`` in lower case and without the brackets of an IPv6 address."""
    host = authority.strip().lower()
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].rstrip(".")


def tenant_name(domain: str) -> str:
    """Return the name of the tenant at a domain, its first label: ``acme`` of ``acme.eu.auth0.com``."""
    return domain.partition(".")[0]


def domain_of(authority: str) -> str | None:
    """Return the canonical domain of the tenant at ``host[:port]``, or None if that is no host at all."""
    host = host_of(authority)
    if not _PORT.search(authority):
        return None
    if not host or is_loopback(host):
        return DEFAULT_DOMAIN
    return host if _DOMAIN.match(host) else None


def management_identifier(domain: str) -> str:
    """Return the identifier of a tenant's Management API; `domain` is the canonical one."""
    return f"https://{domain}{MANAGEMENT_PATH}"


def canonical_audience(domain: str, audience: str) -> str:
    """Return `audience`, put in the canonical form if it is the Management API under another of its names.

    Clients compute that identifier from the address they use (``https://localhost:8443/api/v2/``).
    """
    try:
        parts = urlsplit(audience)
    except ValueError:
        return audience
    is_management = parts.scheme in {"http", "https"} and parts.path == MANAGEMENT_PATH
    if is_management and not parts.query and parts.netloc and domain_of(parts.netloc) == domain:
        return management_identifier(domain)
    return audience

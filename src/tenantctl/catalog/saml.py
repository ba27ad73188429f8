"""What the server tells of the certificate with which a SAML identity provider signs.

A part of `tenantctl.catalog.connection`.
"""

from __future__ import annotations

from collections.abc import Mapping

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.x509 import Certificate, Name, load_pem_x509_certificate

from tenantctl.states import Json

# Names of attribute types as the API writes them (X.520).
_ATTRIBUTES: Mapping[str, str] = {
    "2.5.4.3": "commonName",
    "2.5.4.6": "countryName",
    "2.5.4.7": "localityName",
    "2.5.4.8": "stateOrProvinceName",
    "2.5.4.10": "organizationName",
    "2.5.4.11": "organizationalUnitName",
    "1.2.840.113549.1.9.1": "emailAddress",
}


def of_signing_certificate(options: Mapping[str, Json]) -> Mapping[str, Json]:
    """Return the options that the server makes of ``signingCert``, a PEM; none if it is no certificate."""
    pem = options.get("signingCert")
    try:
        certificate = load_pem_x509_certificate(str(pem).encode())
    except ValueError:
        return {}
    return {
        "cert": pem,
        "expires": certificate.not_valid_after_utc.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "subject": _members(certificate.subject),
        "thumbprints": [_thumbprint(certificate)],
    }


def _members(name: Name) -> Mapping[str, Json]:
    return {
        _ATTRIBUTES.get(attribute.oid.dotted_string, attribute.oid.dotted_string): str(attribute.value)
        for attribute in name
    }


def _thumbprint(certificate: Certificate) -> str:
    return certificate.fingerprint(SHA1()).hex()  # noqa: S303 - what the API calls a thumbprint

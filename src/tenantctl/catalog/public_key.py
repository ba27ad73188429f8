"""Public keys in PEM: what the API tells of one instead of showing it."""

from __future__ import annotations

from datetime import datetime

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from cryptography.x509 import load_pem_x509_certificate
from joserfc.jwk import RSAKey

_CERTIFICATE = "-----BEGIN CERTIFICATE-----"


def key_id(pem: str) -> str:
    """Return the ID that the API gives a key: its JWK thumbprint (RFC 7638, SHA-256).

    pem: an RSA public key (SPKI, PKCS #1) or an X.509 certificate. Raises ValueError for anything else.
    """
    data = pem.strip().encode()
    key = load_pem_x509_certificate(data).public_key() if _is_certificate(pem) else load_pem_public_key(data)
    spki = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return RSAKey.import_key(spki).thumbprint()


def expiry(pem: str) -> datetime | None:
    """Return when a certificate expires; None for a bare key. Raises ValueError for what is neither."""
    data = pem.strip().encode()
    return load_pem_x509_certificate(data).not_valid_after_utc if _is_certificate(pem) else None


def _is_certificate(pem: str) -> bool:
    return pem.strip().startswith(_CERTIFICATE)

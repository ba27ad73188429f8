"""Public keys in PEM: what the API tells of one instead of showing it."""

from __future__ import annotations

from datetime import datetime

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from cryptography.x509 import load_pem_x509_certificate
from joserfc.jwk import RSAKey

_CERTIFICATE = "-----BEGIN CERTIFICATE-----"


def load_public_key(pem: str) -> RSAPublicKey:
    """Return the RSA key in a PEM: SPKI, PKCS #1 or an X.509 certificate.

    Raises ValueError for anything else.
    """
    data = pem.strip().encode()
    try:
        key = (
            load_pem_x509_certificate(data).public_key()
            if _is_certificate(pem)
            else load_pem_public_key(data)
        )
    except UnsupportedAlgorithm as error:
        raise ValueError(str(error)) from error
    if not isinstance(key, RSAPublicKey):
        raise ValueError("It is no RSA key.")  # noqa: TRY004 - a bad value of a setting, not a bad call
    return key


def as_jwk(pem: str) -> RSAKey:
    """Return a public key in the form that joserfc verifies with. Raises ValueError as `load_public_key`."""
    return RSAKey.import_key(
        load_public_key(pem).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )


def key_id(pem: str) -> str:
    """Return the ID that the API gives a key: its JWK thumbprint (RFC 7638, SHA-256).

    Raises ValueError as `load_public_key`.
    """
    return as_jwk(pem).thumbprint()


def expiry(pem: str) -> datetime | None:
    """Return when a certificate expires; None for a bare key. Raises ValueError for what is neither."""
    data = pem.strip().encode()
    return load_pem_x509_certificate(data).not_valid_after_utc if _is_certificate(pem) else None


def _is_certificate(pem: str) -> bool:
    return pem.strip().startswith(_CERTIFICATE)

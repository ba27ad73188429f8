"""A tenant's keys: RSA pairs that sign its tokens, and the symmetric key of tokens that only it reads."""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID
from joserfc.jwk import RSAKey

_RSA_BITS = 2048
_KID_LENGTH = 21
_CERTIFICATE_YEARS = 10
_DIRECT_KEY_BYTES = 32


class Place(StrEnum):
    """Where a signing key stands in the rotation."""

    NEXT = "next"
    CURRENT = "current"
    PREVIOUS = "previous"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """One RSA signing key: private key and certificate in PEM."""

    kid: str
    private_pem: str
    certificate_pem: str
    place: Place
    revoked: bool = False
    revoked_at: str | None = None

    @property
    def jwk(self) -> RSAKey:
        """The private key in the form that joserfc signs with."""
        return _load(self.private_pem)

    @property
    def der(self) -> bytes:
        """The certificate in DER."""
        return x509.load_pem_x509_certificate(self.certificate_pem.encode()).public_bytes(
            serialization.Encoding.DER
        )


@lru_cache(maxsize=256)
def _load(pem: str) -> RSAKey:
    return RSAKey.import_key(pem)


def make_direct_key() -> bytes:
    """Return a key for JWE with ``dir`` and A256GCM (RFC 7518, 4.5)."""
    return secrets.token_bytes(_DIRECT_KEY_BYTES)


def make_signing_key(domain: str, place: Place) -> SigningKey:
    """Return a fresh RSA 2048 key with a self-signed certificate for the tenant's domain."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=_RSA_BITS)
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    certificate = _certify(domain, private).public_bytes(serialization.Encoding.PEM)
    return SigningKey(
        kid=secrets.token_urlsafe(16)[:_KID_LENGTH],
        private_pem=pem.decode(),
        certificate_pem=certificate.decode(),
        place=place,
    )


def _certify(domain: str, private: rsa.RSAPrivateKey) -> x509.Certificate:
    # A common name holds 64 characters (RFC 5280, appendix A), a domain up to 253.
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, domain[:64])])
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=365 * _CERTIFICATE_YEARS))
        .sign(private, hashes.SHA256())
    )


def as_jwk(key: SigningKey, *, algorithm: str | None) -> dict[str, Any]:
    """Return the public half as one entry of a JWK Set (RFC 7517); `algorithm` None leaves ``alg`` out."""
    thumbprint = hashlib.sha1(key.der, usedforsecurity=False).digest()
    public = {
        "kty": "RSA",
        "use": "sig",
        **key.jwk.as_dict(private=False),
        "kid": key.kid,
        "x5t": base64.urlsafe_b64encode(thumbprint.hex().upper().encode()).rstrip(b"=").decode(),
        "x5c": [base64.b64encode(key.der).decode()],
    }
    return {**public, "alg": algorithm} if algorithm else public


def as_resource(key: SigningKey) -> dict[str, Any]:
    """Return the key as ``GET /api/v2/keys/signing`` describes it."""
    digest = hashlib.sha1(key.der, usedforsecurity=False).hexdigest().upper()
    certificate = x509.load_pem_x509_certificate(key.certificate_pem.encode())
    described: dict[str, Any] = {
        "kid": key.kid,
        "cert": key.certificate_pem,
        "pkcs7": pkcs7.serialize_certificates([certificate], serialization.Encoding.PEM).decode(),
        "current": key.place is Place.CURRENT,
        "next": key.place is Place.NEXT,
        "previous": key.place is Place.PREVIOUS,
        "fingerprint": ":".join(digest[i : i + 2] for i in range(0, len(digest), 2)),
        "thumbprint": digest,
        "revoked": key.revoked,
    }
    if key.revoked_at:
        described["revoked_at"] = key.revoked_at
    return described

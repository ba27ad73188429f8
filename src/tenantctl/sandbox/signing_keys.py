"""The operations on signing keys: https://auth0.com/docs/api/management/v2/keys."""

from __future__ import annotations

from tenantctl.sandbox.calls import Answer, Call
from tenantctl.sandbox.errors import management_error
from tenantctl.sandbox.keys import Place, SigningKey, as_resource
from tenantctl.sandbox.tenant_state import TenantState
from tenantctl.states import Json


def list_keys(call: Call) -> Answer:
    """GET all signing keys."""
    return Answer(200, [as_resource(key) for key in call.tenant.signing_keys()])


def read_key(call: Call) -> Answer:
    """GET one signing key."""
    return Answer(200, as_resource(_found(call)))


def rotate(call: Call) -> Answer:
    """Let the next key sign from now on."""
    key = call.tenant.rotate_keys()
    return Answer(201, {"kid": key.kid, "cert": key.certificate_pem})


def revoke(call: Call) -> Answer:
    """Revoke a previous key."""
    key = _found(call)
    if key.place is not Place.PREVIOUS:
        raise management_error(400, f"The {key.place} signing key can't be revoked; rotate it first.")
    call.tenant.revoke_key(key.kid)
    return Answer(200, {"kid": key.kid, "cert": key.certificate_pem})


def certificate_of(tenant: TenantState) -> dict[str, Json]:
    """Return the certificate of the key that a tenant signs with, as objects that have it tell it."""
    described = as_resource(tenant.current_key())
    return {"cert": described["cert"], "pkcs7": described["pkcs7"], "subject": f"/CN={tenant.domain}"}


def _found(call: Call) -> SigningKey:
    found = next((key for key in call.tenant.signing_keys() if key.kid == call.name), None)
    if found is None:
        raise management_error(404, "The signing key does not exist.")
    return found

"""A tenant's own keys: changed when a person asks for it, and never by a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tenantctl.catalog.encryption_key import ENCRYPTION_KEY
from tenantctl.catalog.endpoints import Endpoint
from tenantctl.catalog.signing_key import SIGNING_KEY
from tenantctl.problems import Problem, ProblemsError, did_you_mean
from tenantctl.states import Json
from tenantctl.tenant.client import TenantClient
from tenantctl.tenant.refusals import path_of

Keys = Sequence[Mapping[str, Json]]
"""Keys as ``GET /keys/signing`` or ``GET /keys/encryption`` describes them."""


@dataclass(frozen=True, slots=True)
class KeyRequest:
    """One operation on keys, before it is sent.

    effect: what comes of it, for the person who is asked. done: the same, once it is so.
    """

    endpoint: Endpoint
    effect: str
    done: str
    kid: str = ""


def rotation(keys: Keys) -> KeyRequest:
    """Return the request that lets the next signing key sign."""
    current, upcoming = (_kid_of(keys, place) for place in ("current", "next"))
    return KeyRequest(
        SIGNING_KEY.on_request["rotate"],
        effect=f"{upcoming} will sign tokens in place of {current}, which stays valid until it is revoked.",
        done=f"{upcoming} signs tokens; {current} is valid until `tenantctl keys revoke -- {current}`.",
    )


def revocation(keys: Keys, kid: str) -> KeyRequest:
    """Return the request that revokes a previous signing key.

    Raises:
        ProblemsError: there is no such key, it is still in use, or revoked already.
    """
    key = next((key for key in keys if key["kid"] == kid), None)
    if key is None:
        hint = did_you_mean(kid, (str(each["kid"]) for each in keys)) or "`tenantctl keys list` shows them."
        raise ProblemsError(
            [Problem(code="unknown-key", summary=f"the tenant has no signing key '{kid}'", hint=hint)]
        )
    if key.get("revoked"):
        raise ProblemsError([Problem(code="key-revoked", summary=f"{kid} is revoked already")])
    if not key.get("previous"):
        summary = f"{kid} is the {'current' if key.get('current') else 'next'} signing key"
        hint = "Only a previous key can be revoked; `tenantctl keys rotate` makes the current one previous."
        raise ProblemsError([Problem(code="key-in-use", summary=summary, hint=hint)])
    return KeyRequest(
        SIGNING_KEY.on_request["revoke"],
        effect=f"{kid} will leave the JWK Set: tokens that it signed are worth nothing any more, for good.",
        done=f"{kid} is revoked.",
        kid=kid,
    )


def rekeying(keys: Keys) -> KeyRequest:
    """Return the request that makes the encryption keys below the root key anew."""
    count = sum(key.get("state") == "active" and bool(key.get("parent_kid")) for key in keys)
    return KeyRequest(
        ENCRYPTION_KEY.on_request["rekey"],
        effect=f"{count} encryption keys, those in use below the root key, will be replaced by new ones.",
        done="The tenant's encryption keys are new.",
    )


async def send(client: TenantClient, request: KeyRequest) -> None:
    """Carry the operation out.

    Raises:
        RequestError: the tenant refuses.
    """
    endpoint = request.endpoint
    path = path_of(endpoint, {"id": request.kid})
    await client.request(endpoint.method, path, scopes=endpoint.alternatives)


def _kid_of(keys: Keys, place: str) -> str:
    """Return the key at a place of the rotation.

    Raises:
        ProblemsError: there is none.
    """
    found = next((str(key["kid"]) for key in keys if key.get(place)), None)
    if found is None:
        raise ProblemsError([Problem(code="no-such-key", summary=f"the tenant has no {place} signing key")])
    return found

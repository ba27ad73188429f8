"""The operations on encryption keys: https://auth0.com/docs/api/management/v2/keys/get-encryption-keys.

Nothing is encrypted with them; what there is to see is the hierarchy, and that rekeying makes it anew.
"""

from __future__ import annotations

from collections.abc import Mapping

from tenantctl.catalog.encryption_key import ENCRYPTION_KEY
from tenantctl.sandbox.calls import Answer, Call
from tenantctl.sandbox.credentials import make_id
from tenantctl.sandbox.objects import timestamp
from tenantctl.states import Json

_SECTION = ENCRYPTION_KEY.section
_ROOT = "environment-root-key"
_BELOW_ROOT = ("tenant-master-key", "tenant-encryption-key")
_ACTIVE, _DEACTIVATED = "active", "deactivated"


def make_hierarchy() -> list[dict[str, Json]]:
    """Return the keys of a fresh tenant, each below the one before."""
    root = _made(_ROOT, None)
    return [root, *_below(root["kid"])]


def rekey(call: Call) -> Answer:
    """Make the keys below the root anew, and let go of those that were in use."""
    active = [body for _, body in call.tenant.all(_SECTION) if body["state"] == _ACTIVE]
    root = next(key for key in active if key["type"] not in _BELOW_ROOT)
    for key in active:
        if key is not root:
            call.tenant.put(_SECTION, {**key, "state": _DEACTIVATED, "updated_at": timestamp()})
    for key in _below(root["kid"]):
        call.tenant.insert(_SECTION, key)
    return Answer(ENCRYPTION_KEY.on_request["rekey"].status)


def _below(parent: str) -> list[dict[str, Json]]:
    made: list[dict[str, Json]] = []
    for kind in _BELOW_ROOT:
        made.append(_made(kind, made[-1]["kid"] if made else parent))
    return made


def _made(kind: str, parent: str | None) -> dict[str, Json]:
    now = timestamp()
    key: Mapping[str, Json] = {"kid": make_id(ENCRYPTION_KEY.id_format), "type": kind, "state": _ACTIVE}
    above = {"parent_kid": parent} if parent else {}
    return {**key, **above, "created_at": now, "updated_at": now}

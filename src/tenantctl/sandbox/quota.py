"""How many tokens a client may have: ``token_quota`` of the client, or the tenant's ``default_token_quota``.

https://auth0.com/docs/secure/tokens/token-quotas
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from tenantctl.sandbox.errors import oauth_error
from tenantctl.sandbox.tenant_state import TenantState
from tenantctl.states import Json

_SECONDS = {"per_hour": 3600, "per_day": 86400}


def check_quota(tenant: TenantState, client: Mapping[str, Json]) -> None:
    """Check that a client may have another token.

    Raises:
        ApiError: 429 with ``x-ratelimit-*`` headers.
    """
    quota = _quota_of(tenant, client)
    if not quota.get("enforce", True):
        return
    for period, seconds in _SECONDS.items():
        limit = quota.get(period)
        if isinstance(limit, int) and tenant.issued_since(client["client_id"], seconds) >= limit:
            headers = {
                "x-ratelimit-limit": str(limit),
                "x-ratelimit-remaining": "0",
                "x-ratelimit-reset": str(int(time.time()) + seconds),
            }
            raise oauth_error(429, "too_many_requests", "Client quota exceeded", headers=headers)


def _quota_of(tenant: TenantState, client: Mapping[str, Json]) -> Mapping[str, Any]:
    settings = tenant.get("tenant") or {}
    by_default = (settings.get("default_token_quota") or {}).get("clients") or {}
    for holder in (client.get("token_quota") or {}, by_default):
        quota = holder.get("client_credentials")
        if isinstance(quota, Mapping):
            return quota
    return {}

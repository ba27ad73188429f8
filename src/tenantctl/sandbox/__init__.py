"""An embedded, stateful Auth0 tenant: Management API v2, /oauth/token, OIDC discovery, JWK Set.

What the command line uses: `SandboxStore`, `make_app`, `issue_management_token`, and `server.serve`.
"""

from tenantctl.sandbox.app import make_app
from tenantctl.sandbox.store import SandboxStore
from tenantctl.sandbox.tokens import issue_management_token

__all__ = ["SandboxStore", "issue_management_token", "make_app"]

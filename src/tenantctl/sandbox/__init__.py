"""An embedded, stateful Auth0 tenant: Management API v2, token endpoint, discovery and JWKS."""

"""Every resource type that tenantctl knows, in one explicit tuple."""

from __future__ import annotations

from tenantctl.catalog.client import CLIENT
from tenantctl.catalog.client_grant import CLIENT_GRANT
from tenantctl.catalog.resource_server import RESOURCE_SERVER
from tenantctl.catalog.role import ROLE
from tenantctl.catalog.spec import ResourceType
from tenantctl.catalog.tenant import TENANT

RESOURCE_TYPES: tuple[ResourceType, ...] = (
    TENANT,
    RESOURCE_SERVER,
    CLIENT,
    CLIENT_GRANT,
    ROLE,
)

BY_SECTION: dict[str, ResourceType] = {
    resource_type.section: resource_type for resource_type in RESOURCE_TYPES
}

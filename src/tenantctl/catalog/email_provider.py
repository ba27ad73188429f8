"""The email provider."""

from __future__ import annotations

from tenantctl.catalog.endpoints import Endpoint
from tenantctl.catalog.layout import Layout
from tenantctl.catalog.spec import Kind, ResourceType, Sign

_PATH = "/emails/provider"

_SECRETS = frozenset(
    {
        "credentials.api_key",
        "credentials.smtp_pass",
        "credentials.accessKeyId",
        "credentials.secretAccessKey",
        "credentials.connectionString",
        "credentials.clientSecret",
    }
)

# Which credentials each provider takes of which reads tell nothing.
_WITHHELD = {
    "api_key": Sign("name", ("mailgun", "mandrill", "resend", "sendgrid", "sparkpost")),
    "accessKeyId": Sign("name", ("ses",)),
    "secretAccessKey": Sign("name", ("ses",)),
    "smtp_pass": Sign("credentials.smtp_user"),
    "connectionString": Sign("name", ("azure_cs",)),
    "tenantId": Sign("name", ("ms365",)),
    "clientId": Sign("name", ("ms365",)),
    "clientSecret": Sign("name", ("ms365",)),
}

EMAIL_PROVIDER = ResourceType(
    section="emailProvider",
    title="email provider",
    summary="The service that sends the tenant's e-mails.",
    documentation="https://auth0.com/docs/api/management/v2/emails",
    layout=Layout(members={"": "emails/provider.json"}),
    placeholders={
        "credentials.api_key": "[A-Z0-9]+_API_KEY",
        "credentials.smtp_host": "SMTP_HOSTNAME",
        "credentials.smtp_port": "SMTP_PORT",
        "credentials.smtp_user": "SMTP_USER",
        "credentials.smtp_pass": "SMTP_PASS",
        "credentials.accessKeyId": "SES_ACCESS_KEY_ID",
        "credentials.secretAccessKey": "SES_ACCESS_SECRET_KEY",
        "credentials.region": "SES_AWS_REGION",
        "credentials.connectionString": "AZURE_CS_CONNECTION_KEY",
        "credentials.tenantId": "MS365_TENANT_ID",
        "credentials.clientId": "MS365_CLIENT_ID",
        "credentials.clientSecret": "MS365_CLIENT_SECRET",
    },
    sdk="emails.provider",
    kind=Kind.SINGLETON,
    key=(),
    id_field=None,
    get=Endpoint(
        "GET",
        _PATH,
        ("read:email_provider",),
        # Without being asked, the API tells the name alone.
        query={"fields": "name,enabled,credentials,settings,default_from_address", "include_fields": True},
    ),
    create=Endpoint("POST", _PATH, ("create:email_provider",), 201),
    update=Endpoint("PATCH", _PATH, ("update:email_provider",)),
    delete=Endpoint("DELETE", _PATH, ("delete:email_provider",), 204),
    secret=_SECRETS,
    # The other credentials (domain, region, SMTP host, port and user) come back, and are compared; of these
    # two no read is known.
    write_only=_SECRETS | {"credentials.tenantId", "credentials.clientId"},
    withheld={f"credentials.{name}": sign for name, sign in _WITHHELD.items()},
    defaults={"enabled": True},
    discriminator="name",
    not_found=("inexistent_email_provider", "There is not a configured email provider"),
    # The provider "custom" is an action.
    after=("actions",),
)

"""Every resource type that tenantctl knows, in one explicit tuple."""

from __future__ import annotations

from functools import cache

from tenantctl.catalog.action import ACTION
from tenantctl.catalog.action_module import ACTION_MODULE
from tenantctl.catalog.agent import AGENT
from tenantctl.catalog.attack_protection import ATTACK_PROTECTION
from tenantctl.catalog.branding import BRANDING
from tenantctl.catalog.captcha_policy import CAPTCHA_POLICY
from tenantctl.catalog.client import CLIENT
from tenantctl.catalog.client_grant import CLIENT_GRANT
from tenantctl.catalog.client_profile import CLIENT_PROFILE
from tenantctl.catalog.connection import CONNECTION
from tenantctl.catalog.connection_profile import CONNECTION_PROFILE
from tenantctl.catalog.custom_domain import CUSTOM_DOMAIN
from tenantctl.catalog.custom_signing_keys import CUSTOM_SIGNING_KEYS
from tenantctl.catalog.database import DATABASE
from tenantctl.catalog.email_provider import EMAIL_PROVIDER
from tenantctl.catalog.email_template import EMAIL_TEMPLATE
from tenantctl.catalog.encryption_key import ENCRYPTION_KEY
from tenantctl.catalog.event_stream import EVENT_STREAM
from tenantctl.catalog.experiment import EXPERIMENT
from tenantctl.catalog.feature_flag import FEATURE_FLAG
from tenantctl.catalog.flow import FLOW
from tenantctl.catalog.flow_vault_connection import FLOW_VAULT_CONNECTION
from tenantctl.catalog.form import FORM
from tenantctl.catalog.group import GROUP
from tenantctl.catalog.guardian_duo_settings import GUARDIAN_DUO_SETTINGS
from tenantctl.catalog.guardian_factor import GUARDIAN_FACTOR
from tenantctl.catalog.guardian_factor_provider import GUARDIAN_FACTOR_PROVIDER
from tenantctl.catalog.guardian_factor_template import GUARDIAN_FACTOR_TEMPLATE
from tenantctl.catalog.guardian_phone_factor_message_types import GUARDIAN_PHONE_FACTOR_MESSAGE_TYPES
from tenantctl.catalog.guardian_phone_factor_selected_provider import GUARDIAN_PHONE_FACTOR_SELECTED_PROVIDER
from tenantctl.catalog.guardian_policies import GUARDIAN_POLICIES
from tenantctl.catalog.guardian_push_selected_provider import GUARDIAN_PUSH_SELECTED_PROVIDER
from tenantctl.catalog.guardian_settings import GUARDIAN_SETTINGS
from tenantctl.catalog.hook import HOOK
from tenantctl.catalog.keys_network_acl import KEYS_NETWORK_ACL
from tenantctl.catalog.log_stream import LOG_STREAM
from tenantctl.catalog.network_acl import NETWORK_ACL
from tenantctl.catalog.organization import ORGANIZATION
from tenantctl.catalog.page import PAGE
from tenantctl.catalog.phone_provider import PHONE_PROVIDER
from tenantctl.catalog.phone_template import PHONE_TEMPLATE
from tenantctl.catalog.prompt import PROMPTS
from tenantctl.catalog.rate_limit_policy import RATE_LIMIT_POLICY
from tenantctl.catalog.resource_server import RESOURCE_SERVER
from tenantctl.catalog.risk_assessment import RISK_ASSESSMENT
from tenantctl.catalog.role import ROLE
from tenantctl.catalog.rule import RULE
from tenantctl.catalog.rules_config import RULES_CONFIG
from tenantctl.catalog.segment import SEGMENT
from tenantctl.catalog.self_service_profile import SELF_SERVICE_PROFILE
from tenantctl.catalog.signing_key import SIGNING_KEY
from tenantctl.catalog.spec import ResourceType
from tenantctl.catalog.supplemental_signals import SUPPLEMENTAL_SIGNALS
from tenantctl.catalog.tenant import TENANT
from tenantctl.catalog.theme import THEME
from tenantctl.catalog.token_exchange_profile import TOKEN_EXCHANGE_PROFILE
from tenantctl.catalog.trigger import TRIGGER
from tenantctl.catalog.user_attribute_profile import USER_ATTRIBUTE_PROFILE
from tenantctl.catalog.verifiable_credential_template import VERIFIABLE_CREDENTIAL_TEMPLATE

RESOURCE_TYPES: tuple[ResourceType, ...] = (
    TENANT,
    RESOURCE_SERVER,
    CLIENT,
    CLIENT_GRANT,
    ROLE,
    CONNECTION,
    DATABASE,
    CONNECTION_PROFILE,
    USER_ATTRIBUTE_PROFILE,
    SELF_SERVICE_PROFILE,
    ORGANIZATION,
    GROUP,
    CUSTOM_DOMAIN,
    TOKEN_EXCHANGE_PROFILE,
    ACTION_MODULE,
    ACTION,
    TRIGGER,
    FLOW_VAULT_CONNECTION,
    FLOW,
    FORM,
    EVENT_STREAM,
    LOG_STREAM,
    NETWORK_ACL,
    KEYS_NETWORK_ACL,
    RATE_LIMIT_POLICY,
    CAPTCHA_POLICY,
    AGENT,
    CLIENT_PROFILE,
    FEATURE_FLAG,
    SEGMENT,
    EXPERIMENT,
    VERIFIABLE_CREDENTIAL_TEMPLATE,
    HOOK,
    RULE,
    RULES_CONFIG,
    ATTACK_PROTECTION,
    RISK_ASSESSMENT,
    SUPPLEMENTAL_SIGNALS,
    BRANDING,
    THEME,
    PAGE,
    EMAIL_PROVIDER,
    EMAIL_TEMPLATE,
    PHONE_PROVIDER,
    PHONE_TEMPLATE,
    PROMPTS,
    GUARDIAN_DUO_SETTINGS,
    GUARDIAN_FACTOR,
    GUARDIAN_FACTOR_PROVIDER,
    GUARDIAN_FACTOR_TEMPLATE,
    GUARDIAN_POLICIES,
    GUARDIAN_PHONE_FACTOR_MESSAGE_TYPES,
    GUARDIAN_PHONE_FACTOR_SELECTED_PROVIDER,
    GUARDIAN_PUSH_SELECTED_PROVIDER,
    GUARDIAN_SETTINGS,
    SIGNING_KEY,
    ENCRYPTION_KEY,
    CUSTOM_SIGNING_KEYS,
)

BY_SECTION: dict[str, ResourceType] = {
    resource_type.section: resource_type for resource_type in RESOURCE_TYPES
}


@cache
def referred_histories(section: str) -> frozenset[str]:
    """Return the lists of versions of a type that references to it mean (`Version.history`)."""
    return frozenset(
        reference.version.history
        for resource_type in RESOURCE_TYPES
        for reference in resource_type.references
        if reference.version is not None and reference.section == section
    )

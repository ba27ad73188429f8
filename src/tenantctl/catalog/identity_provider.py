"""What the server knows of the identity providers behind connections, by strategy.

What OpenID providers publish (OpenID Connect Discovery 1.0, 3), the scopes of social providers, and how the
attributes of users are mapped when nobody says so. A part of `tenantctl.catalog.connection`.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from tenantctl.states import Json

ENDPOINTS = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri", "issuer")

# What a provider has that says nothing of it: required members, and the defaults that section 3 gives.
_UNSAID: Mapping[str, Json] = {
    "response_types_supported": ["code", "id_token", "code id_token"],
    "subject_types_supported": ["public"],
    "id_token_signing_alg_values_supported": ["RS256"],
    "scopes_supported": ["openid", "profile", "email"],
    "claims_supported": ["aud", "email", "email_verified", "exp", "iat", "iss", "sub", "name"],
    "response_modes_supported": ["query", "fragment"],
    "grant_types_supported": ["authorization_code", "refresh_token"],
    "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
    "claims_parameter_supported": False,
    "request_parameter_supported": False,
    "request_uri_parameter_supported": False,
    "require_request_uri_registration": False,
}

_OKTA_AUTHENTICATION = [
    "client_secret_basic",
    "client_secret_post",
    "client_secret_jwt",
    "private_key_jwt",
    "none",
]
_OKTA_DPOP = ["RS256", "RS384", "RS512", "ES256", "ES384", "ES512"]
_OKTA_REQUEST = ["HS256", "HS384", "HS512", *_OKTA_DPOP]
_OKTA_CLAIMS = (
    "iss ver sub aud iat exp jti auth_time amr idp nonce name nickname preferred_username given_name "
    "middle_name family_name email email_verified profile zoneinfo locale address phone_number picture "
    "website gender birthdate updated_at at_hash c_hash"
)
_OKTA_PATHS: Mapping[str, str] = {
    "authorization_endpoint": "authorize",
    "token_endpoint": "token",
    "userinfo_endpoint": "userinfo",
    "registration_endpoint": "clients",
    "jwks_uri": "keys",
    "introspection_endpoint": "introspect",
    "revocation_endpoint": "revoke",
    "end_session_endpoint": "logout",
    "device_authorization_endpoint": "device/authorize",
    "pushed_authorization_request_endpoint": "par",
}
# The org authorization server: https://developer.okta.com/docs/api/openapi/okta-oauth/oauth/tag/OrgAS/
_OKTA: Mapping[str, Json] = {
    "response_types_supported": [
        "code",
        "id_token",
        "code id_token",
        "code token",
        "id_token token",
        "code id_token token",
    ],
    "response_modes_supported": ["query", "fragment", "form_post", "okta_post_message"],
    "grant_types_supported": [
        "authorization_code",
        "implicit",
        "refresh_token",
        "password",
        "urn:ietf:params:oauth:grant-type:device_code",
        "urn:openid:params:grant-type:ciba",
        "urn:okta:params:oauth:grant-type:otp",
        "http://auth0.com/oauth/grant-type/mfa-otp",
        "urn:okta:params:oauth:grant-type:oob",
        "http://auth0.com/oauth/grant-type/mfa-oob",
    ],
    "subject_types_supported": ["public"],
    "id_token_signing_alg_values_supported": ["RS256"],
    "id_token_encryption_alg_values_supported": ["RSA-OAEP-256", "RSA-OAEP-384", "RSA-OAEP-512"],
    "id_token_encryption_enc_values_supported": ["A256GCM"],
    "scopes_supported": ["openid", "email", "profile", "address", "phone", "offline_access", "groups"],
    "token_endpoint_auth_methods_supported": _OKTA_AUTHENTICATION,
    "claims_supported": _OKTA_CLAIMS.split(),
    "code_challenge_methods_supported": ["S256"],
    "introspection_endpoint_auth_methods_supported": _OKTA_AUTHENTICATION,
    "revocation_endpoint_auth_methods_supported": _OKTA_AUTHENTICATION,
    "request_parameter_supported": True,
    "request_object_signing_alg_values_supported": _OKTA_REQUEST,
    "backchannel_token_delivery_modes_supported": ["poll"],
    "backchannel_authentication_request_signing_alg_values_supported": _OKTA_REQUEST,
    "dpop_signing_alg_values_supported": _OKTA_DPOP,
    "claims_parameter_supported": False,
    "request_uri_parameter_supported": False,
    "require_request_uri_registration": False,
}


def discovered(strategy: str, options: Mapping[str, Json]) -> Mapping[str, Json]:
    """Return what the provider of an OpenID Connect connection publishes; empty if it is not asked.

    The documents of other providers than Okta are not known here: theirs names the endpoints that the
    options name, and holds for the rest what a provider has that says nothing.
    """
    if strategy == "okta" and options.get("domain"):
        issuer = f"https://{options['domain']}"
        endpoints = {name: f"{issuer}/oauth2/v1/{path}" for name, path in _OKTA_PATHS.items()}
        return {"issuer": issuer, **endpoints, **_OKTA}
    if strategy == "oidc" and options.get("discovery_url"):
        found = urlsplit(str(options["discovery_url"]))
        issuer = f"{found.scheme}://{found.netloc}"
        named = {name: options[name] for name in ENDPOINTS if options.get(name)}
        return {"issuer": issuer, **_guessed_endpoints(issuer), **named, **_UNSAID}
    return {}


def _guessed_endpoints(issuer: str) -> Mapping[str, Json]:
    endpoints = {f"{name}_endpoint": f"{issuer}/{name}" for name in ("token", "userinfo")}
    return {"authorization_endpoint": f"{issuer}/authorize", "jwks_uri": f"{issuer}/jwks", **endpoints}


# Options that are switches → the scope that the provider is asked for where one is on.
_SCOPES: Mapping[str, Mapping[str, str]] = {
    "apple": {"name": "name", "email": "email"},
    "google-oauth2": {
        "email": "email",
        "profile": "profile",
        "gmail": "https://mail.google.com/mail/feed/atom",
        "youtube": "https://gdata.youtube.com",
    },
    "linkedin": {"email": "r_emailaddress", "profile": "r_liteprofile", "basic_profile": "r_basicprofile"},
    "windowslive": {"graph_user": "https://graph.microsoft.com/User.Read"},
}
_SCOPE_IS_TEXT = frozenset({"apple"})


def switched_scope(strategy: str, options: Mapping[str, Json]) -> Mapping[str, Json]:
    """Return the scope that the switches among the options of a social connection ask for."""
    switches = _SCOPES.get(strategy, {})
    if not switches.keys() & options.keys():
        return {}
    asked = [scope for switch, scope in switches.items() if options.get(switch) is True]
    return {"scope": " ".join(asked) if strategy in _SCOPE_IS_TEXT else asked}


def _mapping(pairs: str, idp: str) -> list[Json]:
    """Return the entries of a mapping, written one a line: the provider's attribute ``->`` Auth0's."""
    lines = (line.partition(" -> ") for line in pairs.strip().splitlines())
    return [{idp: theirs.strip(), "auth0": ours.strip()} for theirs, _, ours in lines]


_ENTERPRISE_USER = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
_SCIM = f"""
emails[type eq "work"].value -> email
externalId -> app_metadata.external_id
active -> blocked
displayName -> name
name.givenName -> given_name
name.familyName -> family_name
nickName -> nickname
photos[type eq "photo"].value -> picture
phoneNumbers[type eq "work"].value -> app_metadata.work_phone_number
phoneNumbers[type eq "mobile"].value -> app_metadata.mobile_phone_number
phoneNumbers[type eq "fax"].value -> app_metadata.fax_number
addresses[type eq "work"].streetAddress -> app_metadata.street_address
addresses[type eq "work"].locality -> app_metadata.city
addresses[type eq "work"].region -> app_metadata.state
addresses[type eq "work"].postalCode -> app_metadata.postal_code
addresses[type eq "work"].formatted -> app_metadata.postal_address
addresses[type eq "work"].country -> app_metadata.country
profileUrl -> app_metadata.profile_url
userType -> app_metadata.user_type
title -> app_metadata.title
preferredLanguage -> app_metadata.language
locale -> app_metadata.locale
timezone -> app_metadata.timezone
{_ENTERPRISE_USER}.employeeNumber -> app_metadata.employee_id
{_ENTERPRISE_USER}.costCenter -> app_metadata.cost_center
{_ENTERPRISE_USER}.organization -> app_metadata.organization
{_ENTERPRISE_USER}.division -> app_metadata.division
{_ENTERPRISE_USER}.department -> app_metadata.department
{_ENTERPRISE_USER}.manager -> app_metadata.manager
"""
_SCIM_USER_NAME: Mapping[str, str] = {"waad": "upn", "samlp": "username"}
_SCIM_USER_ID: Mapping[str, str] = {"waad": "externalId"}


def scim_configuration(strategy: str) -> Mapping[str, Json]:
    """Return the SCIM configuration that a connection is given when its creation names nothing."""
    user_name = f"userName -> {_SCIM_USER_NAME.get(strategy, 'preferred_username')}\n"
    return {
        "mapping": _mapping(user_name + _SCIM.strip(), "scim"),
        "user_id_attribute": _SCIM_USER_ID.get(strategy, "userName"),
    }


_WORKSPACE = """
id -> app_metadata.external_id
primaryEmail -> email
name.fullName -> name
name.givenName -> given_name
name.familyName -> family_name
isAdmin -> is_admin
agreedToTerms -> tou_accepted
suspended -> is_suspended
suspended -> blocked
ipWhitelisted -> is_ipWhitelisted
"""
_WORKSPACE_SAME_NAME = (
    "archived kind etag customerId orgUnitPath emails phones externalIds aliases addresses "
    "organizations nonEditableAliases relations languages posixAccounts notes websites "
    "locations keywords gender ims creationTime lastLoginTime changePasswordAtNextLogin "
    "isMailboxSetup includeInGlobalAddressList thumbnailPhotoUrl thumbnailPhotoEtag "
    "isEnrolledIn2Sv isEnforcedIn2Sv recoveryEmail recoveryPhone sshPublicKeys customSchemas "
    "isAdmin isDelegatedAdmin agreedToTerms suspended suspensionReason ipWhitelisted "
    "primaryEmail "
)


def directory_provisioning() -> Mapping[str, Json]:
    """Return the directory provisioning of a Google Workspace connection when nothing is named."""
    same = [{"idp": name, "auth0": name} for name in _WORKSPACE_SAME_NAME.split()]
    return {
        "mapping": [*_mapping(_WORKSPACE, "idp"), *same],
        "synchronize_automatically": False,
        "synchronize_groups": "off",
    }

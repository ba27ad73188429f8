"""What can go wrong with a token: one row a cause, with what to say and what to change.

The rows stand in the order in which they are tried: refusals of the token endpoint first, then the token's
form, algorithm, key and signature, and only then its claims. A code may have several rows, the more
particular one first. Texts may name ``{client} {client_id} {method} {source} {audience} {near} {issuer}
{found} {expected} {words} {wait}``.
"""

from __future__ import annotations

from dataclasses import dataclass

from tenantctl.verify import recognise as see
from tenantctl.verify.case import Case
from tenantctl.verify.recognise import Condition, Recogniser

ENTRY = "tenantctl"
"""The section of rows that are mended in the ``verify`` entry itself: its address is ``tenantctl/verify``."""

_NOT_AUTHORIZED = r'is not authorized to access (?:resource server )?"(?P<found>[^"]*)"'

_GRANT_REFUSED = see.refused("access_denied", _NOT_AUTHORIZED)
_AUDIENCE_REFUSED = see.refused("access_denied", r"Service not enabled within domain: (?P<found>.*)")


def _never(_: Case) -> bool:
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One cause.

    code: permanent, kebab-case. seen: recognises it.
    section, field: what to change in ``tenant.yaml``; empty when the file cannot mend it.
    at_entry: point to the ``verify`` entry in the file rather than to the resource.
    near: the resource is the API that the audience was probably meant to be.
    declared: whether the file already says what it should, so that an apply is what is missing.
    lags: whether the tenant may still be taking in a write, so that trying again can help.
    """

    code: str
    seen: Recogniser
    summary: str
    cause: str
    fix: str
    section: str = ""
    field: str = ""
    at_entry: bool = False
    near: bool = False
    declared: Condition = _never
    lags: bool = False


def _declares_grant_type(case: Case) -> bool:
    return "client_credentials" in (case.declared_client.get("grant_types") or [])


def _declares_grant(case: Case) -> bool:
    return bool(case.declared_grant)


def _declares_api(case: Case) -> bool:
    return bool(case.declared_api)


def _declares_scopes(case: Case) -> bool:
    grant = case.declared_grant
    return bool(grant.get("allow_all_scopes")) or bool(
        case.asked and case.asked <= set(grant.get("scope") or [])
    )


def _declares_narrower_grant(case: Case) -> bool:
    declared = case.declared_grant.get("scope")
    live = case.known.live_grant(case.credentials.client_id, case.audience).get("scope")
    return declared is not None and (live is None or set(live) != set(declared))


def _declares_algorithm(case: Case) -> bool:
    return case.declared_api.get("signing_alg") == case.request.algorithm


def _declares_no_encryption(case: Case) -> bool:
    return "token_encryption" in case.declared_api and case.declared_api["token_encryption"] is None


REFUSALS: tuple[Row, ...] = (
    Row(
        code="rate-limited",
        seen=see.refused(".*", "", {429}),
        summary="the tenant answers too many requests: {words}",
        cause="The tenant's limit of token requests, or the client's own token quota, is used up.",
        fix="Try again {wait}.",
    ),
    Row(
        code="grant-type-not-allowed",
        seen=see.refused("unauthorized_client", r"Grant type '(?P<found>[^']*)' not allowed for the client"),
        summary="client {client} may not use the grant type {found}",
        cause="The client's grant_types do not hold client_credentials.",
        fix="Add client_credentials to grant_types of the client.",
        section="clients",
        field="grant_types",
        declared=_declares_grant_type,
        lags=True,
    ),
    Row(
        code="audience-missing",
        seen=see.refused("access_denied", "Non-global clients are not allowed access to APIv1"),
        summary="the token request of client {client} named no API",
        cause="Without an audience the tenant takes the request for one to its old Management API v1.",
        fix="Give the verify entry the API's identifier as audience.",
        section=ENTRY,
        field="audience",
        at_entry=True,
    ),
    Row(
        code="client-grant-missing",
        seen=see.where(_GRANT_REFUSED, see.denied_to_all),
        summary="{audience} gives no client access",
        cause="The API's policy for clients is deny_all, which no client grant overrides.",
        fix="Set subject_type_authorization.client.policy of the API to require_client_grant.",
        section="resourceServers",
        field="subject_type_authorization.client.policy",
    ),
    Row(
        code="client-grant-missing",
        seen=_GRANT_REFUSED,
        summary="client {client} has no grant for {audience}",
        cause="No client grant ties the client to the API (or the API's policy for clients is deny_all).",
        fix="Add an entry to clientGrants with client_id: {client} and audience: {audience}.",
        section="clientGrants",
        field="audience",
        declared=_declares_grant,
        lags=True,
    ),
    Row(
        code="unknown-audience",
        seen=see.where(_AUDIENCE_REFUSED, see.near_miss),
        summary="the tenant has no API {audience}; did you mean {near}?",
        cause="Identifiers are compared character by character, a trailing slash makes another one, and the"
        " identifier of an API cannot be changed.",
        fix="Ask for {near} in the verify entry, as in the API's identifier.",
        section="resourceServers",
        field="identifier",
        at_entry=True,
        near=True,
    ),
    Row(
        code="unknown-audience",
        seen=_AUDIENCE_REFUSED,
        summary="the tenant has no API {audience}",
        cause="No API of this tenant has that identifier.",
        fix="Add an entry to resourceServers with identifier: {audience}, or ask for another audience.",
        section="resourceServers",
        field="identifier",
        declared=_declares_api,
        lags=True,
    ),
    Row(
        code="scope-not-granted",
        seen=see.refused("access_denied", r"has not been granted scopes?: (?P<found>.*)"),
        summary="client {client} is not granted {found} for {audience}",
        cause="The client grant's scope does not hold what was asked for.",
        fix="Add {found} to scope of the client grant (and to scopes of the API if it is new there).",
        section="clientGrants",
        field="scope",
        declared=_declares_scopes,
        lags=True,
    ),
    Row(
        code="invalid-request",
        seen=see.refused("invalid_request|invalid_client|unsupported_grant_type", r"^Missing|not supported"),
        summary="the tenant calls the token request faulty: {words}",
        cause="A parameter is missing. This tool sends them all: credentials are empty, or a proxy drops it.",
        fix="Check the client id from {source}, and what stands between here and {issuer}.",
    ),
    Row(
        code="bad-credentials",
        seen=see.refused("access_denied|invalid_client|unauthorized_client", "", {401}),
        summary="the tenant does not accept the credentials of client {client}",
        cause="Client id {client_id} and its secret come from {source}: one of them is wrong or another"
        " tenant's, or the client authenticates in another way than {method}.",
        fix="Take the client's current secret, or see token_endpoint_auth_method of the client.",
        section="clients",
        field="token_endpoint_auth_method",
    ),
    Row(
        code="token-refused",
        seen=see.refused(".*", ""),
        summary="the tenant refuses a token to client {client}: {words}",
        cause="The tenant's own words are all there is to go by.",
        fix="See the tenant's logs for the failed exchange.",
        section="clients",
    ),
)

FORMS: tuple[Row, ...] = (
    Row(
        code="token-encrypted-userinfo",
        seen=see.where(see.encrypted_directly, see.no_audience),
        summary="the token is encrypted ({found}): only {issuer}userinfo can read it",
        cause="The token request named no audience, so the tenant issued a token for /userinfo.",
        fix="Give the verify entry, and your application's token request, the API's identifier as audience.",
        section=ENTRY,
        field="audience",
        at_entry=True,
    ),
    Row(
        code="token-encrypted-userinfo",
        seen=see.encrypted_directly,
        summary="the token is encrypted ({found}): only {issuer}userinfo can read it",
        cause="The audience {audience} did not reach the tenant as an API of its own.",
        fix="Ask for the identifier of an API of this tenant, and see that no proxy drops the audience.",
        section="resourceServers",
        field="identifier",
    ),
    Row(
        code="token-encrypted-api",
        seen=see.encrypted_to_key,
        summary="tokens for {audience} are encrypted ({found})",
        cause="The API sets token_encryption, so only the holder of the private key can read its tokens.",
        fix="Set token_encryption of the API to null (left out, the tenant's stays), or let the API decrypt.",
        section="resourceServers",
        field="token_encryption",
        declared=_declares_no_encryption,
    ),
    Row(
        code="audience-missing",
        seen=see.where(see.opaque, see.no_audience),
        summary="the token is opaque: only {issuer}userinfo can tell what it permits",
        cause="The token request named no audience.",
        fix="Give the verify entry the API's identifier as audience.",
        section=ENTRY,
        field="audience",
        at_entry=True,
    ),
    Row(
        code="token-opaque",
        seen=see.opaque,
        summary="the token for {audience} is opaque, not a JWT",
        cause="No audience reached the tenant, or the API issues tokens of a legacy format. {found}",
        fix="Ask for the identifier of an API whose token_dialect is one of the JWT profiles.",
        section="resourceServers",
        field="token_dialect",
    ),
    Row(
        code="token-malformed",
        seen=see.malformed,
        summary="the token is no well-formed JWT: {found}",
        cause="It breaks RFC 7515 or RFC 7519; no library should accept it.",
        fix="Get a new token from {issuer} itself.",
    ),
    Row(
        code="wrong-algorithm",
        seen=see.other_algorithm,
        summary="the token is signed with {found}, {expected} is expected",
        cause="The API's signing_alg makes its tokens {found}.",
        fix="Set signing_alg of the API to {expected}.",
        section="resourceServers",
        field="signing_alg",
        declared=_declares_algorithm,
    ),
    Row(
        code="wrong-algorithm",
        seen=see.unverifiable_algorithm,
        summary="a token signed with {found} cannot be verified with the tenant's key set",
        cause="{found} has no public key: whoever can check such a token can also make one.",
        fix="Set signing_alg of the API, and the algorithm that the verify entry expects, to RS256.",
        section="resourceServers",
        field="signing_alg",
    ),
)

SIGNATURES: tuple[Row, ...] = (
    Row(
        code="key-not-in-jwks",
        seen=see.key_missing,
        summary="the tenant's key set does not hold the token's key ({found})",
        cause="Another tenant or custom domain issued the token, or its key was rotated and revoked.",
        fix="Get a new token, and see that issuer and key set are both {issuer}'s.",
        lags=True,
    ),
    Row(
        code="bad-signature",
        seen=see.forged,
        summary="the token's signature is wrong: {found}",
        cause="The token was altered, or made by somebody else with the id of one of the tenant's keys.",
        fix="Do not use it; get a new token from {issuer}.",
    ),
)

CLAIMS: tuple[Row, ...] = (
    Row(
        code="wrong-issuer",
        seen=see.other_issuer,
        summary="the token's issuer is {found}, expected {expected}",
        cause="A tenant issues under the domain that was asked, its own or a custom one; a slash ends it.",
        fix="Ask the domain whose issuer your API expects.",
    ),
    Row(
        code="wrong-audience",
        seen=see.other_audience,
        summary="the token is for {found}, expected {expected}",
        cause="The tenant issued a token for another API than the one asked for.",
        fix="Make the audience and the API's identifier the same, character by character.",
        section="resourceServers",
        field="identifier",
    ),
    Row(
        code="expired",
        seen=see.past,
        summary="the token has expired: {found}, expected {expected}",
        cause="Its lifetime is over, or this machine's clock is ahead of the tenant's.",
        fix="Get a new token; see token_lifetime of the API and this machine's clock.",
        section="resourceServers",
        field="token_lifetime",
    ),
    Row(
        code="not-yet-valid",
        seen=see.future,
        summary="the token is not valid yet: {found}, expected {expected}",
        cause="This machine's clock is behind the tenant's.",
        fix="Set this machine's clock.",
    ),
    Row(
        code="wrong-azp",
        seen=see.other_client,
        summary="the token was issued to client {found}, expected {expected}",
        cause="Its azp (or client_id) names another client than the one that asked.",
        fix="See whether an action of the tenant, or a proxy, puts it there.",
        section="clients",
        field="client_id",
    ),
    Row(
        code="wrong-gty",
        seen=see.other_grant_type,
        summary="the token's gty is {found}, expected {expected}",
        cause="It comes from another flow than client credentials.",
        fix="Leave client_credentials alone in grant_types of the client, and get a new token.",
        section="clients",
        field="grant_types",
    ),
    Row(
        code="scope-beyond-grant",
        seen=see.beyond_grant,
        summary="the token permits more than the client grant: {found}",
        cause="The tenant's grant is wider than the one known here, or an action adds scopes.",
        fix="Take {found} out of the tenant's grant, or add it to scope of the client grant.",
        section="clientGrants",
        field="scope",
        declared=_declares_narrower_grant,
    ),
    Row(
        code="scope-not-granted",
        seen=see.not_answered,
        summary="client {client} asked for {found} and was not given it",
        cause="The tenant issued a token with fewer scopes than asked for.",
        fix="Add {found} to scope of the client grant (and to scopes of the API if it is new there).",
        section="clientGrants",
        field="scope",
        declared=_declares_scopes,
    ),
    Row(
        code="scope-missing",
        seen=see.not_in_token,
        summary="the tenant granted {found}, and the token does not hold it",
        cause="The API's token_dialect leaves permissions out, or an action rewrites the scope claim.",
        fix="See token_dialect of the API, and the actions of the client credentials flow.",
        section="resourceServers",
        field="token_dialect",
    ),
)

ROWS: tuple[Row, ...] = REFUSALS + FORMS + SIGNATURES + CLAIMS

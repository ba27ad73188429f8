from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest

from tenantctl.problems import Position
from tenantctl.states import Json
from tenantctl.verify.case import Case, SignatureCheck
from tenantctl.verify.diagnose import Diagnosis, diagnose
from tenantctl.verify.issue import TokenRefusal
from tenantctl.verify.known import KnownTenant
from tenantctl.verify.table import ROWS
from tenantctl.verify.token import inspect_token
from tests.verify.makers import (
    API,
    CLIENT,
    CLIENT_ID,
    CREDENTIALS,
    ISSUER,
    NOW,
    REQUEST,
    SECRET,
    by_hand,
    claims,
    declared,
    jwe_direct,
    jwe_wrapped,
    live,
    signed,
)

CASE = Case(request=REQUEST, credentials=CREDENTIALS, issuer=ISSUER, now=NOW, known=KnownTenant(declared()))
GRANT = f"clientGrants/{CLIENT}:{API}"
API_ADDRESS = f"resourceServers/{API}"
CLIENT_ADDRESS = f"clients/{CLIENT}"
VALID = SignatureCheck(key_found=True)
NO_AUDIENCE = replace(REQUEST, audience=None)
POLICY = "subject_type_authorization.client.policy"
DENY_ALL = {"identifier": API, "subject_type_authorization": {"client": {"policy": "deny_all"}}}
ALLOW_ALL = {"identifier": API, "subject_type_authorization": {"client": {"policy": "allow_all"}}}
OLD_WORDING = (
    f'Client is not authorized to access "{API}". You need to create a "client-grant" associated to '
    "this API. See: https://auth0.com/docs/api/v2#!/Client_Grants/post_client_grants"
)
NEW_WORDING = f'Client "{CLIENT_ID}" is not authorized to access resource server "{API}"'


def refusal(status: int, error: str, words: str = "", **changes: Any) -> Case:
    return replace(CASE, refusal=TokenRefusal(status, error, words), **changes)


def denied(words: str, **changes: Any) -> Case:
    return refusal(403, "access_denied", words, **changes)


def token(text: str, **changes: Any) -> Case:
    return replace(CASE, facts=inspect_token(text), signature=None, **changes)


def verified(_case: Case = CASE, /, **changes: Json) -> Case:
    return replace(_case, facts=inspect_token(signed(claims(**changes))), signature=VALID)


def asking(audience: str | None, *scopes: str, known: KnownTenant | None = None) -> dict[str, Any]:
    return {
        "request": replace(REQUEST, audience=audience, scopes=scopes or None),
        "known": known or CASE.known,
    }


@dataclass(frozen=True)
class Expected:
    code: str
    case: Case
    address: str | None = None
    field: str | None = None
    line: int | None = 50
    words: tuple[str, ...] = ()


# One line is one way to fail. Lines of tenant.yaml: the API is at 10, the client at 20, the grant at 30, the
# verify entry at 50; a resource's fields follow it.
TABLE = (
    Expected(
        "rate-limited", replace(CASE, refusal=TokenRefusal(429, "x", "", NOW + 60)), words=("in 60 seconds",),
    ),
    Expected(
        "rate-limited", refusal(429, "too_many_requests", "Client quota exceeded"), words=("quota", "minute"),
    ),
    Expected(
        "grant-type-not-allowed",
        refusal(403, "unauthorized_client", "Grant type 'client_credentials' not allowed for the client."),
        CLIENT_ADDRESS, "grant_types", 22, ("tenantctl apply",),
    ),
    Expected(
        "grant-type-not-allowed",
        refusal(
            403, "unauthorized_client", "Grant type 'client_credentials' not allowed for the client.",
            known=KnownTenant(declared(clients={"grant_types": ["implicit"]})),
        ),
        CLIENT_ADDRESS, "grant_types", 22, ("Add client_credentials to grant_types",),
    ),
    Expected(
        "client-grant-missing", denied(OLD_WORDING), GRANT, "audience", 32, ("apply",),
    ),
    Expected(
        "client-grant-missing", denied(NEW_WORDING, known=KnownTenant()),
        GRANT, "audience", 50, ("Add an entry to clientGrants",),
    ),
    Expected(
        "client-grant-missing", denied(NEW_WORDING, known=live(resourceServers=[DENY_ALL])),
        API_ADDRESS, POLICY, 50, ("deny_all", "require_client_grant"),
    ),
    Expected(
        "client-grant-missing",
        denied(NEW_WORDING, known=KnownTenant(declared(resourceServers=DENY_ALL))),
        API_ADDRESS, POLICY, 14, ("deny_all",),
    ),
    Expected(
        "unknown-audience",
        denied(f"Service not enabled within domain: {API}/", **asking(f"{API}/")),
        API_ADDRESS, "identifier", 50, (f"did you mean {API}?", "trailing slash"),
    ),
    Expected(
        "unknown-audience",
        denied("Service not enabled within domain: http://AAA-api", **asking("http://AAA-api")),
        API_ADDRESS, "identifier", 50, (f"did you mean {API}?",),
    ),
    Expected(
        "unknown-audience", denied(f"Service not enabled within domain: {API}"),
        API_ADDRESS, "identifier", 12, ("tenantctl apply",),
    ),
    Expected(
        "unknown-audience",
        denied("Service not enabled within domain: urn:z", **asking("urn:z")),
        "resourceServers/urn:z", "identifier", 50, ("Add an entry to resourceServers",),
    ),
    Expected(
        "audience-missing",
        denied("Non-global clients are not allowed access to APIv1", request=NO_AUDIENCE),
        "tenantctl/verify", "audience",
    ),
    Expected(
        "audience-missing", token("opaque0123456789", request=NO_AUDIENCE), "tenantctl/verify", "audience",
    ),
    Expected(
        "scope-not-granted",
        denied("Client has not been granted scopes: write:aaa", **asking(API, "write:aaa")),
        GRANT, "scope", 33, ("Add write:aaa to scope",),
    ),
    Expected(
        "scope-not-granted", denied("Client has not been granted scopes: read:aaa"),
        GRANT, "scope", 33, ("tenantctl apply",),
    ),
    Expected(
        "scope-not-granted",
        replace(verified(), answered=frozenset({"read:aaa"}), **asking(API, "read:aaa", "x")),
        GRANT, "scope", 33, ("Add x to scope",),
    ),
    Expected(
        "bad-credentials", refusal(401, "access_denied", "Unauthorized"),
        CLIENT_ADDRESS, "token_endpoint_auth_method", 20, ("the environment", "client_secret_post"),
    ),
    Expected(
        "bad-credentials", refusal(401, "invalid_client", "Client authentication failed"),
        CLIENT_ADDRESS, "token_endpoint_auth_method", 20,
    ),
    Expected(
        "invalid-request", refusal(401, "invalid_client", "Missing client_id"), words=("Missing client_id",),
    ),
    Expected("invalid-request", refusal(400, "invalid_request", "Missing required parameter: grant_type")),
    Expected("invalid-request", refusal(400, "unsupported_grant_type", "Grant type not supported")),
    Expected(
        "token-refused", denied("Computer says no"),
        CLIENT_ADDRESS, None, 20, ("Computer says no",),
    ),
    Expected("token-refused", refusal(500, "server_error"), CLIENT_ADDRESS, None, 20, ("server_error",)),
    Expected(
        "token-encrypted-userinfo", token(jwe_direct(), request=NO_AUDIENCE),
        "tenantctl/verify", "audience", 50, ("named no audience", f"{ISSUER}userinfo"),
    ),
    Expected(
        "token-encrypted-userinfo",
        token(jwe_direct()), API_ADDRESS, "identifier", 12, (API, "did not reach"),
    ),
    Expected(
        "token-encrypted-api", token(jwe_wrapped()),
        API_ADDRESS, "token_encryption", 10, ("RSA-OAEP-256", "to null"),
    ),
    Expected(
        "token-encrypted-api",
        token(jwe_wrapped(), known=KnownTenant(declared(resourceServers={"token_encryption": None}))),
        API_ADDRESS, "token_encryption", 14, ("tenantctl apply",),
    ),
    Expected("token-opaque", token("opaque0123456789"), API_ADDRESS, "token_dialect", 10),
    Expected("token-opaque", token("a.b.c.d"), API_ADDRESS, "token_dialect", 10, ("4 parts",)),
    Expected(
        "token-malformed",
        token(by_hand('{"alg":"RS256","alg":"RS256"}', "{}")), words=("alg more than once",),
    ),
    Expected("token-malformed", token(by_hand('{"alg":"RS256"}', "[]")), words=("not a JSON object",)),
    Expected(
        "wrong-algorithm", token(by_hand('{"alg":"HS256"}', "{}")),
        API_ADDRESS, "signing_alg", 13, ("HS256, RS256 is expected", "tenantctl apply"),
    ),
    Expected(
        "wrong-algorithm",
        token(signed(alg="PS256"), known=KnownTenant(declared(resourceServers={"signing_alg": "PS256"}))),
        API_ADDRESS, "signing_alg", 13, ("PS256, RS256 is expected", "to RS256"),
    ),
    Expected(
        "wrong-algorithm", token(by_hand('{"alg":"none"}', "{}")), API_ADDRESS, "signing_alg", 13, ("none",),
    ),
    Expected(
        "wrong-algorithm",
        token(by_hand('{"alg":"HS256"}', "{}"), request=replace(REQUEST, algorithm="HS256")),
        API_ADDRESS, "signing_alg", 13, ("no public key",),
    ),
    Expected(
        "key-not-in-jwks", replace(token(signed()), signature=SignatureCheck(key_found=False)),
        words=("kid key-1",),
    ),
    Expected(
        "key-not-in-jwks", replace(token(signed(kid=None)), signature=SignatureCheck(key_found=False)),
        words=("no kid",),
    ),
    Expected(
        "bad-signature",
        replace(token(signed()), signature=SignatureCheck(key_found=True, fault="it differs")),
        words=("it differs",),
    ),
    Expected(
        "wrong-issuer",
        verified(iss=ISSUER.rstrip("/")), words=("https://aaa.eu.auth0.com, expected", ISSUER),
    ),
    Expected("wrong-issuer", verified(iss="https://evil.example/"), words=("https://evil.example/",)),
    Expected("wrong-issuer", verified(iss=...), words=("none",)),
    Expected("wrong-issuer", verified(iss=[ISSUER]), words=("[",)),
    Expected(
        "wrong-audience", verified(aud="https://bbb"), API_ADDRESS, "identifier", 12, ("https://bbb", API),
    ),
    Expected(
        "wrong-audience", verified(aud=[f"{API}/", "x"]), API_ADDRESS, "identifier", 12, (f"{API}/, x",),
    ),
    Expected("wrong-audience", verified(aud=...), API_ADDRESS, "identifier", 12, ("for none",)),
    Expected("expired", verified(exp=NOW - 6), API_ADDRESS, "token_lifetime", 10, ("2025-06-15",)),
    Expected("expired", verified(exp=...), API_ADDRESS, "token_lifetime", 10, ("missing",)),
    Expected("expired", verified(exp="never"), API_ADDRESS, "token_lifetime", 10, ("never",)),
    Expected("expired", verified(exp=True), API_ADDRESS, "token_lifetime", 10),
    Expected("not-yet-valid", verified(nbf=NOW + 60), words=("nbf 2025",)),
    Expected("not-yet-valid", verified(iat=NOW + 60), words=("iat 2025", "clock")),
    Expected("not-yet-valid", verified(iat=10**400), words=("iat 1000",)),
    Expected("wrong-azp", verified(azp="other"), CLIENT_ADDRESS, "client_id", 20, ("other", CLIENT_ID)),
    Expected("wrong-azp", verified(azp=...), CLIENT_ADDRESS, "client_id", 20, ("none",)),
    Expected("wrong-gty", verified(gty="password"), CLIENT_ADDRESS, "grant_types", 22, ("password",)),
    Expected("scope-beyond-grant", verified(scope="read:aaa admin"), GRANT, "scope", 33, ("admin", "apply")),
    Expected("scope-beyond-grant", verified(permissions=["admin"]), GRANT, "scope", 33, ("admin",)),
    Expected(
        "scope-beyond-grant",
        replace(
            verified(scope="read:aaa admin"),
            known=live(clientGrants=[{"client_id": CLIENT_ID, "audience": API, "scope": ["read:aaa"]}]),
        ),
        GRANT, "scope", 50, ("Take admin out",),
    ),
    Expected("scope-missing", verified(scope=...), API_ADDRESS, "token_dialect", 10, ("granted read:aaa",)),
    Expected(
        "scope-missing", replace(verified(scope=""), answered=frozenset({"read:aaa"})),
        API_ADDRESS, "token_dialect", 10,
    ),
)  # fmt: skip


@pytest.mark.parametrize("expected", TABLE, ids=[f"{n}-{row.code}" for n, row in enumerate(TABLE)])
def test_each_failure_has_its_diagnosis(expected: Expected) -> None:
    why = diagnose(expected.case)
    assert why is not None
    assert (why.code, why.address, why.field) == (expected.code, expected.address, expected.field)
    assert why.position is not None
    assert why.position.line == expected.line
    text = f"{why.summary} {why.cause} {why.fix}"
    assert [words for words in expected.words if words not in text] == []
    assert "{" not in text
    assert SECRET not in text
    assert all((why.summary, why.cause, why.fix))
    assert "\n" not in text


def test_every_row_of_the_table_is_met() -> None:
    assert {row.code for row in ROWS} == {expected.code for expected in TABLE}


LAGGING = {
    "grant-type-not-allowed",
    "client-grant-missing",
    "unknown-audience",
    "scope-not-granted",
    "key-not-in-jwks",
}


def test_what_lags_after_a_write() -> None:
    assert {row.code for row in ROWS if row.lags} == LAGGING


GOOD = {
    "as issued": verified(),
    "audience in a list": verified(aud=[f"{ISSUER}userinfo", API]),
    "RFC 9068 profile": verified(azp=..., client_id=CLIENT_ID, gty=..., jti="x"),
    "permissions": verified(scope=..., permissions=["read:aaa"]),
    "expired within the leeway": verified(exp=NOW - 4),
    "issued within the leeway": verified(iat=NOW + 5, nbf=NOW + 5),
    "far in the future": verified(exp=10**400),
    "fractions": verified(exp=NOW + 0.5),
    "no scopes asked for": verified(replace(CASE, request=replace(REQUEST, scopes=None))),
    "no audience asked for": verified(replace(CASE, request=NO_AUDIENCE)),
    "grant of all scopes": verified(
        replace(CASE, known=KnownTenant(declared(clientGrants={"allow_all_scopes": True}))),
        scope="read:aaa z",
    ),
    "API open to all": verified(
        replace(CASE, known=KnownTenant(declared(resourceServers=ALLOW_ALL))), scope="read:aaa z"
    ),
    "nothing known": verified(replace(CASE, known=KnownTenant()), scope="read:aaa z"),
    "nothing answered yet": CASE,
}


@pytest.mark.parametrize("case", GOOD.values(), ids=GOOD.keys())
def test_good_tokens_have_no_diagnosis(case: Case) -> None:
    assert diagnose(case) is None


@pytest.mark.parametrize(
    "signature", [None, SignatureCheck(key_found=False), SignatureCheck(key_found=True, fault="wrong")]
)
def test_no_claim_is_believed_before_the_signature(signature: SignatureCheck | None) -> None:
    case = replace(verified(iss="https://evil.example/", exp=1), signature=signature)
    why = diagnose(case)
    assert (why.code if why else None) in {None, "key-not-in-jwks", "bad-signature"}
    assert case.claims is None


def test_an_empty_claims_set_does_not_pass() -> None:
    case = replace(CASE, facts=inspect_token(signed({})), signature=VALID)
    why = diagnose(case)
    assert why is not None
    assert why.code == "wrong-issuer"


def test_hostile_words_stay_printable() -> None:
    why = diagnose(denied("Client has not been granted scopes: \x1b]0;{client}\x07"))
    assert why is not None
    assert why.summary == f"client {CLIENT} is not granted \\x1b]0;{{client}}\\x07 for {API}"


def test_braces_in_a_file_name() -> None:
    known = KnownTenant(declared())
    grant = known.desired.sections["clients"][0]
    odd = replace(grant, locate=lambda _: Position("{0}.yaml", 1, 1))
    known = KnownTenant(replace(known.desired, sections={"clients": (odd,)}))
    why = diagnose(
        refusal(
            403,
            "unauthorized_client",
            "Grant type 'client_credentials' not allowed for the client.",
            known=known,
        )
    )
    assert isinstance(why, Diagnosis)
    assert why.fix.startswith("{0}.yaml has it already")

"""The token debugger: tokens of the sandbox's own token endpoint, pasted ones, and what is said of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tenantctl.sandbox.page.links import INSPECT_PATH, ISSUE_PATH, TOKEN_PATH
from tenantctl.sandbox.page.rendering import distance
from tests.sandbox.conftest import ORIGIN, Api

TOKEN = re.compile(r"eyJ[\w-]+(?:\.[\w-]+){2,4}")
Debug = Callable[..., str]


@pytest.fixture
def issue(http: httpx.Client, granted: dict[str, Any]) -> Debug:
    """``issue(**fields)``: what the debugger shows of a token for M2M, by default for its API."""

    def post(**fields: str) -> str:
        asked = {"client": granted["client"]["client_id"], "audience": "https://aaa-api", **fields}
        answer = http.post(ISSUE_PATH, data=asked, headers={"Origin": ORIGIN})
        assert answer.status_code == 200, answer.text
        return answer.text

    return post


@pytest.fixture
def inspect(http: httpx.Client) -> Debug:
    def post(**fields: str) -> str:
        return http.post(INSPECT_PATH, data=fields, headers={"Origin": ORIGIN}).text

    return post


@pytest.fixture
def token(ask: Callable[..., Any], granted: dict[str, Any]) -> str:
    issued: str = ask(granted["client"], audience="https://aaa-api").json()["access_token"]
    return issued


def test_a_sound_token(issue: Debug, granted: dict[str, Any]) -> None:
    text = issue()

    assert "No fault found" in text
    assert "a signed JWT (JWS)" in text
    assert "is in the tenant's JWKS" in text
    assert f"{granted['client']['client_id']}@clients" in text
    assert re.search("UTC, in (1 day|24 hours)<", text)
    assert not TOKEN.search(text)
    assert granted["client"]["client_secret"] not in text


def test_the_token_is_shown_on_request_alone(issue: Debug, http: httpx.Client) -> None:
    token = TOKEN.findall(issue(show="yes"))

    assert len(token) == 1
    assert not TOKEN.search(http.get(TOKEN_PATH).text)


@pytest.mark.parametrize(
    ("api_settings", "code", "field"),
    [
        ({"signing_alg": "PS256"}, "wrong-algorithm", "signing_alg"),
        ({"signing_alg": "HS256", "signing_secret": "x" * 64}, "wrong-algorithm", "signing_alg"),
        ({"token_lifetime": -60}, "expired", "token_lifetime"),
        (
            {"subject_type_authorization": {"client": {"policy": "deny_all"}}},
            "client-grant-missing",
            "subject_type_authorization.client.policy",
        ),
    ],
)
def test_a_setting_of_the_api_is_at_fault(
    issue: Debug, store: Any, api_settings: dict[str, Any], code: str, field: str
) -> None:
    tenant = store.tenant()
    body = tenant.find("resourceServers", "identifier", "https://aaa-api")
    tenant.put("resourceServers", {**body, **api_settings})

    text = issue()

    assert f"<code>{code}</code>" in text
    assert f">resourceServers/https://aaa-api</a> · <code>{field}</code>" in text


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"audience": ""}, "token-encrypted-userinfo"),
        ({"audience": "https://aaa-api/"}, "unknown-audience"),
        ({"audience": "https://nowhere"}, "unknown-audience"),
        ({"scope": "write:a"}, "scope-not-granted"),
        ({"algorithm": "PS256"}, "wrong-algorithm"),
    ],
)
def test_the_request_is_at_fault(issue: Debug, fields: dict[str, str], code: str) -> None:
    assert f"<code>{code}</code>" in issue(**fields)


def test_the_application_is_at_fault(issue: Debug, api: Api, granted: dict[str, Any]) -> None:
    client = granted["client"]["client_id"]
    api("PATCH", f"/clients/{client}", {"grant_types": ["authorization_code"]}, status=200)

    text = issue()

    assert "<code>grant-type-not-allowed</code>" in text
    assert ">clients/M2M</a> · <code>grant_types</code>" in text


def test_an_application_without_a_secret_gets_one_too(
    issue: Debug, store: Any, granted: dict[str, Any]
) -> None:
    body = dict(granted["client"])
    del body["client_secret"]
    store.tenant().put("clients", {**body, "token_endpoint_auth_method": "private_key_jwt"})

    assert "No fault found" in issue()


def test_the_key_is_at_fault(issue: Debug, http: httpx.Client) -> None:
    http.put("/__sandbox__/faults", json={"stale_jwks": True})

    text = issue()

    assert "<code>key-not-in-jwks</code>" in text
    assert "is not in the tenant's JWKS" in text


def test_a_pasted_token(inspect: Debug, token: str) -> None:
    for pasted in (token, f"Authorization: Bearer {token}", f'  "{token}"\n'):
        text = inspect(token=pasted)
        assert "No fault found" in text
        assert token not in text
    assert "<code>wrong-audience</code>" in inspect(token=token, audience="https://other")


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda token: token[:-8] + "AAAAAAAA", "bad-signature"),
        (lambda token: "eyJhbGciOiJub25lIn0.e30.", "wrong-algorithm"),
        (lambda token: "eyJhbGciOiJSUzI1NiIsImtpZCI6Im5vcGUifQ.e30.AAAA", "key-not-in-jwks"),
        (lambda token: "a-mere-string", "audience-missing"),
        (lambda token: "eyJhbGciOiJSUzI1NiJ9.W10.AAAA", "token-malformed"),
    ],
)
def test_pasted_tokens_that_are_no_good(
    inspect: Debug, token: str, spoil: Callable[[str], str], code: str
) -> None:
    assert f"<code>{code}</code>" in inspect(token=spoil(token))


def test_issuers_of_other_tenants(inspect: Debug, http: httpx.Client, token: str) -> None:
    """A token is good under every name of the tenant that issued it, and under no other tenant's."""
    named = http.post(INSPECT_PATH, data={"token": token}, headers={"Host": "127.0.0.1:9999"}).text
    assert "No fault found" in named
    foreign = http.post(INSPECT_PATH, data={"token": token}, headers={"Host": "other.example"}).text
    assert "<code>key-not-in-jwks</code>" in foreign


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://sandbox.localhost"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
@pytest.mark.parametrize("path", [ISSUE_PATH, INSPECT_PATH])
def test_forms_of_other_sites_are_refused(
    http: httpx.Client, granted: dict[str, Any], store: Any, path: str, headers: dict[str, str]
) -> None:
    client = granted["client"]["client_id"]
    fields = {"client": client, "audience": "https://aaa-api", "token": "x"}

    assert http.post(path, data=fields, headers=headers).status_code == 403
    assert store.tenant().issued_since(client, 60) == 0


@pytest.mark.parametrize(
    ("path", "content", "status"),
    [
        (ISSUE_PATH, b"client=nobody", 404),
        (ISSUE_PATH, b"", 404),
        (ISSUE_PATH, b"\xff=%ff&client=%00", 404),
        (ISSUE_PATH, b"&".join(b"a=1" for _ in range(500)), 400),
        (INSPECT_PATH, b"token=", 400),
        (INSPECT_PATH, b"token=" + b"x" * 2_000_000, 413),
        (TOKEN_PATH, b"token=x", 404),
    ],
)
def test_forms_that_make_no_sense(http: httpx.Client, path: str, content: bytes, status: int) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = http.post(path, content=content, headers=headers)
    assert answer.status_code == status
    assert "<h1>" in answer.text


def test_fields_come_from_the_query(http: httpx.Client, granted: dict[str, Any]) -> None:
    suggested = http.get(TOKEN_PATH).text
    assert f'value="{granted["client"]["client_id"]}" selected' in suggested
    assert 'value="https://aaa-api" autocomplete' in suggested
    asked = http.get(f"{TOKEN_PATH}?audience=https://x&algorithm=PS256&token=secret").text
    assert 'value="https://x" autocomplete' in asked
    assert "<option selected>PS256</option>" in asked
    assert "secret<" not in asked


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "now"), (1, "in 1 second"), (-90, "2 minutes ago"), (86399, "in 24 hours"), (-200000, "2 days ago")],
)
def test_times_as_people_say_them(seconds: float, words: str) -> None:
    assert distance(1_000_000 + seconds, 1_000_000) == words

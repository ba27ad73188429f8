"""Which tenant is meant, and as whom: every source, their precedence, and what is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tenantctl.loopback import is_loopback
from tenantctl.problems import Problem, ProblemsError
from tenantctl.tenant.settings import (
    SANDBOX_ORIGIN,
    SANDBOX_STATE,
    choose_target,
    parse_domain,
    read_variables,
)

SECRET = {"AUTH0_CLIENT_ID": "me", "AUTH0_CLIENT_SECRET": "canary"}
TOKEN = {"AUTH0_ACCESS_TOKEN": "canary"}
NAMED = {"AUTH0_DOMAIN": "env.example"}


def refused(call: Callable[[], Any]) -> Problem:
    with pytest.raises(ProblemsError) as caught:
        call()
    (problem,) = caught.value.problems
    assert "canary" not in f"{caught.value!r} {caught.value} {problem!r}"
    return problem


CHOICES: dict[str, tuple[dict[str, Any], str]] = {
    "option": ({"variables": TOKEN, "domain": "option.example"}, "https://option.example"),
    "environment": ({"variables": {**TOKEN, **NAMED}}, "https://env.example"),
    "option before environment": (
        {"variables": {**TOKEN, **NAMED}, "domain": "option.example"}, "https://option.example",
    ),
    "config.json": (
        {"variables": {}, "config": {**TOKEN, "AUTH0_DOMAIN": "config.example"}}, "https://config.example",
    ),
    "environment before config.json": (
        {"variables": NAMED, "config": {**TOKEN, "AUTH0_DOMAIN": "config.example"}}, "https://env.example",
    ),
    "sandbox option": ({"variables": {**TOKEN, **NAMED}, "sandbox": ""}, SANDBOX_ORIGIN),
    "sandbox before domain": ({"variables": TOKEN, "domain": "t.example", "sandbox": ""}, SANDBOX_ORIGIN),
    "sandbox by environment": ({"variables": {**TOKEN, **NAMED, "TENANTCTL_SANDBOX": "1"}}, SANDBOX_ORIGIN),
    "domain before the environment's sandbox": (
        {"variables": {**TOKEN, "TENANTCTL_SANDBOX": "1"}, "domain": "t.example"}, "https://t.example",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("sources", "origin"), CHOICES.values(), ids=CHOICES.keys())
def test_the_first_source_that_applies_wins(sources: dict[str, Any], origin: str) -> None:
    assert choose_target(**sources).origin == origin


STATES = {"1": SANDBOX_STATE, "true": SANDBOX_STATE, "YES": SANDBOX_STATE, "my.db": Path("my.db")}


@pytest.mark.parametrize(("value", "state"), STATES.items())
def test_where_the_sandbox_keeps_its_state(value: str, state: Path) -> None:
    assert choose_target({"TENANTCTL_SANDBOX": value}).sandbox == state
    assert choose_target({}, sandbox="other.db").sandbox == Path("other.db")
    assert choose_target({}, sandbox="").sandbox == SANDBOX_STATE


def test_the_environment_lies_over_the_env_file(project: Path) -> None:
    (project / ".env").write_text(
        "AUTH0_DOMAIN=file.example\nAUTH0_CLIENT_ID='a b'\nAUTH0_AUDIENCE=$HOME\nBARE\n"
    )
    variables = read_variables({"AUTH0_DOMAIN": "env.example", "OTHER": "1"})
    assert variables == {
        "AUTH0_DOMAIN": "env.example",
        "AUTH0_CLIENT_ID": "a b",
        "AUTH0_AUDIENCE": "$HOME",
        "OTHER": "1",
    }


def test_no_env_file_is_no_problem(project: Path) -> None:
    assert read_variables({"A": "1"}) == {"A": "1"}


def test_an_env_file_that_is_no_text(project: Path) -> None:
    (project / ".env").write_bytes(b"AUTH0_CLIENT_SECRET=canary\xff\xfe\n")
    assert refused(lambda: read_variables({})).code == "unreadable-env-file"


NAMES = {
    "TENANTCTL_SANBOX": "Did you mean 'TENANTCTL_SANDBOX'?",
    "TENANTCTL_WHATEVER_ELSE": "The names of ours are: TENANTCTL_SANDBOX.",
}


@pytest.mark.parametrize(("name", "hint"), NAMES.items())
@pytest.mark.parametrize("source", ["environment", ".env"])
def test_an_unknown_name_of_ours_is_refused(project: Path, name: str, hint: str, source: str) -> None:
    environ = {name: "canary"} if source == "environment" else {}
    if source == ".env":
        (project / ".env").write_text(f"{name}=canary\n")
    problem = refused(lambda: read_variables(environ))
    assert (problem.code, problem.hint) == ("unknown-environment-name", hint)
    assert name in problem.summary


def test_all_unknown_names_are_told_at_once() -> None:
    with pytest.raises(ProblemsError) as caught:
        read_variables({"TENANTCTL_B": "", "TENANTCTL_A": "", "TENANTCTL_TEST_X": "", "XTENANTCTL_": ""})
    assert [problem.summary for problem in caught.value.problems] == [
        "there is no setting 'TENANTCTL_A'",
        "there is no setting 'TENANTCTL_B'",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "tenant.eu.auth0.com",
        "https://tenant.eu.auth0.com",
        "https://tenant.eu.auth0.com/",
        "TENANT.eu.auth0.com:8443",
    ],
)
def test_domains(text: str) -> None:
    host = text.removeprefix("https://").rstrip("/")
    target = choose_target(TOKEN, domain=text)
    assert (target.origin, target.domain, target.issuer) == (f"https://{host}", host, f"https://{host}/")


LOOPBACK = ("localhost", "localhost:8080", "127.0.0.1", "127.1.2.3:80", "[::1]:8080", "a.localhost")


@pytest.mark.parametrize("host", LOOPBACK)
def test_http_is_for_loopback(host: str) -> None:
    assert parse_domain(f"http://{host}") == f"http://{host}"


@pytest.mark.parametrize("host", ["tenant.example", "10.0.0.1", "localhost.example", "0.0.0.0", "[::2]"])  # noqa: S104 - refused
def test_http_is_for_nothing_else(host: str) -> None:
    assert refused(lambda: parse_domain(f"http://{host}")).code == "insecure-domain"
    assert not is_loopback(host.strip("[]"))


@pytest.mark.parametrize("scheme", ["ftp", "file", "HTTP", "ws"])
def test_other_schemes(scheme: str) -> None:
    assert refused(lambda: parse_domain(f"{scheme}://tenant.example")).code == "insecure-domain"


BAD_DOMAINS = [
    "", " ", "https://", "a b", "a/b", "https://t.example/api/v2/", "t.example?x", "t.example?",
    "t.example#x", "t.example#", "t.example:", "t.example:x", "t.example:99999", "t.example:0",
    "me@t.example", "https://me:canary@t.example", "https://:canary@t.example", "t.example\n",
    "t\x00.example", "t\\x.example", ".example", "t..example", "-t.example", "[::1", "[]", "t$.example",
    "☃.example", "t.example,u.example",
]  # fmt: skip


@pytest.mark.parametrize("text", BAD_DOMAINS)
def test_bad_domains(text: str) -> None:
    problem = refused(lambda: parse_domain(text))
    assert (problem.code, problem.hint) == ("bad-domain", "It looks like tenant.eu.auth0.com.")


@given(
    st.text(st.characters(codec="utf-8"), max_size=30) | st.from_regex(r"(https?://)?[\w.:@/?#\[\]-]{0,20}")
)
@example("[v1.x]")
@example("[1.2.3.4]")
@example("1.2.3.999")
def test_what_is_taken_for_a_domain_is_a_url(text: str) -> None:
    """Either one problem, or an origin that the HTTP client takes as it is."""
    try:
        origin = parse_domain(text)
    except ProblemsError as error:
        assert {problem.code for problem in error.problems} <= {"bad-domain", "insecure-domain"}  # noqa: PT017 - either
        return
    url = httpx.URL(f"{origin}/api/v2/clients")
    assert (url.path, url.userinfo, url.host != "") == ("/api/v2/clients", b"", True)


CREDENTIALS: dict[str, tuple[Mapping[str, str], dict[str, Any]]] = {
    "token": (TOKEN, {"access_token": "canary"}),
    "secret": (SECRET, {"client_id": "me", "client_secret": "canary"}),
    "key": (
        {
            "AUTH0_CLIENT_ID": "me",
            "AUTH0_CLIENT_SIGNING_KEY_PATH": "k.pem",
            "AUTH0_CLIENT_SIGNING_ALGORITHM": "RS512",
        },
        {"client_id": "me", "signing_key_path": Path("k.pem"), "signing_algorithm": "RS512"},
    ),
    "audience": ({**TOKEN, "AUTH0_AUDIENCE": "https://a/api/v2/"}, {"audience": "https://a/api/v2/"}),
}


@pytest.mark.parametrize(("variables", "expected"), CREDENTIALS.values(), ids=CREDENTIALS.keys())
@pytest.mark.parametrize("source", ["environment", "config.json"])
def test_credentials(variables: Mapping[str, str], expected: dict[str, Any], source: str) -> None:
    where: Any = (
        {"variables": variables} if source == "environment" else {"variables": {}, "config": variables}
    )
    credentials = choose_target(domain="t.example", **where).credentials
    assert {name: getattr(credentials, name) for name in expected} == expected


@pytest.mark.parametrize(
    "variables",
    [{}, {"AUTH0_CLIENT_ID": "me"}, {"AUTH0_CLIENT_SECRET": "canary"}, {"AUTH0_ACCESS_TOKEN": ""}],
)
def test_missing_credentials(variables: dict[str, str]) -> None:
    problem = refused(lambda: choose_target(variables, domain="t.example"))
    assert problem.code == "missing-credentials"
    assert "--sandbox" in problem.hint


def test_no_tenant_is_named() -> None:
    assert refused(lambda: choose_target(TOKEN)).code == "no-tenant"


@pytest.mark.parametrize(
    "name", ["AUTH0_DOMAIN", "AUTH0_CLIENT_SECRET", "AUTH0_ACCESS_TOKEN", "AUTH0_CA_BUNDLE"]
)
def test_a_setting_that_is_no_text(name: str) -> None:
    problem = refused(lambda: choose_target({}, domain="t.example", config={**TOKEN, name: ["canary"]}))
    assert problem.code == "bad-setting"
    assert name in problem.summary


def test_the_certificate_authority() -> None:
    assert choose_target({**TOKEN, "AUTH0_CA_BUNDLE": "ca.pem"}, domain="t.example").ca_bundle == Path(
        "ca.pem"
    )

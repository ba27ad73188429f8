"""What lies under cassettes/ is scrubbed, small, and what the sandbox says today."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from tests.contract.backends import CASSETTES, live_is_asked_for
from tests.contract.recorder import NAMES, record
from tests.contract.scrubbing import HEADERS, Scrubber

FILES = sorted(CASSETTES.glob("*"))
MOST_BYTES = 32_000
PLACEHOLDERS = ("tenant.example", "contract.example", "sandbox.localhost", "auth0.com")
NAMESPACES = ("schemas.xmlsoap.org",)  # of SAML attributes
FORBIDDEN = {
    "a JWT": re.compile(r"eyJ[\w-]{5,}\.[\w-]*\.[\w-]*"),
    "a bearer token": re.compile(r"bearer\s+[\w.-]|\bauthorization:", re.IGNORECASE),
    # Names of fields may be that long, too, in lower case.
    "a secret of 64 characters": re.compile(r"(?<![\w/+-])(?=[\w/+-]*[A-Z0-9])[\w/+-]{64,}(?![\w/+-])"),
    "a private key or a certificate": re.compile(r"-----BEGIN|MII[A-Za-z0-9+/]{20}"),
    "telemetry": re.compile(r"auth0-client|user-agent", re.IGNORECASE),
    "a cookie": re.compile(r"cookie:", re.IGNORECASE),
}

each_cassette = pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)


def found_in(text: str) -> list[str]:
    without_paths = re.sub(r"https://tenant\.example/[^\s?'\"]*", "", text)
    return [what for what, pattern in FORBIDDEN.items() if pattern.search(without_paths)]


def test_there_is_one_for_each_contract_and_one_for_tokens() -> None:
    recorded = {file.stem for file in FILES}
    assert set(NAMES) <= recorded, f"no cassette for {', '.join(set(NAMES) - recorded)}: make cassettes"
    assert recorded <= set(NAMES), f"of no type: {', '.join(recorded - set(NAMES))}"


@each_cassette
def test_no_secret_is_in_a_cassette(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert found_in(text) == []
    # The dumper breaks long lines: what is broken must not hide.
    assert found_in(json.dumps(yaml.safe_load(text))) == []
    assert len(text) <= MOST_BYTES


def hosts(value: Any) -> Iterator[str]:
    for url in re.findall(r"https?://[^\s\"'\\,}\]]+", json.dumps(value)):
        yield urlsplit(url).hostname or ""


@each_cassette
def test_only_placeholder_hosts_and_allowed_headers(file: Path) -> None:
    recorded = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert {host for host in hosts(recorded) if not host.endswith((*PLACEHOLDERS, *NAMESPACES))} == set()
    for interaction in recorded["interactions"]:
        assert urlsplit(interaction["request"]["uri"]).netloc == "tenant.example"
        for side in ("request", "response"):
            assert set(interaction[side]["headers"]) <= HEADERS


SAMPLES = {
    "a JWT": "eyJhbGciOiJSUzI1NiJ9.eyJhIjoxfQ.c2ln",
    "a bearer token": "Authorization: Bearer x",
    "a secret of 64 characters": "aB3-_" * 13,
    "a private key or a certificate": "-----BEGIN PRIVATE KEY-----",
}


@pytest.mark.parametrize(("what", "text"), SAMPLES.items())
def test_the_scan_finds_what_it_looks_for(what: str, text: str) -> None:
    assert what in found_in(f"body: {text} end")


def test_what_is_learnt_from_an_answer_is_scrubbed_from_what_follows() -> None:
    scrubber = Scrubber("http://127.0.0.1:5000")
    body = {"client_id": "abcDEF", "client_secret": "canary", "signing_keys": [{"cert": "canary"}]}
    response = {
        "status": {"code": 201},
        "headers": {"Content-Type": ["application/json"], "set-cookie": ["canary"], "date": ["canary"]},
        "body": {"string": json.dumps(body).encode()},
    }
    scrubbed = scrubber.response(response)
    assert scrubbed["headers"] == {"content-type": ["application/json"]}
    assert json.loads(scrubbed["body"]["string"]) == {
        "client_id": "id000001",
        "client_secret": "scrubbed-client_secret",
        "signing_keys": ["scrubbed-signing_keys"],
    }

    class Request:
        uri = "http://127.0.0.1:5000/api/v2/clients/abcDEF"
        headers = {"Authorization": "Bearer canary", "Content-Type": "application/json"}  # noqa: RUF012 - as vcrpy's
        body = b'{"client_secret": "canary"}'

    request = scrubber.request(Request())
    assert request.uri == "https://tenant.example/api/v2/clients/id000001"
    assert request.headers == {"content-type": "application/json"}
    assert request.body == '{"client_secret": "scrubbed-client_secret"}'


@pytest.mark.skipif(live_is_asked_for(), reason="the tests talk to a live tenant, not to the sandbox")
@pytest.mark.parametrize("name", NAMES)
def test_recording_again_gives_the_same_bytes(name: str, tmp_path: Path) -> None:
    """If it does not: look at what changed, then run ``make cassettes``."""
    cassette = CASSETTES / f"{name}.yaml"
    assert cassette.exists(), f"no cassette for {name}: make cassettes"
    record(tmp_path, name)
    assert (tmp_path / cassette.name).read_text(encoding="utf-8") == cassette.read_text(encoding="utf-8")

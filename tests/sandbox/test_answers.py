"""What answers tell besides what was sent: what the server makes of an object, as recorded tenants do."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import Encoding

from tenantctl.sandbox.keys import Place, make_signing_key

from .conftest import Api

SECRET_POST = {"token_endpoint_auth_method": "client_secret_post"}


def make_certificate(name: str) -> x509.Certificate:
    return x509.load_pem_x509_certificate(make_signing_key(name, Place.CURRENT).certificate_pem.encode())


def pem_of(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(Encoding.PEM).decode()


def test_a_client_tells_the_certificate_that_its_tokens_are_checked_with(
    api: Api, http: httpx.Client
) -> None:
    made = api("POST", "/clients", {"name": "x"}, status=201)
    (told,) = made["signing_keys"]
    certificate = x509.load_pem_x509_certificate(told["cert"].encode())
    (published, _) = http.get("/.well-known/jwks.json").json()["keys"]

    assert told["subject"] == "/CN=sandbox.localhost"
    assert told["pkcs7"].startswith("-----BEGIN PKCS7-----")
    assert certificate.public_bytes(Encoding.DER) == x509_of(published["x5c"][0])
    assert made["encrypted"] is True

    path = f"/clients/{made['client_id']}"
    for answer in (api("GET", path), api("PATCH", path, {"name": "y"}, status=200)):
        assert answer["signing_keys"] == [told]
        assert "encrypted" not in answer
    listed = next(each for each in api("GET", "/clients") if each["client_id"] == made["client_id"])
    assert listed["signing_keys"] == [dict.fromkeys(told, "deprecated")]


def x509_of(encoded: str) -> bytes:
    pem = f"-----BEGIN CERTIFICATE-----\n{encoded}\n-----END CERTIFICATE-----\n"
    return x509.load_pem_x509_certificate(pem.encode()).public_bytes(Encoding.DER)


def test_a_client_that_signs_has_no_secret_to_show(api: Api) -> None:
    made = api("POST", "/clients", {"name": "x"}, status=201)
    path = f"/clients/{made['client_id']}"
    pem = pem_of(make_certificate("key.example"))
    key = api("POST", f"{path}/credentials", {"credential_type": "public_key", "pem": pem}, status=201)
    signs = {"private_key_jwt": {"credentials": [{"id": key["id"]}]}}
    changes = {"client_authentication_methods": signs, "token_endpoint_auth_method": None}

    assert "client_secret" not in api("PATCH", path, changes, status=200)
    assert "client_secret" not in api("GET", path, status=200)
    listed = next(each for each in api("GET", "/clients") if each["client_id"] == made["client_id"])
    assert "client_secret" not in listed

    back = api("PATCH", path, {"client_authentication_methods": None, **SECRET_POST}, status=200)
    assert back["client_secret"] == made["client_secret"]


def test_a_saml_connection_tells_of_its_certificate(api: Api) -> None:
    first, second = make_certificate("first.example"), make_certificate("second.example")
    options = {"signInEndpoint": "https://idp.example/sso", "signingCert": pem_of(first)}
    made = api("POST", "/connections", {"name": "x", "strategy": "samlp", "options": options}, status=201)

    assert_tells_of(made["options"], first)
    assert made["options"]["assertion_decryption_settings"] == {
        "algorithm_profile": "v2026-1",
        "algorithm_exceptions": [],
    }
    read = api("GET", f"/connections/{made['id']}", status=200)["options"]
    assert_tells_of(read, first)

    # A client that sends back what it read, with another certificate: the old one's thumbprint is not kept.
    sent = {name: value for name, value in read.items() if name not in {"expires", "subject"}}
    changes = {"options": {**sent, "signingCert": pem_of(second)}}
    assert_tells_of(api("PATCH", f"/connections/{made['id']}", changes, status=200)["options"], second)


def assert_tells_of(options: dict[str, Any], certificate: x509.Certificate) -> None:
    (name,) = certificate.subject
    assert options["cert"] == options["signingCert"] == pem_of(certificate)
    assert options["subject"] == {"commonName": name.value}
    assert options["thumbprints"] == [certificate.fingerprint(SHA1()).hex()]  # noqa: S303 - as recorded
    assert options["expires"] == certificate.not_valid_after_utc.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def test_what_is_no_certificate_is_kept_and_nothing_told_of_it(api: Api) -> None:
    body = {"name": "x", "strategy": "samlp", "options": {"signingCert": "PEM"}}
    options = api("POST", "/connections", body, status=201)["options"]
    assert options["signingCert"] == "PEM"
    assert options.keys().isdisjoint({"cert", "expires", "subject", "thumbprints"})


@pytest.mark.parametrize(
    ("identity_api", "is_older"),
    [("azure-active-directory-v1.0", True), ("microsoft-identity-platform-v2.0", False)],
)
def test_only_microsofts_older_api_takes_a_ticket(api: Api, identity_api: str, *, is_older: bool) -> None:
    body = {"name": "x", "strategy": "waad", "options": {"identity_api": identity_api}}
    made = api("POST", "/connections", body, status=201)
    assert ("provisioning_ticket_url" in made) is is_older
    assert ("app_domain" in made["options"]) is is_older


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({}, {"passwordPolicy"}),
        ({"passwordPolicy": "low"}, {"passwordPolicy"}),
        ({"password_options": {"history": {"active": True}}}, {"password_options"}),
        ({"password_history": {"enable": True}}, {"password_history", "password_options"}),
    ],
)
def test_what_passwords_need_is_told_in_the_form_it_was_asked_for(
    api: Api, options: dict[str, Any], told: set[str]
) -> None:
    made = api("POST", "/connections", {"name": "x", "strategy": "auth0", "options": options}, status=201)
    assert {name for name in made["options"] if name.startswith("password")} == told
    assert (
        made["options"].get("password_options", {}).get("complexity", {"min_length": 15})["min_length"] == 15
    )


def test_what_scripts_are_configured_with_is_shown_encrypted(api: Api) -> None:
    body = {"name": "x", "strategy": "auth0", "options": {"configuration": {"KEY": "clear"}}}
    made = api("POST", "/connections", body, status=201)
    read = api("GET", f"/connections/{made['id']}", status=200)
    for answer in (made, read):
        assert answer["options"]["configuration"].keys() == {"KEY"}
        assert "clear" not in str(answer)


def test_a_custom_domain_is_verified_by_hand(api: Api) -> None:
    body = {"domain": "login.example", "type": "self_managed_certs"}
    made = api("POST", "/custom-domains", body, status=201)
    assert (made["status"], made["custom_client_ip_header"]) == ("pending_verification", None)
    assert made["verification"]["methods"][0]["domain"] == "_cf-custom-hostname.login.example"

    path = f"/custom-domains/{made['custom_domain_id']}"
    verified = api("POST", f"{path}/verify", status=201)
    assert (verified["status"], "origin_domain_name" in verified) == ("ready", True)
    assert api("GET", path, status=200) == verified


def test_only_reads_tell_that_a_push_provider_is_enabled(api: Api) -> None:
    path = "/guardian/factors/push-notification/providers/apns"
    assert api("GET", path, status=200) == {"bundle_id": None, "sandbox": False, "enabled": True}
    body = {"bundle_id": "com.example", "sandbox": True}
    assert api("PUT", path, {**body, "p12": "MIIP"}, status=200) == body
    assert api("GET", path, status=200) == {**body, "enabled": True}


@pytest.mark.parametrize(
    ("path", "before", "change"),
    [
        (
            "/guardian/factors/webauthn-platform/settings",
            {"overrideRelyingParty": False},
            "relyingPartyIdentifier",
        ),
        ("/guardian/factors/webauthn-roaming/settings", {"overrideRelyingParty": False}, "userVerification"),
        ("/prompts/mfa-push", {}, "app_name"),
    ],
)
def test_settings_of_factors_that_no_file_holds(
    api: Api, path: str, before: dict[str, Any], change: str
) -> None:
    assert api("GET", path, status=200) == before
    assert api("PATCH", path, {change: "x"}, status=200) == {**before, change: "x"}
    assert api("GET", path, status=200) == {**before, change: "x"}
    assert api("GET", "/guardian/settings", status=200).keys().isdisjoint({"push_app", "webauthn-platform"})


def test_what_is_empty_is_left_out(api: Api) -> None:
    stream = {"name": "x", "type": "http", "sink": {"httpEndpoint": "https://x"}, "filters": []}
    assert "filters" not in api("POST", "/log-streams", stream, status=200)
    settings = api("PATCH", "/tenants/settings", {"default_redirection_uri": ""}, status=200)
    assert "default_redirection_uri" not in settings


def test_a_new_role_is_not_told_the_description_that_it_was_not_given(api: Api) -> None:
    made = api("POST", "/roles", {"name": "x"}, status=200)
    assert "description" not in made
    assert api("GET", f"/roles/{made['id']}", status=200) == {**made, "description": ""}
    assert api("POST", "/roles", {"name": "y", "description": "why"}, status=200)["description"] == "why"


def test_reads_of_what_follows_from_an_object(api: Api) -> None:
    connection = api("POST", "/connections", {"name": "x", "strategy": "samlp"}, status=201)["id"]
    mapping = api("GET", f"/connections/{connection}/scim-configuration/default-mapping", status=200)[
        "mapping"
    ]
    assert {"scim": "userName", "auth0": "username"} in mapping
    api("GET", f"/connections/{connection}/scim-configuration", status=404)

    assert api("GET", "/branding/themes/none")["statusCode"] == 404


def test_several_screens_are_written_in_one_request(api: Api) -> None:
    screens = [{"prompt": "login-id", "screen": "login-id"}, {"prompt": "signup", "screen": "signup"}]
    api("PATCH", "/prompts/signup/screen/signup/rendering", {"default_head_tags_disabled": True}, status=200)
    body = {"configs": [{**each, "rendering_mode": "advanced"} for each in screens]}

    answer = api("PATCH", "/prompts/rendering", body, status=200)
    assert [{name: each[name] for name in ("prompt", "screen")} for each in answer["configs"]] == screens
    read = api("GET", "/prompts/signup/screen/signup/rendering", status=200)
    assert (read["rendering_mode"], read["default_head_tags_disabled"]) == ("advanced", True)
    assert len(api("GET", "/prompts/rendering", status=200)) == 2

    malformed: list[dict[str, Any]] = [{}, {"configs": []}, {"configs": [{"prompt": "login-id"}]}]
    for refused in malformed:
        assert api("PATCH", "/prompts/rendering", refused)["errorCode"] == "invalid_body"

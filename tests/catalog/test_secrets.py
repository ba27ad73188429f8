"""The marks of what reads leave out and of what nobody may see, against the notes on other tools."""

from __future__ import annotations

from pathlib import Path

from tenantctl.catalog.fields import field_at
from tenantctl.catalog.marks import is_marked, is_secret, mark_at
from tenantctl.catalog.spec import ResourceType
from tests.catalog.exceptions import Exceptions, every_type, unexplained
from tests.catalog.facts import covers, notes_on, steps

PUBLIC: Exceptions = {
    "resourceServers": {"token_encryption.encryption_key.pem": "a public key"},
    "connections": {"options.signingCert": "a certificate"},
    "customDomains": {"verification_method": "a choice"},
    "actionModules": {"api_version": "a version"},
    "logStreams": {"startFrom": "a time"},
    "agents": {"client_id": "an identifier, which requests to the authorization server show (RFC 6749, 2.2)"},
    "verifiableCredentialTemplates": {"version": "a version"},
    "emailProvider": {
        "credentials.clientId": "an identifier, as that of a client",
        "credentials.tenantId": "an identifier, which stands in the addresses of a directory",
    },
}


@every_type
def test_what_reads_leave_out_is_hidden(resource_type: ResourceType) -> None:
    shown = {path for path in resource_type.write_only if not is_secret(resource_type, steps(path))}
    assert unexplained(resource_type, shown, PUBLIC) == set()


REGAINED: Exceptions = {
    "databases": {"options.configuration.*": "reads return it encrypted, which goes along"},
    "actionModules": {"secrets[].value": "each stands in an entry of its own, which the file writes"},
    "actions": {"secrets[].value": "each stands in an entry of its own, which the file writes"},
    "hooks": {"secrets.*": "each is written by itself"},
}


@every_type
def test_what_an_update_may_lose_has_a_sign(resource_type: ResourceType) -> None:
    nested = {path for path in resource_type.write_only if "." in path}
    unsaid = {path for path in nested if mark_at(resource_type.withheld, steps(path)) is None}
    several = {path for path in unsaid if any(covers(path, said) for said in resource_type.withheld)}
    assert unexplained(resource_type, unsaid - several, REGAINED) == set()
    for path, sign in resource_type.withheld.items():
        assert any(covers(each, path) for each in resource_type.write_only)
        assert sign.path in resource_type.read_only or field_at(resource_type, sign.path) is not None


SHOWN: Exceptions = {
    "clients": {"encryption_key.pub": "a public key", "encryption_key.cert": "a certificate"},
    "encryptionKeys": {"wrapped_key": "no file imports one"},
}


@every_type
def test_secrets_are_hidden(shared: Path, resource_type: ResourceType) -> None:
    told = {
        path.partition(" ")[0]
        for field, known in notes_on(shared, resource_type)
        for kind, paths in (known.get("secret") or {}).items()
        if kind not in {"note", "masked_on_export"} and not field
        for path in paths
    }
    shown = {path for path in told if not is_secret(resource_type, steps(path))}
    assert unexplained(resource_type, shown - resource_type.write_only, SHOWN) == set()


READ: Exceptions = {"encryptionKeys": {"wrapped_key": "no file imports one"}}


@every_type
def test_what_reads_leave_out_is_write_only(shared: Path, resource_type: ResourceType) -> None:
    told = [
        path.split(" ")[0]
        for field, known in notes_on(shared, resource_type)
        for path in (known.get("secret") or {}).get("write_only", ())
        if not field
    ]
    read = {path for path in told if not is_marked(resource_type.write_only, steps(path))}
    assert unexplained(resource_type, read, READ) == set()

"""Each cause of a bad token, made on the tenant or in the file, named by the command line, and mended."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from joserfc.jwk import RSAKey

from .administrator import Administrator
from .program import Program

FILE = Path("tenant.yaml")
ENV_FILE = Path(".env.local")
API = "https://aaa-api"
API_ADDRESS = f"resourceServers/{API}"
GRANT_ADDRESS = f"clientGrants/AAA M2M:{API}"
NEW_SECRET = "a-secret-that-the-dashboard-has-made-anew-0123456789"
ENTRY = f"      audience: {API}\n      scopes:"
PEM = RSAKey.generate_key(2048).as_pem(private=False).decode()
ENCRYPTION = {
    "format": "compact-nested-jwe",
    "encryption_key": {"name": "key of the backend", "kid": "enc-1", "alg": "RSA-OAEP-256", "pem": PEM},
}

Step = Callable[[Administrator, Program], object]


def edit(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


def edit_entry(after: str) -> Step:
    return lambda _, __: edit(FILE, ENTRY, after)


def restore_entry(before: str) -> Step:
    return lambda _, __: edit(FILE, before, ENTRY)


def apply(_: Administrator, run: Program) -> None:
    """Mend it with the tool itself: the file is right, the tenant is not."""
    assert run("apply", "--sandbox", "--yes", "--no-verify").code == 0


def replace_secret(administrator: Administrator, _: Program) -> None:
    administrator.patch_client(client_secret=NEW_SECRET)


def take_over_secret(_: Administrator, __: Program) -> None:
    lines = ENV_FILE.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith("AUTH0_M2M_CLIENT_SECRET=")]
    ENV_FILE.write_text("\n".join([*kept, f"AUTH0_M2M_CLIENT_SECRET={NEW_SECRET}", ""]), encoding="utf-8")


def lose_credentials(administrator: Administrator, _: Program) -> None:
    administrator.delete_client()
    ENV_FILE.unlink()


def policy(name: str) -> Step:
    body = {"client": {"policy": name}, "user": {"policy": "allow_all"}}
    return lambda administrator, _: administrator.patch_api(subject_type_authorization=body)


@dataclass(frozen=True)
class Failure:
    """address, field: what the output tells to change. line: what stands there in the file."""

    code: str
    address: str | None
    field: str | None
    line: str
    breaks: Step
    mends: Step = apply


FAILURES: Mapping[str, Failure] = {
    "JWE with dir, as no audience is asked for": Failure(
        "token-encrypted-userinfo", "tenantctl/verify", "audience", "- client: AAA M2M",
        edit_entry("      scopes:"), restore_entry("      scopes:"),
    ),
    "JWE by token_encryption": Failure(
        "token-encrypted-api", API_ADDRESS, "token_encryption", "token_encryption: null",
        lambda administrator, _: administrator.patch_api(token_encryption=ENCRYPTION),
    ),
    "HS256": Failure(
        "wrong-algorithm", API_ADDRESS, "signing_alg", "signing_alg: RS256",
        lambda administrator, _: administrator.patch_api(signing_alg="HS256"),
    ),
    "PS256": Failure(
        "wrong-algorithm", API_ADDRESS, "signing_alg", "signing_alg: RS256",
        lambda administrator, _: administrator.patch_api(signing_alg="PS256"),
    ),
    "grant type not allowed": Failure(
        "grant-type-not-allowed", "clients/AAA M2M", "grant_types", "grant_types:",
        lambda administrator, _: administrator.patch_client(grant_types=["authorization_code"]),
    ),
    "client grant missing": Failure(
        "client-grant-missing", GRANT_ADDRESS, "audience", f"audience: {API}",
        lambda administrator, _: administrator.delete_grant(),
    ),
    "policy deny_all": Failure(
        "client-grant-missing", API_ADDRESS, "subject_type_authorization.client.policy",
        f"- identifier: {API}", policy("deny_all"), policy("require_client_grant"),
    ),
    "scope not granted": Failure(
        "scope-not-granted", GRANT_ADDRESS, "scope", "scope:",
        lambda administrator, _: administrator.patch_grant(scope=["write:things"]),
    ),
    "unknown audience": Failure(
        "unknown-audience", API_ADDRESS, "identifier", f"identifier: {API}",
        lambda administrator, _: administrator.delete_api(),
    ),
    "a slash too many": Failure(
        "unknown-audience", API_ADDRESS, "identifier", "- client: AAA M2M",
        edit_entry(f"      audience: {API}/\n      scopes:"),
        restore_entry(f"      audience: {API}/\n      scopes:"),
    ),
    "bad credentials": Failure(
        "bad-credentials", "clients/AAA M2M", "token_endpoint_auth_method", "token_endpoint_auth_method:",
        replace_secret, take_over_secret,
    ),
    "key not in JWKS": Failure(
        "key-not-in-jwks", None, None, "- client: AAA M2M",
        lambda administrator, _: administrator.stale_jwks(stale=True),
        lambda administrator, _: administrator.stale_jwks(stale=False),
    ),
    "credentials missing": Failure(
        "credentials-missing", "clients/AAA M2M", "client_secret", "- client: AAA M2M", lose_credentials
    ),
}  # fmt: skip


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES.keys())
def test_named_and_mended(failure: Failure, administrator: Administrator, run: Program) -> None:
    assert run("verify", "--sandbox").code == 0
    failure.breaks(administrator, run)

    text, document = run("verify", "--sandbox"), run("verify", "--sandbox", "--format", "json")
    assert (text.code, document.code) == (1, 1)
    (check,) = document.json()["checks"]
    assert (check["code"], check["address"], check["field"]) == (failure.code, failure.address, failure.field)
    assert f"[{failure.code}]" in text.out
    assert f"{failure.address} · {failure.field}" in text.out or failure.address is None
    line = check["position"]["line"]
    assert f"tenant.yaml:{line}:" in text.out
    assert failure.line in FILE.read_text(encoding="utf-8").splitlines()[line - 1]

    failure.mends(administrator, run)
    assert run("verify", "--sandbox").code == 0


def test_a_token_whose_key_was_rotated_and_revoked(administrator: Administrator, run: Program) -> None:
    token = run("token", "issue", "--sandbox").out
    assert run("token", "inspect", "--sandbox", stdin=token).code == 0
    administrator.rotate_and_revoke()

    text = run("token", "inspect", "--sandbox", stdin=token)
    assert text.code == 1
    assert "[key-not-in-jwks]" in text.out
    assert "is not in the tenant's JWKS" in text.out
    document = run("token", "inspect", "--sandbox", "--json", token.strip()).json()
    assert (document["code"], document["tokenKeys"]["inJwks"]) == ("key-not-in-jwks", False)

    assert run("verify", "--sandbox").code == 0
    assert run("token", "inspect", "--sandbox", run("token", "issue", "--sandbox").out).code == 0

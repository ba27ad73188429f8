"""No secret reaches a terminal or a file, the env file and the sandbox's own state aside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tenantctl.config.env_file import read_env

from .administrator import Administrator
from .program import Program
from .served import Served
from .test_token_errors import edit

CANARIES = {
    "AUTH0_CLIENT_SECRET": "canary-of-the-tools-own-secret",
    "AUTH0_ACCESS_TOKEN": "eyJhbGciOiJub25lIn0.canary-of-the-tools-own-token.",
    "SMTP_PASSWORD": "canary-of-a-keyword",
}
LINES = [
    "-v plan --sandbox",
    "-v plan --sandbox --format json",
    "-v plan --sandbox --send-secrets",
    "-v apply --sandbox --yes",
    "-v drift --sandbox",
    "-v drift --sandbox --format json",
    "-v verify --sandbox",
    "-v verify --sandbox --format json",
    "token issue --sandbox --json",
    "token issue --sandbox --audience https://nowhere.example",
    "validate",
    "validate --format json",
]
JWT = re.compile(r"\beyJ[\w-]+\.[\w-]*\.[\w-]*")


def secrets_of(administrator: Administrator) -> set[str]:
    """Return every secret that the sandbox's tenant holds."""
    clients = administrator.call("GET", "clients")
    apis = administrator.call("GET", "resource-servers")
    found = {each.get("client_secret") for each in clients} | {each.get("signing_secret") for each in apis}
    return {secret for secret in found if secret}


def files(project: Path) -> Iterator[tuple[str, str]]:
    for path in project.rglob("*"):
        name = str(path.relative_to(project))
        if path.is_file() and name != ".env.local" and not name.startswith(".tenantctl/sandbox.db"):
            yield name, path.read_text(encoding="utf-8", errors="replace")


def check(words: str, secrets: set[str]) -> None:
    for secret in secrets:
        assert secret not in words
    assert not JWT.search(words)


def add_secret_to_file() -> None:
    """Let the file hold a secret of its own, by way of a keyword."""
    edit(
        Path("tenant.yaml"),
        "    token_lifetime: 86400\n",
        "    token_lifetime: 86400\n    signing_secret: '##SMTP_PASSWORD##'\n",
    )


@pytest.mark.parametrize("wrong", ["nothing", "algorithm", "secret", "grant", "file"])
def test_no_secret_anywhere(wrong: str, administrator: Administrator, run: Program, project: Path) -> None:
    add_secret_to_file()
    match wrong:
        case "algorithm":
            administrator.patch_api(signing_alg="HS256")
        case "secret":
            administrator.patch_client(client_secret="canary-of-a-new-client-secret-0123456789")
        case "grant":
            administrator.delete_grant()
        case "file":
            edit(Path("tenant.yaml"), "    signing_secret:", "    signing_alg:\n    token_lifetime:")
    secrets = secrets_of(administrator) | set(CANARIES.values())
    for line in LINES:
        result = run(*line.split(), env=CANARIES)
        check(result.words, secrets)
    for name, content in files(project):
        assert not JWT.search(content), name
        assert not any(secret in content for secret in secrets), name


def test_a_new_secret_goes_to_the_env_file_alone(starter: Path, run: Program, project: Path) -> None:
    result = run("-v", "apply", "--sandbox", "--yes")
    env_file = Path(".env.local")
    secret = read_env(env_file)["AUTH0_M2M_CLIENT_SECRET"]
    assert env_file.stat().st_mode & 0o777 == 0o600
    assert len(secret) >= 32
    check(result.words, {secret})
    assert not any(secret in content for _, content in files(project))


def test_a_token_issued_is_the_only_one_printed(administrator: Administrator, run: Program) -> None:
    result = run("token", "issue", "--sandbox")
    assert JWT.fullmatch(result.out.strip())
    check(result.err, secrets_of(administrator))
    inspected = run("token", "inspect", "--sandbox", result.out.strip())
    check(inspected.words, secrets_of(administrator))
    assert result.out.strip().rpartition(".")[2] not in inspected.words


def test_failures_of_a_real_connection(served: Served, starter: Path, run: Program) -> None:
    httpx.post(f"{served.url}/__sandbox__/reset")
    good = run("sandbox", "token", "--state", str(served.state)).out.strip()
    logins = [
        CANARIES,
        {"AUTH0_CLIENT_ID": "nobody", "AUTH0_CLIENT_SECRET": CANARIES["AUTH0_CLIENT_SECRET"]},
        {"AUTH0_ACCESS_TOKEN": good},
    ]
    for env in logins:
        for line in ("-v plan", "-v apply --yes", "-v verify", "-v plan --domain http://127.0.0.1:1"):
            result = run(*line.split(), env={"AUTH0_DOMAIN": served.url, **env})
            check(result.words, {*CANARIES.values(), good})

"""Keys are changed on request alone, after it was said what comes of it; the JWK Set follows."""

from __future__ import annotations

import pytest

from .program import Program, Result

Kids = dict[str, str]


def signing(run: Program) -> Kids:
    """Return the tenant's signing keys by their state."""
    return {
        key["state"]: key["kid"]
        for key in run("keys", "list", "--sandbox", "--format", "json").json()["signing"]
    }


def revoke(run: Program, kid: str) -> Result:
    # A kid may begin with a dash, as base64url does.
    return run("keys", "revoke", "--sandbox", "--yes", "--", kid)


@pytest.fixture
def kids(starter: object, run: Program) -> Kids:
    assert run("apply", "--sandbox", "--yes").code == 0
    return signing(run)


def test_rotating_lets_the_next_key_sign(run: Program, kids: Kids) -> None:
    token = run("token", "issue", "--sandbox").out
    rotated = run("keys", "rotate", "--sandbox", "--yes")
    assert rotated.code == 0
    assert f"{kids['next']} will sign tokens in place of {kids['current']}" in rotated.err
    assert f"tenantctl keys revoke -- {kids['current']}" in rotated.out
    after = signing(run)
    assert (after["current"], after["previous"]) == (kids["next"], kids["current"])
    assert run("verify", "--sandbox").code == 0
    inspected = run("token", "inspect", "--sandbox", "--json", stdin=token)
    assert (inspected.code, kids["current"] in inspected.out) == (0, True)


def test_a_revoked_key_is_gone_from_the_jwk_set(run: Program, kids: Kids) -> None:
    token = run("token", "issue", "--sandbox").out
    assert run("keys", "rotate", "--sandbox", "--yes").code == 0
    revoked = revoke(run, kids["current"])
    assert (revoked.code, revoked.out) == (0, f"{kids['current']} is revoked.\n")
    assert signing(run)["revoked"] == kids["current"]
    assert run("token", "inspect", "--sandbox", stdin=token).code == 1
    assert run("verify", "--sandbox").code == 0
    assert "[key-revoked]" in revoke(run, kids["current"]).err


@pytest.mark.parametrize(
    ("state", "code"), [("current", "key-in-use"), ("next", "key-in-use"), ("", "unknown-key")]
)
def test_what_can_not_be_revoked(run: Program, kids: Kids, state: str, code: str) -> None:
    refused = revoke(run, kids.get(state, "nobody"))
    assert (refused.code, f"[{code}]" in refused.err) == (1, True)
    assert signing(run) == kids


def test_rekeying_makes_new_encryption_keys(run: Program) -> None:
    def active() -> dict[str, str]:
        found = run("keys", "list", "--sandbox", "--format", "json").json()["encryption"]
        return {key["type"]: key["kid"] for key in found if key["state"] == "active"}

    before = active()
    assert run("keys", "rekey", "--sandbox", "--yes").code == 0
    after = active()
    assert after.keys() == before.keys()
    assert {kind for kind in after if after[kind] == before[kind]} == {"environment-root-key"}
    assert run("keys", "list", "--sandbox").out.count("deactivated") == 2


@pytest.mark.parametrize("arguments", [("rotate",), ("rekey",)])
def test_nothing_is_changed_without_consent(
    run: Program, kids: Kids, arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    unasked = run("keys", *arguments, "--sandbox")
    assert (unasked.code, "pass --yes" in unasked.err) == (64, True)
    monkeypatch.setattr("tenantctl.cli.consent.is_terminal", lambda: True)
    refused = run("keys", *arguments, "--sandbox", stdin="n\n")
    assert (refused.code, "Nothing was changed." in refused.err) == (1, True)
    assert signing(run) == kids

"""A secret in every place of every type: commands that succeed, fail and crash show it nowhere."""

from __future__ import annotations

import json
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tenantctl.catalog.fields import field_at
from tenantctl.catalog.marks import dotted, is_secret
from tenantctl.catalog.registry import BY_SECTION
from tenantctl.catalog.spec import ResourceType
from tenantctl.plan.values import map_leaves
from tenantctl.sandbox import app as sandbox_app
from tenantctl.states import FieldPath
from tenantctl.tenant.client import TenantClient
from tests.apply.test_secrets import CANARY, Repeating, with_secrets
from tests.entries import Entry, entry_of, needed

from .program import Program

CHANGED = f"{CANARY}-changed"
FILE = Path("tenant.yaml")
PLAN = "plan.json"
HOLDS_SECRETS = (".tenantctl/sandbox.db", ".env.local", FILE.name)
LOOKS = (
    "plan --send-secrets",
    "drift --format json",
    "pull --diff",
    "snapshot --out snapshot.json",
    f"plan --out {PLAN}",
)
APPLY = "apply --yes --no-verify"


def entry_with_canaries(resource_type: ResourceType, variant: int, canary: str) -> Entry:
    """Return an entry with a canary in each place of a secret, but for the members that have known values."""

    def planted(path: FieldPath, leaf: Any) -> Any:
        known = field_at(resource_type, dotted(path))
        is_chosen = known is not None and bool(known.enum)
        is_place = isinstance(leaf, str) and is_secret(resource_type, path) and not is_chosen
        return canary if is_place else leaf

    entry: Entry = map_leaves(entry_of(resource_type, variant), planted)
    return entry


def write(resource_type: ResourceType, entry: Entry) -> None:
    """Write a file with an entry and what it refers to; JSON is YAML."""
    sections = {**needed(resource_type, [entry]), resource_type.section: [entry]}
    declared = {
        name: entries[0] if BY_SECTION[name].is_singleton else entries for name, entries in sections.items()
    }
    FILE.write_text(json.dumps(declared), encoding="utf-8")


class Watch:
    """Runs commands, and searches all that they print and write."""

    def __init__(self, run: Program) -> None:
        self._run = run

    def __call__(self, line: str, *, code: int | None = 0) -> None:
        result = self._run("-v", *line.split(), "--sandbox")
        assert code is None or result.code == code, result.words
        self.search(line, result.words)

    def search(self, line: str, words: str) -> None:
        assert CANARY not in words, line
        for path in Path().rglob("*"):
            if path.is_file() and not str(path).startswith(HOLDS_SECRETS):
                assert CANARY.encode() not in path.read_bytes(), f"{line}: {path}"


@contextmanager
def refusing() -> Iterator[None]:
    """Let the tenant refuse every request with a secret, and repeat it in its answer."""
    whole = sandbox_app.make_app
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sandbox_app, "make_app", lambda *given, **named: Repeating(whole(*given, **named)))
        yield


@contextmanager
def broken() -> Iterator[None]:
    """Let the program have a bug that shows as soon as a secret is on its way."""
    whole = TenantClient.request

    async def request(self: TenantClient, method: str, path: str, **named: Any) -> Any:
        if CANARY in json.dumps(named.get("body")):
            raise RuntimeError("a bug")
        return await whole(self, method, path, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TenantClient, "request", request)
        yield


@with_secrets
def test_no_command_shows_a_secret(resource_type: ResourceType, run: Program) -> None:
    watch = Watch(run)
    write(resource_type, entry_with_canaries(resource_type, 0, CANARY))
    watch(f"plan --out {PLAN}")
    with refusing():
        watch(APPLY, code=1)
    with broken(), pytest.raises(ExceptionGroup, match="unhandled errors") as caught:
        watch(APPLY)
    watch.search("a bug", "".join(traceback.format_exception(caught.value)))
    watch(APPLY)
    write(resource_type, entry_with_canaries(resource_type, 1, CHANGED))
    for line in (*LOOKS, f"apply {PLAN} --no-verify", "rollback --yes"):
        watch(line, code=None)  # not all of it goes well for every type; what is said of that counts, too

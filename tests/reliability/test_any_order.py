"""Edits of the file and of the tenant, plans, applies that succeed and applies that fail, in any order."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from reliability.stage import APPLY, ENV_FILE, Ran, Stage, open_stage
from reliability.state import State
from tests.conftest import TEST_PREFIX
from tests.reliability.world import (
    CANARY,
    ENTRIES,
    MANAGED,
    NUMBERS,
    VARIANTS,
    Administrator,
    Entries,
    render,
    unmanaged,
)

PLAN_FILE = "plan.json"
FAULTS = ("500", "503-after", "reset", "reset-after", "hang-after", "truncate", "429")
EXAMPLES = int(os.environ.get(f"{TEST_PREFIX}ORDER_EXAMPLES", "6"))

sections = st.sampled_from(sorted(ENTRIES))
numbers = st.sampled_from(NUMBERS)


class AnyOrder(RuleBasedStateMachine):
    """A tenant, a file, and a plan on file, of which the machine knows what they were made of."""

    stage: ClassVar[Stage]

    @initialize()
    def begin(self) -> None:
        self.stage.set_back()
        (self.stage.folder / PLAN_FILE).unlink(missing_ok=True)
        self.administrator = Administrator(self.stage)
        self.entries: Entries = {}
        self.stage.write(render(self.entries))
        self.unmanaged = unmanaged(self.stage.state())
        self.saved: tuple[str, State] | None = None

    def teardown(self) -> None:
        if hasattr(self, "administrator"):
            self.administrator.close()

    # What is done to the file

    @rule(section=sections, number=numbers, variant=st.sampled_from(VARIANTS))
    def set_entry(self, section: str, number: int, variant: int) -> None:
        self.entries[section, number] = variant
        self.stage.write(render(self.entries))

    @rule(variants=st.lists(st.sampled_from(VARIANTS), min_size=6, max_size=6))
    def set_many(self, variants: list[int]) -> None:
        self.entries |= {(section, 0): variant for section, variant in zip(ENTRIES, variants, strict=True)}
        self.stage.write(render(self.entries))

    @precondition(lambda self: self.entries)
    @rule(data=st.data())
    def drop_entry(self, data: st.DataObject) -> None:
        del self.entries[data.draw(st.sampled_from(sorted(self.entries)))]
        self.stage.write(render(self.entries))

    # What an administrator does to the tenant

    @rule(data=st.data(), text=st.sampled_from(["variant 0", "variant 1", "by hand"]))
    def describe(self, data: st.DataObject, text: str) -> None:
        if clients := self.administrator.clients():
            self.administrator.describe_client(data.draw(st.sampled_from(clients)), text)
        self.administrator.describe_role(data.draw(st.sampled_from(self.administrator.roles())), text)
        self.unmanaged = unmanaged(self.stage.state())

    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        if clients := self.administrator.clients():
            self.administrator.delete_client(data.draw(st.sampled_from(clients)))
        self.unmanaged = unmanaged(self.stage.state())

    @rule(number=st.integers(0, 10**6))
    def add(self, number: int) -> None:
        if all(role["name"] != f"stranger {number}" for role in self.administrator.roles()):
            self.administrator.add_role(f"stranger {number}")
        self.unmanaged = unmanaged(self.stage.state())

    # What the program is asked to do

    @rule(out=st.booleans())
    def plan(self, *, out: bool) -> None:
        ran = self.run("plan", *(("--out", PLAN_FILE) if out else ()))
        assert ran.code == 0, ran.words
        assert self.writes() == []
        if out:
            self.saved = (render(self.entries), self.stage.state())

    @rule()
    def apply(self) -> None:
        # What an earlier apply has left in doubt may take one more.
        codes = [self.run(*APPLY).code for _ in range(2)]
        assert codes[-1] == 0
        self.check_settled()

    @rule(fault=st.sampled_from(FAULTS), number=st.integers(1, 5), lasts=st.booleans())
    def apply_in_trouble(self, fault: str, number: int, *, lasts: bool) -> None:
        where = f"nth={number}-{number + 50 * lasts}"
        self.stage.sandbox.strike(*(f"{fault}:{verb}:{where}" for verb in ("POST", "PATCH", "DELETE")))
        ran = self.run(*APPLY, timeout=0.5)
        self.stage.sandbox.strike()
        self.check_unmanaged()
        if ran.code == 0:
            self.check_settled()

    @precondition(lambda self: self.saved)
    @rule()
    def apply_the_saved_plan(self) -> None:
        assert self.saved
        file, before = self.saved
        now = self.stage.state()
        ran = self.run("apply", PLAN_FILE, "--no-verify")
        after = self.stage.state()
        if ran.code == 0:
            plan = json.loads((self.stage.folder / PLAN_FILE).read_text(encoding="utf-8"))
            told = {change["address"] for change in plan["changes"]}
            assert {address for address in changed(now, after) if MANAGED in address} <= told
            assert file == render(self.entries)
            self.check_settled()
        else:
            assert self.writes() == [], ran.words
            assert (file, before.raw) != (render(self.entries), now.raw), ran.words
        self.check_unmanaged()

    @rule()
    def roll_back(self) -> None:
        self.run("rollback", "--yes")
        self.check_unmanaged()

    # What must hold

    def run(self, *arguments: str, timeout: float = 30.0) -> Ran:
        self.stage.sandbox.forget()
        ran = self.stage.run(*arguments, timeout=timeout)
        secrets = {secret for _, secret in self.stage.state().credentials.values() if secret}
        for name, text in [("what was printed", ran.words), *self.files()]:
            assert CANARY not in text, name
            assert not any(secret in text for secret in secrets), name
        return ran

    def files(self) -> Iterator[tuple[str, str]]:
        for path in self.stage.folder.rglob("*"):
            if path.is_file() and path.name not in {"tenant.yaml", ENV_FILE}:
                yield path.name, path.read_text(encoding="utf-8")

    def writes(self) -> list[Any]:
        return [each for each in self.stage.sandbox.log() if each["method"] != "GET"]

    def check_unmanaged(self) -> None:
        assert unmanaged(self.stage.state()) == self.unmanaged

    def check_settled(self) -> None:
        assert self.stage.state().doubles == ()
        self.check_unmanaged()
        ran = self.run("plan", "--detailed-exitcode")
        assert ran.code == 0, ran.words
        assert self.run(*APPLY).code == 0
        assert self.writes() == []


def changed(before: State, after: State) -> set[str]:
    """Return the addresses at which two states differ."""
    addresses = {*before.known, *after.known}
    return {each for each in addresses if before.known.get(each) != after.known.get(each)}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with open_stage(tmp_path_factory.mktemp("any_order") / "stage", ["unmanaged.yaml"]) as opened:
        yield opened


def test_any_order(stage: Stage) -> None:
    AnyOrder.stage = stage
    run_state_machine_as_test(
        AnyOrder,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=12,
            # Each step is a run of the program; making a failing example smaller would take minutes.
            phases=[Phase.explicit, Phase.reuse, Phase.generate],
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )

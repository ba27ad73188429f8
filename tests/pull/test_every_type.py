"""What holds for every type: pull, and a plan is empty; pull again, and nothing changes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tenantctl.catalog.marks import is_secret
from tenantctl.catalog.spec import ResourceType
from tenantctl.plan.values import map_leaves
from tenantctl.pull.model import PullAction
from tenantctl.states import FieldPath
from tests.apply.runs import Run, on_sandbox
from tests.entries import VARIANTS, entry_of, every_type, needed
from tests.pull.tenant import Puller, yaml
from tests.states import make_desired

_CANARY = "canary"


@every_type
@pytest.mark.parametrize("variant", VARIANTS)
def test_what_the_tenant_has_otherwise_is_changed(resource_type: ResourceType, variant: int) -> None:
    entries = [entry_of(resource_type, variant), entry_of(resource_type, 1 - variant)]
    around = needed(resource_type, entries)
    section = resource_type.section
    other = {**entries[1], **_key(resource_type, entries[0])}

    async def steps(run: Run) -> None:
        text = yaml({**around, section: other if resource_type.is_singleton else [other]})
        puller = Puller(run, text)
        await puller.apply(make_desired(**around, **{section: entries[0]}))
        await puller.settle()

    on_sandbox(steps)


def _key(resource_type: ResourceType, entry: Any) -> dict[str, Any]:
    return {name: entry[name] for name in resource_type.key if name in entry}


@every_type
def test_what_the_tenant_alone_has_is_added(resource_type: ResourceType) -> None:
    entry = _with_canaries(resource_type, entry_of(resource_type, 0))

    async def steps(run: Run) -> None:
        puller = Puller(run, "tenant: {}\n", everything=True)
        await puller.apply(make_desired(**needed(resource_type, [entry]), **{resource_type.section: entry}))
        await puller.settle(hidden=_CANARY)

    on_sandbox(steps)


@every_type
def test_what_the_tenant_lacks_is_removed(resource_type: ResourceType) -> None:
    entry = entry_of(resource_type, 0)
    around = needed(resource_type, [entry])
    section = resource_type.section

    async def steps(run: Run) -> None:
        puller = Puller(run, yaml({**around, section: entry if resource_type.is_singleton else [entry]}))
        await puller.apply(make_desired(**around))
        made = await puller.settle()
        gone = {each.address for each in made.changes if each.action is PullAction.REMOVE}
        assert bool(gone) == (resource_type.create is not None)

    on_sandbox(steps)


@every_type
@pytest.mark.parametrize("is_layout", [False, True], ids=["yaml", "directory"])
def test_new_files_hold_all_of_it(tmp_path: Path, resource_type: ResourceType, *, is_layout: bool) -> None:
    """Pull into new files; then what changes, comes and goes on the tenant does so in these."""
    entries = [_with_canaries(resource_type, entry_of(resource_type, variant)) for variant in VARIANTS]
    around = needed(resource_type, entries)
    section = resource_type.section
    other = {**entries[1], **_key(resource_type, entries[0])}
    path = tmp_path / ("new" if is_layout else "new/tenant.yaml")

    async def steps(run: Run) -> None:
        puller = Puller(run, path=path, everything=True, new_layout=is_layout)
        await puller.apply(make_desired(**around, **{section: entries[0]}))
        await puller.settle(hidden=_CANARY)
        puller.new_layout = None
        before = puller.load()
        await puller.apply(make_desired(**around, **{section: other}))
        await puller.settle(hidden=_CANARY)
        assert puller.load().desired.sections.keys() == before.desired.sections.keys()

    on_sandbox(steps)


def _with_canaries(resource_type: ResourceType, entry: dict[str, Any]) -> dict[str, Any]:
    """Return the entry with secrets that can't be mistaken for anything else."""

    def visit(path: FieldPath, leaf: Any) -> Any:
        if isinstance(leaf, str) and is_secret(resource_type, path):
            return f"{_CANARY}-{'-'.join(map(str, path))}"
        return leaf

    return map_leaves(entry, visit)  # type: ignore[no-any-return]  # JSON in, JSON out

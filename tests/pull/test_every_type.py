"""What holds for every type: pull, and a plan is empty; pull again, and nothing changes."""

from __future__ import annotations

from typing import Any

import pytest

from tenantctl.catalog.spec import ResourceType
from tests.apply.runs import Run, on_sandbox
from tests.entries import VARIANTS, entry_of, every_type, needed
from tests.pull.tenant import Puller, yaml
from tests.states import make_desired


@every_type
@pytest.mark.parametrize("variant", VARIANTS)
def test_after_pull_a_plan_is_empty(resource_type: ResourceType, variant: int) -> None:
    entries = [entry_of(resource_type, variant), entry_of(resource_type, 1 - variant)]
    around = needed(resource_type, entries)
    section = resource_type.section

    def content(entry: Any) -> dict[str, Any]:
        return {**around, section: entry if resource_type.is_singleton else [entry]}

    async def steps(run: Run) -> None:
        puller = Puller(run, yaml(content({**entries[1], **_key(resource_type, entries[0])})))
        await puller.apply(make_desired(**content(entries[0])))
        made = await puller.pull()
        assert not made.unpulled
        assert await puller.plan() == []
        assert (await puller.pull()).files == ()

    on_sandbox(steps)


def _key(resource_type: ResourceType, entry: Any) -> dict[str, Any]:
    return {name: entry[name] for name in resource_type.key if name in entry}


@every_type
def test_what_the_tenant_alone_has_is_added(resource_type: ResourceType) -> None:
    entry = entry_of(resource_type, 0)

    async def steps(run: Run) -> None:
        puller = Puller(run, yaml({"tenant": {}}), everything=True)
        await puller.apply(make_desired(**needed(resource_type, [entry]), **{resource_type.section: entry}))
        made = await puller.pull()
        assert not made.unpulled
        assert await puller.plan() == []
        assert (await puller.pull()).files == ()

    on_sandbox(steps)

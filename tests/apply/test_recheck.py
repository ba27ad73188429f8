"""The last look before the first write: only what somebody else has changed is in its way."""

from __future__ import annotations

from typing import Any

import pytest

from tenantctl.apply import recheck
from tenantctl.apply.recheck import check_unmoved
from tenantctl.catalog.spec import ResourceType
from tenantctl.problems import ProblemsError
from tests.apply.runs import Run, on_sandbox
from tests.apply.tenant import Tenant, on_tenant
from tests.entries import entry_of, every_type
from tests.states import make_desired

LISTS_AT = {"one by one": recheck._MAX_BY_ITSELF, "by lists": 0}


@pytest.mark.parametrize("few", LISTS_AT.values(), ids=LISTS_AT)
@every_type
def test_what_nobody_has_changed_has_not_moved(
    resource_type: ResourceType, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recheck, "_MAX_BY_ITSELF", few)

    async def steps(tenant: Tenant) -> None:
        await tenant.apply(entry_of(resource_type, 0))
        await check_unmoved(tenant.run.client, await tenant.plan(entry_of(resource_type, 1)))

    on_tenant(resource_type, steps)


ROLE: dict[str, Any] = {"name": "reader", "description": "before"}
PAGE: dict[str, Any] = {"name": "login", "html": "before"}


@pytest.mark.parametrize("few", LISTS_AT.values(), ids=LISTS_AT)
def test_what_somebody_has_changed_has_moved(few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recheck, "_MAX_BY_ITSELF", few)

    async def steps(run: Run) -> None:
        await run.apply(make_desired(roles=[ROLE], pages=[PAGE]))
        wanted = make_desired(roles=[{**ROLE, "description": "a"}], pages=[{**PAGE, "html": "a"}])
        plan = await run.plan(wanted)
        await run.apply(make_desired(roles=[{**ROLE, "description": "b"}], pages=[{**PAGE, "html": "b"}]))
        with pytest.raises(ProblemsError) as caught:
            await check_unmoved(run.client, plan)
        assert {(each.code, each.address) for each in caught.value.problems} == {
            ("stale-plan", "roles/reader"),
            ("stale-plan", "pages/login"),
        }

    on_sandbox(steps)

"""Plans on file, for every type: planning again leads to the same requests, until something has moved."""

from __future__ import annotations

import json

import pytest

from tenantctl import __version__
from tenantctl.apply.executor import apply_plan
from tenantctl.apply.saved import Made, SavedPlan, check_fresh, requests_document
from tenantctl.catalog.spec import ResourceType
from tenantctl.plan.model import Plan
from tenantctl.problems import ProblemsError
from tests.apply.tenant import Tenant, on_tenant
from tests.entries import entry_of, every_type


def on_file(plan: Plan) -> SavedPlan:
    """Return a plan as it comes back from a file."""
    document = {
        "format_version": "1.0",
        "tool": {"name": "tenantctl", "version": __version__},
        "tenant": {"domain": plan.domain},
        "made": Made(file="tenant.yaml").model_dump(),
        "requests": requests_document(plan),
    }
    return SavedPlan.model_validate(json.loads(json.dumps(document)))


@every_type
def test_a_plan_is_fresh_until_it_was_applied(resource_type: ResourceType) -> None:
    async def steps(tenant: Tenant) -> None:
        for variant in (0, 1):
            entry = entry_of(resource_type, variant)
            plan = await tenant.plan(entry)
            saved = on_file(plan)
            again = await tenant.plan(entry)
            check_fresh(saved, again)
            assert (await apply_plan(again, tenant.run.client)).ok
            if not plan.is_empty:
                with pytest.raises(ProblemsError) as caught:
                    check_fresh(saved, await tenant.plan(entry))
                assert {problem.address for problem in caught.value.problems} == saved.requests.keys()

    on_tenant(resource_type, steps)

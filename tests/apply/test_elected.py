"""What is true of one object of a type: the default among the custom domains."""

from __future__ import annotations

from typing import Any

import pytest

from tenantctl.tenant.errors import RequestError
from tests.apply.runs import Run, on_sandbox
from tests.states import make_desired


def domain(name: str, **fields: Any) -> dict[str, Any]:
    return {"domain": f"{name}.example.com", "type": "auth0_managed_certs", **fields}


async def apply_verified(run: Run, *domains: dict[str, Any]) -> None:
    """Make the domains, and verify each: before that none can be the default."""
    made = [{name: value for name, value in each.items() if name != "is_default"} for each in domains]
    await run.apply(make_desired(customDomains=made))
    for each in await run.manage("GET", "/custom-domains"):
        await run.manage("POST", f"/custom-domains/{each['custom_domain_id']}/verify")
    _, outcome = await run.apply(make_desired(customDomains=list(domains)))
    assert outcome.ok, outcome


def test_another_default_takes_the_place_of_the_one_before() -> None:
    async def steps(run: Run) -> None:
        await apply_verified(run, domain("one", is_default=True), domain("two"))
        moved = make_desired(customDomains=[domain("one"), domain("two", is_default=True)])
        plan, _ = await run.apply(moved)
        (change,) = plan.changes
        assert [(write.method, write.path, write.body) for write in change.writes] == [
            ("PATCH", "/custom-domains/default", {"domain": "two.example.com"})
        ]
        assert (await run.plan(moved)).is_empty
        found = (await run.read(moved)).sections["customDomains"]
        assert {each["domain"]: each["is_default"] for each in found} == {
            "one.example.com": False,
            "two.example.com": True,
        }

    on_sandbox(steps)


def test_it_is_not_asked_for_again_with_other_changes() -> None:
    async def steps(run: Run) -> None:
        await apply_verified(run, domain("one", is_default=True))
        changed = domain("one", is_default=True, tls_policy="recommended", domain_metadata={"a": "b"})
        plan, outcome = await run.apply(make_desired(customDomains=[changed]))
        assert outcome.ok, outcome
        assert [write.path for change in plan.changes for write in change.writes] == ["/custom-domains/{id}"]
        assert (await run.plan(make_desired(customDomains=[changed]))).is_empty

    on_sandbox(steps)


def test_a_domain_that_is_not_verified_is_made_but_not_the_default() -> None:
    async def steps(run: Run) -> None:
        _, outcome = await run.apply(make_desired(customDomains=[domain("one", is_default=True)]))
        (result,) = outcome.results
        assert result.problem is not None
        assert "must be verified" in result.problem.detail
        (made,) = await run.manage("GET", "/custom-domains")
        assert (made["status"], made["is_default"]) == ("pending_verification", False)

    on_sandbox(steps)


def test_the_tenants_own_domain_takes_the_place_of_the_default() -> None:
    async def steps(run: Run) -> None:
        await apply_verified(run, domain("one", is_default=True))
        own = {"domain": run.store.tenant().domain}
        assert await run.manage("PATCH", "/custom-domains/default", own) == own
        assert [each["is_default"] for each in await run.manage("GET", "/custom-domains")] == [False]

    on_sandbox(steps)


def test_a_domain_that_is_not_there_is_not_made_the_default() -> None:
    async def steps(run: Run) -> None:
        with pytest.raises(RequestError) as caught:
            await run.manage("PATCH", "/custom-domains/default", {"domain": "no.example.com"})
        assert caught.value.status == 404

    on_sandbox(steps)

"""What is true of one object of a type: the default among the custom domains."""

from __future__ import annotations

from typing import Any

import pytest

from tenantctl.tenant.errors import RequestError
from tests.apply.runs import Run, on_sandbox
from tests.states import make_desired


def domain(name: str, **fields: Any) -> dict[str, Any]:
    return {"domain": f"{name}.example.com", "type": "auth0_managed_certs", **fields}


def test_another_default_takes_the_place_of_the_one_before() -> None:
    async def steps(run: Run) -> None:
        _, outcome = await run.apply(
            make_desired(customDomains=[domain("one", is_default=True), domain("two")])
        )
        assert outcome.ok, outcome
        moved = make_desired(customDomains=[domain("one"), domain("two", is_default=True)])
        plan, outcome = await run.apply(moved)
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
        await run.apply(make_desired(customDomains=[domain("one", is_default=True)]))
        changed = domain("one", is_default=True, tls_policy="recommended", domain_metadata={"a": "b"})
        plan, outcome = await run.apply(make_desired(customDomains=[changed]))
        assert outcome.ok, outcome
        assert [write.path for change in plan.changes for write in change.writes] == ["/custom-domains/{id}"]
        assert (await run.plan(make_desired(customDomains=[changed]))).is_empty

    on_sandbox(steps)


def test_a_domain_that_is_not_there_is_not_made_the_default() -> None:
    async def steps(run: Run) -> None:
        with pytest.raises(RequestError) as caught:
            await run.manage("PATCH", "/custom-domains/default", {"domain": "no.example.com"})
        assert caught.value.status == 404

    on_sandbox(steps)

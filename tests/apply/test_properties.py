"""Apply, plan again, expect nothing: for entries of every type, with any values that a file may have."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from tenantctl.catalog.spec import ResourceType
from tests.apply.tenant import Tenant, on_tenant
from tests.entries import VARIANTS, Entry, clearable_names, compatible, every_type, identity_of
from tests.strategies import keys, resources


@st.composite
def histories(draw: st.DrawFn, resource_type: ResourceType) -> tuple[Entry, Entry]:
    """Return an entry, and another of the same key: with other values, and some fields cleared."""
    identity = {**identity_of(resource_type), **draw(keys(resource_type))}
    first, second = (draw(resources(resource_type)) | identity for _ in VARIANTS)
    clearable = clearable_names(resource_type, first)
    second |= dict.fromkeys(draw(st.lists(st.sampled_from(clearable), max_size=2)) if clearable else [])
    history = compatible(resource_type, first), compatible(resource_type, second)
    for before, wanted in zip(({}, history[0]), history, strict=True):
        assume(resource_type.refused(wanted, before) is None)
    return history


@every_type
@given(data=st.data())
@settings(
    max_examples=8,
    # Each example is a tenant's life; making a failing one smaller would take minutes.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_apply_then_plan_is_empty(resource_type: ResourceType, data: st.DataObject) -> None:
    history = data.draw(histories(resource_type))

    async def steps(tenant: Tenant) -> None:
        for entry in history:
            await tenant.apply(entry)
        if resource_type.delete:
            await tenant.prune()

    on_tenant(resource_type, steps)

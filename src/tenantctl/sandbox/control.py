"""The sandbox's own endpoints, below ``/__sandbox__/``: reset, seed, the request log, faults."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tenantctl.sandbox.bodies import MalformedError, parse_json
from tenantctl.sandbox.calls import Answer
from tenantctl.sandbox.errors import management_error, no_such_route
from tenantctl.sandbox.faults import make_faults
from tenantctl.sandbox.seed import seed
from tenantctl.sandbox.store import SandboxStore
from tenantctl.sandbox.tenant_state import TenantState

CONTROL_PATH = "/__sandbox__/"

_Control = Callable[[SandboxStore, TenantState, bytes], Answer]


def answer_control(store: SandboxStore, tenant: TenantState, method: str, name: str, raw: bytes) -> Answer:
    """Return the answer to a control request; `name` is the path below `CONTROL_PATH`, `raw` the body.

    Raises:
        ApiError: 404 for what there isn't, 400 for a body that can't be used.
    """
    control = _CONTROLS.get((method, name.strip("/")))
    if control is None:
        raise no_such_route()
    try:
        with store.transaction():
            return control(store, tenant, raw)
    except ValueError as error:
        raise management_error(400, str(error)) from error


def _reset(store: SandboxStore, tenant: TenantState, _: bytes) -> Answer:
    store.reset(tenant.domain)
    return Answer(204)


def _seed(_: SandboxStore, tenant: TenantState, raw: bytes) -> Answer:
    seed(tenant, _json(raw))
    return Answer(204)


def _read_requests(_: SandboxStore, tenant: TenantState, __: bytes) -> Answer:
    requests = [request._asdict() for request in tenant.requests()]
    return Answer(200, {"count": len(requests), "requests": requests})


def _clear_requests(_: SandboxStore, tenant: TenantState, __: bytes) -> Answer:
    tenant.clear_requests()
    return Answer(204)


def _set_faults(_: SandboxStore, tenant: TenantState, raw: bytes) -> Answer:
    faults = make_faults(_json(raw))
    tenant.set_faults(faults)
    return Answer(200, faults.as_json())


def _json(raw: bytes) -> Any:
    try:
        return parse_json(raw)
    except MalformedError as error:
        raise ValueError(f"Malformed JSON: {error}") from error


_CONTROLS: Mapping[tuple[str, str], _Control] = {
    ("POST", "reset"): _reset,
    ("POST", "seed"): _seed,
    ("GET", "requests"): _read_requests,
    ("DELETE", "requests"): _clear_requests,
    ("PUT", "faults"): _set_faults,
}

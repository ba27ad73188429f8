"""The sandbox's own endpoints, below ``/__sandbox__/``: reset, seed, the request log, faults."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tenantctl.sandbox.bodies import MalformedError, parse_json
from tenantctl.sandbox.calls import Answer
from tenantctl.sandbox.errors import management_error, no_such_route
from tenantctl.sandbox.faults import make_faults
from tenantctl.sandbox.interference import Interference
from tenantctl.sandbox.seed import seed
from tenantctl.sandbox.store import SandboxStore
from tenantctl.sandbox.tenant_state import TenantState

CONTROL_PATH = "/__sandbox__/"


@dataclass(frozen=True, slots=True)
class Control:
    """A control request: what it works on, and the body as it came."""

    store: SandboxStore
    tenant: TenantState
    interference: Interference
    raw: bytes

    def json(self) -> Any:
        """Return the body. Raises ValueError if it is no JSON."""
        try:
            return parse_json(self.raw)
        except MalformedError as error:
            raise ValueError(f"Malformed JSON: {error}") from error


def answer_control(control: Control, method: str, name: str) -> Answer:
    """Return the answer to a control request; `name` is the path below `CONTROL_PATH`.

    Raises:
        ApiError: 404 for what there isn't, 400 for a body that can't be used.
    """
    answer = _CONTROLS.get((method, name.strip("/")))
    if answer is None:
        raise no_such_route()
    try:
        with control.store.transaction():
            return answer(control)
    except ValueError as error:
        raise management_error(400, str(error)) from error


def _reset(control: Control) -> Answer:
    control.store.reset(control.tenant.domain)
    control.interference.restart(control.tenant)
    return Answer(204)


def _seed(control: Control) -> Answer:
    seed(control.tenant, control.json())
    return Answer(204)


def _read_requests(control: Control) -> Answer:
    requests = [request.as_json() for request in control.tenant.requests()]
    return Answer(200, {"count": len(requests), "requests": requests})


def _clear_requests(control: Control) -> Answer:
    control.tenant.clear_requests()
    return Answer(204)


def _read_faults(control: Control) -> Answer:
    return Answer(200, control.interference.in_force(control.tenant).as_json())


def _set_faults(control: Control) -> Answer:
    control.tenant.set_faults(make_faults(control.json()))
    control.interference.restart(control.tenant)
    return _read_faults(control)


_CONTROLS: Mapping[tuple[str, str], Callable[[Control], Answer]] = {
    ("POST", "reset"): _reset,
    ("POST", "seed"): _seed,
    ("GET", "requests"): _read_requests,
    ("DELETE", "requests"): _clear_requests,
    ("GET", "faults"): _read_faults,
    ("PUT", "faults"): _set_faults,
}

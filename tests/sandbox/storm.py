"""A storm of requests: schemathesis makes them from the API's own description, good ones and bad ones."""

from __future__ import annotations

import json
import os
import random
import traceback
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import Case, GenerationMode
from schemathesis.core import NotSet
from schemathesis.core.result import Ok

from tenantctl.catalog.registry import BY_SECTION
from tenantctl.sandbox.errors import ApiError
from tenantctl.sandbox.routes import find_route, is_placeholder, make_routes
from tests.apply.runs import MANAGEMENT_TOKEN, Run

SEED = int(os.environ.get("TENANTCTL_TEST_STORM_SEED", "1"))
EXAMPLES = int(os.environ.get("TENANTCTL_TEST_STORM_EXAMPLES", "5"))
"""How many good requests each operation gets, and how many bad ones."""

_SERVER_ERROR = 500
_ERROR = 400
_FIND = 0.75  # how often a name is that of something that is there
_REMEMBERED = 30  # names of one kind
_JSON = "application/json"
_ERROR_FIELDS = {"statusCode", "error", "message"}
_MORE_ERROR_FIELDS = {"errorCode"}
_IDS = ("id", "kid")
_KEYS = ("name", "key", "template", "language")

Request = Case[Any]

ROUTES = make_routes()
FAMILIES = sorted({route.segments[0] for route in ROUTES})


class Storm:
    """Requests to one tenant, and what went wrong with them.

    findings: a line for each answer that no tenant may give.
    """

    def __init__(self, run: Run) -> None:
        self.findings: list[str] = []
        self._run = run
        self._dice = random.Random(SEED)  # noqa: S311 - the same requests in every run
        self._known: defaultdict[str, list[str]] = defaultdict(list)
        self._linked = _links(run)

    async def learn(self, family: str) -> None:
        """Ask every list of a family that has a path of its own what there is."""
        for route in ROUTES:
            path = route.endpoint.path
            if route.endpoint.method == "GET" and route.segments[0] == family and "{" not in path:
                await self._request("GET", path, path)

    async def send(self, case: Request) -> None:
        """Send a request; the names in it lead, more often than not, to something that is there."""
        template = case.operation.path
        query = urlencode(dict(case.query or {}), doseq=True)
        url = self._filled(template, case.path_parameters or {}) + (f"?{query}" if query else "")
        body = None if isinstance(case.body, NotSet) else self._leading_somewhere(case.body)
        await self._request(case.method, template, url, body)

    async def _request(self, method: str, template: str, url: str, body: Any = None) -> None:
        headers = {"Authorization": f"Bearer {MANAGEMENT_TOKEN}", "Content-Type": _JSON}
        content = None if body is None else json.dumps(body, default=str).encode()
        try:
            answer = await self._run.client.http.request(
                method, f"https://sandbox.localhost/api/v2{url}", content=content, headers=headers
            )
        except Exception:  # noqa: BLE001 - whatever it is, it is what the storm looks for
            self.findings.append(f"{method} {url} {content!r}\n{traceback.format_exc(limit=-3)}")
            return
        if fault := fault_of(answer):
            self.findings.append(f"{method} {url} {content!r}: {answer.status_code} {fault} {answer.text}")
        elif answer.is_success and answer.content:
            self._remember(template, answer.json())

    def _remember(self, template: str, answer: Any) -> None:
        """Keep what the objects in an answer are called by."""
        held = [answer, *(answer.values() if isinstance(answer, dict) else [])]
        lists = [value for value in held if isinstance(value, list)]
        for item in [answer, *(item for values in lists for item in values)]:
            if isinstance(item, dict) and (name := _name_of(item)):
                self._known[template] = [*self._known[template], name][-_REMEMBERED:]

    def _filled(self, template: str, names: Mapping[str, Any]) -> str:
        """Return the path with its placeholders filled in: by what is there, or by what the case has."""
        above, filled = "", ""
        for step in template.strip("/").split("/"):
            known = self._known[above]
            value = step
            if is_placeholder(step):
                is_found = known and self._dice.random() < _FIND
                value = self._dice.choice(known) if is_found else str(names.get(step.strip("{}"), "x"))
            above, filled = f"{above}/{step}", f"{filled}/{quote(value, safe='', errors='replace')}"
        return filled

    def _leading_somewhere(self, body: Any) -> Any:
        if isinstance(body, list):
            return [self._leading_somewhere(item) for item in body]
        if not isinstance(body, dict):
            return body
        return {name: self._linked_value(name, value) for name, value in body.items()}

    def _linked_value(self, name: str, value: Any) -> Any:
        targets = self._linked.get(name)
        if not targets or self._dice.random() >= _FIND:
            return self._leading_somewhere(value)
        target = self._dice.choice(targets)
        return [target] if isinstance(value, list) else target if isinstance(value, str) else value


def _name_of(item: Mapping[str, Any]) -> str:
    """Return what paths call an object by, as far as one can tell without knowing what it is."""
    own = [name for name in item if name.endswith("_id")]
    found = (item[name] for name in (*_IDS, *own, *_KEYS) if isinstance(item.get(name), str))
    return next(found, "")


def _links(run: Run) -> Mapping[str, list[str]]:
    """Return what may stand in the fields that refer to objects, by the name of the field."""
    tenant = run.store.tenant()
    found: defaultdict[str, list[str]] = defaultdict(list)
    for resource_type in BY_SECTION.values():
        for reference in resource_type.references:
            name = reference.name.removesuffix("[]")
            targets = [body.get(reference.wire) for _, body in tenant.all(reference.section)]
            found[name] += [target for target in targets if isinstance(target, str)]
    return found


def fault_of(answer: httpx.Response) -> str:
    """Return what is wrong with an answer; nothing if a tenant may give it."""
    if answer.status_code >= _SERVER_ERROR:
        return "a fault of the server"
    if answer.status_code < _ERROR:
        return ""
    told = answer.json() if answer.content else None
    if not isinstance(told, dict) or not _ERROR_FIELDS <= told.keys() <= _ERROR_FIELDS | _MORE_ERROR_FIELDS:
        return "an error of another shape"
    is_worded = all(isinstance(told[name], str) and told[name] for name in told.keys() - {"statusCode"})
    return "" if told["statusCode"] == answer.status_code and is_worded else "an error that says nothing"


def load_operations(document: Path) -> dict[str, list[Any]]:
    """Return the operations that the sandbox serves, by family, from the API's description (OpenAPI)."""
    raw = json.loads(document.read_text())
    for methods in raw["paths"].values():
        for operation in methods.values():
            # Who may call is told by other tests; a form is refused for being one.
            operation.pop("security", None)
            contents = operation.get("requestBody", {}).get("content", {})
            for other in contents.keys() - {_JSON} if _JSON in contents else ():
                del contents[other]
    raw.pop("security", None)
    found: defaultdict[str, list[Any]] = defaultdict(list)
    description = schemathesis.openapi.from_dict(raw)
    for made in description.get_all_operations():
        assert isinstance(made, Ok), made
        operation = made.ok()
        if _is_served(operation.method.upper(), operation.path):
            found[operation.path.split("/")[1]].append(operation)
    return {family: sorted(each, key=_order) for family, each in found.items()}


def _order(operation: Any) -> int:
    """Return the place of an operation: what makes things comes first, what removes them last."""
    return ("POST", "PUT", "PATCH", "GET", "DELETE").index(operation.method.upper())


def _is_served(method: str, template: str) -> bool:
    try:
        find_route(ROUTES, method, template)
    except ApiError:
        return False
    return True


def cases(operation: Any) -> list[Request]:
    """Return requests for an operation: some that its description allows, and some that it does not."""
    good = _made(operation, GenerationMode.POSITIVE)
    # Without a query and a body there is nothing to get wrong but names.
    return good + _made(operation, GenerationMode.NEGATIVE) if operation.query or operation.body else good


def _made(operation: Any, mode: GenerationMode) -> list[Request]:
    made: list[Request] = []

    @seed(SEED)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def collect(case: Request) -> None:
        made.append(case)

    collect()
    return made

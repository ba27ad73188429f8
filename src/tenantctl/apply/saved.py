"""A plan on file: what was shown, and what it takes to apply that later, and nothing else.

``plan --out`` writes the document of the plan, and beside it ``made``, by which files and choices it came
about, and ``requests``: of each change what it sends, and digests of the object as it was. Secrets are in
neither. An apply reads files and tenant again, plans again, and goes on only if the very same requests come
out: no plan can be changed on its way, and secrets are resolved anew (docs/decisions/0014).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from tenantctl import __version__
from tenantctl.apply.fingerprint import digest, fingerprint, moved_fields
from tenantctl.catalog.registry import BY_SECTION
from tenantctl.config.json_text import locate, parse_json
from tenantctl.config.source import read_source
from tenantctl.plan.model import Change, Plan, Write
from tenantctl.plan.values import Pending, Secret, map_leaves
from tenantctl.problems import Problem, ProblemsError
from tenantctl.states import FieldPath, Json

MAX_BYTES = 256 * 1024**2
"""Larger files are refused."""

_HINT = "A plan to apply is what `tenantctl plan --out FILE` writes."
_AGAIN = "Plan again, and look at what it shows: tenantctl plan --out FILE"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Made(_Strict):
    """By which files and choices a plan came about.

    file, environment, vars: what `-f`, `--env` and `--vars` named. files: path → digest of what it held.
    """

    file: str
    environment: str | None = None
    vars: str | None = None
    only: tuple[str, ...] = ()
    prune: tuple[str, ...] = ()
    force_unsafe: tuple[str, ...] = ()
    send_secrets: bool = False
    files: dict[str, str] = {}


class Requests(_Strict):
    """What one change sends.

    before: field → digest of its value when the plan was made; None if there was no object.
    """

    before: dict[str, str] | None
    depends_on: list[str]
    writes: list[dict[str, Json]]


class _Named(BaseModel):
    name: str
    version: str


class _Tenant(BaseModel):
    domain: str


class SavedPlan(BaseModel):
    """What is read of a plan's file; the rest is for people and other programs."""

    format_version: str
    tool: _Named
    tenant: _Tenant
    made: Made
    requests: dict[str, Requests]

    @property
    def sections(self) -> frozenset[str]:
        """The sections in which there is something to change."""
        return frozenset(address.partition("/")[0] for address in self.requests)


def digests_of(texts: Mapping[Path, str]) -> dict[str, str]:
    """Return the digests of files."""
    return {str(path): digest(text) for path, text in sorted(texts.items())}


def requests_document(plan: Plan) -> dict[str, Json]:
    """Return ``requests``: by address, what the changes of a plan send."""
    return {change.address: _requests(change).model_dump() for change in plan.changes}


def read_saved(path: Path) -> SavedPlan:
    """Read a plan that `plan --out` wrote.

    Raises:
        ProblemsError: it cannot be read, is no JSON, no plan, or of another major version of tenantctl.
    """
    try:
        source = read_source(path, MAX_BYTES)
    except ProblemsError as error:
        raise ProblemsError(replace(problem, hint=_HINT) for problem in error.problems) from None
    document = parse_json(source, _HINT)
    try:
        saved = SavedPlan.model_validate(document)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        told = f"this is no plan: {place + ': ' if place else ''}{first['msg'].lower()}"
        position = locate(source, tuple(first["loc"]))
        raise ProblemsError([Problem(code="bad-plan", summary=told, hint=_HINT, position=position)]) from None
    made_by, own = (version.partition(".")[0] for version in (saved.tool.version, __version__))
    if not saved.format_version.startswith("1.") or made_by != own:
        told = f"{path} was made by tenantctl {saved.tool.version}, and this is {__version__}"
        raise ProblemsError([Problem(code="plan-of-another-version", summary=told, hint=_AGAIN)])
    return saved


def check_origin(saved: SavedPlan, domain: str, files: Mapping[str, str]) -> None:
    """Check that a plan was made for this tenant, and of these files.

    Raises:
        ProblemsError: ``plan-of-another-tenant``, ``plan-of-another-file``.
    """
    if saved.tenant.domain != domain:
        told = f"the plan was made for {saved.tenant.domain}, and this is {domain}"
        raise ProblemsError([Problem(code="plan-of-another-tenant", summary=told, hint=_AGAIN)])
    if changed := moved_fields(saved.made.files, files):
        verb = "has" if len(changed) == 1 else "have"
        told = f"{', '.join(changed)} {verb} changed since the plan was made"
        raise ProblemsError([Problem(code="plan-of-another-file", summary=told, hint=_AGAIN)])


def check_fresh(saved: SavedPlan, plan: Plan) -> None:
    """Check that planning again leads to the same requests.

    Raises:
        ProblemsError: ``stale-plan``, one for each object that has moved, with the fields.
    """
    now = {change.address: _requests(change) for change in plan.changes}
    if problems := [
        Problem(code="stale-plan", summary=told, hint=_AGAIN, address=address)
        for address, told in _moved(saved.requests, now)
    ]:
        raise ProblemsError(problems)


def _moved(then: Mapping[str, Requests], now: Mapping[str, Requests]) -> Iterator[tuple[str, str]]:
    for address in sorted({*then, *now}):
        before, after = then.get(address), now.get(address)
        if before is None:
            yield address, f"{address} was as it should be when the plan was made, and is not any more"
        elif after is None:
            yield address, f"{address} is as the plan would make it already"
        elif told := _difference(before, after):
            yield address, f"{address} {told}"


def _difference(before: Requests, after: Requests) -> str:
    if before.before is None and after.before is not None:
        return "did not exist when the plan was made, and does now"
    if before.before is not None and after.before is None:
        return "existed when the plan was made, and does not any more"
    if moved := moved_fields(before.before or {}, after.before or {}):
        return f"has changed since the plan was made: {', '.join(moved)}"
    if before != after:
        return "would be changed by other requests than the plan's: something that it refers to has changed"
    return ""


def _requests(change: Change) -> Requests:
    resource_type = BY_SECTION[change.section]
    return Requests(
        before=None if change.live is None else dict(fingerprint(resource_type, change.live)),
        depends_on=sorted(change.depends_on),
        writes=[_write(write) for write in change.writes],
    )


def _write(write: Write) -> dict[str, Json]:
    """Return a request as a file may show it: without secrets, unknown ids by what they are the ids of."""
    told: dict[str, Json] = {"method": write.method, "path": write.path}
    if write.body is not None:
        told["body"] = map_leaves(write.body, _leaf)
    if write.wait is not None:
        told["after"] = {"path": write.wait.path, write.wait.field: list(write.wait.done)}
    return told


def _leaf(_: FieldPath, leaf: Json) -> Json:
    if isinstance(leaf, Secret):
        return {"sensitive": leaf.source}
    if isinstance(leaf, Pending):
        told = {"known_after": leaf.address, "field": leaf.wire}
        return {**told, "prefix": leaf.prefix} if leaf.prefix else told
    return leaf

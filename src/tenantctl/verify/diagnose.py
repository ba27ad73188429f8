"""From a case to a diagnosis: the first row of the table that recognises it, its texts filled in. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tenantctl.problems import Position, Problem
from tenantctl.states import make_address
from tenantctl.verify.case import Case
from tenantctl.verify.entry import VerifyRequest
from tenantctl.verify.recognise import Seen
from tenantctl.verify.table import ENTRY, ROWS, Row
from tenantctl.verify.token import shown

_APPLY = (
    "{file} has it already: `tenantctl apply` puts it on the tenant"
    " (a change made seconds ago may still be on its way)."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """Why a check failed, and what to change.

    code: permanent, of `tenantctl.verify.table`.
    address, field: the resource of ``tenant.yaml`` and its field; None when the file cannot mend it.
    position: where that stands, or else the ``verify`` entry.
    lags: whether trying again in a moment may help.
    """

    code: str
    summary: str
    cause: str
    fix: str
    address: str | None = None
    field: str | None = None
    position: Position | None = None
    lags: bool = False

    def as_problem(self) -> Problem:
        """Return it as a Problem, where there is no check to report it with."""
        return Problem(
            code=self.code,
            summary=self.summary,
            detail=self.cause,
            hint=self.fix,
            address=self.address,
            position=self.position,
        )


def diagnose(case: Case) -> Diagnosis | None:
    """Return what is wrong, or None when the tenant's answer is as it should be, as far as it was checked."""
    for row in ROWS:
        seen = row.seen(case)
        if seen is not None:
            return _fill(row, seen, case)
    return None


def _fill(row: Row, seen: Seen, case: Case) -> Diagnosis:
    key = _key(row, case)
    position = None if row.at_entry else case.known.place(row.section, key, row.field)
    names = {**_names(case, seen), "file": position.file if position else "The file"}
    fix = _APPLY if row.declared(case) else row.fix
    return Diagnosis(
        code=row.code,
        summary=row.summary.format_map(names).strip(),
        cause=row.cause.format_map(names).strip(),
        fix=fix.format_map(names).strip(),
        address=make_address(row.section, key) if row.section else None,
        field=row.field or None,
        position=position or case.request.position,
        lags=row.lags,
    )


def _key(row: Row, case: Case) -> str:
    if row.section == ENTRY:
        return "verify"
    if row.near:
        return case.known.near_identifier(case.request.audience or "") or ""
    return case.key(row.section)


def _names(case: Case, seen: Seen) -> Mapping[str, str]:
    """Return what the table's texts may name, each as printable text."""
    request, refusal = case.request, case.refusal
    words = " — ".join(each for each in (refusal.error, refusal.error_description) if each) if refusal else ""
    return {
        "client": shown(request.client),
        "client_id": shown(case.credentials.client_id),
        "method": case.credentials.method,
        "source": case.credentials.source,
        "audience": shown(case.audience or "no audience"),
        "near": shown(case.known.near_identifier(request.audience or "") or ""),
        "issuer": case.issuer,
        "found": seen.found,
        "expected": seen.expected,
        "words": shown(words or "it gives no reason", limit=500),
        "wait": _wait(case),
    }


def _wait(case: Case) -> str:
    reset = case.refusal.reset if case.refusal else None
    return f"in {max(1, round(reset - case.now))} seconds" if reset is not None else "in a minute"


def missing_credentials(request: VerifyRequest, searched: str) -> Diagnosis:
    """Return the diagnosis of a check that nobody's credentials were found for.

    searched: where they were looked for, in words.
    """
    return Diagnosis(
        code="credentials-missing",
        summary=f"there are no credentials for client {shown(request.client)}",
        cause=f"Looked for: {searched}.",
        fix="Put its client id and secret into the environment or the env file, or let the tool read them"
        " from the tenant (scope read:client_keys).",
        address=make_address("clients", request.client),
        field="client_secret",
        position=request.position,
    )

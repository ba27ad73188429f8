"""What came of the checks, in the shape of ``verify --format json``."""

from __future__ import annotations

from dataclasses import dataclass

from tenantctl.problems import Position, Problem
from tenantctl.states import Json
from tenantctl.verify.diagnose import Diagnosis
from tenantctl.verify.entry import VerifyRequest
from tenantctl.verify.token import TokenFacts

FORMAT_VERSION = "1.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """One entry's outcome.

    code: None when it is ok, and so are cause, fix, address and field; the summary is there always.
    attempts: token requests and repeated fetches of the key set that it took; 0 when none was made.
    token: what was issued, None when nothing was.
    """

    client: str
    audience: str | None
    ok: bool
    summary: str
    code: str | None = None
    cause: str | None = None
    fix: str | None = None
    address: str | None = None
    field: str | None = None
    position: Position | None = None
    attempts: int = 0
    token: TokenFacts | None = None

    @classmethod
    def passed(cls, request: VerifyRequest, summary: str, token: TokenFacts, attempts: int) -> CheckResult:
        """Return the result of a check that found nothing wrong."""
        client, audience = request.client, request.audience
        return cls(client=client, audience=audience, ok=True, summary=summary, attempts=attempts, token=token)

    @classmethod
    def failed(
        cls, request: VerifyRequest, why: Diagnosis, token: TokenFacts | None = None, attempts: int = 0
    ) -> CheckResult:
        """Return the result of a check that found something wrong."""
        return cls(
            client=request.client,
            audience=request.audience,
            ok=False,
            summary=why.summary,
            code=why.code,
            cause=why.cause or None,
            fix=why.fix or None,
            address=why.address,
            field=why.field,
            position=why.position or request.position,
            attempts=attempts,
            token=token,
        )

    def as_dict(self) -> dict[str, Json]:
        """Return the JSON of one check; ``position`` is there only when it is known."""
        result: dict[str, Json] = {
            "client": self.client,
            "audience": self.audience,
            "ok": self.ok,
            "code": self.code,
            "summary": self.summary,
            "cause": self.cause,
            "fix": self.fix,
            "address": self.address,
            "field": self.field,
            "attempts": self.attempts,
            "token": self.token.as_dict() if self.token else None,
        }
        if self.position:
            place = self.position
            result["position"] = {"file": place.file, "line": place.line, "column": place.column}
        return result


@dataclass(frozen=True, slots=True)
class CheckReport:
    """All results of a run, in the order of the entries."""

    checks: tuple[CheckResult, ...]

    @property
    def ok(self) -> bool:
        """Whether every check passed."""
        return all(check.ok for check in self.checks)

    def as_dict(self) -> dict[str, Json]:
        """Return the JSON of the whole run: ``{"format_version", "ok", "checks": [...]}``."""
        checks = [check.as_dict() for check in self.checks]
        return {"format_version": FORMAT_VERSION, "ok": self.ok, "checks": checks}


def diagnosis_of(problem: Problem) -> Diagnosis:
    """Return a Problem met on the way (an unreachable tenant) as the diagnosis of the check it stopped."""
    return Diagnosis(
        code=problem.code,
        summary=problem.summary,
        cause=problem.detail,
        fix=problem.hint,
        address=problem.address,
        position=problem.position,
    )

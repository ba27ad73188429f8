"""What the Management API refuses, in words that say what to do.

ProblemsError
└── RequestError          a request that failed for good; `status` and `error_code` are the server's
    └── StoppedError      a request that was not sent, as the run was told to stop
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tenantctl.problems import Problem, ProblemsError


class RequestError(ProblemsError):
    """A request to the tenant that failed for good.

    status: HTTP status, or None if no answer came.
    error_code: Auth0's ``errorCode``, such as ``insufficient_scope``.
    uncertain: whether a write may have happened all the same.
    """

    def __init__(
        self,
        problem: Problem,
        *,
        status: int | None = None,
        error_code: str = "",
        uncertain: bool = False,
    ) -> None:
        super().__init__([problem])
        self.status = status
        self.error_code = error_code
        self.uncertain = uncertain

    @property
    def is_certain(self) -> bool:
        """Whether the tenant said no, so that nothing happened."""
        return self.status is not None and self.status < _SERVER_ERROR


class StoppedError(RequestError):
    """A request that was not sent, or not once more, as the run was told to stop."""

    def __init__(self, method: str, path: str, *, uncertain: bool = False) -> None:
        again = " again" if uncertain else ""
        problem = Problem(
            code="interrupted",
            summary=f"{method} {path} was not sent{again}: the run was stopped",
            hint="Apply again: it goes on from there.",
        )
        super().__init__(problem, uncertain=uncertain)

    @property
    def is_certain(self) -> bool:
        """Whether nothing was sent at all."""
        return not self.uncertain


_SERVER_ERROR = 500
_NO_SCOPE = "insufficient_scope"
_OF_OPERATION = "Insufficient scope"
_SCOPE = re.compile(r"\b[a-z]+:[a-z_]+\b")
_NOT_ENTITLED = frozenset({"insufficient_entitlement", "feature_not_enabled"})
_MAY_HAVE_HAPPENED = "It may have happened all the same: plan again before you apply again."

_BY_STATUS: Mapping[int, tuple[str, str, str]] = {
    400: ("rejected", "the tenant rejects {request}", "Change the field that the message names."),
    401: (
        "unauthorized",
        "the tenant does not accept the access token",
        "It may have expired or be for another tenant. Get a new one, or set AUTH0_CLIENT_ID and _SECRET.",
    ),
    403: ("forbidden", "the tenant forbids {request}", "The tenant may have switched the feature off."),
    404: ("not-found", "the tenant knows no such object: {request}", "Plan again; it may have been deleted."),
    409: ("conflict", "the tenant has such an object already: {request}", "Plan again to adopt it."),
    429: ("rate-limited", "the tenant's rate limit outlasted every retry: {request}", "Try again later."),
}


def request_error(
    method: str, path: str, status: int, body: Any, scopes: tuple[str, ...] = (), *, writes: bool = True
) -> RequestError:
    """Return the error for an HTTP answer of 400 or above.

    body: the decoded answer; Auth0's shape is ``{"statusCode", "error", "message", "errorCode"}``.
    scopes: what the operation needs, any one of them. writes: whether a POST changes the tenant.
    """
    answer = body if isinstance(body, Mapping) else {}
    error_code = str(answer.get("errorCode") or "")
    message = str(answer.get("message") or answer.get("error_description") or answer.get("error") or "")
    request = f"{method} {path}"
    if error_code in _NOT_ENTITLED or (error_code == _NO_SCOPE and not _is_about_scopes(message)):
        problem = _entitlement_problem(request, message)
    elif error_code == _NO_SCOPE:
        problem = _scope_problem(request, message, scopes)
    elif status in _BY_STATUS:
        code, summary, hint = _BY_STATUS[status]
        problem = Problem(code=code, summary=summary.format(request=request), detail=message, hint=hint)
    else:
        problem = Problem(
            code="server-error" if status >= _SERVER_ERROR else "unexpected-response",
            summary=f"the tenant answers {status} to {request}",
            detail=message,
            hint="Try again; if it stays, look at the status page of your Auth0 region.",
        )
    uncertain = status >= _SERVER_ERROR and method == "POST" and writes
    return RequestError(
        _doubtful(problem) if uncertain else problem,
        status=status,
        error_code=error_code,
        uncertain=uncertain,
    )


def _doubtful(problem: Problem) -> Problem:
    """Say of a write without a usable answer that it may have happened."""
    return replace(problem, hint=f"{_MAY_HAVE_HAPPENED} {problem.hint}")


def not_usable(method: str, path: str, detail: str) -> RequestError:
    """Return the error for an answer that says success and can't be read; a write may well have happened."""
    problem = Problem(
        code="unexpected-response",
        summary=f"the answer to {method} {path} can't be used",
        detail=detail,
        hint="Check the domain: is it an Auth0 tenant, and does no proxy answer in its place?",
    )
    uncertain = method != "GET"
    return RequestError(_doubtful(problem) if uncertain else problem, uncertain=uncertain)


def no_tenant(origin: str, status: int) -> RequestError:
    """Return the error for a server that answers with something else than JSON: it is no Auth0 tenant."""
    problem = Problem(
        code="unexpected-response",
        summary=f"{origin} does not answer as an Auth0 tenant does",
        detail=f"It answers {status} with something that is not JSON.",
        hint="Check the domain; it looks like my-team.eu.auth0.com.",
    )
    return RequestError(problem, status=status)


def _is_about_scopes(message: str) -> bool:
    """Return whether a refusal for want of a scope is one: recorded, some mean the tenant's plan by it."""
    return not message or message.startswith(_OF_OPERATION) or bool(_scopes_in(message))


def _scope_problem(request: str, message: str, scopes: tuple[str, ...]) -> Problem:
    return Problem(
        code="insufficient-scope",
        summary=f"the token lacks a scope for {request}",
        detail=message,
        hint=grant_hint(_missing(message, scopes)),
    )


def grant_hint(scopes: tuple[str, ...]) -> str:
    """Return how to get a token with one of the `scopes`."""
    several = "one of " if len(scopes) > 1 else ""
    needed = several + ", ".join(scopes) if scopes else "another scope"
    return f"Grant {needed} to tenantctl's client, for the Auth0 Management API."


def _missing(message: str, scopes: tuple[str, ...]) -> tuple[str, ...]:
    """Return the scopes to grant: `scopes`, which the operation takes, or those that a field takes."""
    named = _scopes_in(message)
    is_of_operation = not named or message.startswith(_OF_OPERATION)
    return scopes if scopes and is_of_operation else named


def _scopes_in(message: str) -> tuple[str, ...]:
    """Return the scopes that a message names, such as ``Insufficient scope, expected any of: a:b,c:d``."""
    return tuple(_SCOPE.findall(message))


def _entitlement_problem(request: str, message: str) -> Problem:
    return Problem(
        code="insufficient-entitlement",
        summary=f"the tenant's plan does not include {request}",
        detail=message,
        hint="The feature comes with another Auth0 plan, or has to be enabled for the tenant.",
    )


def unreachable(origin: str, error: Exception, *, uncertain: bool = False) -> RequestError:
    """Return the error for a tenant that gave no answer at all."""
    problem = Problem(
        code="unreachable",
        summary=f"cannot reach {origin}",
        detail=str(error) or type(error).__name__,
        hint="Check the domain and the network; for a certificate of your own set AUTH0_CA_BUNDLE.",
    )
    return RequestError(_doubtful(problem) if uncertain else problem, uncertain=uncertain)

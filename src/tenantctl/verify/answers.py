"""Requests to the tenant's public endpoints, with every fault of the network turned into a Problem."""

from __future__ import annotations

import json
from collections.abc import Mapping

import httpx

from tenantctl.loopback import is_loopback
from tenantctl.problems import Problem, ProblemsError
from tenantctl.states import Json
from tenantctl.verify.token import shown

MAX_BYTES = 1024 * 1024
"""No discovery document, key set or token answer comes near this."""


def issuer_of(domain: str) -> str:
    """Return the issuer of a domain or origin: ``https://<domain>/``, with Auth0's slash at the end."""
    origin = domain if "://" in domain else f"https://{domain}"
    return origin.rstrip("/") + "/"


def is_safe(url: httpx.URL) -> bool:
    """Whether a secret or a key may travel to `url`: https, or this machine."""
    return url.scheme == "https" or (url.scheme == "http" and is_loopback(url.host))


async def fetch(
    http: httpx.AsyncClient,
    method: str,
    url: str,
    *,
    data: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> httpx.Response:
    """Send a request and return the answer, whatever its status; redirects are not followed.

    Raises:
        ProblemsError: ``insecure-address`` for plain http to another machine; ``tenant-unreachable`` when no
            answer comes.
    """
    try:
        target = httpx.URL(url)
        if not is_safe(target):
            raise ProblemsError([_insecure(url)])
        return await http.request(method, target, data=data, headers=headers, follow_redirects=False)
    except (httpx.RequestError, httpx.InvalidURL) as error:
        raise ProblemsError([_unreachable(url, error)]) from error


def json_object(answer: httpx.Response) -> dict[str, Json]:
    """Return the JSON object of an answer.

    Raises:
        ProblemsError: ``unexpected-response`` when the body is too large or no JSON object.
    """
    if len(answer.content) > MAX_BYTES:
        raise ProblemsError([unexpected(answer, f"the body has {len(answer.content)} bytes")])
    try:
        body = json.loads(answer.content)
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise ProblemsError([unexpected(answer, "the body is not a JSON object")])
    return body


def unexpected(answer: httpx.Response, what: str) -> Problem:
    """Return the Problem of an answer that no Auth0 tenant gives."""
    request, content_type = answer.request, answer.headers.get("content-type", "none")
    return Problem(
        code="unexpected-response",
        summary=f"{request.method} {request.url} gave an answer that is not Auth0's: {what}",
        detail=f"HTTP status {answer.status_code}, content type {shown(content_type)}",
        hint="Check that the domain is the tenant's, and that no proxy stands in between.",
    )


def _insecure(url: str) -> Problem:
    return Problem(
        code="insecure-address",
        summary=f"{shown(url)} is not https",
        detail="Client secrets and keys travel over https only; plain http is taken for this machine alone.",
        hint="Use the tenant's https address.",
    )


def _unreachable(url: str, error: Exception) -> Problem:
    words = str(error) or type(error).__name__
    return Problem(
        code="tenant-unreachable",
        summary=f"no answer from {shown(url)}",
        detail=shown(words),
        hint="Check the domain and the network; a private certificate authority goes into AUTH0_CA_BUNDLE.",
    )

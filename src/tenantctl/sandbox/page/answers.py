"""The answers to the page's requests: overview, section, object, request log, token debugger."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.resources import files

from starlette.responses import HTMLResponse, Response

from tenantctl.catalog.registry import BY_SECTION
from tenantctl.sandbox.authentication import key_set
from tenantctl.sandbox.bodies import MalformedError, media_type, parse_form, read_bytes
from tenantctl.sandbox.domains import DEFAULT_DOMAIN
from tenantctl.sandbox.errors import ApiError
from tenantctl.sandbox.identity import SINGLETON_ID
from tenantctl.sandbox.page import links
from tenantctl.sandbox.page.contents import Contents
from tenantctl.sandbox.page.debugger import Asked, Finding, Issuer, fields_from, suggested_fields
from tenantctl.sandbox.page.rendering import render
from tenantctl.sandbox.page.visit import Visit
from tenantctl.states import Json
from tenantctl.verify.jwks import ALGORITHMS

_FORM = "application/x-www-form-urlencoded"
_HEADERS: Mapping[str, str] = {
    # Nothing but the page's own style sheet and icon; no script at all.
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # With `no-referrer` browsers would send forms with the origin "null".
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
_FILES: Mapping[str, tuple[str, str]] = {
    links.STYLE_PATH: ("style.css", "text/css"),
    links.ICON_PATH: ("icon.svg", "image/svg+xml"),
}
_FEW_OBJECTS = 5
_OBJECTS = 100
_FEW_REQUESTS = 10
_REQUESTS = 200
_CHOICES = 500


class PageError(Exception):
    """A request that is answered with a page that says why it can't be met; `status` is that of HTTP."""

    def __init__(self, status: int, title: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.title = title


async def answer_page(visit: Visit) -> Response:
    """Return the answer to a request for a page. None of them gets into the tenant's request log."""
    try:
        return await _answer(visit)
    except PageError as error:
        content = _render(visit, "error.html", title=error.title, message=str(error))
        return HTMLResponse(content, error.status, _HEADERS)


async def _answer(visit: Visit) -> Response:
    match visit.exchange.verb, visit.path:
        case "GET", path if path in _FILES:
            name, kind = _FILES[path]
            content = (files(__package__) / name).read_bytes()
            return Response(content, headers=_HEADERS, media_type=kind)
        case "GET", path:
            return HTMLResponse(_page(path)(visit), headers=_HEADERS)
        case "POST", links.ISSUE_PATH:
            return HTMLResponse(_issue(visit, await _read_form(visit)), headers=_HEADERS)
        case "POST", links.INSPECT_PATH:
            return HTMLResponse(_inspect(visit, await _read_form(visit)), headers=_HEADERS)
    raise _no_such_page()


def _page(path: str) -> Callable[[Visit], str]:
    pages: Mapping[str, Callable[[Visit], str]] = {
        links.HOME_PATH: _overview,
        links.REQUESTS_PATH: _requests,
        links.TOKEN_PATH: _debugger,
        # Where the forms lead, typed into the address bar or loaded again.
        links.ISSUE_PATH: _debugger,
        links.INSPECT_PATH: _debugger,
    }
    return pages.get(path, _section)


def _overview(visit: Visit) -> str:
    contents = Contents(visit.tenant)
    listed = [
        contents.listed(section, 0, _FEW_OBJECTS)
        for section in contents.counts
        if not BY_SECTION[section].is_singleton
    ]
    settings = [
        links.Link(BY_SECTION[section].title, links.section_path(section))
        for section in contents.counts
        if BY_SECTION[section].is_singleton
    ]
    return _render(
        visit,
        "overview.html",
        listed=listed,
        settings=settings,
        is_fresh=contents.is_fresh,
        requests=visit.tenant.last_requests(_FEW_REQUESTS),
    )


def _section(visit: Visit) -> str:
    section = visit.path.removeprefix(links.SECTIONS_PATH)
    if section not in BY_SECTION:
        raise _no_such_page()
    query = _query(visit)
    if BY_SECTION[section].is_singleton:
        return _object(visit, section, SINGLETON_ID)
    if "id" in query:
        return _object(visit, section, query["id"])
    text = query.get("page", "1")
    page = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 1  # noqa: PLR2004 - digits
    start = max(page - 1, 0) * _OBJECTS
    listed = Contents(visit.tenant).listed(section, start, _OBJECTS)
    return _render(
        visit, "section.html", listed=listed, page=start // _OBJECTS + 1, pages=-(-listed.total // _OBJECTS)
    )


def _object(visit: Visit, section: str, object_id: str) -> str:
    contents = Contents(visit.tenant)
    found = contents.find(section, object_id)
    if found is None:
        title = BY_SECTION[section].title
        raise PageError(404, "Not here", f"This tenant has no {title} with that id; it may be deleted.")
    fields = fields_from(section, found.body)
    return _render(
        visit,
        "object.html",
        found=found,
        title=contents.title(found),
        references=contents.references(found),
        document=contents.as_json(found),
        debugger=links.debugger_path(fields) if fields else "",
    )


def _requests(visit: Visit) -> str:
    return _render(visit, "requests.html", requests=visit.tenant.last_requests(_REQUESTS), limit=_REQUESTS)


def _debugger(visit: Visit) -> str:
    fields = _query(visit)
    return _forms(visit, Asked.of(fields or suggested_fields(visit.tenant)))


def _issue(visit: Visit, fields: Mapping[str, str]) -> str:
    asked = Asked.of(fields)
    try:
        finding = _issuer(visit).issue(visit.store, asked)
    except LookupError as error:
        raise PageError(404, "No such application", str(error.args[0])) from error
    return _forms(visit, asked, finding, is_shown="show" in fields)


def _inspect(visit: Visit, fields: Mapping[str, str]) -> str:
    asked = Asked.of(fields)
    if not asked.token:
        raise PageError(400, "No token", "Paste a token into the form of the token debugger.")
    return _forms(visit, asked, _issuer(visit).inspect(asked))


def _issuer(visit: Visit) -> Issuer:
    keys = key_set(visit.tenant, stale=visit.faults.stale_jwks)["keys"]
    return Issuer(visit.tenant, visit.exchange.issuer, tuple(keys))


def _forms(visit: Visit, asked: Asked, finding: Finding | None = None, *, is_shown: bool = False) -> str:
    contents = Contents(visit.tenant)
    place = contents.find_by_address(*finding.place) if finding and finding.place else None
    return _render(
        visit,
        "token.html",
        asked=asked,
        finding=finding,
        is_shown=is_shown,
        place=links.object_path(*place.place) if place else "",
        clients=_clients(contents, asked.client),
        apis=contents.objects("resourceServers", _CHOICES),
        algorithms=sorted(ALGORITHMS),
    )


def _clients(contents: Contents, chosen: str) -> list[dict[str, Json]]:
    """Return the first clients, and the one with the id that is chosen."""
    first, found = contents.objects("clients", _CHOICES), contents.find("clients", chosen)
    return first if found is None or found.body in first else [*first, found.body]


async def _read_form(visit: Visit) -> dict[str, str]:
    """Return the fields of a form that the page itself has sent.

    Raises:
        PageError: another site has sent it, or it can't be read.
    """
    if not _is_own_form(visit):
        message = "This form was not sent by the sandbox's own page. Open the page and send it from there."
        raise PageError(403, "Refused", message)
    if media_type(visit.exchange.request) != _FORM:
        raise PageError(415, "Not a form", f"Send the fields as {_FORM}.")
    try:
        return _parse(await read_bytes(visit.exchange.request))
    except ApiError as error:
        raise PageError(error.status, "Can't be read", str(error.body["message"])) from error


def _is_own_form(visit: Visit) -> bool:
    """Return whether a form comes from this page: browsers tell where from, and nobody else sends forms.

    https://html.spec.whatwg.org/ (Origin with every POST), Fetch Metadata (Sec-Fetch-Site).
    """
    headers = visit.exchange.request.headers
    origin = headers.get("origin")
    if origin is not None and f"{origin}/" != visit.exchange.issuer:
        return False
    return headers.get("sec-fetch-site", "same-origin") in {"same-origin", "none"}


def _parse(raw: bytes) -> dict[str, str]:
    try:
        return parse_form(raw)
    except MalformedError as error:
        raise PageError(400, "Can't be read", f"The fields can't be read: {error}") from error


def _query(visit: Visit) -> dict[str, str]:
    return _parse(visit.exchange.request.scope["query_string"])


def _render(visit: Visit, template: str, **values: object) -> str:
    domain = visit.tenant.domain
    address = "--sandbox" if domain == DEFAULT_DOMAIN else f"--domain {domain}"
    return render(template, domain=domain, command=f"tenantctl {address}", here=visit.path, **values)


def _no_such_page() -> PageError:
    return PageError(404, "Not here", "There is no such page. The overview leads to all that there is.")

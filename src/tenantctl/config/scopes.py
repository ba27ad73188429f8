"""Check that the scopes which grants and roles name are offered by the API, where the file declares it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

from tenantctl.catalog.paths import values_at
from tenantctl.catalog.registry import BY_SECTION
from tenantctl.catalog.spec import ResourceType, ScopeUse
from tenantctl.config.references import Declared
from tenantctl.config.report import Entry, Report
from tenantctl.states import FieldPath

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class _Offer:
    """The scopes of an API, and where each stands in the file."""

    api: Entry
    scopes: Mapping[str, FieldPath]


def check_scopes(report: Report, resource_type: ResourceType, entry: Entry, declared: Declared) -> None:
    """Report scopes that the API of the file does not offer; APIs whose scopes are not managed aside."""
    for use in resource_type.scope_uses:
        apis = dict(values_at(entry.data, use.api))
        for path, scope in values_at(entry.data, use.scope):
            name = apis.get(_beside(use, path))
            api = declared.find(use.section, name) if isinstance(name, str) else None
            if api is not None and isinstance(scope, str):
                offer = _Offer(api, declared.offered(api, use.offered))
                _check(report, use, (*entry.path, *path), scope, entry, offer)


def _beside(use: ScopeUse, path: FieldPath) -> FieldPath:
    """Return where the name of the API stands for the scope at `path`."""
    *around, last = use.api.split(".")
    shared = path[: 2 * len(around)] if around else ()
    return (*shared, last)


def _check(report: Report, use: ScopeUse, path: FieldPath, scope: str, entry: Entry, offer: _Offer) -> None:
    field = use.offered.partition("[]")[0]
    api = offer.api
    if scope in offer.scopes or field not in api.data or BY_SECTION[use.section].protected(api.data):
        return
    document = report.document
    meant = report.nearest(scope, document.shown_text(path, scope), (), offer.scopes.items())
    report.error(
        "unknown-scope",
        f"the API '{api.shown_key}' has no scope {document.shown(path, scope)}",
        path,
        detail=f"it has: {_listed(report, offer)}",
        hint=meant or f"Add it to the {field} of {api.address}.",
        entry=entry,
    )


def _listed(report: Report, offer: _Offer) -> str:
    first = list(islice(offer.scopes.items(), _SHOWN))
    shown = ", ".join(report.document.shown_text(where, value) for value, where in first)
    more = len(offer.scopes) - len(first)
    return f"{shown} and {more} more" if more else shown or "none"

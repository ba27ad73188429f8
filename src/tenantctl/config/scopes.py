"""Check that the scopes which grants and roles name are offered by the API, where the file declares it."""

from __future__ import annotations

from tenantctl.catalog.registry import BY_SECTION
from tenantctl.catalog.spec import ResourceType, ScopeUse
from tenantctl.config.paths import values_at
from tenantctl.config.references import Declared
from tenantctl.config.report import Entry, Report
from tenantctl.states import FieldPath


def check_scopes(report: Report, resource_type: ResourceType, entry: Entry, declared: Declared) -> None:
    """Report scopes that the API of the file does not offer; APIs whose scopes are not managed aside."""
    for use in resource_type.scope_uses:
        apis = dict(values_at(entry.data, use.api))
        for path, scope in values_at(entry.data, use.scope):
            name = apis.get(_beside(use, path))
            api = declared.find(use.section, name) if isinstance(name, str) else None
            if api is not None and isinstance(scope, str):
                _check(report, use, (*entry.path, *path), scope, entry, api)


def _beside(use: ScopeUse, path: FieldPath) -> FieldPath:
    """Return where the name of the API stands for the scope at `path`."""
    *around, last = use.api.split(".")
    shared = path[: 2 * len(around)] if around else ()
    return (*shared, last)


def _check(report: Report, use: ScopeUse, path: FieldPath, scope: str, entry: Entry, api: Entry) -> None:
    field = use.offered.partition("[]")[0]
    if field not in api.data or BY_SECTION[use.section].protected(api.data):
        return
    offered = {str(value): (*api.path, *where) for where, value in values_at(api.data, use.offered)}
    if scope in offered:
        return
    document = report.document
    known = ", ".join(document.shown_text(where, value) for value, where in offered.items())
    meant = report.nearest(scope, document.shown_text(path, scope), (), offered.items())
    report.error(
        "unknown-scope",
        f"the API '{api.shown_key}' has no scope {document.shown(path, scope)}",
        path,
        detail=f"it has: {known or 'none'}",
        hint=meant or f"Add it to the {field} of {api.address}.",
        entry=entry,
    )

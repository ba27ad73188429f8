"""What a run may touch: the choices of the user that no resource type can know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from tenantctl.catalog.spec import ResourceType
from tenantctl.states import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The ownership and safety choices of one run.

    prune: sections in which objects that the file does not name are deleted.
    protect: address patterns (``clients/Legacy *``) that are never touched.
    moved: address in the file → address it had on the tenant.
    removed: addresses that are let go of without being deleted.
    only: address patterns; if there are any, other changes are left out.
    send_secrets: send write-only values even where nothing else differs.
    resend: addresses at which that is done in any case, as they may not have arrived.
    undo: section and id, or address, of objects that are deleted as their creation is undone.
    force_unsafe: sections in which the deletion guard is lifted.
    """

    prune: frozenset[str] = frozenset()
    protect: tuple[str, ...] = ()
    moved: Mapping[str, str] = field(default_factory=dict)
    removed: frozenset[str] = frozenset()
    only: tuple[str, ...] = ()
    send_secrets: bool = False
    resend: frozenset[str] = frozenset()
    undo: frozenset[tuple[str, str]] = frozenset()
    force_unsafe: frozenset[str] = frozenset()

    def protects(self, address: str) -> bool:
        """Return whether the user protects the resource at `address`."""
        return matches_any(address, self.protect)

    def is_chosen(self, address: str) -> bool:
        """Return whether a run is about the resource at `address`."""
        return not self.only or matches_any(address, self.only)


def is_untouchable(
    resource_type: ResourceType,
    address: str,
    item: Mapping[str, Json],
    own_client_id: str | None,
    policy: Policy,
) -> bool:
    """Return whether an object is never touched: by its type, for the tool's own sake, or as asked."""
    if resource_type.protected(item) or policy.protects(address):
        return True
    own = resource_type.own
    return own is not None and own_client_id is not None and own(item, own_client_id)


def matches_any(address: str, patterns: tuple[str, ...]) -> bool:
    """Return whether an address matches one of the patterns (``*`` and ``?`` as in a shell)."""
    return any(fnmatchcase(address, pattern) for pattern in patterns)

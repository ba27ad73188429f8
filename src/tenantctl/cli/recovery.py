"""What earlier applies to this tenant left open, and how the next one takes it up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from tenantctl.apply.outcome import Status
from tenantctl.apply.unfinished import JournaledRun, reconcile, unfinished
from tenantctl.catalog.keys import key_of
from tenantctl.catalog.registry import BY_SECTION
from tenantctl.cli.output import Output
from tenantctl.states import Current, Json, make_address
from tenantctl.views.text import count_of

_MAX_NAMED = 5


class Recovery:
    """The applies to a tenant that were cut off, or of which a write may or may not have happened."""

    def __init__(self, domain: str) -> None:
        """Read the journals. Raises ProblemsError (``bad-journal``)."""
        self.runs = unfinished(domain)

    @property
    def resend(self) -> frozenset[str]:
        """The addresses whose write-only values may not have arrived: no read can tell."""
        return frozenset(change.address for run in self.runs for change in run.open_changes)

    def tell(self, output: Output) -> None:
        """Say what was left open."""
        for run in self.runs:
            output.talk(_told(run))

    def brought(self, current: Current) -> Iterator[Mapping[str, Json]]:
        """Yield the objects that exist, and for which the server made up a secret that may not be kept."""
        wanted = {
            change.address
            for run in self.runs
            for change in run.open_changes
            if change.action.creates and BY_SECTION[change.section].generated
        }
        for section in sorted({address.partition("/")[0] for address in wanted}):
            for item in current.sections.get(section, ()):
                if make_address(section, key_of(BY_SECTION[section], item)) in wanted:
                    yield item

    def settle(self, by: Path | None) -> None:
        """Write down that all of it was taken up. Raises ProblemsError (``journal-unwritable``)."""
        reconcile(self.runs, by)


def _told(run: JournaledRun) -> str:
    done = sum(change.status is Status.APPLIED for change in run.changes.values())
    how = "left something open" if run.is_over else "was cut off"
    told = f"An earlier apply {how} ({run.path}): {done} of {count_of(len(run.changes), 'change')} applied"
    if opened := [change.address for change in run.open_changes]:
        named = ", ".join(opened[:_MAX_NAMED])
        more = f" and {len(opened) - _MAX_NAMED} more" if len(opened) > _MAX_NAMED else ""
        told += f"; begun, and not known to be done: {named}{more}"
    return f"{told}. `tenantctl apply` goes on from there."

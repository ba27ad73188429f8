"""Which part of a tenant a snapshot has: all of it, or what ``--only`` names."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

from tenantctl.catalog.registry import BY_SECTION
from tenantctl.plan.policy import matches_any
from tenantctl.problems import Problem, ProblemsError, did_you_mean


@dataclass(frozen=True, slots=True)
class Choice:
    """Sections (``roles``) and address patterns (``clients/AAA *``); everything, if there are none."""

    patterns: tuple[str, ...] = ()

    def __str__(self) -> str:
        return ", ".join(self.patterns)

    @property
    def sections(self) -> tuple[str, ...]:
        """The sections of which there is something to record, in the catalog's order.

        Raises ProblemsError for patterns that fit none.
        """
        if stray := [each for each in self.patterns if not any(map(_Fits(each), BY_SECTION))]:
            raise ProblemsError(_fits_nothing(pattern) for pattern in stray)
        return tuple(
            section
            for section in BY_SECTION
            if not self.patterns or any(_Fits(pattern)(section) for pattern in self.patterns)
        )

    def has_all_of(self, section: str) -> bool:
        """Return whether every object of a section is chosen."""
        return not self.patterns or any(
            _Fits(pattern)(section) and pattern.partition("/")[2] in {"", "*"} for pattern in self.patterns
        )

    def has(self, section: str, address: str) -> bool:
        """Return whether an object of a section is chosen."""
        return self.has_all_of(section) or matches_any(address, self.patterns)


@dataclass(frozen=True, slots=True)
class _Fits:
    """Tells whether a pattern is about a section."""

    pattern: str

    def __call__(self, section: str) -> bool:
        return fnmatchcase(section, self.pattern.partition("/")[0])


def _fits_nothing(pattern: str) -> Problem:
    section = pattern.partition("/")[0]
    return Problem(
        code="only-fits-nothing",
        summary=f"--only '{pattern}' fits no section",
        hint=did_you_mean(section, BY_SECTION) or "Name a section, or an address: section/name.",
    )

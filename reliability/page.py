"""The tables of a trial, and the page of the documentation that holds them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reliability.kinds import KINDS
from reliability.trial import BY_CHANCE, Result

_HEAD = """\
# Reliability

"""


def make_page(results: Sequence[Result]) -> str:
    """Return the page, in Markdown."""
    return _HEAD + make_tables(results)


@dataclass(frozen=True, slots=True)
class Tally:
    """How the cases of one kind ended.

    by_further: how many took 0, 1, 2 applies besides the one that went wrong.
    """

    title: str
    cases: int
    by_further: tuple[int, int, int]
    wrong: int


def tally(title: str, results: Iterable[Result]) -> Tally:
    """Count the results of one kind."""
    found = list(results)
    counts = [sum(each.further == number and not each.wrong for each in found) for number in range(3)]
    return Tally(
        title, len(found), (counts[0], counts[1], counts[2]), sum(bool(each.wrong) for each in found)
    )


def make_tables(results: Sequence[Result]) -> str:
    """Return the tables of what was tried."""
    rows = []
    for kind in KINDS:
        for lasts, often in ((False, ""), (True, ", each time")):
            if own := [each for each in results if (each.kind, each.lasts) == (kind.title, lasts)]:
                rows.append(tally(f"{kind.title}{often}", own))
    chance = [each for each in results if each.kind == BY_CHANCE]
    by_chance = (
        table("several things, by chance", [tally("random edits, random faults", chance)]) if chance else ""
    )
    return "\n".join(filter(None, [table("what goes wrong with one write", rows) if rows else "", by_chance]))


def table(head: str, rows: Sequence[Tally]) -> str:
    """Return a table in Markdown, with a line of sums."""
    lines = [
        f"| {head} | cases | nothing left to do | one further apply | two | failures |\n",
        "|---|--:|--:|--:|--:|--:|\n",
    ]
    lines += [_line(row.title, row.cases, *row.by_further, row.wrong) for row in rows]
    if len(rows) > 1:
        sums = [
            sum(column)
            for column in zip(*((row.cases, *row.by_further, row.wrong) for row in rows), strict=True)
        ]
        lines.append(_line("all", *sums))
    return "".join(lines)


def _line(title: str, *counts: int) -> str:
    return f"| {title} | {' | '.join(f'{count:,}' for count in counts)} |\n"

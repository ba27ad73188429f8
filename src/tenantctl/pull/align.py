"""Line up two lists: which items stay, and what is between them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from tenantctl.states import Json

_MAX_CELLS = 40_000
"""So many pairs of items are compared; of longer lists only what they begin and end with."""


def aligned(
    before: Sequence[Json], after: Sequence[Json], same: Callable[[Json, Json], bool]
) -> Iterator[tuple[range, range]]:
    """Yield, in order, the ranges of two lists that differ; what is between them is the same."""
    start = 0
    while start < min(len(before), len(after)) and same(before[start], after[start]):
        start += 1
    end, other_end = len(before), len(after)
    while min(end, other_end) > start and same(before[end - 1], after[other_end - 1]):
        end, other_end = end - 1, other_end - 1
    row, column = start, start
    for kept, other in _kept(before, after, same, range(start, end), range(start, other_end)):
        if row < kept or column < other:
            yield range(row, kept), range(column, other)
        row, column = kept + 1, other + 1
    if row < end or column < other_end:
        yield range(row, end), range(column, other_end)


def _kept(
    before: Sequence[Json],
    after: Sequence[Json],
    same: Callable[[Json, Json], bool],
    rows: range,
    columns: range,
) -> Iterator[tuple[int, int]]:
    """Yield the pairs of a longest common subsequence."""
    if len(rows) * len(columns) > _MAX_CELLS:
        return
    equal = [[same(before[row], after[column]) for column in columns] for row in rows]
    lengths = [[0] * (len(columns) + 1) for _ in range(len(rows) + 1)]
    for row in reversed(range(len(rows))):
        for column in reversed(range(len(columns))):
            below = max(lengths[row + 1][column], lengths[row][column + 1])
            lengths[row][column] = lengths[row + 1][column + 1] + 1 if equal[row][column] else below
    row = column = 0
    while row < len(rows) and column < len(columns):
        if equal[row][column]:
            yield rows[row], columns[column]
            row, column = row + 1, column + 1
        elif lengths[row + 1][column] >= lengths[row][column + 1]:
            row += 1
        else:
            column += 1

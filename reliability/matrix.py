"""Try many cases, several at a time, each worker on a sandbox of its own."""

from __future__ import annotations

import json
import multiprocessing
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random

from reliability.chance import draw
from reliability.kinds import Case, cases_of
from reliability.stage import Stage, open_stage
from reliability.state import State
from reliability.trial import Result, make_wanted, try_case, try_chance


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be tried.

    matrix: every kind of fault at every write. only: part of the title of those cases that are meant.
    sample: only so many of them, drawn with `seed`; all without it. seeds: how many runs by chance, beginning
    with seed `seed`.
    """

    matrix: bool = True
    only: str = ""
    sample: int | None = None
    seeds: int = 0
    seed: int = 0


@dataclass(frozen=True, slots=True)
class _Share:
    """The part of the work that one worker does: each `of`-th thing, from the `first`."""

    work: Work
    first: int
    of: int
    results: Path


def try_all(work: Work, jobs: int, results: Path) -> None:
    """Do the work in `jobs` processes, and append to a file what became of each case, as JSON lines."""
    shares = [_Share(work, first, jobs, results) for first in range(jobs)]
    if jobs == 1:
        _do(shares[0])
        return
    with multiprocessing.get_context("spawn").Pool(jobs) as pool:
        pool.map(_do, shares, chunksize=1)


def read_results(path: Path) -> list[Result]:
    """Return what `try_all` has written."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [Result(**{**found, "wrong": tuple(found["wrong"])}) for found in map(json.loads, lines)]


def _do(share: _Share) -> None:
    with tempfile.TemporaryDirectory() as folder, open_stage(Path(folder)) as stage:
        trials = list(_trials(stage, share.work))
        for attempt in trials[share.first :: share.of]:
            result = attempt()
            for unlike in result.wrong:
                sys.stderr.write(f"{result.title}: {unlike}\n")
            with share.results.open("a", encoding="utf-8") as stream:  # one short write: lines stay whole
                stream.write(json.dumps(result._asdict()) + "\n")


def _trials(stage: Stage, work: Work) -> Iterator[Callable[[], Result]]:
    """Yield all that is to be tried, in the same order for each worker."""
    base = stage.state()
    if work.matrix:
        wanted = make_wanted(stage)
        cases = [case for case in cases_of(wanted.points) if work.only in str(case)]
        for case in _sampled(cases, work):
            yield partial(try_case, stage, wanted, case)
    for seed in range(work.seed, work.seed + work.seeds):
        yield partial(_try_seed, stage, base, seed)


def _try_seed(stage: Stage, base: State, seed: int) -> Result:
    return try_chance(stage, base, draw(seed))


def _sampled(cases: list[Case], work: Work) -> list[Case]:
    if work.sample is None:
        return cases
    return Random(work.seed).sample(cases, work.sample)  # noqa: S311  # to be repeated, not to be secret

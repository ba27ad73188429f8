"""Let requests of applies fail, and kill applies; print what came of it, and write the page if asked to."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from reliability.matrix import Work, read_results, try_all
from reliability.page import make_page, make_tables


def main() -> int:
    """Try what is asked for; return 1 if anything was not as it should be."""
    parser = argparse.ArgumentParser(prog="python -m reliability", description=__doc__)
    parser.add_argument("--no-matrix", action="store_true", help="only the runs by chance")
    parser.add_argument("--only", default="", help="part of the title of the cases that are meant")
    parser.add_argument("--sample", type=int, help="so many cases of the matrix instead of all")
    parser.add_argument("--seeds", type=int, default=0, help="how many runs by chance")
    parser.add_argument("--seed", type=int, default=0, help="the first seed, and that of the sample")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="how many at a time")
    parser.add_argument(
        "--results", type=Path, default=Path(".reliability.jsonl"), help="where they are added"
    )
    parser.add_argument("--page", type=Path, help="where to write the page")
    arguments = parser.parse_args()
    work = Work(
        matrix=not arguments.no_matrix,
        only=arguments.only,
        sample=arguments.sample,
        seeds=arguments.seeds,
        seed=arguments.seed,
    )
    try_all(work, arguments.jobs, arguments.results)
    results = read_results(arguments.results)
    sys.stdout.write(make_tables(results))
    if arguments.page:
        arguments.page.write_text(make_page(results), encoding="utf-8")
    return 1 if any(result.wrong for result in results) else 0


if __name__ == "__main__":
    sys.exit(main())

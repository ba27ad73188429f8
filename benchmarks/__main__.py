"""Measure what tenantctl takes on tenants of given sizes; print the table, and write the page if asked to."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks.cases import Case
from benchmarks.page import make_page, make_table
from benchmarks.runs import Row, run

CASES = (
    Case("1,000 clients, 1,000 client grants, 100 APIs", clients=1000, grants=1000, apis=100),
    Case("1,000 clients", clients=1000),
    Case("3,000 clients", clients=3000),
    Case("10,000 clients", clients=10_000, repeat=1),
    Case("30,000 clients", clients=30_000, repeat=1),
    Case(
        "10,000 clients, 10,000 organizations, 2,000 connections",
        clients=10_000,
        organizations=10_000,
        connections=2000,
        repeat=1,
    ),
    Case(
        "1,000 clients, 1,000 organizations, 200 connections; 100 of each with what is enabled for it",
        clients=1000,
        organizations=1000,
        connections=200,
        connected=100,
        provisioned=100,
    ),
)


def main() -> None:
    """Measure the chosen cases."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--case", action="append", default=[], help="part of a case's name; all without it")
    parser.add_argument("--page", type=Path, help="where to write the page")
    arguments = parser.parse_args()
    rows: list[Row] = []
    for case in CASES:
        if not arguments.case or any(part in case.name for part in arguments.case):
            sys.stderr.write(f"{case.name} …\n")
            rows.extend(run(case))
    sys.stdout.write(make_table(rows))
    if arguments.page:
        arguments.page.write_text(make_page(rows), encoding="utf-8")


if __name__ == "__main__":
    main()

"""The tables of a benchmark, and the page of the documentation that holds them."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Sequence
from itertools import groupby

from benchmarks.runs import Row

_HEAD = """\
# Benchmarks

Made by `make bench`: whole processes of `tenantctl`, from start to exit, against a sandbox that a process of
its own serves on the same machine ({machine}). Medians of three runs; one run for 10,000 clients
and more. Requests are those that the sandbox logged. The tenant has what the file says but for the objects
that differ, each in one field; a client is about 1.1 kB of YAML. Seconds are by the clock and depend on what
else the machine does; CPU seconds and peak memory are those of the program alone, without the sandbox.

A real tenant answers in tens of milliseconds and limits requests per second, so what counts there is the
number of requests. Each named section is read once: by cursor where the API has one, in its largest pages.
What the API tells of one object at a time is read only for the objects, and the fields, that the file names.
An apply adds the writes, and before them one read for each object that it changes, to see that nobody else
has; of more than 20 their lists are read.

"""


def make_page(rows: Sequence[Row]) -> str:
    """Return the page, in Markdown."""
    machine = f"{os.cpu_count()} cores, {platform.python_implementation()} {platform.python_version()}"
    return _HEAD.format(machine=machine) + make_table(rows)


def make_table(rows: Iterable[Row]) -> str:
    """Return one table for each tenant."""
    return "\n".join(_table(case, tuple(group)) for case, group in groupby(rows, lambda row: row.case))


def _table(case: str, rows: Sequence[Row]) -> str:
    lines = [
        f"## {case}\n\n",
        "| command | differ | reads | writes | seconds | CPU seconds | peak MB |\n",
        "|---|---|--:|--:|--:|--:|--:|\n",
    ]
    for row in rows:
        usage = row.usage
        lines.append(
            f"| `{row.tool} {row.job}` | {row.differing} | {row.requests.reads} | {row.requests.writes} "
            f"| {usage.seconds:.1f} | {usage.cpu_seconds:.1f} | {usage.peak_bytes / 1e6:.0f} |\n"
        )
    return "".join(lines)

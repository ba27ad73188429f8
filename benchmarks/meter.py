"""``python meter.py REPORT COMMAND...``: run a command, and write what it took to a file, as JSON.

A process of its own, and a small one: a new process counts as its peak what its parent held when it was
started (Linux carries the high-water mark over fork and exec), so a parent that holds a tenant of 30,000
applications would be measured in place of the program.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

_MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024
"""Bytes that ``ru_maxrss`` counts in, see getrusage(2)."""


def main() -> int:
    """Run the command with this process's streams, and return how it ended."""
    report, *command = sys.argv[1:]
    started = time.perf_counter()
    process = subprocess.Popen(command)
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    taken = {
        "seconds": seconds,
        "cpu_seconds": used.ru_utime + used.ru_stime,
        "peak_bytes": used.ru_maxrss * _MAXRSS_UNIT,
    }
    with open(report, "w", encoding="utf-8") as stream:  # noqa: PTH123  # pathlib would double what is loaded
        json.dump(taken, stream)
    return process.returncode


if __name__ == "__main__":
    sys.exit(main())

"""Run a program as a process of its own, and what it took."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_METER = Path(__file__).with_name("meter.py")


@dataclass(frozen=True, slots=True)
class Usage:
    """What a process took from its start to its end.

    seconds: by the clock on the wall. cpu_seconds: in user and system mode. peak_bytes: resident memory.
    """

    seconds: float
    cpu_seconds: float
    peak_bytes: int


def measure(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Usage:
    """Run a command in a folder, and return what it took.

    Raises RuntimeError, with the end of what it wrote, if it fails.
    """
    log, report = folder / "output.log", folder / "usage.json"
    with log.open("wb") as output:
        finished = subprocess.run(
            [sys.executable, str(_METER), str(report), *command],
            check=False,
            cwd=folder,
            env={**os.environ, **environment},
            stdout=output,
            stderr=output,
        )
    if finished.returncode:
        tail = log.read_text(encoding="utf-8", errors="replace")[-2000:]
        raise RuntimeError(f"{' '.join(command)} ended with {finished.returncode}:\n{tail}")
    return Usage(**json.loads(report.read_text(encoding="utf-8")))

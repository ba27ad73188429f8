"""The sandbox against recorded traffic of real tenants: a referee that knows nothing of the catalog."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from .serve_program import TOKEN, served

MINIMUM = 0.89
"""Measured 0.904; what is missing are discovery documents that no sandbox can read, and older defaults."""

NO_CONFIGURATION = {"users", "tickets", "jobs", "logs", "stats"}


def test_replay_of_recorded_traffic(shared: Path) -> None:
    traffic = shared / "traffic"
    with served("") as (_, (url,)):
        recorded = json.loads((traffic / "index.json").read_text(encoding="utf-8"))
        scenarios = recorded.values() if isinstance(recorded, dict) else recorded
        families = sorted({family for each in scenarios for family in each["families"]} - NO_CONFIGURATION)
        program = [sys.executable, "replay.py", "--base-url", url, "--token", TOKEN, "--failures", "5"]
        program += ["--reset-url", f"{url}/__sandbox__/reset", "--min-score", str(MINIMUM)]
        done = subprocess.run(
            [*program, "--family", *families, "--", "."],
            cwd=traffic,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

    assert done.returncode == 0, done.stdout + done.stderr

"""The sandbox against recorded traffic of real tenants: a referee that knows nothing of the catalog."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from .serve_program import TOKEN, served

MINIMUM = {"status_score": 0.995, "shape_score": 0.971, "value_score": 0.956}
"""What is missing are discovery documents that no sandbox can read, older defaults, and what other tests had
left on the recorded tenants."""

NO_CONFIGURATION = {"users", "tickets", "jobs", "logs", "stats"}


def test_replay_of_recorded_traffic(shared: Path, tmp_path: Path) -> None:
    traffic = shared / "traffic"
    with served("") as (_, (url,)):
        recorded = json.loads((traffic / "index.json").read_text(encoding="utf-8"))
        scenarios = recorded.values() if isinstance(recorded, dict) else recorded
        families = sorted({family for each in scenarios for family in each["families"]} - NO_CONFIGURATION)
        program = [sys.executable, "replay.py", "--base-url", url, "--token", TOKEN, "--failures", "5"]
        program += ["--reset-url", f"{url}/__sandbox__/reset", "--json", str(tmp_path / "scores.json")]
        done = subprocess.run(
            [*program, "--family", *families, "--", "."],
            cwd=traffic,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

    assert done.returncode == 0, done.stdout + done.stderr
    total = json.loads((tmp_path / "scores.json").read_text(encoding="utf-8"))["total"]
    below = {name: total[name] for name, least in MINIMUM.items() if total[name] < least}
    assert not below, f"{below}\n{done.stdout}"

"""What a process took is its own."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks.processes import measure

MEGABYTE = 1_000_000


def test_what_the_measuring_process_holds_is_not_counted(tmp_path: Path) -> None:
    held = bytearray(b"x") * (200 * MEGABYTE)
    usage = measure([sys.executable, "-c", "pass"], tmp_path, {})
    assert usage.peak_bytes < 60 * MEGABYTE < len(held)


def test_what_the_process_holds_is(tmp_path: Path) -> None:
    usage = measure([sys.executable, "-c", "held = b'x' * 100_000_000"], tmp_path, {})
    assert usage.peak_bytes > 100 * MEGABYTE
    assert usage.cpu_seconds > 0
    assert usage.seconds > 0


def test_a_command_that_fails_is_told_with_its_words(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match=r"ended with 3:\nno tenant"):
        measure([sys.executable, "-c", "print('no tenant'); raise SystemExit(3)"], tmp_path, {})

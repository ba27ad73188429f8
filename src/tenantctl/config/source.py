"""Read a configuration file's text, and tell where in it a character stands."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from tenantctl.problems import Position, Problem, ProblemsError

MAX_BYTES = 64 * 1024 * 1024
"""Larger files are refused: no tenant needs them, and a wrong file name often is one."""

_LINE_BREAK = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True)
class Source:
    """A file as it was read: `file` is the name to show, `text` has neither BOM nor changed line ends."""

    file: str
    text: str = field(repr=False)

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(found.end() for found in _LINE_BREAK.finditer(self.text))]

    def position(self, index: int) -> Position:
        """Return the line and column of the character at `index`."""
        starts = self._line_starts
        line = bisect_right(starts, max(0, min(index, len(self.text))))
        return Position(self.file, line, index - starts[line - 1] + 1)


def read_source(path: Path, limit: int = MAX_BYTES) -> Source:
    """Read a file of at most `limit` bytes of UTF-8.

    Raises:
        ProblemsError: it is not there, no file, not readable, too large, or not UTF-8.
    """
    return Source(str(path), _decode(path, _read_bytes(path, limit)))


def _read_bytes(path: Path, limit: int) -> bytes:
    try:
        with path.open("rb") as stream:
            content = stream.read(limit + 1)
    except FileNotFoundError:
        raise _refused(path, "file-not-found", "there is no such file", other_files(path.parent)) from None
    except IsADirectoryError:
        hint = f"Name the YAML file inside it. {other_files(path)}"
        raise _refused(path, "file-is-directory", "is a folder, not a file", hint) from None
    except (OSError, ValueError) as error:
        cause = error.strerror if isinstance(error, OSError) else str(error)
        raise _refused(
            path, "file-unreadable", f"cannot be read: {cause}", "Check its permissions."
        ) from None
    if len(content) > limit:
        what = f"is larger than {limit // 1024 // 1024} MiB"
        raise _refused(path, "file-too-large", what, "Is this the file you meant?")
    return content


def other_files(folder: Path) -> str:
    """Return a hint that names the YAML files of a folder."""
    try:
        names = sorted(found.name for found in folder.iterdir() if found.suffix in {".yaml", ".yml"})
    except (OSError, ValueError):
        return "Check the path."
    if not names:
        return "Check the path, or start one with: tenantctl init"
    return f"There is: {', '.join(names[:5])}"


def _decode(path: Path, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # With a BOM the decoder counts from behind it.
        offset = error.start + len(content) - len(error.object)
        before = content[:offset].decode("utf-8-sig", errors="replace")
        position = Source(str(path), before).position(len(before))
        problem = Problem(
            code="file-not-utf8",
            summary=f"the byte {content[offset]:#04x} at offset {offset} is not UTF-8",
            hint="Save the file as UTF-8.",
            position=position,
        )
        raise ProblemsError([problem]) from None


def _refused(path: Path, code: str, what: str, hint: str) -> ProblemsError:
    problem = Problem(
        code=code, summary=f"{path}: {what}", hint=hint.strip(), position=Position(str(path), 1, 1)
    )
    return ProblemsError([problem])

"""Write files of a configuration: all that a change concerns, or none."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tenantctl.config.replacing import discard, move_staged, replace_file, stage
from tenantctl.problems import Position, Problem, ProblemsError

_BOM = b"\xef\xbb\xbf"
_MODE = 0o666


@dataclass(frozen=True, slots=True)
class FileChange:
    """What a file held when it was read, and what it is to hold; None where there is no such file."""

    path: Path
    before: str | None = field(repr=False)
    after: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Write:
    """One file to write: `target` is where the links in its path lead."""

    target: Path
    before: bytes | None = field(repr=False)
    after: bytes | None = field(repr=False)
    mode: int


def write_files(changes: Iterable[FileChange], roots: Sequence[Path]) -> None:
    """Write files; the mode of each stays, and its byte order mark. If one can't be written, none is.

    roots: the folders that no path may leave, by a symbolic link neither.

    Raises:
        ProblemsError: a path leads elsewhere, a file has changed since it was read, or can't be written.
    """
    allowed = [root.resolve() for root in roots]
    writes = [_checked(change, allowed) for change in changes]
    folders: list[Path] = []
    staged: list[tuple[_Write, Path]] = []
    done: list[_Write] = []
    target = Path()
    try:
        for write in writes:
            target = write.target
            if write.after is not None:
                folders += _make_folders(target.parent)
                staged.append((write, stage(target, write.after, write.mode)))
        for write, temporary in staged:
            target = write.target
            move_staged(temporary, target)
            done.append(write)
        for write in writes:
            target = write.target
            if write.after is None:
                target.unlink()
                done.append(write)
    except OSError as error:
        for _, temporary in staged:
            discard(temporary)
        _restore(done, folders)
        raise ProblemsError([_unwritable(target, error.strerror or type(error).__name__)]) from None


def _checked(change: FileChange, roots: Sequence[Path]) -> _Write:
    target = change.path.resolve()
    if not any(target.is_relative_to(root) for root in roots):
        problem = Problem(
            code="path-outside",
            summary=f"{change.path} leads out of the folder of this configuration, and is not written",
            hint=f"Put the file below {roots[0]}.",
        )
        raise ProblemsError([problem])
    before, mode = _content(change.path, target)
    has_mark = before is not None and before.startswith(_BOM)
    known = None if change.before is None else change.before.encode("utf-8")
    if (before.removeprefix(_BOM) if before is not None else None) != known:
        raise ProblemsError([_changed(change.path, is_new=known is None)])
    after = None if change.after is None else change.after.encode("utf-8")
    return _Write(target, before, _BOM + after if has_mark and after is not None else after, mode)


def _content(path: Path, target: Path) -> tuple[bytes | None, int]:
    """Return what a file holds, and its mode; of one that is not there, the mode of a new one."""
    try:
        return target.read_bytes(), stat.S_IMODE(target.stat().st_mode)
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return None, _MODE & ~mask
    except OSError as error:
        raise ProblemsError([_unwritable(path, error.strerror or type(error).__name__)]) from None


def _make_folders(folder: Path) -> Iterator[Path]:
    """Make a folder and those above it; yield those that were not there."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    for each in reversed(missing):
        each.mkdir()
        yield each


def _restore(done: Sequence[_Write], folders: Sequence[Path]) -> None:
    """Put back what was written already."""
    for write in reversed(done):
        with suppress(OSError):
            if write.before is None:
                write.target.unlink()
            else:
                replace_file(write.target, write.before, write.mode)
    for folder in reversed(folders):
        with suppress(OSError):
            folder.rmdir()


def _changed(path: Path, *, is_new: bool) -> Problem:
    what = "is there already" if is_new else "has changed since it was read"
    return Problem(
        code="file-changed",
        summary=f"{path} {what}; nothing is written",
        hint="Look at it, and run the command again.",
        position=Position(str(path), 1, 1),
    )


def _unwritable(path: Path, cause: str) -> Problem:
    return Problem(
        code="file-unwritable",
        summary=f"{path} cannot be written: {cause}; no file was changed",
        hint="Check its permissions, and the space that is left.",
    )

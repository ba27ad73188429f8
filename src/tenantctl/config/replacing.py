"""Replace a file as a whole or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path


def replace_file(path: Path, content: bytes, mode: int) -> None:
    """Give a file another content: it has the one or the other, whatever happens meanwhile.

    Raises:
        OSError: it can't be written.
    """
    move_staged(stage(path, content, mode), path)


def stage(path: Path, content: bytes, mode: int) -> Path:
    """Return a new file beside `path` that holds the content, and may take its place.

    Raises:
        OSError: it can't be written.
    """
    # mkstemp makes the file readable by its owner alone.
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(mode)
    except BaseException:
        discard(temporary)
        raise
    return temporary


def move_staged(temporary: Path, path: Path) -> None:
    """Put a staged file in the place of `path`.

    Raises:
        OSError: it can't be; the staged file is gone then.
    """
    try:
        temporary.replace(path)
    except BaseException:
        discard(temporary)
        raise
    _sync_folder(path.parent)


def discard(temporary: Path) -> None:
    """Remove a staged file, if it is there."""
    with suppress(OSError):
        temporary.unlink()


def _sync_folder(folder: Path) -> None:
    """Make the new name last through a power failure, where the system can."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

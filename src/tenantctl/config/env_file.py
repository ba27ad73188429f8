"""Read and merge ``.env`` files, as python-dotenv and Next.js (npm's dotenv) both understand them."""

from __future__ import annotations

import io
import re
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from dotenv import dotenv_values
from dotenv.parser import Binding, parse_stream

from tenantctl.config.replacing import replace_file
from tenantctl.problems import Problem, ProblemsError

_MODE = 0o600
_BOM = "\ufeff"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_BARE = re.compile(r"[A-Za-z0-9_./:@%+=,~^-]*")


def read_env(path: Path) -> dict[str, str]:
    """Return the variables of a file, without interpolation; none if there is no such file.

    Raises:
        ProblemsError: it cannot be read, or is not UTF-8.
    """
    return _parse(_read(path).removeprefix(_BOM))


def merge_env(path: Path, values: Mapping[str, str]) -> None:
    """Set variables in a file, which is created or made readable by its owner alone (0600).

    A variable that is there is replaced in place, others are appended; every other line stays byte for byte.
    The file is replaced as a whole or not at all. A link is not followed: it may lead out of the project.

    Raises:
        ProblemsError: it cannot be read or written, is not UTF-8, or a value cannot be written.
    """
    _check_target(path)
    text = _read(path)
    bom = _BOM if text.startswith(_BOM) else ""
    body = text.removeprefix(_BOM)
    merged = _merge(body, values)
    _check_result(path, body, merged, values)
    try:
        replace_file(path, (bom + merged).encode("utf-8"), _MODE)
    except OSError as error:
        raise _refused(path, "env-file-unwritable", f"cannot be written: {error.strerror}") from None


def _check_target(path: Path) -> None:
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    except (OSError, ValueError) as error:
        raise _refused(path, "env-file-unwritable", f"cannot be written: {error}") from None
    if stat.S_ISLNK(mode):
        hint = "Name the file that it leads to, if that is where the secrets belong."
        raise _refused(path, "env-file-is-link", "is a symbolic link, which is not followed", hint)
    if not stat.S_ISREG(mode):
        raise _refused(path, "env-file-unwritable", "is not a file")


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as error:
        hint = "Save it as UTF-8."
        raise _refused(path, "env-file-not-utf8", f"is not UTF-8 at byte {error.start}", hint) from None
    except (OSError, ValueError) as error:
        cause = error.strerror if isinstance(error, OSError) else error
        raise _refused(path, "env-file-unreadable", f"cannot be read: {cause}") from None


def _parse(text: str) -> dict[str, str]:
    found = dotenv_values(stream=io.StringIO(text, newline=""), interpolate=False)
    return {name: value for name, value in found.items() if value is not None}


def _merge(text: str, values: Mapping[str, str]) -> str:
    pending = dict(values)
    pieces: list[str] = []
    for binding in _bindings(text):
        written = binding.original.string
        name = binding.key
        if name is not None and name in values:
            pending.pop(name, None)
            pieces.append(_replaced(written, name, values[name]))
        else:
            pieces.append(written)
    newline = "\r\n" if "\r\n" in text else "\n"
    merged = "".join(pieces)
    if pending and merged and not merged.endswith(("\n", "\r")):
        merged += newline
    return merged + "".join(f"{name}={_quoted(value)}{newline}" for name, value in pending.items())


def _bindings(text: str) -> Iterator[Binding]:
    return parse_stream(io.StringIO(text, newline=""))


def _replaced(written: str, name: str, value: str) -> str:
    """Return a statement with another value; blank lines before it, ``export`` and its line end stay."""
    before = re.match(r"\s*(?:export[^\S\r\n]+)?", written)
    end = re.search(r"(?:\r\n|\n|\r)?\Z", written)
    return f"{before[0] if before else ''}{name}={_quoted(value)}{end[0] if end else ''}"


def _quoted(value: str) -> str:
    """Return a value in a form that python-dotenv and npm's dotenv read alike, if there is one.

    Without quotes both take a line as it is, up to a '#'. In single quotes python-dotenv undoes only escaped
    quotes and backslashes, and npm's dotenv none; in double quotes both know line breaks, python-dotenv more.
    """
    if _BARE.fullmatch(value):
        return value
    if not re.search(r"['\\\r]", value):
        return f"'{value}'"
    if not re.search(r'["\\]', value):
        return '"' + value.replace("\r", "\\r").replace("\n", "\\n") + '"'
    if value == value.strip() and value[0] not in "'\"`" and not re.search(r"[#\r\n]", value):
        return value
    # No form suits both; this one is python-dotenv's.
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\r", "\\r").replace("\n", "\\n")
    return f'"{escaped}"'


def _check_result(path: Path, before: str, after: str, values: Mapping[str, str]) -> None:
    """Refuse a text that does not read back as it should, before anything is written."""
    for name, value in values.items():
        if not _NAME.fullmatch(name):
            raise _refused(path, "env-name-invalid", f"takes no variable named {name!r}")
        if not value.isprintable() and any("\ud800" <= character <= "\udfff" for character in value):
            raise _refused(path, "env-value-unwritable", f"cannot hold the value of {name}: it is no text")
    if _parse(after) != {**_parse(before), **values}:
        hint = "Look for a quote that is opened but not closed, or set the variable by hand."
        raise _refused(
            path,
            "env-value-unwritable",
            f"cannot take {', '.join(values)} without a change to other lines",
            hint,
        )


def _refused(path: Path, code: str, what: str, hint: str = "") -> ProblemsError:
    return ProblemsError([Problem(code=code, summary=f"{path} {what}", hint=hint)])

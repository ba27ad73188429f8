"""JSON as it stands in a file: parsed, or where in it a value is."""

from __future__ import annotations

import json
import re
from typing import Any

from tenantctl.config.source import Source
from tenantctl.problems import Position, Problem, ProblemsError
from tenantctl.states import FieldPath

_SPACE = re.compile(r"[ \t\n\r]*")
_MAX_DEPTH = 64
_DECODER = json.JSONDecoder()


def parse_json(source: Source, hint: str) -> Any:
    """Return the JSON value that a file holds.

    hint: what to do if it holds none.

    Raises:
        ProblemsError: ``bad-json``: it is none (RFC 8259), or nested deeper than any tenant's object.
    """
    try:
        value = json.loads(source.text, parse_constant=_refuse_constant)
        _check_depth(value, _MAX_DEPTH)
    except json.JSONDecodeError as error:
        raise _refused(source.position(error.pos), f"this is not JSON: {error.msg}", hint) from None
    except (ValueError, RecursionError) as error:
        reason = str(error) if isinstance(error, ValueError) else "it is nested too deeply"
        raise _refused(source.position(0), f"this is not JSON that can be read: {reason}", hint) from None
    return value


def locate(source: Source, path: FieldPath) -> Position:
    """Return where the value at a path begins, or the nearest one above it; the text must be JSON."""
    index = _after_space(source.text, 0)
    for step in path:
        found = _member(source.text, index, step)
        if found is None:
            break
        index = found
    return source.position(index)


def _member(text: str, index: int, step: str | int) -> int | None:
    """Return where a member of the object, or an item of the list, at `index` begins, if it is there."""
    if text[index] != ("[" if isinstance(step, int) else "{"):
        return None
    at, number, found = _after_space(text, index + 1), 0, None
    while text[at] not in "]}":
        name: str | int = number
        if isinstance(step, str):
            name, at = _DECODER.raw_decode(text, at)
            at = _after_space(text, _after_space(text, at) + 1)
        if name == step:
            found = at  # of a name that stands there twice, the last counts
        _, at = _DECODER.raw_decode(text, at)
        at = _after_space(text, at)
        if text[at] == ",":
            at, number = _after_space(text, at + 1), number + 1
    return found


def _after_space(text: str, index: int) -> int:
    found = _SPACE.match(text, index)
    return found.end() if found else index


def _refuse_constant(constant: str) -> Any:
    raise ValueError(f"{constant} is no value of it")


def _check_depth(value: Any, left: int) -> None:
    if left == 0:
        raise RecursionError
    members = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for member in members:
        _check_depth(member, left - 1)


def _refused(position: Position, summary: str, hint: str) -> ProblemsError:
    return ProblemsError([Problem(code="bad-json", summary=summary, hint=hint, position=position)])

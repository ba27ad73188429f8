"""A fast reader for the plain block style in which large files are generated and exported.

ruamel.yaml takes about three seconds a megabyte. This reader takes the part of YAML that such files use
(block mappings and lists, scalars on one line, comments) and declines whatever else it meets: an anchor, an
escape, a multi-line scalar, a flow collection, a duplicate key, any fault. What it declines goes to
ruamel.yaml, so that it never has to judge; a test holds the two against each other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.nodes import ScalarNode

from tenantctl.config.nodes import MAX_DEPTH, UNSUPPORTED, plain_value
from tenantctl.states import FieldPath, Json

# A plain scalar that begins with a character without a meaning in YAML, up to a comment.
_PLAIN = r"(?:[A-Za-z0-9_/.+~($]|-[\d.])(?:[^\s:]++|:(?=\S)|[ ]++(?=[^\s#]))*+"
_SCALAR = rf"'(?:[^']|'')*+'|\"[^\"\\]*+\"|\[\]|\{{\}}|{_PLAIN}"
_LINE = re.compile(
    r"([ ]*+)(-[ ]++)?(?:"
    rf"([A-Za-z_][\w.\-/]*+):(?:[ ]++({_SCALAR}))?|({_SCALAR})"
    r")[ ]*+(?:(?<=[ ])\#.*+)?"
)
_NOTHING = re.compile(r"[ ]*(?:#.*)?")
# YAML's other line breaks, and characters that need the real parser's care.
_ODD = ("\r", "\t", "\x85", "\u2028", "\u2029", "\ufeff")
# Plain scalars beginning otherwise are strings.
_MAY_BE_TYPED = frozenset("tTfFnNyYoO~+-.0123456789")

Frame: TypeAlias = "tuple[int, dict[str, Json] | list[Json]]"


@dataclass(slots=True)
class _Section:
    """Where a top-level key, and each item of its list, begins: the line, and for items also the content."""

    start: int
    end: int = 0
    items: list[tuple[int, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a field stands in the text: its start (the key, if it has one) and the range of its value."""

    start: int
    value_start: int
    value_end: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the text that can be parsed by itself, and the way to a field from its root.

    anchor: where the field begins, if there is no way to go.
    """

    start: int
    end: int
    anchor: int
    steps: FieldPath


class Blocks:
    """What the reader found: plain values, and where sections and their entries begin."""

    def __init__(self, data: dict[str, Json], sections: dict[str, _Section], length: int) -> None:
        self.data = data
        self._sections = sections
        self._length = length

    def piece(self, path: FieldPath) -> Piece:
        """Return the smallest part of the text that holds the field at `path`."""
        section = self._sections.get(str(path[0])) if path else None
        if section is None:
            return Piece(0, self._length, 0, ())
        if not section.items or len(path) == 1:
            steps = path if len(path) > 1 else ()
            return Piece(section.start, section.end, section.start, steps)
        index = path[1]
        if not isinstance(index, int) or index >= len(section.items):
            return Piece(section.start, section.end, section.start, ())
        line, content = section.items[index]
        later = section.items[index + 1 : index + 2]
        end = later[0][0] if later else section.end
        return Piece(line, end, content, (0, *path[2:]) if len(path) > 2 else ())  # noqa: PLR2004  # beyond the entry


class _Declined(Exception):  # noqa: N818  # no error: a signal within this file
    """The text holds something that is ruamel.yaml's to judge."""


def read_blocks(text: str) -> Blocks | None:
    """Return the values of a text in plain block style, or None if it is not wholly so."""
    if any(character in text for character in _ODD):
        return None
    reader = _Reader()
    try:
        reader.read(text)
    except _Declined:
        return None
    return Blocks(reader.root, reader.sections, len(text)) if reader.root else None


class _Reader:
    """Reads line by line; the stack holds the open containers, each with the column of its keys or dashes."""

    def __init__(self) -> None:
        self.root: dict[str, Json] = {}
        self.sections: dict[str, _Section] = {}
        self._stack: list[Frame] = [(0, self.root)]
        # The mapping, key and column of a 'key:' whose value is still to come.
        self._pending: tuple[dict[str, Json], str, int] | None = None
        self._section = _Section(0)

    def read(self, text: str) -> None:
        offset = 0
        match = _LINE.fullmatch
        for line in text.split("\n"):
            found = match(line)
            if found is None:
                if _NOTHING.fullmatch(line) is None:
                    raise _Declined
            else:
                self._take(offset, *found.groups())
            offset += len(line) + 1
        self._section.end = len(text)

    def _take(
        self, offset: int, indent: str, dash: str | None, key: str | None, value: str | None, item: str | None
    ) -> None:
        column = len(indent)
        if dash is None:
            if key is None:
                raise _Declined
            mapping = self._mapping_at(column)
        else:
            items = self._list_at(column)
            column += len(dash)
            if len(self._stack) == 2:  # noqa: PLR2004  # the root, and a section's list
                self._section.items.append((offset, offset + column))
            if key is None:
                self._append(offset + column, items, _scalar(item or ""))
                return
            mapping = {}
            self._append(offset + column, items, mapping)
            self._stack.append((column, mapping))
        self._put(offset, mapping, column, key, value)

    def _append(self, _: int, items: list[Json], value: Json) -> None:
        items.append(value)

    def _put(self, offset: int, mapping: dict[str, Json], column: int, key: str, value: str | None) -> None:
        if key in mapping or len(self._stack) > MAX_DEPTH:
            raise _Declined
        if mapping is self.root:
            self._section.end = offset
            self._section = self.sections[key] = _Section(offset)
        if value is None:
            mapping[key] = None
            self._pending = (mapping, key, column)
        else:
            mapping[key] = _scalar(value)

    def _mapping_at(self, column: int) -> dict[str, Json]:
        stack = self._stack
        if self._pending is not None:
            parent, name, parent_column = self._pending
            self._pending = None
            if column > parent_column:
                opened: dict[str, Json] = {}
                parent[name] = opened
                stack.append((column, opened))
                return opened
        while stack[-1][0] > column or (stack[-1][0] == column and isinstance(stack[-1][1], list)):
            stack.pop()
        found_column, found = stack[-1]
        if found_column != column or isinstance(found, list):
            raise _Declined
        return found

    def _list_at(self, column: int) -> list[Json]:
        stack = self._stack
        if self._pending is not None:
            parent, name, parent_column = self._pending
            self._pending = None
            if column >= parent_column:
                opened: list[Json] = []
                parent[name] = opened
                stack.append((column, opened))
                return opened
        while stack[-1][0] > column:
            stack.pop()
        found_column, found = stack[-1]
        if found_column != column or isinstance(found, dict):
            raise _Declined
        return found


class _PlaceReader(_Reader):
    """Also notes where each member and item of a container begins, by the container's identity."""

    def __init__(self) -> None:
        super().__init__()
        self.starts: dict[int, dict[str | int, int]] = {}

    def _append(self, start: int, items: list[Json], value: Json) -> None:
        self.starts.setdefault(id(items), {})[len(items)] = start
        super()._append(start, items, value)

    def _put(self, offset: int, mapping: dict[str, Json], column: int, key: str, value: str | None) -> None:
        self.starts.setdefault(id(mapping), {})[key] = offset + column
        super()._put(offset, mapping, column, key, value)

    def start_of(self, path: FieldPath) -> int:
        """Return where a field, or its nearest existing ancestor, begins."""
        value: Json = self.root
        start = 0
        for step in path:
            known = self.starts.get(id(value), {})
            if step not in known:
                break
            start = known[step]
            value = value[step]
        return start


class BlockPlaces:
    """Places by reading anew the one entry that is asked for."""

    def __init__(self, text: str, blocks: Blocks) -> None:
        self._text = text
        self._blocks = blocks
        self._last: tuple[int, _PlaceReader] | None = None

    def find(self, path: FieldPath) -> Place:
        """Return the place of `path`, or that of its nearest existing ancestor."""
        piece = self._blocks.piece(path)
        if not piece.steps:
            return Place(piece.anchor, piece.anchor, piece.end)
        # An entry by itself is a list of one; the reader wants a mapping around it.
        around = "x:\n" if isinstance(piece.steps[0], int) else ""
        if self._last is None or self._last[0] != piece.start:
            reader = _PlaceReader()
            reader.read(around + self._text[piece.start : piece.end])
            self._last = (piece.start, reader)
        steps = ("x", *piece.steps) if around else piece.steps
        start = self._last[1].start_of(steps) + piece.start - len(around)
        return self._place(start, has_key=isinstance(path[-1], str))

    def _place(self, start: int, *, has_key: bool) -> Place:
        end = self._text.find("\n", start)
        line_end = len(self._text) if end < 0 else end
        colon = self._text.find(":", start) if has_key else -1
        return Place(start, colon + 1 if 0 <= colon < line_end else start, line_end)


_resolver = YAML(typ="safe", pure=True).resolver


def _scalar(text: str) -> Json:
    first = text[0]
    if first in "'\"":
        return text[1:-1].replace("''", "'") if first == "'" else text[1:-1]
    if first in "[{":
        return [] if first == "[" else {}
    return _typed(text) if first in _MAY_BE_TYPED else text


@lru_cache(maxsize=65536)
def _typed(text: str) -> Json:
    value = plain_value(str(_resolver.resolve(ScalarNode, text, (True, False))), text)
    if value is UNSUPPORTED:
        raise _Declined
    return value

"""A parsed configuration file: plain values, and where each of them stands in the file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from tenantctl.config.blocks import BlockPlaces, Place, read_blocks
from tenantctl.config.keywords import MARKER, Replaced
from tenantctl.config.nodes import Builder, check_characters, members, parse_nodes
from tenantctl.config.unresolved import Unresolved
from tenantctl.problems import Position, Problem, ProblemsError
from tenantctl.states import FieldPath, Json

LARGE = 200_000
"""From this many characters on the reader for plain block style is tried first: it is far faster."""

_SHOWN_LENGTH = 80


class Places(Protocol):
    """Finds the place of a path, or that of its nearest existing ancestor."""

    def find(self, path: FieldPath) -> Place:
        """Return the place of `path`."""


class _NodePlaces:
    """Places by walking the nodes of the whole file."""

    def __init__(self, root: Node) -> None:
        self._root = root
        # By identity: nodes cannot be hashed, and live as long as their root.
        self._members: dict[int, dict[str, tuple[int, Node]]] = {}

    def find(self, path: FieldPath) -> Place:
        node = self._root
        start = node.start_mark.index
        for step in path:
            child = self._child(node, step)
            if child is None:
                break
            start, node = child
        return Place(start, node.start_mark.index, node.end_mark.index)

    def _child(self, node: Node, step: str | int) -> tuple[int, Node] | None:
        if isinstance(node, MappingNode) and isinstance(step, str):
            known = self._members.get(id(node))
            if known is None:
                known = {name: (key.start_mark.index, value) for name, key, value in members(node)}
                self._members[id(node)] = known
            return known.get(step)
        if isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
            return node.value[step].start_mark.index, node.value[step]
        return None


@dataclass(frozen=True)
class Document:
    """What a file says: `data` is its top-level mapping in plain Python."""

    data: Mapping[str, Json] = field(repr=False)
    text: Replaced
    places: Places = field(repr=False)

    def locate(self, path: FieldPath) -> Position:
        """Return the position of a field (its key), of a list item, or of the nearest ancestor."""
        return self.text.position(self.places.find(path).start)

    def shown(self, path: FieldPath, value: Json) -> str:
        """Return a value as a message may show it: as the file writes it where keywords have a part in it."""
        written = self._written(path)
        if written is None:
            written = f"'{value}'" if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        written = " ".join(written.split())
        return written if len(written) <= _SHOWN_LENGTH else written[:_SHOWN_LENGTH] + "…"

    def shown_text(self, path: FieldPath, value: str) -> str:
        """Return a text, without quotes, as a message may show it."""
        written = self._written(path)
        return value if written is None else written.strip().strip("'\"")

    def shown_name(self, path: FieldPath) -> str:
        """Return the name of the field at `path` as a message may show it."""
        name = str(path[-1])
        if not self.text.layers:
            return name
        place = self.places.find(path)
        written = self.text.original(place.start, place.value_start)
        return (
            name if written is None else written.partition("\n")[0].rstrip().removesuffix(":").strip("'\" ")
        )

    def _written(self, path: FieldPath) -> str | None:
        if not self.text.layers:
            return None
        place = self.places.find(path)
        return self.text.original(place.value_start, place.value_end)


def read_document(text: Replaced, known: Iterable[str]) -> tuple[Document, list[Problem]]:
    """Parse a text; the problems are those of YAML that let the rest be checked all the same.

    known: keywords that have a value, for did-you-mean.

    Raises:
        ProblemsError: it is no YAML, empty, or no mapping.
    """
    if len(text.text) >= LARGE and not MARKER.search(text.text):
        check_characters(text)
        blocks = read_blocks(text.text)
        if blocks is not None:
            return Document(blocks.data, text, BlockPlaces(text.text, blocks)), []
    unresolved = Unresolved(text, known)
    root = _parse(text, unresolved)
    builder = Builder(text)
    data = builder.build(root) if root else None
    problems = [*unresolved.problems(root), *builder.problems]
    if root is None or data is None:
        hint = "Start one with: tenantctl init"
        problems.append(_at_start(text, "empty-file", "the file declares nothing", hint))
        raise ProblemsError(problems)
    if not isinstance(data, dict):
        hint = "It has sections, such as 'clients:', with their resources below."
        problems.append(_at_start(text, "not-a-mapping", "the file is not a mapping of sections", hint))
        raise ProblemsError(problems)
    return Document(data, text, _NodePlaces(root)), problems


def _at_start(text: Replaced, code: str, summary: str, hint: str) -> Problem:
    return Problem(code=code, summary=summary, hint=hint, position=text.position(0))


def _parse(text: Replaced, unresolved: Unresolved) -> Node | None:
    try:
        return parse_nodes(Replaced(text.source, unresolved.text, text.layers))
    except ProblemsError as error:
        raise ProblemsError([*unresolved.problems(None), *error.problems]) from None

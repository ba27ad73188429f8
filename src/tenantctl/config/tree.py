"""The nodes of a text as they are written: with anchors, aliases and merge keys, and where each ends.

`compose` says what a text means; this says how it is put, for those who change it in place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from tenantctl.config.events import (
    ALIAS,
    COLLECTION_END,
    MAPPING_START,
    READER_ERRORS,
    SCALAR,
    Event,
    events_by_libyaml,
    events_by_ruamel,
)
from tenantctl.config.keywords import Replaced

_PROPERTIES = re.compile(r"(?:[&!][^\s,\[\]{}]*(?:[ \t]+|(?=[\r\n])|$))*")
_DASH = re.compile(r"(?:[ \t\r\n]|(?<=[ \t\r\n])#[^\r\n]*)*-")
_COLON = re.compile(r"[ \t]*:")
_KEPT_BREAKS = re.compile(r"[|>][0-9]?\+|[|>]\+")


@dataclass(slots=True)
class Node:
    """A value as it is written.

    start: where it begins, its anchor and tag included; content: the same without these. end: of its own
    text, without what follows: neither a comment nor the line break after a block.
    anchors, aliases: whether it is or holds any.
    """

    start: int
    content: int
    end: int
    anchor: str | None = None
    tagged: bool = False
    anchors: bool = False
    aliases: bool = False


@dataclass(slots=True)
class ScalarNode(Node):
    """A scalar. style: empty for a plain one, else its quote or ``|`` or ``>``. text: what it reads as."""

    style: str = ""
    text: str = ""


@dataclass(slots=True)
class AliasNode(Node):
    """An alias. name: of the anchor."""

    name: str = ""


@dataclass(slots=True)
class Member:
    """A member of a mapping: its name, its key's node, and its value's."""

    name: str
    key: Node
    value: Node
    merges: bool


@dataclass(slots=True)
class MappingNode(Node):
    """A mapping, in flow or block style."""

    flow: bool = False
    members: list[Member] = field(default_factory=list)


@dataclass(slots=True)
class SequenceNode(Node):
    """A list, in flow or block style. dashes: where those of a block stand, one an item."""

    flow: bool = False
    items: list[Node] = field(default_factory=list)
    dashes: list[int] = field(default_factory=list)


def read_tree(text: Replaced) -> Node:
    """Return the root of a text that `compose` accepts, and that is not empty."""
    try:
        return _Reader(text.text, events_by_libyaml(text.text)).read()
    except READER_ERRORS:
        return _Reader(text.text, events_by_ruamel(text)).read()


class _Reader:
    def __init__(self, text: str, events: Iterator[Event]) -> None:
        self._text = text
        self._events = events
        self._keys: dict[str, str] = {}

    def read(self) -> Node:
        next(self._events)
        next(self._events)
        return self._node(next(self._events), 0)

    def _node(self, event: Event, empty_at: int) -> Node:
        """Return a node; `empty_at` is where it stands if nothing is written for it."""
        if isinstance(event, ALIAS):
            start, end = event.start_mark.index, event.end_mark.index
            return AliasNode(start, start, end, aliases=True, name=event.anchor)
        if isinstance(event, SCALAR):
            return self._scalar(event, empty_at)
        return self._collection(event)

    def _scalar(self, event: Event, empty_at: int) -> Node:
        start, end = event.start_mark.index, event.end_mark.index
        if start == end:
            start = end = empty_at
        content = self._content(event, start)
        node = ScalarNode(start, content, end, style=event.style or "", text=event.value)
        if node.style and node.style in "|>":
            node.end = self._block_scalar_end(content, end)
        elif content > end:
            node.content = end
        return self._marked(node, event)

    def _content(self, event: Event, start: int) -> int:
        if event.anchor is None and event.tag is None:
            return start
        found = _PROPERTIES.match(self._text, start)
        return found.end() if found else start

    def _block_scalar_end(self, content: int, end: int) -> int:
        """Return the end of the last line that counts; where blank lines do, before the last line break."""
        if _KEPT_BREAKS.match(self._text, content):
            if self._text[:end].endswith("\r\n"):
                return end - 2
            return end - self._text[end - 1 : end].count("\n") - self._text[end - 1 : end].count("\r")
        return content + len(self._text[content:end].rstrip("\r\n \t"))

    def _marked(self, node: Node, event: Event) -> Node:
        node.anchor = event.anchor
        node.anchors = node.anchors or event.anchor is not None
        node.tagged = event.tag is not None
        return node

    def _collection(self, event: Event) -> Node:
        start = event.start_mark.index
        content = self._content(event, start)
        flow = bool(event.flow_style)
        node: Node
        if isinstance(event, MAPPING_START):
            node = self._mapping(MappingNode(start, content, content, flow=flow))
        else:
            node = self._sequence(SequenceNode(start, content, content, flow=flow))
        return self._marked(node, event)

    def _sequence(self, node: SequenceNode) -> Node:
        at = node.content
        for event in self._events:
            if isinstance(event, COLLECTION_END):
                node.end = event.end_mark.index if node.flow else at
                return node
            if not node.flow:
                found = _DASH.match(self._text, at)
                at = found.end() if found else at
                node.dashes.append(at - 1)
            item = self._node(event, at)
            node.items.append(item)
            node.anchors, node.aliases = node.anchors or item.anchors, node.aliases or item.aliases
            at = item.end
        raise AssertionError("the events of a list end with it")

    def _mapping(self, node: MappingNode) -> Node:
        at = node.content
        for event in self._events:
            if isinstance(event, COLLECTION_END):
                node.end = event.end_mark.index if node.flow else at
                return node
            member = self._member(event, at)
            node.members.append(member)
            for part in (member.key, member.value):
                node.anchors, node.aliases = node.anchors or part.anchors, node.aliases or part.aliases
            at = member.value.end
        raise AssertionError("the events of a mapping end with it")

    def _member(self, event: Event, at: int) -> Member:
        key = self._node(event, at)
        name = self._keys.get(key.name, "") if isinstance(key, AliasNode) else getattr(key, "text", "")
        if key.anchor is not None:
            self._keys[key.anchor] = name
        found = _COLON.match(self._text, key.end)
        value = self._node(next(self._events), found.end() if found else key.end)
        if isinstance(value, ScalarNode) and value.anchor is not None:
            self._keys[value.anchor] = value.text
        merges = name == "<<" and isinstance(key, ScalarNode) and (not key.style or key.tagged)
        return Member(name, key, value, merges)

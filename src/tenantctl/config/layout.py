"""Where in a text values, members and items come and go: lines, columns, commas and comments."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tenantctl.config.render import (
    Style,
    block_lines,
    flow_member,
    indented,
    inline,
    is_block,
    item_lines,
    member_lines,
    pretty,
    value_lines,
)
from tenantctl.config.tree import MappingNode, Member, Node, ScalarNode, SequenceNode
from tenantctl.states import Json

_BREAK = re.compile(r"\r\n|\r|\n")
_COMMA = re.compile(r"(?:[ \t\r\n]|(?<=[ \t\r\n])#[^\r\n]*)*,")
_BLANK_LINE = re.compile(r"(?:\r\n|\r(?!\n)|\n)[ \t]*[\r\n]")
_OWN_COMMENT = re.compile(r"(?:\r\n|\r|\n)[ \t]*(?=#)")

_Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a value stands.

    indent: column of its key or dash, from which its own lines are indented. after: the place right behind
    the colon or the dash.
    """

    in_flow: bool
    indent: int
    after: int
    is_item: bool = False
    is_root: bool = False


@dataclass(frozen=True, slots=True)
class Inside:
    """The slots of what a collection holds."""

    layout: Layout
    in_flow: bool

    def of_member(self, member: Member) -> Slot:
        """Return the slot of a member's value."""
        colon = self.layout.text.find(":", member.key.end)
        after = colon + 1 if -1 < colon < max(member.value.start, colon + 1) else member.key.end
        return Slot(self.in_flow, self.layout.column(member.key.start), after)

    def of_item(self, node: SequenceNode, index: int) -> Slot:
        """Return the slot of an item."""
        at = node.items[index].start if node.flow else node.dashes[index]
        return Slot(self.in_flow, self.layout.column(at), at if node.flow else at + 1, is_item=True)


@dataclass(slots=True)
class Layout:
    """Collects what to replace in a text."""

    text: str
    style: Style
    splices: list[tuple[int, int, str]] = field(default_factory=list)

    def inside(self, node: MappingNode | SequenceNode, slot: Slot) -> Inside:
        """Return the slots of what a collection holds."""
        return Inside(self, slot.in_flow or node.flow)

    def column(self, index: int) -> int:
        """Return how far a place is from the beginning of its line."""
        return index - self._line_start(index)

    def replace(self, node: Node, value: Json, slot: Slot) -> None:
        """Put a value in the place of a node; its anchor stays, its tag goes."""
        if slot.is_root:
            self._replace_root(node, value)
        elif slot.in_flow or self._stays_flow(node, value):
            self._splice(self._own_start(node), node.end, self._flow_text(node, value, slot))
        else:
            self._replace_in_block(node, value, slot)

    def change_members(self, node: MappingNode, gone: Sequence[Member], added: Mapping[str, Json]) -> None:
        """Take members out of a mapping that keeps some, and add others behind the last."""
        if not gone and not added:
            return
        spans = [(member.key.start, member.value.end) for member in node.members]
        out = {index for index, member in enumerate(node.members) if member in gone}
        end = len(spans)
        if node.flow:
            lines = [
                flow_member(name, value, self.style, self._step_in(spans)) for name, value in added.items()
            ]
            self._change_flow(spans, out, {end: lines} if lines else {})
        else:
            lines = [member_lines(name, value, self.style) for name, value in added.items()]
            self._change_block(spans, out, {end: lines} if lines else {})

    def change_items(self, node: SequenceNode, gone: set[int], inserts: Mapping[int, list[Json]]) -> None:
        """Take items out of a list that keeps some, and put others before those at their index."""
        if not gone and not inserts:
            return
        if node.flow:
            spans = [(item.start, item.end) for item in node.items]
            step = self._step_in(spans)
            texts = {
                index: [
                    pretty(value, step, self.style) if step else [inline(value, self.style, _like(node))]
                    for value in values
                ]
                for index, values in inserts.items()
            }
            self._change_flow(spans, gone, texts)
            return
        spans = [(dash, max(item.end, dash + 1)) for dash, item in zip(node.dashes, node.items, strict=True)]
        gap = self._gap(node)
        texts = {
            index: [item_lines(value, self.style, gap, _like(node)) for value in values]
            for index, values in inserts.items()
        }
        self._change_block(spans, gone, texts)

    def _gap(self, node: SequenceNode) -> int:
        """Return how far behind their dashes the items stand."""
        for dash, item in zip(node.dashes, node.items, strict=True):
            between = self.text[dash + 1 : item.start]
            if between and not between.strip(" "):
                return len(between)
        return 1

    def _splice(self, start: int, end: int, text: str) -> None:
        if start != end or text:
            self.splices.append((start, end, text))

    def _own_start(self, node: Node) -> int:
        """Return where what is replaced of a node begins: behind its anchor."""
        return node.start if node.tagged else node.content

    def _kept_anchor(self, node: Node) -> str:
        return f"&{node.anchor} " if node.tagged and node.anchor is not None else ""

    def _flow_text(self, node: Node, value: Json, slot: Slot) -> str:
        like = node.style if isinstance(node, ScalarNode) else ""
        if self.style.as_json and is_block(value) and "\n" in self.text[: node.end]:
            head, *rest = pretty(value, self.style.step, self.style)
            margin = " " * self._margin(slot.after)
            written = self.style.newline.join([head, *(margin + line for line in rest)])
        else:
            written = inline(value, self.style, like)
        space = " " if node.content == node.end and not self._is_blank_before(node.content) else ""
        return space + self._kept_anchor(node) + written

    def _is_blank_before(self, index: int) -> bool:
        return self.text[index - 1 : index] in {" ", "\t", "\n", "\r", "", "[", "{", ","}

    def _stays_flow(self, node: Node, value: Json) -> bool:
        """Return whether a node is in flow style, and not just because it is empty."""
        if not isinstance(node, MappingNode | SequenceNode) or not node.flow:
            return False
        if self.style.as_json or (node.members if isinstance(node, MappingNode) else node.items):
            return True
        members = value.values() if isinstance(value, Mapping) else value
        return not is_block(value) or not any(map(is_block, members))

    def _replace_root(self, node: Node, value: Json) -> None:
        if self._stays_flow(node, value) or not is_block(value):
            step = self.style.step if "\n" in self.text[node.content : node.end] else 0
            lines = pretty(value, step, self.style) if step else [inline(value, self.style)]
        else:
            lines = block_lines(value, self.style)
        self._splice(node.content, node.end, self.style.newline.join(lines))

    def _replace_in_block(self, node: Node, value: Json, slot: Slot) -> None:
        like = node.style if isinstance(node, ScalarNode) else ""
        below = " " * slot.indent
        if slot.is_item and node.anchor is not None and is_block(value):
            first, rest = "", indented(2, block_lines(value, self.style))
        elif slot.is_item:
            head, *rest = (
                item_lines(value, self.style)
                if is_block(value) or like == ""
                else _item(value, self.style, like)
            )
            first = head[1:]
        else:
            first, *rest = value_lines(value, self.style, like)
        added = "".join(self.style.newline + (below + line if line else "") for line in rest)
        start = self._own_start(node)
        if _BREAK.search(self.text, slot.after, max(node.content, slot.after)):
            at = slot.after if node.start == node.content else self._end_of_properties(node)
            if node.tagged:
                self._splice(node.start, at, self._kept_anchor(node).rstrip())
            self._splice(at, at, first)
            self._splice(self._line_end(at), node.end, added)
            return
        while start > slot.after and self.text[start - 1] in " \t":
            start -= 1
        anchor = self._kept_anchor(node)
        self._splice(start, node.end, f" {anchor.rstrip()}{first}" if anchor else first)
        tail = self._line_end(node.end)
        self._splice(tail, tail, added)

    def _end_of_properties(self, node: Node) -> int:
        found = _BREAK.search(self.text, node.start)
        line = self.text[node.start : found.start() if found else len(self.text)]
        return node.start + len(line.partition(" #")[0].rstrip())

    def _line_start(self, index: int) -> int:
        return line_start(self.text, index)

    def _line_end(self, index: int) -> int:
        found = _BREAK.search(self.text, index)
        return found.start() if found else len(self.text)

    def _next_line(self, index: int) -> int:
        found = _BREAK.search(self.text, index)
        return found.end() if found else len(self.text)

    def _margin(self, index: int) -> int:
        """Return by how much the line of a place is indented."""
        line = self.text[self._line_start(index) : index]
        return len(line) - len(line.lstrip(" "))

    def _change_block(
        self, spans: Sequence[_Span], gone: set[int], inserts: Mapping[int, list[list[str]]]
    ) -> None:
        kept = [index for index in range(len(spans)) if index not in gone]
        self._cut_lines(spans, gone, kept[0])
        margin = " " * self.column(spans[0][0])
        blank = self.style.newline if self._is_spaced(spans) else ""
        for index, blocks in sorted(inserts.items()):
            before = max((each for each in kept if each < index), default=-1)
            lines = [[margin + line if line else "" for line in block] for block in blocks]
            texts = [self.style.newline.join(block) for block in lines]
            if before < 0:
                at = self._line_start(spans[0][0])
                self._splice(at, at, "".join(f"{text}{self.style.newline}{blank}" for text in texts))
            else:
                at = self._line_end(spans[before][1])
                self._splice(at, at, "".join(f"{self.style.newline}{blank}{text}" for text in texts))

    def _is_spaced(self, spans: Sequence[_Span]) -> bool:
        """Return whether blank lines stand between the last two of several."""
        if len(spans) == 1:
            return False
        return _BLANK_LINE.search(self.text, spans[-2][1], spans[-1][0]) is not None

    def _cut_lines(self, spans: Sequence[_Span], gone: set[int], first_kept: int) -> None:
        cut_from = 0
        start = spans[0][0]
        if 0 in gone and self.text[self._line_start(start) : start].strip(" \t"):
            # The first shares its line with the dash or the key of what holds it.
            ends = [self._line_end(spans[index][1]) for index in range(first_kept)]
            between = "".join(self.text[end : spans[index + 1][0]] for index, end in enumerate(ends))
            if between.strip(" \t\r\n-"):
                self._splice(start, ends[0], "")
                cut_from = 1
            else:
                self._splice(start, spans[first_kept][0], "")
                cut_from = first_kept
        for index in sorted(gone):
            if index >= cut_from:
                first, last = spans[index]
                self._splice(self._line_start(first), self._next_line(last), "")

    def _step_in(self, spans: Sequence[_Span]) -> int:
        """Return by how much what stands on lines of its own in flow style is indented; 0 if it does not."""
        first = spans[0][0]
        if self.text[self._line_start(first) : first].strip(" \t"):
            return 0
        return self.style.step

    def _change_flow(
        self, spans: Sequence[_Span], gone: set[int], inserts: Mapping[int, list[list[str]]]
    ) -> None:
        kept = [index for index in range(len(spans)) if index not in gone]
        margin = " " * self.column(spans[0][0]) if self._step_in(spans) else ""
        between = self.style.newline + margin if self._step_in(spans) else " "
        for index, blocks in sorted(inserts.items()):
            before = max((each for each in kept if each < index), default=-1)
            texts = [(self.style.newline + margin).join(block) for block in blocks]
            if before < 0:
                at = spans[kept[0]][0]
                self._splice(at, at, "".join(f"{text},{between}" for text in texts))
            else:
                at = spans[before][1]
                self._splice(at, at, "".join(f",{between}{text}" for text in texts))
        for index in sorted(gone):
            if index < kept[-1]:
                self._cut_before_next(spans[index], spans[index + 1][0])
        if trailing := [index for index in sorted(gone) if index > kept[-1]]:
            self._cut_trailing(spans[kept[-1]][1], [spans[index] for index in trailing])

    def _cut_before_next(self, span: _Span, following: int) -> None:
        """Take a child out with its comma, up to the next one or a comment of the lines between."""
        comma = _COMMA.match(self.text, span[1])
        comment = _OWN_COMMENT.search(self.text, comma.end() if comma else span[1], following)
        self._splice(span[0], comment.end() if comment else following, "")

    def _cut_trailing(self, end: int, spans: Sequence[_Span]) -> None:
        """Take the last children out, with the comma before them."""
        last = spans[-1][1]
        if "#" not in self.text[end:last]:
            self._splice(end, last, "")
            return
        at = end
        for first, stop in spans:
            comma = _COMMA.match(self.text, at)
            if comma:
                self._splice(comma.end() - 1, comma.end(), "")
            self._splice(first, stop, "")
            at = stop


def line_start(text: str, index: int) -> int:
    """Return where the line of a place begins."""
    feed = text.rfind("\n", 0, index)
    return max(feed, text.rfind("\r", feed + 1, index)) + 1


def _like(node: SequenceNode) -> str:
    """Return the quotes of the scalars in a list, if it has any."""
    last = node.items[-1] if node.items else None
    return last.style if isinstance(last, ScalarNode) and last.style in {"'", '"'} else ""


def _item(value: Json, style: Style, like: str) -> list[str]:
    """Return the lines of an item in place of a scalar, in that one's style."""
    first, *rest = value_lines(value, Style(2, style.offset, style.newline, style.as_json), like)
    return [f"-{first}", *rest]

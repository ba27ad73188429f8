"""Find the pieces of a text that edits replace; every byte between them stays.

An edit below an alias is written out where it is meant, so that what other places read stays as it is; what
an anchor names and an edit changes is written out, too, at the aliases that are not to follow.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from tenantctl.config.edits import Edits, added_members, edited_data
from tenantctl.config.layout import Layout, Slot
from tenantctl.config.tree import AliasNode, MappingNode, Member, Node, ScalarNode, SequenceNode
from tenantctl.states import Json

Splice: TypeAlias = tuple[int, int, str]
"""A range of a text, and what comes in its place."""


class HiddenValueError(Exception):
    """A value would have to be written out that a keyword has a part in. index: where it stands."""

    def __init__(self, index: int) -> None:
        super().__init__("a keyword's value would be written out")
        self.index = index


def splices(
    layout: Layout, root: Node, data: Json, edits: Edits, is_hidden: Callable[[int, int], bool]
) -> list[Splice]:
    """Return what to replace in a text so that it reads as `data` with the edits carried out.

    is_hidden: whether keywords have a part in a range.

    Raises:
        HiddenValueError: such a value would have to be written out.
    """
    writer = _Writer(layout, is_hidden)
    writer.visit(root, data, edits, Slot(in_flow=False, indent=0, after=root.start, is_root=True))
    found = sorted(layout.splices, key=lambda splice: splice[:2])
    end = len(layout.text)
    if found and found[-1][0] == end > 0 and not layout.text.endswith(("\n", "\r")):
        # A block at the end of the text reads as ending with the line break that it gets, or that is written.
        header = _open_header(layout.text, root)
        if header is not None and not any(start <= header < stop for start, stop, _ in found):
            found.append((header, header, "-"))
        found.append((end, end, layout.style.newline))
    return sorted(found, key=lambda splice: splice[:2])


def _open_header(text: str, node: Node) -> int | None:
    """Return where to say that the block scalar at a text's end has no final line break, if it is one."""
    while below := children(node):
        node = below[-1]
    if not isinstance(node, ScalarNode) or node.style not in {"|", ">"}:
        return None
    at = node.content + 1
    while text[at : at + 1].isdigit():
        at += 1
    return None if text[at : at + 1] in {"-", "+"} else at


@dataclass(slots=True)
class _Merged:
    """The merge keys of a mapping, and what they give it once the edits are done.

    own: the names that it has besides. is_sure: whether all of that is known. is_written_out: whether it is
    to be put in place of the merge keys.
    """

    own: set[str]
    members: list[Member] = field(default_factory=list)
    values: dict[str, Json] = field(default_factory=dict)
    is_sure: bool = True
    is_written_out: bool = False


class _Writer:
    """Goes through a document in the order of its text, as aliases refer to the last anchor before them."""

    def __init__(self, layout: Layout, is_hidden: Callable[[int, int], bool]) -> None:
        self.layout = layout
        self.is_hidden = is_hidden
        self.anchors: dict[str, Json] = {}
        self.marked: dict[str, Node] = {}

    def visit(self, node: Node, old: Json, edits: Edits | None, slot: Slot) -> None:
        """Carry out the edits at and below a node."""
        if edits is not None and edits.is_put:
            if not (isinstance(node, AliasNode) and self._stays(node, edits.value)):
                self._replace(node, edits.value, slot)
            return
        if node.anchor is not None:
            self.anchors[node.anchor] = edited_data(old, edits)
            self.marked[node.anchor] = node
        if isinstance(node, AliasNode):
            new = edited_data(old, edits)
            if not self._stays(node, new):
                self._check_hidden(node)
                self.layout.replace(node, new, slot)
        elif edits is not None or node.anchors or node.aliases:
            if isinstance(node, MappingNode):
                self._mapping(node, old, edits or Edits(), slot)
            elif isinstance(node, SequenceNode):
                self._sequence(node, old, edits or Edits(), slot)

    def _check_hidden(self, node: Node) -> None:
        """Refuse to write out what an alias stands for, if keywords have a part in it."""
        if isinstance(node, AliasNode) and (marked := self.marked.get(node.name)):
            if self.is_hidden(marked.content, marked.end):
                raise HiddenValueError(node.start)
        elif isinstance(node, SequenceNode | MappingNode):
            for child in children(node):
                self._check_hidden(child)

    def _stays(self, node: AliasNode, new: Json) -> bool:
        return node.name in self.anchors and is_same(self.anchors[node.name], new)

    def _replace(self, node: Node, value: Json, slot: Slot) -> None:
        self._drop_anchors(node)
        self.layout.replace(node, value, slot)
        if node.anchor is not None:
            self.anchors[node.anchor] = value
            self.marked[node.anchor] = node

    def _drop_anchors(self, node: Node) -> None:
        """Forget the anchors of what goes."""
        if not node.anchors:
            return
        if node.anchor is not None:
            self.anchors.pop(node.anchor, None)
            self.marked[node.anchor] = node
        for child in children(node):
            self._drop_anchors(child)

    def _mapping(self, node: MappingNode, old: dict[str, Json], edits: Edits, slot: Slot) -> None:
        inner = self.layout.inside(node, slot)
        merged = _Merged({member.name for member in node.members if not member.merges})
        gone: list[Member] = []
        for member in node.members:
            below = edits.below.get(member.name)
            if member.merges:
                self._note_merged(member, old, merged)
            elif below is not None and below.removed:
                gone.append(member)
                self._drop_anchors(member.key)
                self._drop_anchors(member.value)
            else:
                if member.key.anchor is not None:
                    self.anchors[member.key.anchor] = member.name
                self.visit(member.value, old[member.name], below, inner.of_member(member))
        added = added_members(old, edits)
        if merged.members:
            written = {member.name for member in gone}
            added = self._beside_merged(merged, written, old, edits)
            gone += merged.members if merged.is_written_out else []
        if len(gone) == len(node.members) and (gone or added):
            self._replace(node, edited_data(old, edits), slot)
        else:
            self.layout.change_members(node, gone, added)

    def _beside_merged(
        self, merged: _Merged, gone: set[str], old: dict[str, Json], edits: Edits
    ) -> dict[str, Json]:
        """Return the members to be added to a mapping, beside what its merge keys give it then.

        All that they give, if they give what is not wanted.
        """
        kept = merged.own - gone
        wanted = {name: value for name, value in edited_data(old, edits).items() if name not in kept}
        given = {name: value for name, value in merged.values.items() if name not in kept}
        merged.is_written_out = not merged.is_sure or not given.keys() <= wanted.keys()
        if merged.is_written_out:
            given = {}
        added = {
            name: value
            for name, value in wanted.items()
            if name not in given or not is_same(given[name], value)
        }
        if added.keys() & old.keys():
            for member in merged.members:
                self._check_hidden(member.value)
        return added

    def _note_merged(self, member: Member, old: dict[str, Json], merged: _Merged) -> None:
        """Note what a merge key gives; of aliases, what they stand for when the edits are done."""
        merged.members.append(member)
        value = member.value
        for source in value.items if isinstance(value, SequenceNode) else [value]:
            found: Json = None
            if isinstance(source, AliasNode):
                found = self.anchors.get(source.name)
            elif isinstance(source, MappingNode) and not source.aliases and not source.anchors:
                found = {each.name: old[each.name] for each in source.members if each.name not in merged.own}
            if isinstance(found, dict):
                merged.values = {**found, **merged.values}
            else:
                merged.is_sure = False

    def _sequence(self, node: SequenceNode, old: list[Json], edits: Edits, slot: Slot) -> None:
        gone = {
            index for index in range(len(node.items)) if (each := edits.below.get(index)) and each.removed
        }
        if len(gone) == len(node.items) and (gone or edits.inserts):
            self._replace(node, edited_data(old, edits), slot)
            return
        inner = self.layout.inside(node, slot)
        for index, item in enumerate(node.items):
            if index in gone:
                self._drop_anchors(item)
            else:
                self.visit(item, old[index], edits.below.get(index), inner.of_item(node, index))
        self.layout.change_items(node, gone, edits.inserts)


def children(node: Node) -> list[Node]:
    """Return the nodes right below one."""
    if isinstance(node, MappingNode):
        return [part for member in node.members for part in (member.key, member.value)]
    return node.items if isinstance(node, SequenceNode) else []


def is_same(one: Json, other: Json) -> bool:
    """Return whether two values are one in JSON: unlike ``==``, true is not 1."""
    if isinstance(one, str) and isinstance(other, str):
        return bool(one == other)
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(is_same(value, other[name]) for name, value in one.items())
    if isinstance(one, list):
        return len(one) == len(other) and all(map(is_same, one, other))
    return bool(one == other)

"""Parse YAML to nodes with ruamel.yaml, and build plain values from them.

YAML 1.2 rules: ``no`` and ``on`` are strings. Timestamps stay the strings they were written as; merge keys
(``<<``) are resolved; what JSON cannot say is refused.
"""

from __future__ import annotations

import math
import re
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from tenantctl.config.keywords import Replaced
from tenantctl.problems import Problem, ProblemsError
from tenantctl.states import Json

MAX_NODES = 2_000_000
"""More values than this, aliases written out, are refused."""

MAX_DEPTH = 60
"""Deeper nesting is refused: no resource comes near it."""

Pairs: TypeAlias = "list[tuple[ScalarNode, Node]]"

_TAG = "tag:yaml.org,2002:"
_TEXT_TAGS = {_TAG + name for name in ("str", "timestamp", "value", "merge")}
_COLLECTION_TAGS = {_TAG + "map", _TAG + "seq"}
# YAML's printable characters, without the tab and line breaks that are always allowed.
_CONTROL = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ADVICE = {
    "mapping values are not allowed here": "Put a value that contains ': ' in quotes; check the indentation.",
    "expected <block end>": "Check the indentation of this line against the lines above it.",
    "could not find expected ':'": "A 'key: value' is expected; check the indentation and the quotes above.",
    "found unexpected end of stream": "A quote or bracket that is opened above is never closed.",
    "found undefined alias": "Put a text that begins with '*' in quotes.",
    "found character": "Put a text that begins with this character in quotes.",
}


def check_characters(text: Replaced) -> None:
    """Refuse what YAML does not allow in a file.

    Raises:
        ProblemsError: with code ``control-character``.
    """
    found = _CONTROL.search(text.text)
    if found:
        what = f"the character U+{ord(found[0]):04X} is not allowed in YAML"
        hint = "Remove it, or write it as an escape in double quotes."
        raise _refused(text, found.start(), "control-character", what, hint)


def parse_nodes(text: Replaced) -> Node | None:
    """Parse a text to its root node; None if it holds nothing but comments.

    Raises:
        ProblemsError: it is no YAML 1.2, or more than one document.
    """
    check_characters(text)
    try:
        with warnings.catch_warnings():
            # An anchor that is given twice is legal: the later one counts.
            warnings.simplefilter("ignore")
            root: Node | None = YAML(typ="safe", pure=True).compose(text.text)
    except MarkedYAMLError as error:
        raise _syntax_problem(text, error) from None
    except RecursionError:
        raise _too_deep(text) from None
    except (YAMLError, ValueError) as error:
        # The parser lets these escape on a few malformed escapes, tags and directives.
        where = f" ({type(error).__name__} in the parser)"
        raise _refused(text, 0, "yaml-syntax", f"this is not YAML that can be read{where}") from None
    return root


def _syntax_problem(text: Replaced, error: MarkedYAMLError) -> ProblemsError:
    mark = error.problem_mark or error.context_mark
    index = mark.index if mark else 0
    said = str(error.problem or error.context or "invalid YAML")
    if "'\\t'" in said:
        hint = "Use spaces to indent and to separate."
        return _refused(text, index, "yaml-tab", "a tab where YAML allows none", hint)
    if "another document" in said:
        hint = "Keep one document in a file: remove the '---' between them."
        return _refused(text, index, "yaml-documents", "a second YAML document begins here", hint)
    hint = next((advice for start, advice in _ADVICE.items() if said.startswith(start)), "")
    context = str(error.context or "")
    detail = ""
    if error.context_mark and error.context_mark is not mark:
        position = text.position(error.context_mark.index)
        detail = f"{context}, which begins at {position.line}:{position.column}"
    if text.layers:
        # The parser quotes the text, which may hold a keyword's value.
        said, detail = (re.sub(r"'.*'|\".*\"", "'…'", words) for words in (said, detail))
    return _refused(text, index, "yaml-syntax", said, hint, detail)


def _too_deep(text: Replaced, node: Node | None = None) -> ProblemsError:
    index = node.start_mark.index if node else 0
    what = f"more than {MAX_DEPTH} levels of nesting"
    return _refused(text, index, "yaml-too-deep", what, "Is a bracket left open?")


def _refused(
    text: Replaced, index: int, code: str, summary: str, hint: str = "", detail: str = ""
) -> ProblemsError:
    position = text.position(index)
    return ProblemsError([Problem(code=code, summary=summary, hint=hint, detail=detail, position=position)])


def members(node: Node) -> Iterator[tuple[str, ScalarNode, Node]]:
    """Yield the members of a mapping node, merged ones last, those that count only."""
    seen: set[str] = set()
    for pairs in _pair_lists(node):
        for key, value in pairs:
            if key.value not in seen:
                yield key.value, key, value
        seen.update(key.value for key, _ in pairs)


def _pair_lists(node: Node) -> Iterator[Pairs]:
    own: Pairs = [pair for pair in node.value if not _is_merge(pair[0])]
    yield own
    for key, value in node.value:
        if _is_merge(key):
            for source in value.value if isinstance(value, SequenceNode) else (value,):
                yield from _pair_lists(source)


def _is_merge(key: Node) -> bool:
    return isinstance(key, ScalarNode) and key.tag == _TAG + "merge"


@dataclass
class Builder:
    """Builds plain values from nodes, and collects the problems on the way.

    Duplicate keys are reported and the first one kept; cycles and alias bombs are raised at once.
    """

    text: Replaced
    problems: list[Problem] = field(default_factory=list)
    _sizes: dict[int, tuple[int, int]] = field(default_factory=dict)
    _open: set[int] = field(default_factory=set)

    def build(self, root: Node) -> Json:
        """Return the plain value of a node.

        Raises:
            ProblemsError: an anchor that contains itself, too many values, or too deep nesting.
        """
        size, _ = self._measure(root, 1)
        if size > MAX_NODES:
            limit = f"aliases make this more than {MAX_NODES:,} values"
            raise _refused(self.text, root.start_mark.index, "yaml-too-many-values", limit)
        return self._value(root)

    def _measure(self, node: Node, depth: int) -> tuple[int, int]:
        """Return how many values a node stands for, and how many levels it has."""
        if isinstance(node, ScalarNode):
            return 1, 0
        known = self._sizes.get(id(node))
        if known is not None:
            return known
        if id(node) in self._open:
            hint = "An alias (*name) may not stand inside what its anchor (&name) marks."
            what = "this anchor contains itself"
            raise _refused(self.text, node.start_mark.index, "cyclic-anchor", what, hint)
        if depth > MAX_DEPTH:
            raise _too_deep(self.text, node)
        self._open.add(id(node))
        children = [child for _, child in node.value] if isinstance(node, MappingNode) else node.value
        sizes = [self._measure(child, depth + 1) for child in children]
        self._open.remove(id(node))
        levels = 1 + max((levels for _, levels in sizes), default=0)
        if levels > MAX_DEPTH:
            raise _too_deep(self.text, node)
        self._sizes[id(node)] = found = (1 + sum(size for size, _ in sizes), levels)
        return found

    def _value(self, node: Node) -> Json:
        if not isinstance(node, ScalarNode) and node.tag not in _COLLECTION_TAGS:
            self._report_tag(node)
            return None
        if isinstance(node, MappingNode):
            self._check_keys(node)
            return {name: self._value(value) for name, _, value in members(node)}
        if isinstance(node, SequenceNode):
            return [self._value(item) for item in node.value]
        value = plain_value(str(node.tag), node.value)
        if value is UNSUPPORTED:
            self._report_scalar(node)
            return None
        return value

    def _report_tag(self, node: Node) -> None:
        self._add(node, "yaml-tag", f"the tag{self._shown_tag(node)} has no meaning here", "Remove it.")

    def _check_keys(self, node: Node) -> None:
        """Report keys that are given twice, that are no scalars, and merges of what is no mapping."""
        first: dict[str, Node] = {}
        kept = []
        for key, value in node.value:
            if not isinstance(key, ScalarNode):
                self._add(key, "yaml-key", "a key must be a text, not a list or mapping")
            elif _is_merge(key):
                if self._can_merge(key, value):
                    kept.append((key, value))
            elif key.value in first:
                self._add_duplicate(key, first[key.value])
            else:
                first[key.value] = key
                kept.append((key, value))
        node.value = kept

    def _can_merge(self, key: Node, value: Node) -> bool:
        sources = value.value if isinstance(value, SequenceNode) else [value]
        good = all(isinstance(source, MappingNode) for source in sources)
        if not good:
            self._add(key, "yaml-merge", "'<<' takes a mapping, or a list of mappings", "Give it an alias.")
            return False
        for source in sources:
            self._check_keys(source)
        return True

    def _add_duplicate(self, key: Node, first: Node) -> None:
        position = self.text.position(first.start_mark.index)
        self._add(
            key,
            "duplicate-key",
            f"the key {self._shown(key)} is given twice",
            "Keep one of the two.",
            f"first given at {position}",
        )

    def _report_scalar(self, node: Node) -> None:
        if node.tag == _TAG + "float":
            self._add(
                node, "yaml-number", "this number is no JSON number", "Put it in quotes if it is a text."
            )
        elif node.tag == _TAG + "int":
            self._add(node, "yaml-number", "this is no integer", "Put it in quotes if it is a text.")
        else:
            self._report_tag(node)

    def _shown(self, node: Node) -> str:
        written = self.text.original(node.start_mark.index, node.end_mark.index)
        return f"'{node.value if written is None else written}'"

    def _shown_tag(self, node: Node) -> str:
        return "" if self.text.layers else f" '{str(node.tag).replace(_TAG, '!!')}'"

    def _add(self, node: Node, code: str, summary: str, hint: str = "", detail: str = "") -> None:
        position = self.text.position(node.start_mark.index)
        self.problems.append(Problem(code=code, summary=summary, hint=hint, detail=detail, position=position))


UNSUPPORTED = object()
"""What `plain_value` returns for what JSON cannot say."""

_BASES = {"0o": 8, "0x": 16, "0b": 2}


def plain_value(tag: str, text: str) -> Json:
    """Return the value of a scalar by its (resolved) tag, or `UNSUPPORTED`."""
    if tag in _TEXT_TAGS:
        return text
    convert = _SCALARS.get(tag)
    try:
        return convert(text) if convert else UNSUPPORTED
    except ValueError:
        return UNSUPPORTED


def _integer(text: str) -> Json:
    digits = text.replace("_", "").lower()
    sign = -1 if digits.startswith("-") else 1
    digits = digits.lstrip("+-")
    base = _BASES.get(digits[:2], 10)
    return sign * int(digits[2:] if base != 10 else digits, base)  # noqa: PLR2004  # the decimal base


def _number(text: str) -> Json:
    value = float(text.replace("_", "").lower())
    return value if math.isfinite(value) else UNSUPPORTED


_SCALARS: dict[str, Callable[[str], Json]] = {
    _TAG + "null": lambda _: None,
    _TAG + "bool": lambda text: text.lower() in {"true", "yes", "on", "y"},
    _TAG + "int": _integer,
    _TAG + "float": _number,
}

"""Hypothesis strategies: YAML written in every manner, and edits of what it says."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from tenantctl.config.compose import compose
from tenantctl.config.document import Document
from tenantctl.config.edits import Edit, Insert, Put, Remove
from tenantctl.config.keywords import Replaced
from tenantctl.config.render import is_plain
from tenantctl.config.source import Source

TRAPS = ["no", "on", "1_000", "0123", "2024-01-01", "12:30:00", "~", "null", "1e3", "0x1F", "", " x", "a: b"]
TRAPS += ["# c", "a #b", "- x", "&a", "*a", "!t", "%d", "@x", "`x`", "'q'", '"q"', "{a}", "[a]", "a,b", "x:"]
TRAPS += [
    "##HOME##",
    "@@HOME@@",
    "ünï🎈",
    "a\nb\n",
    "a\n\n  b",
    "\n a",
    " a\nb",
    "a\n\n",
    "tab\there",
    "\u2028",
    "\x85",
]
TRAPS += [
    "y",
    "N",
    "=",
    "<<",
    "1.5",
    ".5",
    "+1",
    "-1",
    "true",
    "x" * 200,
    "\x07",
    "---",
    "...",
    "a\r\nb",
    "| x",
]
_NAMES = ["name", "a", "b", "c d", "no", "1", "ü", "x.y", "k:k", "<<<", "#n"]
TEXTS = st.one_of(st.sampled_from(TRAPS), st.text(max_size=12).filter(lambda text: text.isprintable()))
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(-9, 999), st.sampled_from([0.5, 1e-7]), TEXTS)
NAMES = st.sampled_from(_NAMES)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=6,
)


@dataclass
class Writer:
    """Writes data as YAML, each piece in a manner that is drawn."""

    draw: st.DrawFn
    anchors: list[str] = field(default_factory=list)
    mappings: list[str] = field(default_factory=list)
    comments: int = 0

    def chance(self, one_in: int) -> bool:
        return self.draw(st.integers(1, one_in)) == 1

    def comment(self) -> str:
        if not self.chance(4):
            return ""
        self.comments += 1
        return f" # comment {self.comments}"

    def own_lines(self, margin: str) -> list[str]:
        if self.chance(8):
            return [""]
        comment = self.comment()
        return [margin + comment.strip()] if comment else []

    def scalar(self, value: Any, *, in_flow: bool = False) -> str:
        if value is None:
            return self.draw(st.sampled_from(["null", "~"] if in_flow else ["null", "~", ""]))
        if not isinstance(value, str):
            return json.dumps(value)
        if is_plain(value, in_flow=True) and self.chance(2):
            return value
        if value.isprintable() and "\u2028" not in value and self.chance(2):
            return "'" + value.replace("'", "''") + "'"
        return json.dumps(value)

    def flow(self, value: Any) -> str:
        gap = self.draw(st.sampled_from(["", " "]))
        if isinstance(value, dict):
            return (
                "{"
                + gap
                + f",{gap or ' '}".join(f"{json.dumps(k)}: {self.flow(v)}" for k, v in value.items())
                + gap
                + "}"
            )
        if isinstance(value, list):
            return "[" + gap + f",{gap}".join(map(self.flow, value)) + gap + "]"
        return self.scalar(value, in_flow=True)

    def spread(self, value: Any, margin: str) -> list[str]:
        """Write a collection in flow style on several lines."""
        opening, closing = "{}" if isinstance(value, dict) else "[]"
        parts = (
            [f"{json.dumps(k)}: {self.flow(v)}" for k, v in value.items()]
            if isinstance(value, dict)
            else list(map(self.flow, value))
        )
        lines = [opening]
        for index, part in enumerate(parts):
            lines += self.own_lines(margin + "  ")
            comma = "," if index < len(parts) - 1 or self.chance(2) else ""
            lines.append(f"{margin}  {part}{comma}{self.comment()}")
        return [*lines, margin + closing]

    def value(self, value: Any, margin: str, holder: str) -> list[str]:
        """Return what follows a colon or a dash, and the lines below."""
        if self.anchors and self.chance(8):
            return [f" *{self.draw(st.sampled_from(self.anchors))}{self.comment()}"]
        anchor, known = "", ""
        if self.chance(5):
            known = f"n{len(self.anchors)}"
            anchor = f" &{known}"
        lines = self._value(value, margin, holder, anchor)
        if known:
            self.anchors.append(known)
            if isinstance(value, dict):
                self.mappings.append(known)
        return lines

    def _value(self, value: Any, margin: str, holder: str, anchor: str) -> list[str]:
        if not isinstance(value, dict | list):
            return self.leaf(value, margin, anchor)
        if not value or self.chance(4):
            if value and self.chance(2):
                head, *rest = self.spread(value, margin)
                return [f"{anchor} {head}", *rest]
            return [f"{anchor} {self.flow(value)}{self.comment()}"]
        if isinstance(value, list):
            deeper = margin + ("  " if holder == "-" or self.chance(2) else "")
            return [anchor + self.comment(), *self.sequence(value, deeper)]
        lines = self.mapping(value, margin + "  ")
        if holder == "-" and not anchor and lines[0].strip()[:1] not in {"#", ""}:
            return [" " + lines[0][len(margin) + 2 :], *lines[1:]]
        return [anchor + self.comment(), *lines]

    def leaf(self, value: Any, margin: str, anchor: str) -> list[str]:
        if not isinstance(value, str) or not is_literal(value) or self.chance(2):
            return [f"{anchor} {self.scalar(value)}{self.comment()}".rstrip()]
        text = value.rstrip("\n")
        chomp = {0: "-", 1: ""}.get(len(value) - len(text), "+")
        lines = value.removesuffix("\n").split("\n")
        body = [f"{margin}  {line}" if line else "" for line in lines]
        return [f"{anchor} |2{chomp}{self.comment()}", *body]

    def mapping(self, value: dict[str, Any], margin: str) -> list[str]:
        lines: list[str] = []
        if self.mappings and self.chance(4):
            lines.append(f"{margin}<<: *{self.draw(st.sampled_from(self.mappings))}")
        for name, each in value.items():
            lines += self.own_lines(margin)
            head, *rest = self.value(each, margin, ":")
            lines += [
                f"{margin}{json.dumps(name) if not is_plain(name) or self.chance(3) else name}:{head}",
                *rest,
            ]
        return lines

    def sequence(self, value: list[Any], margin: str) -> list[str]:
        lines: list[str] = []
        for each in value:
            lines += self.own_lines(margin)
            head, *rest = self.value(each, margin, "-")
            lines += [f"{margin}-{head}", *rest]
        return lines


def is_literal(value: str) -> bool:
    """Whether a text can be written as a block scalar."""
    return "\n" in value and value.isascii() and bool(value.strip()) and not {"\r", "\x07"} & {*value}


def document_of(text: str) -> Document | None:
    """Return a text as a document, or None if it is none after all."""
    replaced = Replaced(Source("tenant.yaml", text), text)
    composed = compose(replaced)
    if composed.problems or not isinstance(composed.data, dict):
        return None
    return Document(composed.data, replaced, composed.places)


@st.composite
def documents(draw: st.DrawFn) -> str:
    """Return texts of mappings."""
    data = draw(st.dictionaries(NAMES, VALUES, min_size=1, max_size=5))
    writer = Writer(draw)
    lines = [*writer.own_lines(""), *writer.mapping(data, ""), *writer.own_lines("")]
    newline = draw(st.sampled_from(["\n", "\n", "\r\n"]))
    return newline.join(lines) + draw(st.sampled_from([newline, ""]))


@st.composite
def edits_of(draw: st.DrawFn, data: Any) -> list[Edit]:
    """Return some edits of a document's data."""
    return [draw(_edit(data)) for _ in range(draw(st.integers(1, 3)))]


@st.composite
def _edit(draw: st.DrawFn, data: Any) -> Edit:
    path: tuple[str | int, ...] = ()
    value = data
    while True:
        steps = (
            list(value)
            if isinstance(value, dict)
            else list(range(len(value)))
            if isinstance(value, list)
            else []
        )
        if path and (not steps or draw(st.booleans())):
            break
        if not steps:
            return Put(("new",), draw(VALUES))
        step = draw(st.sampled_from(steps))
        path, value = (*path, step), value[step]
    kinds = [
        "put",
        "remove",
        *(["member"] if isinstance(value, dict) else []),
        *(["insert"] * 2 if isinstance(value, list) else []),
    ]
    match draw(st.sampled_from(kinds)):
        case "put":
            return Put(path, draw(VALUES))
        case "remove":
            return Remove(path)
        case "member":
            return Put((*path, draw(st.sampled_from(["new", "no", "other"]))), draw(VALUES))
        case _:
            return Insert((*path, draw(st.integers(0, len(value)))), draw(VALUES))

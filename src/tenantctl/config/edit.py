"""Edit a document in place: every byte that an edit does not concern stays as it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tenantctl.config.compose import compose
from tenantctl.config.document import Document
from tenantctl.config.edits import Edit, Edits, edited_data, edits_by_place, lifted
from tenantctl.config.keywords import Replaced
from tenantctl.config.layout import Layout, line_start
from tenantctl.config.render import Style
from tenantctl.config.rewrite import HiddenValueError, Splice, is_same, splices
from tenantctl.config.source import Source
from tenantctl.config.tree import MappingNode, Node, ScalarNode, SequenceNode, read_tree
from tenantctl.problems import Problem, ProblemsError
from tenantctl.states import Json


def edited(document: Document, edits: Iterable[Edit]) -> str:
    """Return the text of a document's file with the edits carried out, keywords as they stand there.

    What the result reads as is compared with the data as edited; where the text is put in a way that an edit
    can't be made in place (rare forms of YAML), what holds it is written anew.

    Raises:
        ProblemsError: ``cannot-edit``: keywords stand where the text would have to change.
    """
    text, data = document.text, document.data
    wanted_edits = edits_by_place(edits)
    wanted = edited_data(data, wanted_edits)
    if is_same(wanted, data):
        return text.source.text
    root = read_tree(text)
    style = _style_of(text, root)

    def is_hidden(start: int, end: int) -> bool:
        return text.original(start, end) is not None

    for number, attempt in enumerate(_attempts(data, wanted_edits)):
        try:
            pieces = splices(Layout(text.text, style), root, data, attempt, is_hidden)
        except HiddenValueError as error:
            raise _refused(text, error.index) from None
        for start, end, _ in pieces if number else ():
            if is_hidden(start, end):
                raise _refused(text, start)
        if _reads_as(_spliced(text.text, pieces), wanted):
            return _spliced(text.source.text, [_in_file(text, piece) for piece in pieces])
    raise _refused(text, 0)


def _attempts(data: Json, edits: Edits) -> Iterator[Edits]:
    """Yield the edits, then the same further and further up."""
    yield edits
    while not edits.is_put:
        edits = lifted(data, edits)
        yield edits


def _reads_as(text: str, wanted: Json) -> bool:
    try:
        composed = compose(Replaced(Source("", text), text))
    except ProblemsError:
        return False
    return not composed.problems and is_same(composed.data, wanted)


def _spliced(text: str, pieces: Iterable[Splice]) -> str:
    parts: list[str] = []
    done = 0
    for start, end, new in pieces:
        parts += (text[done : max(start, done)], new)
        done = max(done, end)
    return "".join((*parts, text[done:]))


def _in_file(text: Replaced, piece: Splice) -> Splice:
    start, end, new = piece
    first, last = text.in_file(start), text.in_file(end)
    if first is None or last is None:
        raise _refused(text, start)
    return first, last, new


def _refused(text: Replaced, index: int) -> ProblemsError:
    problem = Problem(
        code="cannot-edit",
        summary="a keyword's value reaches over the place that would have to change",
        hint="Make this change by hand.",
        position=text.position(index),
    )
    return ProblemsError([problem])


def _style_of(replaced: Replaced, root: Node) -> Style:
    text = replaced.text
    newline = "\r\n" if "\r\n" in text else "\n"
    steps, offsets = _Measure(text).measure(root)
    first = next(iter(root.members), None) if isinstance(root, MappingNode) and root.flow else None
    as_json = first is not None and isinstance(first.key, ScalarNode) and first.key.style == '"'
    as_json = as_json or replaced.source.file.lower().endswith(".json")
    return Style(steps or 2, 2 if offsets is None else offsets, newline, as_json)


class _Measure:
    """Finds by how much a text indents mappings and lists: the first of each tells."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._step: int | None = None
        self._offset: int | None = None

    def measure(self, root: Node) -> tuple[int | None, int | None]:
        """Return the steps of mappings and of lists, None where there is none."""
        self._visit(root)
        return self._step, self._offset

    def _visit(self, node: Node) -> None:
        if self._step is not None and self._offset is not None:
            return
        if isinstance(node, MappingNode):
            for member in node.members:
                self._note(self._column(member.key.start), member.value)
                self._visit(member.value)
        elif isinstance(node, SequenceNode):
            for item in node.items:
                self._visit(item)

    def _note(self, column: int, value: Node) -> None:
        if isinstance(value, MappingNode) and value.members:
            inner = self._column(value.members[0].key.start) - column
            if value.flow:
                inner = inner if self._starts_line(value.members[0].key.start) else 0
            self._step = self._step or (inner if inner > 0 else None)
        elif isinstance(value, SequenceNode) and value.dashes and self._offset is None:
            self._offset = max(0, self._column(value.dashes[0]) - column)

    def _column(self, index: int) -> int:
        return index - line_start(self._text, index)

    def _starts_line(self, index: int) -> bool:
        return not self._text[index - self._column(index) : index].strip()

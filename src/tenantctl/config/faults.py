"""Words for what is wrong with a text as YAML."""

from __future__ import annotations

import re

from ruamel.yaml.error import MarkedYAMLError

from tenantctl.config.keywords import Replaced
from tenantctl.problems import Problem, ProblemsError

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


class LimitError(ProblemsError):
    """A text is larger than any configuration has to be, whoever reads it."""


def refusal(text: Replaced, index: int, code: str, summary: str, hint: str = "") -> ProblemsError:
    """Return the error for a text that cannot be read on from the character at `index`."""
    return ProblemsError([_problem(text, index, code, summary, hint)])


def limit(text: Replaced, index: int, code: str, summary: str, hint: str = "") -> LimitError:
    """Return the error for a text that goes beyond a limit at `index`."""
    return LimitError([_problem(text, index, code, summary, hint)])


def _problem(text: Replaced, index: int, code: str, summary: str, hint: str, detail: str = "") -> Problem:
    return Problem(code=code, summary=summary, hint=hint, detail=detail, position=text.position(index))


def check_characters(text: Replaced) -> None:
    """Refuse what YAML does not allow in a file.

    Raises:
        ProblemsError: with code ``control-character``.
    """
    found = _CONTROL.search(text.text)
    if found:
        what = f"the character U+{ord(found[0]):04X} is not allowed in YAML"
        hint = "Remove it, or write it as an escape in double quotes."
        if found[0] == "\0":
            hint = "Is this a text, and in UTF-8? Save it as UTF-8."
        raise refusal(text, found.start(), "control-character", what, hint)


def second_document(text: Replaced, index: int) -> ProblemsError:
    """Return the error for a document that begins where the file should end."""
    hint = "Keep one document in a file: remove the '---' between them."
    return refusal(text, index, "yaml-documents", "a second YAML document begins here", hint)


def undefined_alias(text: Replaced, index: int, name: str) -> ProblemsError:
    """Return the error for an alias without an anchor before it."""
    shown = "…" if text.layers else name
    said = f"found undefined alias '{shown}'"
    return refusal(text, index, "yaml-syntax", said, _ADVICE["found undefined alias"])


def not_yaml(text: Replaced, error: Exception) -> ProblemsError:
    """Return the error for what the parser lets escape on a few malformed escapes, tags and directives."""
    said = f"this is not YAML that can be read ({type(error).__name__} in the parser)"
    return refusal(text, 0, "yaml-syntax", said)


def syntax_fault(text: Replaced, error: MarkedYAMLError) -> ProblemsError:
    """Return the error for what ruamel.yaml found, with advice where there is some."""
    mark = error.problem_mark or error.context_mark
    index = mark.index if mark else 0
    said = str(error.problem or error.context or "invalid YAML")
    if "'\\t'" in said:
        hint = "Use spaces to indent and to separate."
        return refusal(text, index, "yaml-tab", "a tab where YAML allows none", hint)
    if _has_keyword(text, index):
        hint = "A keyword was replaced in this line. Write @@KEY@@ for its value, without a text around it."
        return refusal(text, index, "yaml-syntax", "with the keyword's value this is no YAML", hint)
    hint = next((advice for start, advice in _ADVICE.items() if said.startswith(start)), "")
    context = str(error.context or "")
    detail = ""
    if error.context_mark and error.context_mark is not mark:
        position = text.position(error.context_mark.index)
        detail = f"{context}, which begins at {position.line}:{position.column}"
    if text.layers:
        # The parser quotes the text, which may hold a keyword's value.
        said, detail = (re.sub(r"'.*'|\".*\"", "'…'", words) for words in (said, detail))
    return ProblemsError([_problem(text, index, "yaml-syntax", said, hint, detail)])


def _has_keyword(text: Replaced, index: int) -> bool:
    """Return whether a keyword has a part in the line in which a character stands."""
    start, end = text.text.rfind("\n", 0, index) + 1, text.text.find("\n", index)
    return text.original(start, end if end >= 0 else len(text.text)) is not None

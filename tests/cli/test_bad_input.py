"""Configurations that cannot be used: one problem, where, how to mend it; soon, and in little memory."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from benchmarks.processes import measure

from .program import Program
from .test_bad_file import only_problem

_SECONDS = 20
_BYTES = 400_000_000


@dataclass(frozen=True)
class Bad:
    """files: path → content, None for a folder. place, code, hint: of the problem. links: path → where to."""

    files: Mapping[str, str | bytes | None]
    place: str
    code: str
    hint: str
    arguments: str = "-f tenant.yaml"
    links: Mapping[str, str] = field(default_factory=dict)
    env: Mapping[str, str] = field(default_factory=dict)

    def write(self, folder: Path) -> None:
        for name, content in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if content is None:
                path.mkdir()
            else:
                path.write_bytes(content if isinstance(content, bytes) else content.encode())
        for name, target in self.links.items():
            (folder / name).symlink_to(target)


def of(content: str | bytes, place: str, code: str, hint: str = "", **env: str) -> Bad:
    """A file that is bad by itself."""
    return Bad({"tenant.yaml": content}, place, code, hint, env=env)


def including(pattern: str, place: str, code: str, hint: str, **files: str) -> Bad:
    """A file that includes others, which are named without their suffix."""
    main = f"tenantctl:\n  include: [{pattern}]\nroles:\n  - name: A\n"
    others = {f"{name}.yaml": text for name, text in files.items()}
    return Bad({"tenant.yaml": main, **others}, place, code, hint)


def naming(name: str, place: str, code: str, hint: str, **links: str) -> Bad:
    """A file that names one with code."""
    text = f"actions:\n  - name: A\n    supported_triggers: [{{id: post-login}}]\n    code: {name}\n"
    return Bad({"tenant.yaml": text, "folder.js": None}, place, code, hint, links=links)


def configured(config: str | bytes, place: str, code: str, hint: str, text: str = "x") -> Bad:
    """A config.json, and a file with a text."""
    main = f'tenant:\n  friendly_name: "{text}"\n'
    files = {"tenant.yaml": main, "config.json": config}
    return Bad(files, place, code, hint, "-f tenant.yaml --config config.json")


def keywords(text: str, place: str, code: str, hint: str, **values: object) -> Bad:
    """A config.json with values of keywords, and a file with a text."""
    config = json.dumps({"AUTH0_KEYWORD_REPLACE_MAPPINGS": values})
    return configured(config, place, code, hint, text)


def layout(name: str, content: str, place: str, code: str, hint: str) -> Bad:
    """A folder in the directory layout, with one bad file."""
    return Bad({"roles/A.json": '{"name": "A"}', name: content}, place, code, hint, "-f .")


DEEP = 10_000
HUGE = f"tenant: {{session_lifetime: 0x{'f' * 20}}}"
BLOCKS = "".join(f"{' ' * depth}a:\n" for depth in range(DEEP))
BOMB = "a: &a [x, x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join([f'*{chr(97 + i)}'] * 9)}]\n" for i in range(12)
)
GROWING = {f"K{i}": f"##K{i + 1}##" * 10 for i in range(1, 12)}
DECLARED = "".join(f'    K{i}: "##K{i + 1}####K{i + 1}##"\n' for i in range(1, 60))

INPUTS: Mapping[str, Bad] = {
    "keywords hold each other": keywords(
        "##ONE##", "tenant.yaml:2:19", "keyword-cycle", "Write the value out", ONE="##TWO##", TWO="##ONE##"
    ),
    "variables hold each other": of(
        "tenant:\n  friendly_name: '##ONE##'\n", "tenant.yaml:2:19", "keyword-cycle", "Write the value out",
        ONE="##TWO##", TWO="##ONE##",
    ),
    "a keyword that comes too late": keywords(
        "##TWO##", "tenant.yaml:2:19", "unresolved-keyword", "come after its own", ONE="x", TWO="##ONE##"
    ),
    "keywords that grow": keywords("##K1##", "tenant.yaml:2:19", "keyword-too-large", "again", **GROWING),
    "declared keywords that grow": of(
        f"tenantctl:\n  variables:\n{DECLARED}    K60: x\n", "tenant.yaml:", "bad-variable", "another value"
    ),
    "a mapping in a text": keywords("##M##", "tenant.yaml:2:19", "keyword-not-text", "@@M@@", M={"a": 1}),
    "JSON in a text": keywords("x @@M@@", "tenant.yaml:2:21", "yaml-syntax", "@@KEY@@", M={"a": 1}),
    "a mapping for a text": keywords("@@M@@", "tenant.yaml:2:3", "wrong-type", "", M={"a": 1}),
    "no such include": including("b.yaml", "tenant.yaml:2:13", "missing-include", "relative to this file"),
    "a glob that fits nothing": including("x/*.yaml", "tenant.yaml:2:13", "missing-include", "a glob"),
    "an include that is a folder": Bad(
        {"tenant.yaml": "tenantctl:\n  include: [b]\n", "b": None},
        "tenant.yaml:2:13", "missing-include", "'b/*.yaml'",
    ),
    "an absolute include": including("/etc/passwd", "tenant.yaml:2:13", "missing-include", "relative"),
    "an include above": including("../project/../x.yaml", "tenant.yaml:2:13", "missing-include", "relative"),
    "an include that a link leads out": Bad(
        {"tenant.yaml": "tenantctl:\n  include: [b.yaml]\n"},
        "tenant.yaml:2:13", "path-outside", "into that folder", links={"b.yaml": "/etc/passwd"},
    ),
    "includes in a circle": including(
        "b.yaml", "b.yaml:2:13", "include-cycle", "Take one", b="tenantctl:\n  include: [tenant.yaml]\n"
    ),
    "one object in two files": including(
        "b.yaml", "b.yaml:2:5", "duplicate-resource", "Keep one", b="roles:\n  - name: A\n"
    ),
    "a name that leads out": naming("../a.js", "tenant.yaml:4:5", "path-outside", "into that folder"),
    "an absolute name": naming("/etc/a.js", "tenant.yaml:4:5", "path-outside", "into that folder"),
    "a name that a link leads out": naming(
        "b.js", "tenant.yaml:4:5", "path-outside", "into that folder", **{"b.js": "/etc/passwd"}
    ),
    "a link to itself": naming("b.js", "tenant.yaml:4:5", "file-unreadable", "links", **{"b.js": "b.js"}),
    "a name with a NUL": naming('"a\\0.js"', "tenant.yaml:4:5", "file-unreadable", "Check the path"),
    "a name that is too long": naming("a" * 5000 + ".js", "tenant.yaml:4:5", "file-unreadable", "Check"),
    "a folder for code": naming("folder.js", "tenant.yaml:4:5", "file-is-directory", "the file in it"),
    "no such code": naming("b.js", "tenant.yaml:4:5", "file-not-found", "relative to this file"),
    "a NUL": of("tenant:\n  friendly_name: a\0\n", "tenant.yaml:2:19", "control-character", "UTF-8"),
    "UTF-16": of("tenant: {}\n".encode("utf-16"), "tenant.yaml:1:1", "file-not-utf8", "UTF-8"),
    "UTF-16 without a mark": of(b"r\0o\0", "tenant.yaml:1:2", "control-character", "UTF-8"),
    "aliases that grow": of(BOMB, "tenant.yaml:1:1", "yaml-too-many-values"),
    "brackets": of(f"roles: {'[' * DEEP}{']' * DEEP}", "tenant.yaml:1:", "yaml-too-deep", "bracket"),
    "open brackets": of(f"roles: {'[' * DEEP}", "tenant.yaml:1:", "yaml-too-deep", "bracket"),
    "deep blocks": of(BLOCKS, "tenant.yaml:61:61", "yaml-too-deep", "left"),
    "a tag of Python": of("roles: !!python/object:os.PathLike []", "tenant.yaml:1:8", "yaml-tag", "Remove"),
    "a tag": of("tenant:\n  friendly_name: !Ref A\n", "tenant.yaml:2:18", "yaml-tag", "Remove"),
    "a huge number": of(HUGE, "tenant.yaml:1:", "yaml-number", "quotes"),
    "deep JSON": layout("clients/B.json", '{"a":' * DEEP, "clients/B.json:1:1", "json-too-deep", "bracket"),
    "a huge number in JSON": layout(
        "tenant.json", f'{{"session_lifetime": {"9" * 9999}}}', "tenant.json:1:1", "json-number", "quotes"
    ),
    "a key of JSON twice": layout(
        "tenant.json", '{"flags": {},\n "flags": {}}', "tenant.json:2:2", "duplicate-key", "Keep one"
    ),
    "broken settings": configured('{"AUTH0_DOMAIN": "a",\n}', "config.json:2:1", "json-syntax", "comma"),
    "settings that are a list": configured("[1]", "config.json:1:1", "wrong-type", "Write it as"),
    "keywords that are a list": configured(
        '{"AUTH0_KEYWORD_REPLACE_MAPPINGS": ["a"]}', "config.json:1:2", "wrong-type", "Write it as"
    ),
    "binary settings": configured(b"\xff\0", "config.json:1:1", "file-not-utf8", "UTF-8"),
    "deep settings": configured("[" * 100_000, "config.json:1:1", "json-too-deep", "bracket"),
    "no settings": Bad({"tenant.yaml": "roles: []"}, "config.json:1:1", "file-not-found", "",
                       "-f tenant.yaml --config config.json"),
    "keywords of the environment": of(
        "roles: []", "error: AUTH0_KEYWORD_REPLACE_MAPPINGS", "bad-setting", '{"KEY": "value"}',
        AUTH0_KEYWORD_REPLACE_MAPPINGS="[1]",
    ),
}  # fmt: skip


@pytest.mark.parametrize("bad", INPUTS.values(), ids=INPUTS.keys())
def test_bad_input(bad: Bad, run: Program, project: Path) -> None:
    bad.write(project)
    started = time.monotonic()
    problem = only_problem(run("plan", "--sandbox", *bad.arguments.split(), env=bad.env))
    assert time.monotonic() - started < _SECONDS
    assert problem.startswith(bad.place)
    assert f"[{bad.code}]" in problem.splitlines()[0]
    assert ("    hint: " in problem) == bool(bad.hint) or bad.code == "file-not-found"
    assert bad.hint in problem


def test_a_file_that_may_not_be_read(run: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    file = Path("tenant.yaml")
    file.touch(mode=0)
    if os.access(file, os.R_OK):  # an administrator may read everything

        def refuse(*_: object) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "open", refuse)
    problem = only_problem(run("plan", "--sandbox"))
    assert problem.startswith("tenant.yaml:1:1: error: tenant.yaml: cannot be read: Permission denied")
    assert "hint: Check its permissions." in problem


def test_a_byte_order_mark_is_no_trouble(run: Program) -> None:
    Path("tenant.yaml").write_text("\ufefftenant:\n  friendly_name: A\n", encoding="utf-8")
    Path("config.json").write_text("\ufeff{}", encoding="utf-8")
    assert run("validate", "--config", "config.json").code == 0


def _many_clients(size: int) -> str:
    entry = "  - name: app {}\n    description: " + "x" * 400 + "\n"
    return "clients:\n" + "".join(entry.format(index) for index in range(size // len(entry)))


LARGE = {
    "applications": {"tenant.yaml": _many_clients(50_000_000)},
    "one text": {"tenant.yaml": f"tenant:\n  friendly_name: {'x' * 50_000_000}\n"},
    "aliases": {"tenant.yaml": BOMB},
    "markers": {"tenant.yaml": f"tenant:\n  friendly_name: '{'##A## ' * 50_000}'\n"},
    "keywords": {
        "tenant.yaml": "tenant:\n  friendly_name: '##K1##'\n",
        ".env": "".join(f"{name}='{value}'\n" for name, value in GROWING.items()),
    },
}


@pytest.mark.parametrize("files", LARGE.values(), ids=LARGE.keys())
def test_memory(files: Mapping[str, str], project: Path) -> None:
    for name, text in files.items():
        (project / name).write_text(text, encoding="utf-8")
    told = '"$0" -m tenantctl validate --sandbox; test $? -lt 2'
    usage = measure(["sh", "-c", told, sys.executable], project, {})
    assert usage.peak_bytes < _BYTES
    assert usage.seconds < 4 * _SECONDS

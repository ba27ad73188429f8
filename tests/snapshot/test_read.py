"""A snapshot that is none is one clear problem, with its place; nothing about it is taken for a tenant."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from tenantctl.config.json_text import locate
from tenantctl.config.source import Source
from tenantctl.problems import ProblemsError
from tenantctl.snapshot.read import read_snapshot
from tests.snapshot.takes import plan_against
from tests.states import make_desired


def problem_of(path: Path) -> tuple[str, str, str]:
    """Return code, summary and line:column of the one problem that a file has."""
    with pytest.raises(ProblemsError) as caught:
        read_snapshot(path)
    (problem,) = caught.value.problems
    assert problem.position is not None
    assert problem.position.file == str(path)
    assert problem.hint
    return problem.code, problem.summary, f"{problem.position.line}:{problem.position.column}"


def snapshot(**sections: Any) -> dict[str, Any]:
    return {"format_version": "1.0", "domain": "t.example", "sections": sections}


BAD_TEXTS = {
    "empty": ("", "bad-json", "1:1"),
    "yaml": ("clients:\n  - name: a\n", "bad-json", "1:1"),
    "cut off": ('{"format_version": "1.0",\n "sections": {"clients": [', "bad-json", "2:27"),
    "not a number": ('{"sections": {"tenant": {"session_lifetime": NaN}}}', "bad-json", "1:1"),
    "deep": ("[" * 100_000 + "]" * 100_000, "bad-json", "1:1"),
    "not UTF-8": (b'{"domain": "\xff"}', "file-not-utf8", "1:13"),
    "a list": ("[]", "bad-snapshot", "1:1"),
    "no sections": ('{"format_version": "1.0", "domain": "t"}', "bad-snapshot", "1:1"),
    "version 2": ('{"domain": "t",\n "format_version": "2.0", "sections": {}}', "bad-snapshot", "2:20"),
    "version 1 as a number": ('{"domain": "t", "format_version": 1, "sections": {}}', "bad-snapshot", "1:35"),
    "no domain": ('{"sections": {}}', "bad-snapshot", "1:1"),
    "domain": ('{"sections": {}, "domain": 5}', "bad-snapshot", "1:28"),
}


@pytest.mark.parametrize(("text", "code", "place"), BAD_TEXTS.values(), ids=BAD_TEXTS.keys())
def test_what_is_no_snapshot(tmp_path: Path, text: str | bytes, code: str, place: str) -> None:
    path = tmp_path / "snapshot.json"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    assert problem_of(path)[::2] == (code, place)


ROLE = {"id": "rol_1", "name": "r"}
BAD_SHAPES = {
    "sections": ({**snapshot(), "sections": []}, "'sections'", "[]"),
    "section": (snapshot(cleints=[]), "no section 'cleints'", "[]"),
    "objects": (snapshot(roles={}), "roles must be a list", "{}"),
    "object": (snapshot(roles=[ROLE, 1]), "an entry of roles", "1\n"),
    "singleton": (snapshot(tenant=[]), "tenant is one object", "[]"),
    "no id": (snapshot(roles=[{"name": "r"}]), "lacks its id", "{"),
    "id twice": (snapshot(roles=[ROLE, ROLE]), "'rol_1' twice", "{"),
    "field": (snapshot(roles=[{**ROLE, "name": []}]), "name must be string", "[]"),
    "items": (snapshot(resourceServers=[{"id": "1", "identifier": "a", "scopes": [5]}]), "scopes", "5\n"),
    "association": (snapshot(roles=[{**ROLE, "permissions": "x"}]), "permissions must be array", '"x"'),
    "pool": (snapshot(clients=[{"client_id": "1", "credentials": [{}]}]), "with id", "{"),
    "only": ({**snapshot(), "only": "x"}, "'only'", '"x"'),
    "unread": ({**snapshot(), "unread": {}}, "'unread'", "{}"),
    "an unread": ({**snapshot(), "unread": [{"section": 1}]}, "'unread' has", "{"),
    "own client": ({**snapshot(), "own_client_id": 1}, "own_client_id", "1\n"),
}


@pytest.mark.parametrize(("document", "words", "begins"), BAD_SHAPES.values(), ids=BAD_SHAPES.keys())
def test_the_place_is_told(tmp_path: Path, document: Any, words: str, begins: str) -> None:
    text = json.dumps(document, indent=2) + "\n"
    path = tmp_path / "snapshot.json"
    path.write_text(text, encoding="utf-8")
    code, summary, place = problem_of(path)
    assert (code, words in summary) == ("bad-snapshot", True), summary
    line, column = map(int, place.split(":"))
    found = "\n".join(text.split("\n")[line - 1 :])[column - 1 :]
    assert found.startswith(begins)


def test_there_is_no_such_file(tmp_path: Path) -> None:
    path = tmp_path / "snapshot.json"
    assert problem_of(path)[0] == "file-not-found"
    with pytest.raises(ProblemsError) as caught:
        read_snapshot(path)
    assert f"`tenantctl snapshot --out {path}`" in caught.value.problems[0].hint


def test_a_place_is_found_behind_any_json() -> None:
    source = Source("x", ' { "a\\u0022]" : [ {}, "}" ,[1]], "b":{"c":\n[ null , true ]}, "b": 2 }')
    assert str(locate(source, ("b",))) == "x:2:24"
    assert str(locate(source, ('a"]', 2, 0))) == "x:1:29"
    assert str(locate(source, ('a"]', 9))) == "x:1:17"
    assert str(locate(source, ("nope", 1))) == "x:1:2"


def test_fifty_megabytes_of_something_else_are_one_problem(tmp_path: Path) -> None:
    path = tmp_path / "snapshot.json"
    path.write_text("clients:\n" + "  - name: a\n" * 4_500_000, encoding="utf-8")
    assert problem_of(path)[::2] == ("bad-json", "1:1")


def test_fifty_megabytes_of_applications_are_a_snapshot(tmp_path: Path) -> None:
    clients = [{"client_id": str(n), "name": f"App {n}", "description": "x" * 5000} for n in range(10_000)]
    path = tmp_path / "snapshot.json"
    path.write_text(json.dumps(snapshot(clients=clients)), encoding="utf-8")
    assert path.stat().st_size > 50_000_000
    started = time.process_time()
    made = plan_against(path, make_desired(clients=[{"name": "App 7", "description": "y"}]))
    assert [change.id for change in made.changes] == ["7"]
    assert time.process_time() - started < 20


def test_too_large_a_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "snapshot.json"
    with path.open("wb") as stream:
        stream.truncate(300 * 1024 * 1024)
    assert problem_of(path)[0] == "file-too-large"

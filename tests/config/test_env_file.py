"""Merging ``.env`` files: nothing is lost, and what is written reads back."""

import io
import os
import re
import stat
from pathlib import Path

import pytest
from dotenv import dotenv_values
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tenantctl.config.env_file import merge_env, read_env
from tenantctl.problems import ProblemsError

IN_A_FOLDER = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)

# The parser of npm's dotenv, which Next.js uses.
_NPM_LINE = re.compile(
    r"""^\s*(?:export\s+)?([\w.-]+)(?:\s*=\s*?|:\s+?)"""
    r"""(\s*'(?:\\'|[^'])*'|\s*"(?:\\"|[^"])*"|\s*`(?:\\`|[^`])*`|[^#\r\n]+)?\s*(?:#.*)?$""",
    re.MULTILINE,
)


def npm_dotenv(text: str) -> dict[str, str]:
    found = {}
    for match in _NPM_LINE.finditer(re.sub(r"\r\n?", "\n", text)):
        value = (match[2] or "").strip()
        quote = value[:1]
        value = re.sub(r"^(['\"`])(.*)\1$", r"\2", value, flags=re.DOTALL | re.MULTILINE)
        if quote == '"':
            value = value.replace("\\n", "\n").replace("\\r", "\r")
        found[match[1]] = value
    return found


def codes(caught: pytest.ExceptionInfo[ProblemsError]) -> list[str]:
    return [problem.code for problem in caught.value.problems]


def test_missing_file_is_empty(tmp_path: Path) -> None:
    assert read_env(tmp_path / ".env") == {}


def test_new_file_is_private(tmp_path: Path) -> None:
    path = tmp_path / ".env.local"
    merge_env(path, {"A": "b"})
    assert path.read_text() == "A=b\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_open_file_is_tightened(tmp_path: Path) -> None:
    path = tmp_path / ".env.local"
    path.write_text("X=1\n")
    path.chmod(0o644)
    merge_env(path, {"A": "b"})
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "A=n\n"),
        ("B=1", "B=1\nA=n\n"),
        ("B=1\r\n", "B=1\r\nA=n\r\n"),
        ("\n# c\nA=o\nB=1\n", "\n# c\nA=n\nB=1\n"),
        ("\n\nexport A = 'o' # c\r\nB=1", "\n\nexport A=n\r\nB=1"),
        ("A='o\np'\nB=1\n", "A=n\nB=1\n"),
        ("A\n", "A=n\n"),
        ("A=1\nB=2\nA=3\n", "A=n\nB=2\nA=n\n"),
        ("AA=1\n# A=1\nB=A=1\n", "AA=1\n# A=1\nB=A=1\nA=n\n"),
        ("\ufeffA=o\n", "\ufeffA=n\n"),
        ("not a line\n B = ${C} \n", "not a line\n B = ${C} \nA=n\n"),
    ],
)
def test_other_lines_stay(tmp_path: Path, before: str, after: str) -> None:
    path = tmp_path / ".env"
    path.write_bytes(before.encode())
    merge_env(path, {"A": "n"})
    assert path.read_bytes() == after.encode()


LINES = st.sampled_from(
    [
        "# comment\n",
        "\n",
        "B=1\n",
        "export C='x y'\n",
        'D="a\\nb"\n',
        "E=a b # c\n",
        "broken line\n",
        "F\n",
        "G='a\nb'\n",
        "  \n",
    ]
)


@IN_A_FOLDER
@given(
    before=st.lists(LINES),
    after=st.lists(LINES),
    old=st.sampled_from(["", "A=1\n", "A='x\ny'\n"]),
    value=st.text(),
)
@example(before=[], after=["B='1'\n"], old="A=1\n", value='it\'s "both" \\ # $X ${Y}\n\\')
@example(before=[], after=[], old="", value="a\\")
@example(before=[], after=[], old="", value="`a`")
@example(before=[], after=[], old="", value="\r\n")
def test_any_value_reads_back_and_other_lines_stay(
    tmp_path: Path, before: list[str], after: list[str], old: str, value: str
) -> None:
    path = tmp_path / ".env"
    path.write_bytes("".join([*before, old, *after]).encode())
    merge_env(path, {"A": value})
    text = path.read_bytes().decode()
    assert dotenv_values(stream=io.StringIO(text, newline=""), interpolate=False)["A"] == value
    assert read_env(path)["A"] == value
    kept = "".join(before) + "".join(after)
    assert text.startswith("".join(before))
    assert "".join(after) in text if old else text.startswith(kept)


@IN_A_FOLDER
@given(
    value=st.text(
        st.characters(codec="utf-8", exclude_categories=["Cc", "Zs", "Zl", "Zp"]) | st.sampled_from(" \n"),
        min_size=1,
    )
)
@example("it's")
@example('a "b" # c')
@example("C:\\path")
@example("$HOME ${HOME}")
def test_npms_dotenv_reads_the_same(tmp_path: Path, value: str) -> None:
    path = tmp_path / ".env"
    path.unlink(missing_ok=True)
    merge_env(path, {"A": value, "B": "1"})
    both_quotes = "'" in value and ('"' in value or "\\" in value)
    escapes = "\\" in value
    if not (both_quotes or escapes) or not re.search(r"[#\n]|^[\s'\"`]|\s$", value):
        assert npm_dotenv(path.read_text()) == {"A": value, "B": "1"}


def test_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("X=1\n")
    (tmp_path / ".env").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ProblemsError) as caught:
        merge_env(tmp_path / ".env", {"A": "b"})
    assert codes(caught) == ["env-file-is-link"]
    assert (tmp_path / "elsewhere").read_text() == "X=1\n"


def test_not_utf8_is_refused_untouched(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_bytes(b"A=\xff\n")
    for attempt in (lambda: merge_env(path, {"A": "b"}), lambda: read_env(path)):
        with pytest.raises(ProblemsError) as caught:
            attempt()
        assert codes(caught) == ["env-file-not-utf8"]
    assert path.read_bytes() == b"A=\xff\n"


def test_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProblemsError) as caught:
        merge_env(tmp_path, {"A": "b"})
    assert codes(caught) == ["env-file-unwritable"]
    with pytest.raises(ProblemsError) as caught:
        read_env(tmp_path)
    assert codes(caught) == ["env-file-unreadable"]


def test_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProblemsError) as caught:
        merge_env(tmp_path / "no" / ".env", {"A": "b"})
    assert codes(caught) == ["env-file-unwritable"]


@pytest.mark.parametrize("name", ["", "a b", "1A", "A=B", "A\nB"])
def test_bad_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ProblemsError) as caught:
        merge_env(tmp_path / ".env", {name: "b"})
    assert codes(caught) == ["env-name-invalid"]
    assert not (tmp_path / ".env").exists()


def test_value_that_is_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProblemsError) as caught:
        merge_env(tmp_path / ".env", {"A": "\udc80"})
    assert codes(caught) == ["env-value-unwritable"]


def test_failure_while_writing_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / ".env"
    path.write_text("X=1\n")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ProblemsError) as caught:
        merge_env(path, {"A": "s3cr3t"})
    assert codes(caught) == ["env-file-unwritable"]
    assert "s3cr3t" not in str(caught.value)
    assert path.read_text() == "X=1\n"
    assert list(tmp_path.iterdir()) == [path]

"""Files are written all or none, inside the configuration's folder, and stay what they were in all else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tenantctl.config.writing import FileChange, write_files
from tenantctl.problems import ProblemsError


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


def written(path: Path, content: bytes = b"old\n") -> Path:
    path.write_bytes(content)
    return path


def refusal(*changes: FileChange, root: Path) -> str:
    with pytest.raises(ProblemsError) as caught:
        write_files(changes, [root])
    (problem,) = caught.value.problems
    return problem.code


def test_mode_and_byte_order_mark_stay(root: Path) -> None:
    path = written(root / "a.yaml", b"\xef\xbb\xbfold\r\n")
    path.chmod(0o640)
    write_files([FileChange(path, "old\r\n", "new\r\n")], [root])
    assert path.read_bytes() == b"\xef\xbb\xbfnew\r\n"
    assert path.stat().st_mode & 0o777 == 0o640
    assert list(root.iterdir()) == [path]


def test_new_files_and_folders(root: Path) -> None:
    path = root / "a" / "b" / "c.yaml"
    write_files([FileChange(path, None, "new\n")], [root])
    assert path.read_text(encoding="utf-8") == "new\n"
    mask = os.umask(0)
    os.umask(mask)
    assert path.stat().st_mode & 0o777 == 0o666 & ~mask


def test_files_that_go(root: Path) -> None:
    path = written(root / "a.yaml")
    write_files([FileChange(path, "old\n", None)], [root])
    assert not path.exists()


def test_a_link_inside_the_folder_stays_a_link(root: Path) -> None:
    path, link = written(root / "a.yaml"), root / "b.yaml"
    link.symlink_to(path)
    write_files([FileChange(link, "old\n", "new\n")], [root])
    assert link.is_symlink()
    assert path.read_text(encoding="utf-8") == "new\n"


@pytest.mark.parametrize("name", ["../outside.yaml", "link.yaml", "folder/a.yaml"])
def test_no_path_leads_out(root: Path, name: str) -> None:
    outside = written(root.parent / "outside.yaml")
    (root / "link.yaml").symlink_to(outside)
    (root / "folder").symlink_to(root.parent)
    inside = written(root / "a.yaml")
    changes = [FileChange(inside, "old\n", "new\n"), FileChange(root / name, "old\n", "new\n")]
    assert refusal(*changes, root=root) == "path-outside"
    assert outside.read_text(encoding="utf-8") == inside.read_text(encoding="utf-8") == "old\n"


def test_what_has_changed_meanwhile_is_not_overwritten(root: Path) -> None:
    first, second = written(root / "a.yaml"), written(root / "b.yaml", b"edited\n")
    changes = [FileChange(first, "old\n", "new\n"), FileChange(second, "old\n", "new\n")]
    assert refusal(*changes, root=root) == "file-changed"
    assert refusal(FileChange(first, None, "new\n"), root=root) == "file-changed"
    assert refusal(FileChange(root / "gone.yaml", "old\n", "new\n"), root=root) == "file-changed"
    assert first.read_text(encoding="utf-8") == "old\n"


def test_when_one_cannot_be_written_none_is(root: Path) -> None:
    first, blocked = written(root / "a.yaml"), written(root / "file")
    new = root / "new" / "c.yaml"
    changes = [
        FileChange(first, "old\n", "new\n"),
        FileChange(new, None, "new\n"),
        FileChange(blocked / "b.yaml", None, "new\n"),  # a file is no folder
    ]
    assert refusal(*changes, root=root) == "file-unwritable"
    assert first.read_text(encoding="utf-8") == "old\n"
    assert {path.name for path in root.iterdir()} == {"a.yaml", "file"}


def test_what_was_written_already_is_put_back(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = written(root / "a.yaml"), written(root / "b.yaml")
    replace = Path.replace

    def fail_at_second(temporary: Path, target: Path) -> Path:
        if target == second:
            raise OSError(28, "No space left on device")
        return replace(temporary, target)

    monkeypatch.setattr(Path, "replace", fail_at_second)
    changes = [FileChange(first, "old\n", "new\n"), FileChange(second, "old\n", "new\n")]
    assert refusal(*changes, root=root) == "file-unwritable"
    assert first.read_text(encoding="utf-8") == second.read_text(encoding="utf-8") == "old\n"
    assert sorted(path.name for path in root.iterdir()) == ["a.yaml", "b.yaml"]

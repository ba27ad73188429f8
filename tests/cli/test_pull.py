"""``tenantctl pull`` from end to end: what it writes, what it does not, and that a plan is empty then."""

from __future__ import annotations

from pathlib import Path

from .administrator import Administrator
from .program import Program
from .test_token_errors import edit

FILE = Path("tenant.yaml")
SECRET = "s3cret-of-the-tenant"
PULLED = [
    "format_version", "tool", "tenant", "written", "summary",
    "changes", "kept", "secrets", "files", "problems",
]  # fmt: skip


def add_connection(administrator: Administrator, secret: str = SECRET) -> None:
    options = {"client_id": "ours", "client_secret": secret}
    body = {"name": "git", "strategy": "github", "options": options}
    administrator.call("POST", "connections", body)


def is_planned(run: Program, *options: str) -> bool:
    return run("plan", "--sandbox", "--detailed-exitcode", *options).code != 0


def test_diff_writes_nothing(administrator: Administrator, run: Program) -> None:
    before = FILE.read_bytes()
    administrator.patch_api(token_lifetime=7200)
    shown = run("pull", "--sandbox", "--diff")
    assert "-    token_lifetime: 86400\n+    token_lifetime: 7200\n" in shown.out
    assert FILE.read_bytes() == before
    assert is_planned(run)


def test_after_it_a_plan_is_empty(administrator: Administrator, run: Program) -> None:
    administrator.patch_api(token_lifetime=7200)
    administrator.patch_client(description="by hand")
    administrator.delete_grant()
    assert run("pull", "--sandbox").code == 0
    assert not is_planned(run)
    before = FILE.read_bytes()
    assert "Nothing to pull" in run("pull", "--sandbox").out
    assert FILE.read_bytes() == before
    assert "# How long a token is good for, in seconds.\n    token_lifetime: 7200\n" in before.decode()


def test_the_document(administrator: Administrator, run: Program) -> None:
    administrator.patch_client(description="by hand")
    add_connection(administrator)
    document = run("pull", "--sandbox", "--all", "--only", "c*", "--format", "json").json()
    assert list(document) == PULLED
    assert document["written"] is True
    assert document["summary"] == {"add": 1, "change": 1, "remove": 0, "kept": 0, "secrets": 1}
    assert [change["address"] for change in document["changes"]] == ["clients/AAA M2M", "connections/git"]
    assert document["secrets"] == [
        {
            "address": "connections/git",
            "path": "options.client_secret",
            "keyword": "##CONNECTIONS_GIT_OPTIONS_CLIENT_SECRET##",
        }
    ]
    assert document["files"] == [{"path": "tenant.yaml", "action": "change"}]
    assert document["kept"] == document["problems"] == []


def test_a_secret_becomes_a_keyword(administrator: Administrator, run: Program) -> None:
    add_connection(administrator)
    printed = run("-v", "pull", "--sandbox", "--all", "--only", "connections/*")
    assert SECRET not in printed.words + FILE.read_text(encoding="utf-8")
    assert 'client_secret: "##CONNECTIONS_GIT_OPTIONS_CLIENT_SECRET##"' in FILE.read_text(encoding="utf-8")
    without = run("plan", "--sandbox", "--detailed-exitcode")
    assert without.code == 0
    assert "give a value to: CONNECTIONS_GIT_OPTIONS_CLIENT_SECRET" in without.err
    given = {"CONNECTIONS_GIT_OPTIONS_CLIENT_SECRET": SECRET}
    assert run("plan", "--sandbox", "--detailed-exitcode", env=given).code == 0
    assert run("pull", "--sandbox", env=given).out.startswith("Nothing to pull")
    other = {"CONNECTIONS_GIT_OPTIONS_CLIENT_SECRET": "another"}
    assert "kept: connections/git#options.client_secret" in run("pull", "--sandbox", env=other).out


def test_a_secret_in_the_file_gives_way_to_a_keyword(administrator: Administrator, run: Program) -> None:
    add_connection(administrator)
    text = "connections:\n  - name: git\n    strategy: github\n    options: {client_secret: old-and-secret}\n"
    FILE.write_text(text, encoding="utf-8")
    shown = run("pull", "--sandbox", "--diff")
    pulled = run("pull", "--sandbox")
    for words in (shown.words, pulled.words):
        assert SECRET not in words
        assert "old-and-secret" not in words
    keyword = '"##CONNECTIONS_GIT_OPTIONS_CLIENT_SECRET##"'
    assert FILE.read_text(encoding="utf-8") == text.replace("old-and-secret", keyword)
    assert not is_planned(run)


def test_line_ends_and_mode_stay(administrator: Administrator, run: Program) -> None:
    FILE.write_bytes(b"\xef\xbb\xbf" + FILE.read_bytes().replace(b"\n", b"\r\n"))
    FILE.chmod(0o604)
    before = FILE.read_bytes()
    administrator.patch_api(token_lifetime=7200)
    assert run("pull", "--sandbox").code == 0
    assert FILE.read_bytes() == before.replace(b"86400", b"7200")
    assert FILE.stat().st_mode & 0o777 == 0o604


def test_a_scope_that_only_a_grant_still_names(administrator: Administrator, run: Program) -> None:
    administrator.patch_api(scopes=[{"value": "read:things", "description": "Read things"}])
    assert run("pull", "--sandbox").code == 0
    planned = run("plan", "--sandbox", "--detailed-exitcode")
    assert planned.code == 0
    assert "warning: the API 'https://aaa-api' has no scope 'write:things'" in planned.err
    assert run("validate").code == 1
    administrator.patch_grant(scope=["read:things"])
    refused = run("plan", "--sandbox")
    assert refused.code == 1
    assert "error: the API 'https://aaa-api' has no scope 'write:things'" in refused.out


def test_what_is_left_alone_is_not_pulled(administrator: Administrator, run: Program) -> None:
    administrator.call("POST", "clients", {"name": "Old app"})
    administrator.patch_client(description="by hand")
    edit(FILE, "tenantctl:\n", "tenantctl:\n  exclude: [pages, clients/Old*]\n  protect: [clients/AAA*]\n")
    assert run("pull", "--sandbox", "--all").code == 0
    text = FILE.read_text(encoding="utf-8")
    assert "Old app" not in text
    assert "by hand" not in text
    assert "\npages:" not in text
    assert "\nguardianFactors:" in text


def test_new_files(administrator: Administrator, run: Program) -> None:
    add_connection(administrator)
    for option, name in (("--out", "new/tenant.yaml"), ("--directory", "layout")):
        assert run("pull", "--sandbox", option, name, "--diff").code == 0
        assert not Path(name).exists()
        pulled = run("pull", "--sandbox", option, name)
        assert pulled.code == 0
        assert "CONNECTIONS_GIT_OPTIONS_CLIENT_SECRET" in pulled.out
        assert not is_planned(run, "-f", name)
        assert "Nothing to pull" in run("pull", "--sandbox", "--all", "-f", name).out
        refused = run("pull", "--sandbox", option, name)
        assert refused.code == 1
        assert f"{name} exists already" in refused.err
    written = [*Path("new").rglob("*"), *Path("layout").rglob("*")]
    assert not [path for path in written if path.is_file() and SECRET in path.read_text(encoding="utf-8")]
    assert Path("layout/connections/git.json").is_file()


def test_all_starts_from_nothing_where_there_is_no_file(administrator: Administrator, run: Program) -> None:
    administrator.patch_client(description="by hand")
    FILE.unlink()
    assert run("pull", "--sandbox").code == 1
    assert run("pull", "--sandbox", "--all").code == 0
    assert not is_planned(run)
    assert "by hand" in FILE.read_text(encoding="utf-8")


def test_one_kind_of_new_files(run: Program) -> None:
    assert run("pull", "--sandbox", "--out", "a.yaml", "--directory", "b").code == 64


def test_no_file_is_written_through_a_link_that_leads_out(
    administrator: Administrator, run: Program, tmp_path: Path
) -> None:
    inside, outside = Path("inside"), tmp_path / "outside"
    for folder in (inside, outside):
        folder.mkdir()
    (outside / "tenant.yaml").write_bytes(FILE.read_bytes())
    (inside / "tenant.yaml").symlink_to(outside / "tenant.yaml")
    administrator.patch_api(token_lifetime=7200)
    refused = run("pull", "--sandbox", "-f", "inside/tenant.yaml")
    assert refused.code == 1
    assert "path-outside" in refused.err
    assert (outside / "tenant.yaml").read_bytes() == FILE.read_bytes()

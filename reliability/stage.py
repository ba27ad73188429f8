"""A served sandbox whose tenant can be set back in a moment, and the folder that commands run in."""

from __future__ import annotations

import io
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, chdir, closing, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

from benchmarks.served import TOKEN, Sandbox, serve
from reliability.state import State, read_state
from tenantctl.cli.main import main

TENANTS = Path(__file__).parent / "tenants"
ENV_FILE = ".env.local"
APPLY = ("apply", "--yes", "--no-verify")
_TABLES = ("objects", "items")
_PATIENT = 30.0


@dataclass(frozen=True, slots=True)
class Ran:
    """How one command ended, and all that it wrote."""

    code: int
    words: str


@dataclass(frozen=True, slots=True)
class Stage:
    """A tenant to work on, and the folder to do it in.

    base: copy of the state that `set_back` returns to.
    """

    sandbox: Sandbox
    folder: Path
    base: Path
    environment: dict[str, str] = field(default_factory=dict)

    def run(self, *arguments: str, timeout: float = _PATIENT) -> Ran:
        """Run a command in this process, without the time that it would wait before it tries again.

        timeout: seconds after which it takes a request for lost.
        """
        written = io.StringIO()
        with ExitStack() as stack:
            stack.enter_context(chdir(self.folder))
            stack.enter_context(patch.dict(os.environ, self.environment))
            stack.enter_context(patch("tenantctl.tenant.rate_limit.MAX_WAIT_SECONDS", 0.0))
            stack.enter_context(patch("tenantctl.tenant.client.TIMEOUT_SECONDS", timeout))
            stack.enter_context(redirect_stdout(written))
            stack.enter_context(redirect_stderr(written))
            code = main(arguments)
        return Ran(code, written.getvalue())

    @contextmanager
    def running(self, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
        """Run a command as a process of its own, which is killed at the end."""
        command = [sys.executable, "-m", "tenantctl", *arguments]
        environment = {**os.environ, **self.environment}
        with (
            self.printed.open("wb") as words,
            subprocess.Popen(
                command, cwd=self.folder, env=environment, stdout=words, stderr=subprocess.STDOUT
            ) as process,
        ):
            try:
                yield process
            finally:
                process.kill()

    @property
    def printed(self) -> Path:
        """Where a process that was running has printed what it had to say."""
        return self.base.with_suffix(".txt")

    def place(self, file: str) -> None:
        """Make one of the files of `TENANTS` the folder's configuration."""
        shutil.copy(TENANTS / file, self.folder / "tenant.yaml")

    def write(self, file: str) -> None:
        """Make a text the folder's configuration."""
        (self.folder / "tenant.yaml").write_text(file, encoding="utf-8")

    def keep(self) -> None:
        """Let `set_back` return to what there is now; what applies left behind is forgotten."""
        shutil.rmtree(self.folder / ".tenantctl", ignore_errors=True)
        shutil.copy(self.folder / ENV_FILE, self.base.with_suffix(".env"))
        with (
            closing(sqlite3.connect(self.sandbox.state)) as source,
            closing(sqlite3.connect(self.base)) as kept,
        ):
            source.backup(kept)

    def set_back(self) -> None:
        """Return tenant and folder to what was kept, without faults and without a log."""
        shutil.rmtree(self.folder / ".tenantctl", ignore_errors=True)
        shutil.copy(self.base.with_suffix(".env"), self.folder / ENV_FILE)
        with closing(sqlite3.connect(self.sandbox.state, timeout=_PATIENT)) as state:
            state.execute("ATTACH ? AS base", (str(self.base),))
            with state:
                for table in _TABLES:
                    state.execute(f"DELETE FROM main.{table}")  # noqa: S608  # one of two names
                    state.execute(f"INSERT INTO main.{table} SELECT * FROM base.{table}")  # noqa: S608  # as above
        self.sandbox.strike()
        self.sandbox.forget()

    def state(self) -> State:
        """Return all that the tenant holds by now, secrets included."""
        file = (self.folder / "tenant.yaml").read_text(encoding="utf-8")
        return read_state(self.sandbox.state, file + "".join(read_state(self.base).raw.values()))


@contextmanager
def open_stage(folder: Path, files: Sequence[str] = ("unmanaged.yaml", "before.yaml")) -> Iterator[Stage]:
    """Serve a sandbox below `folder`, with the tenant that `files` make: each case begins with it."""
    work = folder / "work"
    work.mkdir(parents=True)
    with serve(folder) as sandbox:
        sandbox.strike()
        own, _ = read_state(sandbox.state).credentials["tenantctl"]
        environment = {"AUTH0_DOMAIN": sandbox.url, "AUTH0_ACCESS_TOKEN": TOKEN, "AUTH0_CLIENT_ID": own}
        stage = Stage(sandbox, work, folder / "base.db", environment)
        for file in files:
            stage.place(file)
            ran = stage.run(*APPLY)
            if ran.code:
                raise RuntimeError(f"{file} can't be applied:\n{ran.words}")
        stage.place("after.yaml")
        stage.keep()
        yield stage

"""The SDK for Node, in a process of its own that is told what to call."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.peers.sdks import Done, Method, Request, method_for, steps_of

_PROGRAM = Path(__file__).with_name("sdk.mjs")


class NodeSdk:
    """The SDK for Node, connected to a tenant. It takes whatever object it is given for a body."""

    name = "auth0-node"

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.foreign: set[str] = set()
        self._process = process
        self._methods = [
            Method(each["name"], each["verb"], steps_of(each["path"]), frozenset(each["query"]))
            for each in self._answer()
        ]

    def _answer(self) -> Any:
        assert self._process.stdout
        return json.loads(self._process.stdout.readline())

    def knows(self, request: Request) -> bool:
        """Whether the SDK has a method for an operation."""
        return method_for(self._methods, request) is not None

    def send(self, request: Request) -> Done:
        """Call the method of an operation; its arguments are what goes into the path, then an object."""
        found = method_for(self._methods, request)
        assert found is not None
        method, ids = found
        query = request.query_of(method.query)
        body = request.body if request.body is not None else {}
        further = {**query, **body} if isinstance(body, Mapping) else body
        given = [*(ids[name] for name in sorted(ids)), *([further] if further != {} else [])]
        assert self._process.stdin
        print(json.dumps({"name": method.name, "given": given}), file=self._process.stdin, flush=True)
        told = self._answer()
        assert told["refused"] is None, told["refused"]
        url = urlsplit(told["url"])
        sent = Request(told["method"], steps_of(url.path), dict(parse_qsl(url.query)), told["body"])
        return Done(sent, told["status"], told["answer"], told["handed"])


@contextmanager
def run_node_sdk(node: str, env: Mapping[str, str]) -> Iterator[NodeSdk]:
    """Start the process, with the settings of the tenant in its environment, and stop it in the end."""
    command = [node, str(_PROGRAM)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8", env={**env}
    ) as process:
        try:
            yield NodeSdk(process)
        finally:
            process.kill()

"""auth0-python: typed arguments, and answers parsed into its models."""

from __future__ import annotations

import inspect
import json
import ssl
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from operator import attrgetter
from pathlib import Path
from typing import Any, Self, get_type_hints

import httpx
from auth0.management import ManagementClient
from auth0.management.core.api_error import ApiError
from auth0.management.core.pagination import SyncPager
from pydantic import BaseModel, TypeAdapter

from tenantctl.states import Json
from tests.peers.sdks import Done, Method, Request, marked, marker, method_for, steps_of

_OPTIONS = "request_options"


@dataclass(frozen=True, eq=False)
class PythonMethod(Method):
    """A method, and where its arguments go besides the path.

    query, body: name on the wire → argument. whole: the argument that is the complete body.
    types: argument → what it is declared to be.
    """

    query: Mapping[str, str]
    body: Mapping[str, str]
    whole: str
    types: Mapping[str, Any]


class _SeenError(Exception):
    def __init__(self, request: httpx.Request) -> None:
        super().__init__()
        self.request = request


@cache
def python_methods() -> tuple[PythonMethod, ...]:
    """Return every method of the SDK that sends a request and waits for the answer."""

    def see(request: httpx.Request) -> httpx.Response:
        raise _SeenError(request)

    with httpx.Client(transport=httpx.MockTransport(see)) as http:
        client = ManagementClient(domain="tenant.example", token="none", httpx_client=http)
        return tuple(_probed(name, call) for name, call in _calls(client))


def _calls(holder: object, above: tuple[str, ...] = ()) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield the methods of a client and of the clients that it leads to, each with its dotted name."""
    for name, member in inspect.getmembers(type(holder)):
        if name.startswith("_") or name == "with_raw_response":
            continue
        if isinstance(member, property):
            yield from _calls(getattr(holder, name), (*above, name))
        elif not inspect.isgeneratorfunction(member):  # the one that listens to events
            yield ".".join((*above, name)), getattr(holder, name)


def _probed(name: str, call: Callable[..., Any]) -> PythonMethod:
    arguments = [each for each in inspect.signature(call).parameters if each != _OPTIONS]
    try:
        call(**{each: marker(each) for each in arguments})
    except _SeenError as seen:
        request = seen.request
    is_json = "json" in request.headers.get("content-type", "")
    body = json.loads(request.content) if is_json and request.content else {}
    return PythonMethod(
        name=name,
        verb=request.method,
        steps=_steps(request),
        query={key: marked(value) for key, value in request.url.params.items()},
        body={key: marked(value) for key, value in body.items()} if isinstance(body, dict) else {},
        whole=marked(body),
        types=get_type_hints(call),
    )


def _steps(request: httpx.Request) -> tuple[str, ...]:
    return steps_of(request.url.raw_path.partition(b"?")[0].decode())


@cache
def _type_of(method: PythonMethod, argument: str) -> TypeAdapter[Any]:
    return TypeAdapter(method.types[argument])


class PythonSdk:
    """auth0-python, connected to a tenant."""

    name = "auth0-python"

    def __init__(self, domain: str, token: str, ca: Path) -> None:
        self.foreign: set[str] = set()
        context = ssl.create_default_context(cafile=str(ca))
        self.http = httpx.Client(verify=context, event_hooks={"response": [self._note]})
        self._client = ManagementClient(domain=domain, token=token, httpx_client=self.http)
        self._response: httpx.Response | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def _note(self, response: httpx.Response) -> None:
        response.read()
        self._response = response

    def knows(self, request: Request) -> bool:
        """Whether the SDK has a method for an operation."""
        return method_for(python_methods(), request) is not None

    def send(self, request: Request) -> Done:
        """Call a method with arguments of the types that it declares.

        Raises ValidationError if they are not, ParsingError if the answer is not of the type of the method.
        """
        found = method_for(python_methods(), request)
        assert found is not None
        method, ids = found
        arguments = {**ids, **self._arguments(method, request)}
        given: Any = None
        try:
            given = attrgetter(method.name)(self._client)(**arguments)
        except ApiError as error:
            if httpx.codes.is_success(error.status_code or 0):
                raise
        response = self._response
        assert response is not None
        sent = response.request
        return Done(
            sent=Request(sent.method, _steps(sent), dict(sent.url.params), _json(sent.content)),
            status=response.status_code,
            answer=_json(response.content),
            given=_plain(given.response if isinstance(given, SyncPager) else given),
        )

    def _arguments(self, method: PythonMethod, request: Request) -> dict[str, Any]:
        query = request.query_of(method.query)
        placed = {method.query[name]: value for name, value in query.items()}
        foreign: Mapping[str, Json] = {}
        if method.whole and request.body is not None:
            placed[method.whole] = request.body
        elif isinstance(request.body, Mapping):
            known = method.body.keys() & request.body.keys()
            placed |= {method.body[name]: request.body[name] for name in known}
            foreign = {name: value for name, value in request.body.items() if name not in known}
        self.foreign |= {f"{method.name} {name}" for name in foreign}
        for name, value in placed.items():
            _type_of(method, name).validate_python(value)
        return {**placed, _OPTIONS: {"max_retries": 0, "additional_body_parameters": foreign}}


def _json(content: bytes) -> Json:
    return json.loads(content) if content else None


def _plain(given: Any) -> Any:
    """Return what the SDK handed over as JSON has it, with the names of the API and one kind of number."""
    if isinstance(given, BaseModel):
        return _plain(given.model_dump(by_alias=True, exclude_unset=True))
    if isinstance(given, Mapping):
        return {name: _plain(value) for name, value in given.items()}
    if isinstance(given, list | tuple):
        return [_plain(value) for value in given]
    if isinstance(given, datetime):
        return given.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return int(given) if isinstance(given, float) and given.is_integer() else given

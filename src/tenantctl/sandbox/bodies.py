"""Reading a request's body: its size, its type, its JSON. Whatever comes in, the answer is a 4xx at worst."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

from tenantctl.sandbox.errors import ApiError, management_error

MAX_BYTES = 1_048_576
"""Longest body of a request to an API, in bytes, as on Auth0."""

MAX_SNAPSHOT_BYTES = 256 * MAX_BYTES
"""Longest body of a control request: a snapshot has a whole tenant in it."""

_MAX_DEPTH = 64


class MalformedError(ValueError):
    """The body is not what its type says."""


async def read_bytes(request: Request, most: int = MAX_BYTES) -> bytes:
    """Return the body.

    Raises:
        ApiError: 413 if it is longer than `most` bytes, 400 if the client went away in the middle.
    """
    received = bytearray()
    try:
        async for chunk in request.stream():
            received += chunk
            if len(received) > most:
                message = f"Payload content length greater than maximum allowed: {most}"
                raise management_error(413, message)
    except ClientDisconnect as error:
        raise management_error(400, "Request aborted") from error
    return bytes(received)


def media_type(request: Request) -> str:
    """Return the media type of the Content-Type header in lower case, without parameters; may be empty."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def parse_json(raw: bytes) -> Any:
    """Return the JSON value in `raw`.

    Raises:
        MalformedError: it is no JSON (RFC 8259), or holds what could not be sent back as such: lone
            surrogates, numbers beyond a double, or nesting deeper than any tenant's object.
    """
    try:
        value = json.loads(raw, parse_constant=_refuse)
        _check_depth(value, _MAX_DEPTH)
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError) as error:
        raise MalformedError(str(error)) from error
    return value


def _refuse(constant: str) -> Any:
    raise MalformedError(f"{constant} is no JSON.")


def _check_depth(value: Any, left: int) -> None:
    if left == 0:
        raise MalformedError("Nested too deeply.")
    if isinstance(value, dict):
        for member in value.values():
            _check_depth(member, left - 1)
    elif isinstance(value, list):
        for item in value:
            _check_depth(item, left - 1)


def parse_form(raw: bytes) -> dict[str, str]:
    """Return the fields of an ``application/x-www-form-urlencoded`` body; of repeated ones the last.

    Raises:
        MalformedError: it has more fields than any request needs.
    """
    try:
        pairs = parse_qsl(raw.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=100)
    except ValueError as error:
        raise MalformedError(str(error)) from error
    return dict(pairs)


async def read_json(request: Request) -> Any:
    """Return the JSON body of a Management API request, None if it is empty.

    Raises:
        ApiError: 415 for another content type, 400 for malformed JSON, 413 if it is too long.
    """
    raw = await read_bytes(request)
    if not raw.strip():
        return None
    if media_type(request) not in {"", "application/json"}:
        raise management_error(415, "Unsupported Media Type")
    try:
        return parse_json(raw)
    except MalformedError as error:
        raise _malformed() from error


def _malformed() -> ApiError:
    return management_error(400, "Invalid request payload JSON format")

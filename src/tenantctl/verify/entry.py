"""What is to be verified, and as whom: one check's request, and the credentials it is made with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from tenantctl.problems import Position

AuthMethod: TypeAlias = Literal["client_secret_post", "client_secret_basic"]
"""How a client authenticates at the token endpoint (OpenID Connect Core §9)."""


@dataclass(frozen=True, slots=True)
class VerifyRequest:
    """One entry of ``tenantctl: {verify: [...]}``.

    client: the client's name in the file.
    audience: identifier of the API; None leaves it out of the request.
    scopes: asked for, and expected in the token; None or empty asks for none and takes what the grant gives.
    algorithm: the JWS ``alg`` that the token must have.
    position: where the entry stands in the file.
    """

    client: str
    audience: str | None
    scopes: tuple[str, ...] | None = None
    algorithm: str = "RS256"
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    """A client id and its secret; `source` says where they were found, in words for people."""

    client_id: str
    client_secret: str = field(repr=False)
    source: str
    method: AuthMethod = "client_secret_post"

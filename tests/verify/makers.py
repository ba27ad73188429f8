"""Real keys and tokens, and a tenant of three routes to answer with them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs

import httpx
from joserfc import jwe, jws
from joserfc.jwk import OctKey, RSAKey

from tenantctl.problems import Position
from tenantctl.states import Current, Desired, FieldPath, Json, Resource
from tenantctl.verify.entry import ClientCredentials, VerifyRequest
from tenantctl.verify.known import KnownTenant

ISSUER = "https://aaa.eu.auth0.com/"
API = "https://aaa-api"
CLIENT = "AAA M2M"
CLIENT_ID = "m2mClientId0000000000000000000001"
SECRET = "s3cr3t-that-nobody-may-see"
NOW = 1_750_000_000
CREDENTIALS = ClientCredentials(CLIENT_ID, SECRET, "the environment")
REQUEST = VerifyRequest(CLIENT, API, ("read:aaa",), position=Position("tenant.yaml", 50, 5))

KEY = RSAKey.generate_key(2048, {"kid": "key-1", "use": "sig", "alg": "RS256"})
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "key-2", "use": "sig"})
PLAIN_KEY = RSAKey.import_key({name: KEY.as_dict(private=True)[name] for name in ("kty", "n", "e", "d")})
PLAIN_OTHER = RSAKey.import_key(
    {name: OTHER_KEY.as_dict(private=True)[name] for name in ("kty", "n", "e", "d")}
)


def claims(**changes: Json) -> dict[str, Json]:
    """Return an M2M access token's claims as Auth0 writes them; a change to `...` takes a claim out."""
    usual = {
        "iss": ISSUER,
        "sub": f"{CLIENT_ID}@clients",
        "aud": API,
        "iat": NOW,
        "exp": NOW + 86400,
        "scope": "read:aaa",
        "gty": "client-credentials",
        "azp": CLIENT_ID,
    }
    return {name: value for name, value in (usual | changes).items() if value is not ...}


def signed(
    payload: Mapping[str, Json] | None = None,
    *,
    alg: str = "RS256",
    kid: str | None = "key-1",
    key: Any = PLAIN_KEY,
) -> str:
    header = {"alg": alg, "typ": "JWT"} | ({} if kid is None else {"kid": kid})
    return jws.serialize_compact(
        header, json.dumps(claims() if payload is None else payload), key, algorithms=[alg]
    )


def jwe_direct() -> str:
    """Return what Auth0 issues without an audience: a JWE that only the tenant can open."""
    header = {"alg": "dir", "enc": "A256GCM", "iss": ISSUER}
    registry = jwe.JWERegistry(algorithms=["dir", "A256GCM"], strict_check_header=False)
    return jwe.encrypt_compact(header, b"for userinfo", OctKey.generate_key(256), registry=registry)


def jwe_wrapped() -> str:
    """Return a nested JWT, as an API with token_encryption issues it."""
    header = {"alg": "RSA-OAEP-256", "enc": "A256GCM", "cty": "JWT", "kid": "enc-1"}
    return jwe.encrypt_compact(header, signed(), OTHER_KEY_ENC, algorithms=["RSA-OAEP-256", "A256GCM"])


OTHER_KEY_ENC = RSAKey.import_key(
    {name: OTHER_KEY.as_dict(private=False)[name] for name in ("kty", "n", "e")}
)


def b64(data: bytes | str) -> str:
    raw = data.encode() if isinstance(data, str) else data
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def by_hand(header: str | bytes, payload: str | bytes, signature: bytes = b"") -> str:
    """Put a token together that no library would."""
    return f"{b64(header)}.{b64(payload)}.{b64(signature)}"


def signed_with_public_key() -> str:
    """Return the classic forgery: HS256 keyed with the tenant's public key in PEM."""
    head = b64(json.dumps({"alg": "HS256", "kid": "key-1"})) + "." + b64(json.dumps(claims()))
    mac = hmac.new(KEY.as_pem(private=False), head.encode(), hashlib.sha256).digest()
    return f"{head}.{b64(mac)}"


def public(*keys: RSAKey) -> dict[str, Json]:
    return {"keys": [key.as_dict(private=False) for key in keys]}


Answer = httpx.Response | Exception
TokenRoute = Callable[[dict[str, str], httpx.Request], Answer]


class FakeTenant:
    """The public routes of a tenant; it records what was asked of it."""

    def __init__(self, token: TokenRoute, *, issuer: str = ISSUER) -> None:
        self.token = token
        self.issuer = issuer
        self.jwks: list[Json] = [public(KEY)]
        self.jwks_uri = f"{issuer}.well-known/jwks.json"
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        match request.url.path:
            case "/oauth/token":
                form = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
                answer = self.token(form, request)
            case "/.well-known/openid-configuration":
                answer = httpx.Response(200, json={"issuer": self.issuer, "jwks_uri": self.jwks_uri})
            case "/.well-known/jwks.json":
                answer = httpx.Response(200, json=self.jwks.pop(0) if len(self.jwks) > 1 else self.jwks[0])
            case _:
                answer = httpx.Response(404)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def count(self, path: str) -> int:
        return sum(request.url.path == path for request in self.requests)

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.MockTransport(self))


def granting(token: str, **members: Json) -> TokenRoute:
    """Answer every token request with this token."""
    body = {"access_token": token, "token_type": "Bearer", "expires_in": 86400} | members
    return lambda _form, _request: httpx.Response(200, json=body)


def refusing(
    status: int, error: str, description: str, headers: Mapping[str, str] | None = None
) -> TokenRoute:
    """Answer every token request with this refusal."""
    body = {"error": error, "error_description": description}
    return lambda _form, _request: httpx.Response(status, json=body, headers=headers)


def resource(section: str, key: str, line: int, **data: Json) -> Resource:
    """Declare a resource in tenant.yaml; its fields stand on the lines after it, in order."""
    lines = {name: line + n for n, name in enumerate(data, 1)}

    def locate(path: FieldPath) -> Position | None:
        if not path:
            return Position("tenant.yaml", line, 3)
        return (
            Position("tenant.yaml", lines[str(path[0])], 5) if path[0] in lines and len(path) == 1 else None
        )

    return Resource(section, key, data, locate)


def declared(**changes: Mapping[str, Json]) -> Desired:
    """Return the AAA file; keyword arguments change the fields of one section's resource."""
    api = {"name": "AAA", "identifier": API, "signing_alg": "RS256"} | dict(
        changes.get("resourceServers", {})
    )
    client = {"name": CLIENT, "grant_types": ["client_credentials"]} | dict(changes.get("clients", {}))
    grant = {"client_id": CLIENT, "audience": API, "scope": ["read:aaa"]} | dict(
        changes.get("clientGrants", {})
    )
    return Desired(
        {
            "resourceServers": (resource("resourceServers", API, 10, **api),),
            "clients": (resource("clients", CLIENT, 20, **client),),
            "clientGrants": (resource("clientGrants", f"{CLIENT}:{API}", 30, **grant),),
        }
    )


def live(**sections: Json) -> KnownTenant:
    return KnownTenant(
        current=Current("aaa.eu.auth0.com", {name: tuple(several) for name, several in sections.items()})
    )

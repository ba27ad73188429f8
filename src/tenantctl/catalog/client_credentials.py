"""Keys by which clients prove who they are: https://auth0.com/docs/api/management/v2/clients/get-credentials.

Sources of the identifiers: RFC 7638 (thumbprint of a JWK), which the API gives a key as its ID.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from tenantctl.catalog.endpoints import Endpoint, Listing, Paging, Pool
from tenantctl.states import Json

_PATH = "/clients/{id}/credentials"
_ITEM = f"{_PATH}/{{item}}"

_EXPIRY = "expires_at"
_UNREAD = frozenset({"pem", "parse_expiry_from_cert"})
_DEFAULTS: Mapping[str, Json] = {"alg": "RS256"}


def _key_id(pem: str) -> str:
    from tenantctl.catalog.public_key import key_id  # noqa: PLC0415  # most runs see no key, and it imports much

    return key_id(pem)


def _expiry(pem: str) -> datetime | None:
    from tenantctl.catalog.public_key import expiry  # noqa: PLC0415  # as above

    return expiry(pem)


def _counterpart(item: Mapping[str, Json], live: Mapping[str, Json]) -> Mapping[str, Json] | None:
    """Say what to compare of a credential of the file if it is this one of the tenant.

    All but the time of expiry is fixed when it is created, so that another name or key makes another
    credential. Of X.509 certificates reads show nothing to tell two by that bear one name.
    """
    compared = {"id": live["id"]}
    if _EXPIRY in item:
        same = _is_same_time(item[_EXPIRY], live.get(_EXPIRY))
        compared[_EXPIRY] = live.get(_EXPIRY) if same else item[_EXPIRY]
    if "id" in item:
        return compared if item["id"] == live["id"] else None
    stated = {name: value for name, value in item.items() if name not in {*_UNREAD, _EXPIRY}}
    if live.get("credential_type") == "public_key" and isinstance(item.get("pem"), str):
        stated.setdefault("kid", _key_id_or_none(item["pem"]))
    if all(_shown(stated, name) == _shown(live, name) for name in stated):
        return compared
    return None


def _key_id_or_none(pem: str) -> str | None:
    try:
        return _key_id(pem)
    except ValueError:
        return None  # no key of the tenant's; the API says what is wrong with it


def _shown(credential: Mapping[str, Json], name: str) -> Json:
    return credential.get(name) or _DEFAULTS.get(name)


def _is_same_time(one: Json, other: Json) -> bool:
    """Tell whether two ISO 8601 times are one; the API shows milliseconds that nobody sent."""
    try:
        return datetime.fromisoformat(one) == datetime.fromisoformat(other)
    except (TypeError, ValueError):
        return False


def _create(item: Mapping[str, Json]) -> Mapping[str, Json]:
    """Return what the server makes of a credential: all but the key itself, which its ID stands for."""
    made = {name: value for name, value in item.items() if name not in _UNREAD}
    if item.get("credential_type") != "public_key":
        return made
    pem = item.get("pem")
    if "id" not in item:
        if not isinstance(pem, str):
            raise ValueError("Missing required property: pem")
        made = {**_DEFAULTS, "kid": _key_id(pem), **made}
        if item.get("parse_expiry_from_cert") is True and (end := _expiry(pem)):
            made[_EXPIRY] = end.isoformat()
    if made.get(_EXPIRY) is not None:
        made[_EXPIRY] = _as_shown(made[_EXPIRY])
    return made


def _as_shown(text: Json) -> str:
    time = datetime.fromisoformat(str(text))
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


CLIENT_CREDENTIALS = Pool(
    field="credentials",
    links=(
        "client_authentication_methods.*.credentials",
        "signed_request_object.credentials",
        "token_vault_privileged_access.credentials",
    ),
    limit=2,
    unread=_UNREAD,
    changeable=frozenset({_EXPIRY}),
    counterpart=_counterpart,
    create=_create,
    listing=Listing(Endpoint("GET", _PATH, ("read:client_credentials",)), Paging.NONE, ""),
    add=Endpoint("POST", _PATH, ("create:client_credentials",), 201),
    update=Endpoint("PATCH", _ITEM, ("update:client_credentials",)),
    remove=Endpoint("DELETE", _ITEM, ("delete:client_credentials",), 204),
    item_key=("name",),
    item_id="id",
    id_format=("cred_", 22),
)

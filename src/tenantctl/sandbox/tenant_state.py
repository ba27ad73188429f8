"""What one tenant holds: objects, associations, keys, faults and the log of its requests."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from tenantctl.catalog.registry import BY_SECTION
from tenantctl.sandbox.database import Database, text_at
from tenantctl.sandbox.faults import Faults, make_faults
from tenantctl.sandbox.identity import SINGLETON_ID, identity
from tenantctl.sandbox.keys import Place, SigningKey, make_signing_key
from tenantctl.states import Json

_KEY_COLUMNS = "kid, private_pem, certificate_pem, place, revoked, revoked_at"
_PART_KEY = ""
_BATCH = 128


class Stored(NamedTuple):
    """An object, or an item of an association, with the number that orders it among all others."""

    seq: int
    body: dict[str, Json]


class LoggedRequest(NamedTuple):
    """One request that the tenant has answered.

    query: the raw query string. status: of the answer, 0 without one.
    faults: what went wrong on purpose. handled: the status that the tenant came to, if another one was sent.
    """

    method: str
    path: str
    query: str
    status: int
    faults: Sequence[str] = ()
    handled: int | None = None

    @property
    def trouble(self) -> dict[str, Json]:
        """What there is to tell of `faults` and `handled`."""
        told = {"faults": list(self.faults), "handled": self.handled}
        return {name: value for name, value in told.items() if value}

    def as_json(self) -> dict[str, Json]:
        """Return the request as ``GET /__sandbox__/requests`` shows it."""
        told = {"method": self.method, "path": self.path, "query": self.query, "status": self.status}
        return {**told, **self.trouble}


class TenantState:
    """The state of one tenant; lists come in the order in which things were put in."""

    def __init__(self, database: Database, domain: str) -> None:
        self._database = database
        self.domain = domain

    def all(self, section: str) -> list[Stored]:
        """Return every object of a section."""
        rows = self._database.rows(
            "SELECT seq, body FROM objects WHERE domain = ? AND section = ? ORDER BY seq",
            self.domain,
            section,
        )
        return [Stored(seq, json.loads(body)) for seq, body in rows]

    def counts(self) -> Mapping[str, int]:
        """Return how many objects each section has, of those that have any.

        Of a singleton that was never written there may be items all the same (the texts of the prompts).
        """
        rows = self._database.rows(
            "SELECT section, count(*) FROM (SELECT section, id FROM objects WHERE domain = ?"
            " UNION SELECT section, id FROM items WHERE domain = ? AND id = ?) GROUP BY section",
            *(self.domain, self.domain, SINGLETON_ID),
        )
        return dict(rows)

    def get(self, section: str, object_id: str = SINGLETON_ID) -> dict[str, Json] | None:
        """Return the object with this id (none for a singleton), or None."""
        row = self._database.row(
            "SELECT body FROM objects WHERE domain = ? AND section = ? AND id = ?",
            *(self.domain, section, object_id),
        )
        found: dict[str, Json] | None = json.loads(row[0]) if row else None
        return found

    def after(self, section: str, seq: int) -> Iterator[Stored]:
        """Yield the objects of a section behind number `seq`, read as far as they are asked for."""
        while True:
            rows = self._database.rows(
                "SELECT seq, body FROM objects WHERE domain = ? AND section = ? AND seq > ?"
                " ORDER BY seq LIMIT ?",
                *(self.domain, section, seq, _BATCH),
            )
            yield from (Stored(number, json.loads(body)) for number, body in rows)
            if len(rows) < _BATCH:
                return
            seq = rows[-1][0]

    def having(self, section: str, field: str, value: Json) -> list[dict[str, Json]]:
        """Return the objects whose top-level `field` has this value; those without the field have None."""
        # For the fields that tell objects apart there is an index, see `Database`.
        is_indexed = value is None or isinstance(value, str)
        condition = f" AND {text_at(field)} IS ?" if is_indexed else ""
        rows = self._database.rows(
            f"SELECT body FROM objects WHERE domain = ? AND section = ?{condition} ORDER BY seq",  # noqa: S608 - a quoted name
            *(self.domain, section, *([value] if is_indexed else [])),
        )
        return [found for (body,) in rows if (found := json.loads(body)).get(field) == value]

    def find(self, section: str, field: str, value: Json) -> dict[str, Json] | None:
        """Return the first object whose top-level `field` has this value, or None."""
        return next(iter(self.having(section, field, value)), None)

    def insert(self, section: str, body: Mapping[str, Json]) -> None:
        """Add an object; its id field must be set."""
        self._database.execute(
            "INSERT INTO objects (domain, section, id, body) VALUES (?, ?, ?, ?)",
            *(self.domain, section, self._id_of(section, body), json.dumps(body)),
        )

    def put(self, section: str, body: Mapping[str, Json]) -> None:
        """Put an object in the place of the one with the same id, or add it if there is none."""
        self._database.execute(
            "INSERT INTO objects (domain, section, id, body) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (domain, section, id) DO UPDATE SET body = excluded.body",
            *(self.domain, section, self._id_of(section, body), json.dumps(body)),
        )

    def remove(self, section: str, object_id: str) -> None:
        """Remove an object and the items associated with it."""
        for table in ("objects", "items"):
            self._database.execute(
                f"DELETE FROM {table} WHERE domain = ? AND section = ? AND id = ?",  # noqa: S608 - two fixed names
                *(self.domain, section, object_id),
            )

    def remove_all(self, section: str) -> None:
        """Remove every object of a section and the items associated with them."""
        for table in ("objects", "items"):
            self._database.execute(
                f"DELETE FROM {table} WHERE domain = ? AND section = ?",  # noqa: S608 - two fixed names
                *(self.domain, section),
            )

    def items(self, section: str, object_id: str, field: str) -> list[Stored]:
        """Return what is associated with an object under `field`."""
        rows = self._database.rows(
            "SELECT seq, body FROM items WHERE domain = ? AND section = ? AND id = ? AND field = ?"
            " ORDER BY seq",
            *(self.domain, section, object_id, field),
        )
        return [Stored(seq, json.loads(body)) for seq, body in rows]

    def put_item(self, section: str, object_id: str, field: str, key: str, item: Json) -> None:
        """Associate an item with an object, in the place of the one with the same key if there is one."""
        self._database.execute(
            "INSERT INTO items (domain, section, id, field, item_key, body) VALUES (?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (domain, section, id, field, item_key) DO UPDATE SET body = excluded.body",
            *(self.domain, section, object_id, field, key, json.dumps(item)),
        )

    def remove_item(self, section: str, object_id: str, field: str, key: str) -> None:
        """Take the item with this key from an object; one that isn't there is no error."""
        self._database.execute(
            "DELETE FROM items WHERE domain = ? AND section = ? AND id = ? AND field = ? AND item_key = ?",
            *(self.domain, section, object_id, field, key),
        )

    def remove_items(self, section: str, object_id: str, field: str) -> None:
        """Take all items under `field` from an object."""
        self._database.execute(
            "DELETE FROM items WHERE domain = ? AND section = ? AND id = ? AND field = ?",
            *(self.domain, section, object_id, field),
        )

    def part(self, section: str, object_id: str, field: str) -> Json:
        """Return what was last put under `field` of an object by itself, or None."""
        found = self.items(section, object_id, field)
        return found[0].body if found else None

    def parts(self, section: str, object_id: str, root: str) -> list[tuple[str, Stored]]:
        """Return what was put under the fields of an object that stand in the mapping `root`, by field."""
        rows = self._database.rows(
            "SELECT field, seq, body FROM items WHERE domain = ? AND section = ? AND id = ?"
            " AND substr(field, 1, ?) = ? ORDER BY seq",
            *(self.domain, section, object_id, len(root) + 1, f"{root}."),
        )
        return [(field, Stored(seq, json.loads(body))) for field, seq, body in rows]

    def put_part(self, section: str, object_id: str, field: str, value: Json) -> None:
        """Put a value under `field` of an object, by itself."""
        self.put_item(section, object_id, field, _PART_KEY, value)

    def remove_items_with(self, section: str, field: str, member: str, value: Json) -> None:
        """Take the items whose `member` has this value from every object of a section."""
        rows = self._database.rows(
            "SELECT seq, body FROM items WHERE domain = ? AND section = ? AND field = ?",
            *(self.domain, section, field),
        )
        for seq, body in rows:
            if json.loads(body).get(member) == value:
                self._database.execute("DELETE FROM items WHERE seq = ?", seq)

    def clear(self) -> None:
        """Remove everything but the keys and the credentials of the tool's own client."""
        for table in ("objects", "items", "requests", "issued", "assertions"):
            self._database.execute(f"DELETE FROM {table} WHERE domain = ?", self.domain)  # noqa: S608 - fixed names
        self.set_faults(None)

    def tool_credentials(self) -> tuple[str, str]:
        """Return id and secret of the tool's own client, which a reset does not change."""
        row = self._tenant_row("tool_client_id, tool_client_secret")
        return str(row[0]), str(row[1])

    def direct_key(self) -> bytes:
        """Return the symmetric key of the tokens that only the tenant itself reads."""
        return bytes(self._tenant_row("direct_key")[0])

    def faults(self) -> Faults | None:
        """Return the faults of this tenant, or None if nobody has said any."""
        found = json.loads(self._tenant_row("faults")[0])
        return make_faults(found) if found else None

    def set_faults(self, faults: Faults | None) -> None:
        """Give the tenant faults of its own, or None."""
        text = json.dumps(faults.as_json() if faults else {})
        self._database.execute("UPDATE tenants SET faults = ? WHERE domain = ?", text, self.domain)

    def _tenant_row(self, columns: str) -> Sequence[Json]:
        row = self._database.row(f"SELECT {columns} FROM tenants WHERE domain = ?", self.domain)  # noqa: S608 - fixed names
        if row is None:
            raise LookupError(f"No tenant {self.domain}.")
        return row

    def signing_keys(self) -> list[SigningKey]:
        """Return the tenant's signing keys, oldest first; the first call makes the current and the next."""
        keys = self._read_keys()
        if keys:
            return keys
        with self._database.transaction():
            if not self._read_keys():
                self._add_key(Place.CURRENT)
                self._add_key(Place.NEXT)
            return self._read_keys()

    def current_key(self) -> SigningKey:
        """Return the key that signs tokens now."""
        return next(key for key in self.signing_keys() if key.place is Place.CURRENT)

    def rotate_keys(self) -> SigningKey:
        """Let the next key sign from now on, add a new next one, and return the key that signs."""
        upcoming = next(key for key in self.signing_keys() if key.place is Place.NEXT)
        self._database.execute(
            "UPDATE signing_keys SET place = 'previous' WHERE domain = ? AND place = 'current'", self.domain
        )
        self._database.execute("UPDATE signing_keys SET place = 'current' WHERE kid = ?", upcoming.kid)
        self._add_key(Place.NEXT)
        return self.current_key()

    def revoke_key(self, kid: str) -> None:
        """Revoke a key: it signs nothing that is accepted, and leaves the JWK Set."""
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        self._database.execute(
            "UPDATE signing_keys SET revoked = 1, revoked_at = ? WHERE domain = ? AND kid = ?",
            *(now, self.domain, kid),
        )

    def _read_keys(self) -> list[SigningKey]:
        rows = self._database.rows(
            f"SELECT {_KEY_COLUMNS} FROM signing_keys WHERE domain = ? ORDER BY seq",  # noqa: S608 - fixed names
            self.domain,
        )
        return [
            SigningKey(kid, private, certificate, Place(place), bool(revoked), revoked_at)
            for kid, private, certificate, place, revoked, revoked_at in rows
        ]

    def _add_key(self, place: Place) -> None:
        key = make_signing_key(self.domain, place)
        self._database.execute(
            "INSERT INTO signing_keys (domain, kid, private_pem, certificate_pem, place)"
            " VALUES (?, ?, ?, ?, ?)",
            *(self.domain, key.kid, key.private_pem, key.certificate_pem, key.place),
        )

    def log(self, request: LoggedRequest) -> None:
        """Note a request that was answered."""
        self._database.execute(
            "INSERT INTO requests (domain, method, path, query, status, trouble, at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            *(self.domain, *request[:4], json.dumps(request.trouble), time.time()),
        )

    def requests(self) -> list[LoggedRequest]:
        """Return the requests answered since the log was cleared."""
        rows = self._database.rows(
            "SELECT method, path, query, status, trouble FROM requests WHERE domain = ? ORDER BY seq",
            self.domain,
        )
        return [LoggedRequest(*logged, **json.loads(trouble)) for *logged, trouble in rows]

    def last_requests(self, limit: int) -> list[tuple[float, LoggedRequest]]:
        """Return at most `limit` of the latest requests, newest first, each with its time.

        The time is unix time in seconds; 0 in a log that was begun before times were kept.
        """
        rows = self._database.rows(
            "SELECT at, method, path, query, status, trouble FROM requests"
            " WHERE domain = ? ORDER BY seq DESC LIMIT ?",
            *(self.domain, limit),
        )
        return [(at, LoggedRequest(*logged, **json.loads(trouble))) for at, *logged, trouble in rows]

    def clear_requests(self) -> None:
        """Forget the requests."""
        self._database.execute("DELETE FROM requests WHERE domain = ?", self.domain)

    def note_issued(self, client_id: str) -> None:
        """Count a token that was issued to a client."""
        self._database.execute(
            "INSERT INTO issued (domain, client_id, at) VALUES (?, ?, ?)", self.domain, client_id, time.time()
        )

    def note_assertion(self, client_id: str, jti: str, expires: float) -> bool:
        """Note that a client has used an assertion; return whether it was the first time.

        jti, expires: the claims of these names (RFC 7519, 4.1), the second in seconds since the epoch.
        """
        own = (self.domain, client_id, jti)
        with self._database.transaction():
            self._database.execute("DELETE FROM assertions WHERE expires <= ?", time.time())
            seen = "SELECT 1 FROM assertions WHERE domain = ? AND client_id = ? AND jti = ?"
            if self._database.row(seen, *own):
                return False
            self._database.execute(
                "INSERT INTO assertions (domain, client_id, jti, expires) VALUES (?, ?, ?, ?)", *own, expires
            )
            return True

    def issued_since(self, client_id: str, seconds: float) -> int:
        """Return how many tokens a client was issued in the last `seconds`."""
        row = self._database.row(
            "SELECT count(*) FROM issued WHERE domain = ? AND client_id = ? AND at > ?",
            *(self.domain, client_id, time.time() - seconds),
        )
        return int(row[0]) if row else 0

    @staticmethod
    def _id_of(section: str, body: Mapping[str, Json]) -> str:
        return identity(BY_SECTION[section], body)

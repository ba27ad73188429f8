"""The token debugger: issue a token as one of the tenant's applications, or take one; say what is wrong."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from tenantctl.sandbox.authentication import issue_to_client
from tenantctl.sandbox.domains import domain_of
from tenantctl.sandbox.errors import ApiError
from tenantctl.sandbox.store import SandboxStore
from tenantctl.sandbox.tenant_state import TenantState
from tenantctl.states import Current, Json
from tenantctl.verify.case import Case
from tenantctl.verify.diagnose import Diagnosis
from tenantctl.verify.entry import ClientCredentials, VerifyRequest
from tenantctl.verify.inspection import Expected, Inspection, judge, judge_foreign
from tenantctl.verify.issue import TokenRefusal
from tenantctl.verify.jwks import ALGORITHMS, select_key
from tenantctl.verify.known import KnownTenant
from tenantctl.verify.token import TokenFacts, TokenFormat, bare_token, inspect_token

DEFAULT_ALGORITHM = "RS256"

_SECTIONS = ("resourceServers", "clients", "clientGrants")
_FIELDS: Mapping[str, Mapping[str, str]] = {
    "resourceServers": {"audience": "identifier"},
    "clients": {"client": "client_id"},
    "clientGrants": {"client": "client_id", "audience": "audience"},
}
"""Of which sections an object fills in fields of the form → the member that does."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The fields of both forms, as they were filled in.

    client: a client ID. audience: identifier of the API to ask for, or that the token should be for.
    algorithm: the JWS ``alg`` that the API expects. token: pasted.
    """

    client: str = ""
    audience: str = ""
    scope: str = ""
    algorithm: str = DEFAULT_ALGORITHM
    token: str = field(default="", repr=False)

    @classmethod
    def of(cls, fields: Mapping[str, str]) -> Asked:
        """Return what the fields of a form or a query say; an algorithm that is unknown is the default."""
        algorithm = fields.get("algorithm", "")
        return cls(
            client=fields.get("client", ""),
            audience=fields.get("audience", "").strip(),
            scope=fields.get("scope", ""),
            algorithm=algorithm if algorithm in ALGORITHMS else DEFAULT_ALGORITHM,
            token=bare_token(fields.get("token", "")),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What the debugger found.

    facts: what the token is; None when none was issued. in_jwks: whether the tenant's JWK Set holds its key;
    None where no key is named. why: the fault; None without one. token: the whole of it.
    client_id: of the application that it was issued to. now: unix time in seconds at which it was judged.
    """

    facts: TokenFacts | None
    in_jwks: bool | None
    why: Diagnosis | None
    client_id: str
    now: float
    token: str = field(default="", repr=False)

    @property
    def place(self) -> tuple[str, str] | None:
        """The address of what mends the fault, and the client ID; None if nothing on the tenant does."""
        return (self.why.address, self.client_id) if self.why and self.why.address else None


def fields_from(section: str, body: Mapping[str, Json]) -> dict[str, str]:
    """Return the fields of the form that an object fills in; none if tokens have nothing to do with it."""
    members = _FIELDS.get(section, {})
    return {name: body[member] for name, member in members.items() if isinstance(body.get(member), str)}


def suggested_fields(tenant: TenantState) -> dict[str, str]:
    """Return the fields of the form for the newest client grant; none if there is no grant."""
    grants = [body for _, body in tenant.all("clientGrants") if "client_id" in body]
    return fields_from("clientGrants", grants[-1]) if grants else {}


@dataclass(frozen=True, slots=True)
class Issuer:
    """A tenant as an issuer of tokens.

    url: as it was asked, with the closing slash. keys: what its JWK Set holds (RFC 7517, 5).
    """

    tenant: TenantState
    url: str
    keys: tuple[Mapping[str, Json], ...]

    def issue(self, store: SandboxStore, asked: Asked) -> Finding:
        """Issue a token as the token endpoint does to a client that has proved who it is; judge it.

        It counts as a token of the client, such as for its quota.

        Raises:
            LookupError: there is no such client.
        """
        client = self.tenant.get("clients", asked.client)
        if client is None:
            raise LookupError(f"This tenant has no application with the client ID {asked.client!r}.")
        name, scopes = str(client.get("name") or asked.client), tuple(asked.scope.split())
        case = Case(
            request=VerifyRequest(name, asked.audience or None, scopes, asked.algorithm),
            credentials=ClientCredentials(asked.client, "", "the application on the tenant"),
            issuer=self.url,
            now=time.time(),
            known=self._known(),
        )
        wanted = {"issuer": self.url, "audience": asked.audience, "scope": asked.scope}
        try:
            with store.transaction():
                answer = issue_to_client(self.tenant, client, **wanted)
        except ApiError as error:
            refused = replace(case, refusal=_refusal(error))
            why = judge("", refused, ()).why
            return Finding(facts=None, in_jwks=None, why=why, client_id=asked.client, now=case.now)
        token, granted = str(answer["access_token"]), answer.get("scope")
        answered = frozenset(granted.split()) if isinstance(granted, str) else None
        issued = replace(case, now=time.time(), facts=inspect_token(token), answered=answered)
        return self._found(judge(token, issued, self.keys), asked.client, issued.now, token)

    def inspect(self, asked: Asked) -> Finding:
        """Judge a pasted token as an API would that expects this algorithm, and this audience if any."""
        now, facts = time.time(), inspect_token(asked.token)
        url = self._own_name(facts) or self.url
        expected = Expected(url, now, asked.algorithm, asked.audience or None, self._known())
        return self._found(judge_foreign(asked.token, expected, self.keys), facts.client_id, now)

    def _own_name(self, facts: TokenFacts) -> str:
        """Return the token's issuer if it is one of the names of this tenant, or nothing.

        The sandbox issues under the name that it was asked by, and the page may be read under another.
        """
        claimed = (facts.claims or {}).get("iss")
        issuer = claimed if isinstance(claimed, str) else ""
        try:
            parts = urlsplit(issuer)
        except ValueError:
            return ""
        is_web = parts.scheme in {"http", "https"} and parts.netloc
        return issuer if is_web and domain_of(parts.netloc) == self.tenant.domain else ""

    def _found(self, inspection: Inspection, client_id: str, now: float, token: str = "") -> Finding:
        facts = inspection.facts
        is_named = facts.format is TokenFormat.JWS and facts.kid
        in_jwks = select_key(self.keys, facts.kid) is not None if is_named else None
        return Finding(
            facts=facts,
            in_jwks=in_jwks,
            why=inspection.why,
            client_id=client_id,
            now=now,
            token=token,
        )

    def _known(self) -> KnownTenant:
        sections = {name: tuple(body for _, body in self.tenant.all(name)) for name in _SECTIONS}
        return KnownTenant(current=Current(self.tenant.domain, sections))


def _refusal(error: ApiError) -> TokenRefusal:
    reset = error.headers.get("x-ratelimit-reset", "")
    return TokenRefusal(
        status=error.status,
        error=str(error.body.get("error", "")),
        error_description=str(error.body.get("error_description", "")),
        reset=int(reset) if reset.isdecimal() else None,
    )

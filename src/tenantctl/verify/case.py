"""One case to be diagnosed: what was asked of the tenant, what it answered, and what is known of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tenantctl.catalog.client_grant import CLIENT_GRANT
from tenantctl.catalog.keys import key_of
from tenantctl.states import Json
from tenantctl.verify.entry import ClientCredentials, VerifyRequest
from tenantctl.verify.issue import TokenRefusal
from tenantctl.verify.known import KnownTenant
from tenantctl.verify.token import TokenFacts


@dataclass(frozen=True, slots=True)
class SignatureCheck:
    """What came of checking a signature.

    key_found: whether the tenant's key set holds the token's key; fault: why the signature is not that key's.
    """

    key_found: bool
    fault: str | None = None

    @property
    def is_valid(self) -> bool:
        """Whether the tenant signed the token, so that its claims can be believed."""
        return self.key_found and self.fault is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Everything a row of the table may look at.

    issuer: of the domain that was asked, with its slash. now: unix time in seconds.
    refusal or facts: the tenant's answer, one of the two. answered: scopes that the answer says were granted.
    signature: None as long as it was not checked.
    """

    request: VerifyRequest
    credentials: ClientCredentials
    issuer: str
    now: float
    known: KnownTenant = field(default_factory=KnownTenant)
    refusal: TokenRefusal | None = None
    facts: TokenFacts | None = None
    answered: frozenset[str] | None = None
    signature: SignatureCheck | None = None

    @property
    def audience(self) -> str | None:
        """The audience asked for, or else the one that the token names (the tenant's default audience)."""
        named = self.facts.audiences if self.facts else ()
        return self.request.audience or next(iter(named), None)

    @property
    def asked(self) -> frozenset[str]:
        """The scopes asked for."""
        return frozenset(self.request.scopes or ())

    @property
    def claims(self) -> Mapping[str, Json] | None:
        """The claims of a token whose signature is good; None before that: nothing else is believed."""
        return self.facts.claims if self.facts and self.signature and self.signature.is_valid else None

    @property
    def grant(self) -> Mapping[str, Json]:
        """The client grant as the file declares it, else as the tenant has it, else empty."""
        declared = self.declared_grant
        if declared.get("scope") is not None or declared.get("allow_all_scopes"):
            return declared
        return self.known.live_grant(self.credentials.client_id, self.audience)

    @property
    def declared_grant(self) -> Mapping[str, Json]:
        """The client grant in the file, empty if there is none."""
        found = self.known.declared_grant(self.request.client, self.credentials.client_id, self.audience)
        return found.data if found else {}

    @property
    def declared_api(self) -> Mapping[str, Json]:
        """The API in the file, empty if there is none."""
        found = self.known.declared_api(self.audience)
        return found.data if found else {}

    @property
    def declared_client(self) -> Mapping[str, Json]:
        """The client in the file, empty if there is none."""
        found = self.known.declared_client(self.request.client)
        return found.data if found else {}

    def key(self, section: str) -> str:
        """Return the key, in a section, of the resource that this case is about."""
        client, audience = self.request.client, self.audience
        if section == CLIENT_GRANT.section:
            found = self.known.declared_grant(client, self.credentials.client_id, audience)
            return found.key if found else key_of(CLIENT_GRANT, {"client_id": client, "audience": audience})
        return {"clients": client, "resourceServers": audience or ""}.get(section, "")

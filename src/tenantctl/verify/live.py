"""Verification against a live tenant: find the credentials, then check or issue."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from tenantctl.problems import ProblemsError, raise_errors
from tenantctl.states import Current, Desired, Interest
from tenantctl.tenant.client import TenantClient
from tenantctl.tenant.read import read_current
from tenantctl.verify.case import Case
from tenantctl.verify.credentials import Places, explain_search, find_credentials
from tenantctl.verify.diagnose import diagnose, missing_credentials
from tenantctl.verify.entry import ClientCredentials, VerifyRequest
from tenantctl.verify.issue import TokenRequest, TokenResponse, issue_token
from tenantctl.verify.known import KnownTenant
from tenantctl.verify.results import CheckReport
from tenantctl.verify.run import RunOptions, run_checks

_SECTIONS = ("resourceServers", "clients", "clientGrants")


@dataclass(slots=True)
class LiveVerifier:
    """Checks tokens of one tenant.

    desired: what the file declares, to name the place that mends a fault.
    places: where credentials may be found, besides the tenant itself, which is read for them.
    current: what was read of the tenant already; it is read anew if clients are not part of it.
    on_credentials: called with client name and source of each credential that is used.
    """

    client: TenantClient
    desired: Desired
    places: Places
    current: Current | None = None
    on_credentials: Callable[[str, str], None] = lambda *_: None
    options: RunOptions = field(default_factory=RunOptions)

    async def check(self, requests: Sequence[VerifyRequest]) -> CheckReport:
        """Issue and check a token for each request."""
        if not requests:
            return CheckReport(())
        known, places = await self._read()
        credentials = self._credentials(requests, places)
        options = replace(self.options, searched=explain_search(requests, places))
        issuer = self.client.target.issuer
        return CheckReport(await run_checks(self.client.http, issuer, requests, credentials, known, options))

    async def issue(self, request: VerifyRequest) -> str:
        """Return one access token.

        Raises ProblemsError, with the diagnosis as a Problem, if the tenant refuses it.
        """
        known, places = await self._read()
        credentials = self._credentials([request], places).get(request.client)
        if credentials is None:
            searched = explain_search([request], places).get(request.client, "nowhere")
            raise ProblemsError([missing_credentials(request, searched).as_problem()])
        issuer = self.client.target.issuer
        answer = await issue_token(self.client.http, issuer, TokenRequest.of(request, credentials))
        if isinstance(answer, TokenResponse):
            return answer.access_token
        case = Case(
            request=request,
            credentials=credentials,
            issuer=issuer,
            now=time.time(),
            known=known,
            refusal=answer,
        )
        why = diagnose(case)
        raise ProblemsError([why.as_problem()] if why else [])

    async def _read(self) -> tuple[KnownTenant, Places]:
        current = self.current
        if current is None or "clients" not in current.sections:
            current = await read_current(self.client, Interest(_SECTIONS))
            raise_errors([problem for (_, field), problem in current.unread.items() if not field])
        return KnownTenant(self.desired, current), replace(
            self.places, current_clients=current.sections["clients"]
        )

    def _credentials(
        self, requests: Sequence[VerifyRequest], places: Places
    ) -> Mapping[str, ClientCredentials]:
        found = find_credentials(requests, places)
        for name, credentials in found.items():
            self.on_credentials(name, credentials.source)
        return found

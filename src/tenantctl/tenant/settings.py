"""Which tenant to talk to, and as whom: from options, the environment, ``.env`` and a ``config.json``.

The first that applies: ``--sandbox`` or ``TENANTCTL_SANDBOX``; ``--domain`` or ``AUTH0_DOMAIN`` with
``AUTH0_ACCESS_TOKEN``, or ``AUTH0_CLIENT_ID`` and ``AUTH0_CLIENT_SECRET`` (or
``AUTH0_CLIENT_SIGNING_KEY_PATH``). A name that stands in several places is taken from the option, else the
environment, else ``.env``, else ``config.json``.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from dotenv import dotenv_values

from tenantctl.loopback import is_loopback
from tenantctl.problems import Problem, ProblemsError, did_you_mean

OWN_NAMES = frozenset({"TENANTCTL_SANDBOX"})
"""The environment names that are ours; any other ``TENANTCTL_…`` is refused as a slip of the pen."""

_TEXT_NAMES = OWN_NAMES | {
    "AUTH0_DOMAIN",
    "AUTH0_CLIENT_ID",
    "AUTH0_CLIENT_SECRET",
    "AUTH0_ACCESS_TOKEN",
    "AUTH0_CLIENT_SIGNING_KEY_PATH",
    "AUTH0_CLIENT_SIGNING_ALGORITHM",
    "AUTH0_AUDIENCE",
    "AUTH0_CA_BUNDLE",
}

TEST_PREFIX = "TENANTCTL_TEST_"
_LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_AUTHORITY = re.compile(rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[0-9A-Fa-f:.]+\])(?::[0-9]{{1,5}})?", re.ASCII)
_ADDRESS = re.compile(r".*:.*|(?:.*\.)?[0-9]+")
SANDBOX_STATE = Path(".tenantctl/sandbox.db")
SANDBOX_ORIGIN = "https://sandbox.localhost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """How the tool proves who it is to the Management API.

    Either an access token, or a client id with a secret or with the path of a signing key (private_key_jwt,
    RFC 7523).
    """

    access_token: str | None = field(default=None, repr=False)
    client_id: str | None = None
    client_secret: str | None = field(default=None, repr=False)
    signing_key_path: Path | None = None
    signing_algorithm: str = "RS256"
    audience: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One tenant.

    origin: ``https://DOMAIN``, without a slash at the end.
    sandbox: state file of the embedded tenant, or None for a real one.
    ca_bundle: certificate authorities to trust besides the system's.
    """

    origin: str
    credentials: Credentials
    sandbox: Path | None = None
    ca_bundle: Path | None = None

    @property
    def domain(self) -> str:
        """Host (and port) of the tenant."""
        return urlsplit(self.origin).netloc

    @property
    def issuer(self) -> str:
        """The ``iss`` of the tenant's tokens."""
        return f"{self.origin}/"


def read_variables(environ: Mapping[str, str], dotenv: Path = Path(".env")) -> dict[str, str]:
    """Return the environment laid over the ``.env`` file.

    Raises ProblemsError for a ``TENANTCTL_…`` name that is not ours.
    """
    known = sorted(OWN_NAMES)
    variables = _read_dotenv(dotenv) | dict(environ)
    strange = [
        name
        for name in variables
        if name.startswith("TENANTCTL_") and not name.startswith(TEST_PREFIX) and name not in OWN_NAMES
    ]
    if strange:
        raise ProblemsError(
            Problem(
                code="unknown-environment-name",
                summary=f"there is no setting '{name}'",
                hint=did_you_mean(name, known) or f"The names of ours are: {', '.join(known)}.",
            )
            for name in sorted(strange)
        )
    return variables


def _read_dotenv(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    try:
        found = dotenv_values(path, interpolate=False)
    except (OSError, UnicodeDecodeError) as error:
        raise _problem("unreadable-env-file", f"cannot read {path}", type(error).__name__) from None
    return {name: value for name, value in found.items() if value is not None}


def choose_target(
    variables: Mapping[str, str],
    *,
    domain: str | None = None,
    sandbox: str | None = None,
    config: Mapping[str, Any] | None = None,
) -> Target:
    """Return the tenant that the options and settings mean.

    sandbox: path of a state file, empty for the usual one, None if the option was not given.
    Raises ProblemsError if no tenant is named or its credentials are missing.
    """
    settings = {**_texts(config or {}), **variables}
    if sandbox is None and domain is None:
        sandbox = _sandbox_path(settings.get("TENANTCTL_SANDBOX", ""))
    if sandbox is not None:
        state = Path(sandbox) if sandbox else SANDBOX_STATE
        return Target(origin=SANDBOX_ORIGIN, credentials=Credentials(), sandbox=state)
    named = domain or settings.get("AUTH0_DOMAIN")
    if not named:
        raise _problem(
            "no-tenant",
            "no tenant is named",
            hint="Pass --domain or set AUTH0_DOMAIN; or try it on the embedded tenant with --sandbox.",
        )
    bundle = settings.get("AUTH0_CA_BUNDLE")
    return Target(
        origin=parse_domain(named),
        credentials=_credentials(settings),
        ca_bundle=Path(bundle) if bundle else None,
    )


def _texts(config: Mapping[str, Any]) -> dict[str, str]:
    """Return the settings of a ``config.json`` that are read here; each of them is a text."""
    read = {name: config[name] for name in sorted(_TEXT_NAMES & config.keys()) if config[name] is not None}
    wrong = [name for name, value in read.items() if not isinstance(value, str)]
    if wrong:
        raise _problem("bad-setting", f"{', '.join(wrong)} must be text in the config.json")
    return read


def _sandbox_path(value: str) -> str | None:
    """Return what ``TENANTCTL_SANDBOX`` says: the usual state file, another one, or no sandbox."""
    if value.lower() in {"", "0", "false", "no"}:
        return None
    return "" if value.lower() in {"1", "true", "yes"} else value


def _credentials(settings: Mapping[str, Any]) -> Credentials:
    key_path = settings.get("AUTH0_CLIENT_SIGNING_KEY_PATH")
    credentials = Credentials(
        access_token=settings.get("AUTH0_ACCESS_TOKEN"),
        client_id=settings.get("AUTH0_CLIENT_ID"),
        client_secret=settings.get("AUTH0_CLIENT_SECRET"),
        signing_key_path=Path(key_path) if key_path else None,
        signing_algorithm=settings.get("AUTH0_CLIENT_SIGNING_ALGORITHM") or "RS256",
        audience=settings.get("AUTH0_AUDIENCE"),
    )
    proved = credentials.client_secret or credentials.signing_key_path
    if not credentials.access_token and not (credentials.client_id and proved):
        raise _problem(
            "missing-credentials",
            "there are no credentials for the Management API",
            hint="Set AUTH0_CLIENT_ID with AUTH0_CLIENT_SECRET (or AUTH0_CLIENT_SIGNING_KEY_PATH), or "
            "AUTH0_ACCESS_TOKEN, in the environment or in .env; or try --sandbox.",
        )
    return credentials


def parse_domain(text: str) -> str:
    """Return the origin of a tenant named ``tenant.eu.auth0.com``; ``http://`` is for loopback only.

    Raises ProblemsError for anything else than a host name with an optional port.
    """
    shown = text.rpartition("@")[2]  # what stands before it may be a password
    parts = _split(text)
    if parts is None:
        raise _problem("bad-domain", f"'{shown}' is not a domain", hint="It looks like tenant.eu.auth0.com.")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname or "")):
        raise _problem(
            "insecure-domain",
            f"'{shown}' would send credentials over {parts.scheme}",
            hint="Use https; http is for a sandbox on this machine only.",
        )
    return f"{parts.scheme}://{parts.netloc}"


def _split(text: str) -> SplitResult | None:
    """Return the parts of an origin, or None if the text names more, less, or something else."""
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        valid = _AUTHORITY.fullmatch(parts.netloc) and parts.port != 0 and bool(parts.hostname)
        if _ADDRESS.fullmatch(parts.hostname or ""):
            ipaddress.ip_address(parts.hostname or "")
    except ValueError:
        return None
    extra = parts.path.strip("/") or parts.query or parts.fragment
    return parts if valid and not extra and text.isprintable() and not text.endswith(("?", "#")) else None


def _problem(code: str, summary: str, detail: str = "", hint: str = "") -> ProblemsError:
    return ProblemsError([Problem(code=code, summary=summary, detail=detail, hint=hint)])

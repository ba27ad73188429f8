"""Which host names can only mean this machine."""

from __future__ import annotations

import ipaddress


def is_loopback(host: str) -> bool:
    """Return whether `host` is this machine: ``localhost``, a name below it, 127.0.0.0/8 or ::1.

    RFC 6761 §6.3, RFC 1122 §3.2.1.3, RFC 4291 §2.5.3. An IPv6 address may stand in brackets.
    """
    name = host.strip("[]").lower().rstrip(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False

"""The address that a request comes from. Nobody keeps it: what counts senders keeps digests under a
key that lies in memory alone.

Behind a reverse proxy every request comes from the proxy. Only where the operator sets
CASEWORK_PROXY=1 is the proxy's word for the sender taken (the last address of X-Forwarded-For,
which the proxy itself wrote); anybody can write that header.
"""

from __future__ import annotations

import ipaddress
import os

from flask import request

_OF_ONE = 64  # bits of an IPv6 address that a provider gives; its holder changes the others at will


def place() -> str:
    """The address of the sender, of IPv6 the network (/64); "" where it is unknown. Several people
    may share it."""
    found = _address()
    if found is None:
        return ""
    return str(
        found if found.version == 4 else ipaddress.ip_network((found, _OF_ONE), strict=False)
    )


def sender() -> str:
    """The same where it tells people apart, else "": addresses of this machine and of private
    networks belong to everybody behind a proxy, an onion service or an office's router."""
    found = _address()
    return place() if found is not None and found.is_global else ""


def _address() -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    given = request.remote_addr or ""
    if os.environ.get("CASEWORK_PROXY") == "1":
        given = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    try:
        return ipaddress.ip_address(given)
    except ValueError:
        return None

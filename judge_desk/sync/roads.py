"""What is known of the way to a hub: whether it leaves this machine, who can read along, whose word is trusted."""

from __future__ import annotations

import ssl
from pathlib import Path
from urllib.parse import urlsplit

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def is_loopback(url: str) -> bool:
    """Whether the way to the hub does not leave this machine."""
    try:
        return urlsplit(url).hostname in LOOPBACK
    except ValueError:
        return False


def is_private(url: str) -> bool:
    """Whether nobody on the way can read along: TLS, or a hub on this very machine (the demo, a tunnel)."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return True  # no address at all: the client will say so
    return parts.scheme != "http" or parts.hostname in LOOPBACK


def trust(authority: Path | None) -> ssl.SSLContext:
    """The system's trust store, and the court's own authority where one was installed."""
    import truststore  # 20 ms that a desk without TLS (the demo) need not spend

    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if authority is not None:
        context.load_verify_locations(authority)
    return context

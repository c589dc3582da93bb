"""The address of the bus: one server or several, separated by commas, by TLS where it begins with `tls://`."""

import ssl
from urllib.parse import parse_qs, urlsplit, urlunsplit

from faststream.nats.security import NatsSecurity

CA_FILE = "tlsCAFile"  # as MongoDB calls it in its addresses


def servers_of(url: str) -> tuple[list[str], NatsSecurity | None]:
    """The servers, and how they are trusted: `tls://bus:4222?tlsCAFile=/secrets/ca.pem` names who has signed their
    certificates; without it those do whom this machine trusts. Raises ValueError where some are asked by TLS and others
    not, OSError for a file that is none.

    TLS begins before the first word: a client that waits for the server to ask for it tells whoever stands between them
    its password. The server says so as well, by `handshake_first: true` in its block `tls`."""
    parts = [urlsplit(one.strip()) for one in url.split(",") if one.strip()]
    if not any(part.scheme == "tls" for part in parts):
        return [urlunsplit(part) for part in parts], None
    if any(part.scheme != "tls" for part in parts):
        raise ValueError("BIHUAN_NATS_URL names servers with TLS and without")
    files = {name for part in parts for name in parse_qs(part.query).get(CA_FILE, ())}
    context = ssl.create_default_context(cafile=next(iter(files), None))
    servers = [urlunsplit(part._replace(query="")) for part in parts]
    return servers, NatsSecurity(ssl_context=context, tls_handshake_first=True)

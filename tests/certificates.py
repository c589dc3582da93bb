"""Certificates for servers of tests."""

from pathlib import Path

from deploy.compose.certificates import Authority


def certified(folder: Path, name: str = "ca") -> tuple[Path, Path]:
    """The file of a new authority, and one with a certificate of it for this machine and its key."""
    authority = Authority.new(name)
    ca, server = folder / f"{name}.pem", folder / f"{name}-server.pem"
    ca.write_bytes(authority.certificate_pem)
    server.write_bytes(authority.server("localhost", "127.0.0.1"))
    return ca, server

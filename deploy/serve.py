"""One service in a container, which `SERVICE` picks: `python -m deploy.serve`. `--healthy` says by its end whether the
one that runs beside it is ready; `--healthy PORT/PATH` asks something else."""

import os
import socket
import sys

from deploy.services import SERVICES

PORT = 8000
READY = f"{PORT}/healthz/ready"
HEALTHY_WITHIN = 3.0  # seconds


def main(argv: list[str]) -> int:
    if argv[:1] == ["--healthy"]:
        return 0 if is_healthy(*argv[1:]) else 1
    name = os.environ.get("SERVICE", "")
    if argv or name not in SERVICES:
        print(f"SERVICE is {name!r}: it must be one of {', '.join(SERVICES)}.", file=sys.stderr)
        return 2
    serve(name)
    return 0


def serve(name: str) -> None:
    import uvicorn  # not for the health check, which is asked every few seconds

    uvicorn.run(
        f"services.{name}.app:create_app",
        factory=True,
        host="0.0.0.0",  # noqa: S104 - of the container; what may reach it the network says
        port=PORT,
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=15,
    )


def is_healthy(place: str = READY) -> bool:
    """Asked by a process of its own every few seconds, on a machine that may have little to spare: by hand, because
    what http.client imports takes four times as long as all of this."""
    port, _, path = place.partition("/")
    try:
        with socket.create_connection(("127.0.0.1", int(port)), HEALTHY_WITHIN) as asked:
            asked.sendall(f"GET /{path} HTTP/1.0\r\nHost: localhost\r\n\r\n".encode("ascii"))
            said = asked.recv(64)
    except OSError:
        return False
    return said.split(b" ")[1:2] == [b"200"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

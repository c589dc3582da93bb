"""One service in a container, which `SERVICE` picks: `python -m deploy.serve`. `--healthy` says by its end whether the
one that runs beside it is ready."""

import http.client
import os
import sys

from deploy.services import SERVICES

PORT = 8000
HEALTHY_WITHIN = 3.0  # seconds


def main(argv: list[str]) -> int:
    if argv == ["--healthy"]:
        return 0 if is_healthy() else 1
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


def is_healthy() -> bool:
    asked = http.client.HTTPConnection("127.0.0.1", PORT, timeout=HEALTHY_WITHIN)
    try:
        asked.request("GET", "/healthz/ready")
        return asked.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

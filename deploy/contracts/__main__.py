"""`python -m deploy.contracts [--release]`"""

import argparse
import asyncio
import sys

from deploy.contracts.asyncapi import asyncapi
from deploy.contracts.files import ROUTES, read, write, write_text
from deploy.contracts.gateway import routes
from deploy.contracts.openapi import openapi
from deploy.contracts.released import breaks, present
from deploy.contracts.wiring import services


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m deploy.contracts", description="Write the contracts into docs/, and the gateway's routes."
    )
    parser.add_argument("--release", action="store_true", help="from now on, somebody may rely on the present events")
    arguments = parser.parse_args()
    broken = breaks(read("events.released.json"), present())
    for sentence in broken:
        print(f"incompatible: {sentence}", file=sys.stderr)
    if broken:
        print("A break is a new class with the next schema_version; the old one stays.", file=sys.stderr)
        return 1
    found = asyncio.run(services())
    write("asyncapi.json", asyncapi(found))
    write("openapi.json", openapi(found))
    write_text(ROUTES, routes(found))
    if arguments.release:
        write("events.released.json", present())
    return 0


if __name__ == "__main__":
    sys.exit(main())

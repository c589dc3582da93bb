"""`python -m deploy.local up | demo | trace | token`. Parses on older Pythons, to be able to refuse them."""

from __future__ import annotations

import sys

from deploy.local import prerequisites
from deploy.local.words import LaunchError


def main() -> int:
    try:
        prerequisites.check_python()
        prerequisites.check_packages()
        from deploy.local.cli import run

        return run(sys.argv[1:])
    except LaunchError as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())

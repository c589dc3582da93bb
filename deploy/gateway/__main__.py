"""`python -m deploy.gateway FILE` writes Envoy's configuration, as the environment says."""

import sys
from pathlib import Path

from deploy.gateway.config import render
from deploy.gateway.environment import from_environment

if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m deploy.gateway FILE")
    Path(sys.argv[1]).write_text(render(from_environment()), "utf-8")

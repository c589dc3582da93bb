"""How big and how long the live tests are. The small sizes are for every day, the others for a release:

BIHUAN_LIVE_OUTAGE=3600 BIHUAN_LIVE_CREATES=1000 BIHUAN_LIVE_TIMERS=20000 make live
BIHUAN_LIVE_EXAMPLES=100 BIHUAN_LIVE_COVERED=9 make live ARGS=tests/live/test_conformance.py
"""

import os


def _size(name: str, usual: int) -> int:
    return int(os.environ.get(f"BIHUAN_LIVE_{name}", usual))


REPLICAS = _size("REPLICAS", 2)  # processes of each service
OUTAGE = _size("OUTAGE", 120)  # seconds that NATS or MongoDB are away
CREATES = _size("CREATES", 200)  # tickets that are opened while half of the desk is killed
TIMERS = _size("TIMERS", 2_000)  # clocks that come due in the same second
EXAMPLES = _size("EXAMPLES", 5)  # requests that a conformance run makes up for each operation and each role
COVERED = _size("COVERED", 1)  # roles that go through an operation value by value
SEED = _size("SEED", 1)  # of what is made up

"""How big and how long the live tests are. The small sizes are for every day, the others for a release:

BIHUAN_LIVE_OUTAGE=3600 BIHUAN_LIVE_CREATES=1000 BIHUAN_LIVE_TIMERS=20000 make live
"""

import os


def _size(name: str, usual: int) -> int:
    return int(os.environ.get(f"BIHUAN_LIVE_{name}", usual))


REPLICAS = _size("REPLICAS", 2)  # processes of each service
OUTAGE = _size("OUTAGE", 120)  # seconds that NATS or MongoDB are away
CREATES = _size("CREATES", 200)  # tickets that are opened while half of the desk is killed
TIMERS = _size("TIMERS", 2_000)  # clocks that come due in the same second

from datetime import timedelta
from functools import partial

from services.triage.routing.periodic_jobs import PeriodicJobs, Scheduler
from shared.testing import World


async def test_a_periodic_job_is_run_by_one_replica(world: World) -> None:
    looks: list[str] = []
    runtime = world.runtimes["triage"]

    async def look(name: str) -> None:
        looks.append(name)

    def scheduler(name: str) -> Scheduler:
        store = PeriodicJobs(runtime.database, runtime.sender, world.now)
        return Scheduler(store, {"look": (timedelta(minutes=5), partial(look, name))}, world.now)

    here, there = scheduler("here"), scheduler("there")
    await here.schedule()
    await there.schedule()
    for _ in range(2):
        for replica in (here, there):
            await replica.run(["look"])
    assert looks == ["here"]

"""Services with cProfile inside, for machines without py-spy: `uvicorn --factory tests.bench.profiled:intake`."""

import cProfile
import os
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from fastapi import FastAPI

from deploy.services import SERVICES


def __getattr__(name: str) -> Callable[[], FastAPI]:
    if name not in SERVICES:
        raise AttributeError(name)

    def create_app() -> FastAPI:
        profile = cProfile.Profile()
        path = Path(os.environ["BIHUAN_PROFILE_FOLDER"]) / f"{name}.pstats"

        async def keep() -> None:
            profile.disable()
            profile.dump_stats(path)

        app: FastAPI = import_module(f"services.{name}.app").create_app()
        app.state.runtime.at_stop(keep)
        profile.enable()
        return app

    return create_app

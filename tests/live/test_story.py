"""The demo is a promise: it plays the whole process and says so in its last line."""

import asyncio
import os
import re
import sys
from asyncio.subprocess import PIPE

import pytest

from deploy.local.options import CHECKOUT

LAST_LINE = re.compile(r"demo ok: \d+ steps, \d+ events, trace [0-9a-f]{32} over 6 services, \d+\.\d s")


@pytest.mark.live
@pytest.mark.timeout(240)
async def test_the_demo_plays_the_whole_process_and_ends_by_itself() -> None:
    command = (sys.executable, "-m", "deploy.local", "demo")
    env = {**os.environ, "BIHUAN_LANG": "en"}
    demo = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=PIPE, cwd=CHECKOUT, env=env)
    try:
        said, errors = await asyncio.wait_for(demo.communicate(), 200)
    finally:
        if demo.returncode is None:
            demo.kill()
            await demo.wait()
    last = said.decode().strip().splitlines()[-1]
    assert demo.returncode == 0, f"{said.decode()[-3000:]}\n{errors.decode()[-3000:]}"
    assert LAST_LINE.fullmatch(last)

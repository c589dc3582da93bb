"""The staff console is built beside the stack that it belongs to: nothing waits for it."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress

from deploy.build_console import is_built
from deploy.local.options import CHECKOUT
from deploy.local.words import tr


async def build(url: str, say: Callable[[str], None]) -> None:
    """Says when it is there, or why it is not."""
    if await asyncio.to_thread(is_built):
        return
    say(tr("The staff console is being built; the rest is ready.", "正在构建客服工作台，其余部分已就绪。"))
    building = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "deploy.build_console"),
        cwd=CHECKOUT,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,  # so that what npm starts ends with it
    )
    try:
        _, said = await building.communicate()
    except asyncio.CancelledError:
        with suppress(ProcessLookupError):
            os.killpg(building.pid, signal.SIGKILL)
        raise
    if building.returncode == 0:
        say(tr(f"The staff console is ready: {url}/console", f"客服工作台已就绪：{url}/console"))
    else:
        say(said.decode(errors="replace").strip() + tr(" Everything else works.", " 其余功能均可使用。"))

"""Ending long-lived connections when the server is told to stop."""

import asyncio
import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

from uvicorn import Server


def on_server_shutdown(end: Callable[[], None]) -> None:
    """Call `end` when uvicorn is told to stop: it waits for open connections before anybody else hears of it.

    Under another server the connections end when that server cuts them, and readers come back as after any broken
    connection.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        before: Any = signal.getsignal(number)
        if not isinstance(getattr(before, "__self__", None), Server):
            continue

        def at_signal(number: int, frame: FrameType | None, before: Any = before) -> None:
            loop.call_soon_threadsafe(end)
            before(number, frame)

        signal.signal(number, at_signal)

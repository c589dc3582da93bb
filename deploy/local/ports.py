"""Ports: free ones for runs beside others, and a clear word when a fixed one is taken."""

import random
import socket
from collections.abc import Iterable, Mapping

from deploy.local.options import HOST
from deploy.local.words import LaunchError

# Below the range from which outgoing connections take theirs, so that a restarted part finds its port free again.
FREE = range(20000, 32000)


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def choose(names: Iterable[str], wanted: Mapping[str, int] | None) -> dict[str, int]:
    """A port for each name: the wanted one if it is free, a free one if none was wanted."""
    chosen: dict[str, int] = {}
    for name in names:
        port = (wanted or {}).get(name, 0)
        if not port:
            port = _pick(set(chosen.values()))
        elif port in chosen.values() or not is_free(port):
            raise LaunchError(
                f"Port {port}, wanted for {name}, is in use: end the program that uses it, "
                f"or choose another with --port {name}=NUMBER (or --free-ports for all).",
                f"{name} 需要的端口 {port} 已被占用：请结束占用它的程序，"
                f"或用 --port {name}=端口号 另选（--free-ports 则全部自动选择）。",
            )
        chosen[name] = port
    return chosen


def _pick(taken: set[int]) -> int:
    for port in random.sample(FREE, k=500):
        if port not in taken and is_free(port):
            return port
    raise LaunchError("No free port was found on this machine.", "本机没有可用的空闲端口。")

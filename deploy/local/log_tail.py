"""The parts' logs on the terminal: warnings and errors, or everything."""

import asyncio
import json
import re
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local.words import say

COLOURS = ("\033[36m", "\033[33m", "\033[32m", "\033[35m", "\033[34m", "\033[96m", "\033[93m", "\033[92m", "\033[95m")
PLAIN = "\033[0m"
LOUD = re.compile(r"warn|error|critical|fatal|exception|traceback|\[(WRN|ERR|FTL)\]", re.IGNORECASE)
LEVELS = ("warn", "error", "critical", "fatal", "alert", "emerg")
EVERY = 0.3


@dataclass
class LogTail:
    """Follows log files from where they are now."""

    verbose: bool
    colour: bool
    at: dict[Path, int] = field(default_factory=dict)
    loud: dict[Path, bool] = field(default_factory=dict)

    def follow(self, log: Path) -> None:
        self.at[log] = log.stat().st_size if log.exists() else 0

    async def run(self) -> None:
        while True:
            self.show()
            await asyncio.sleep(EVERY)

    def show(self) -> None:
        for number, log in enumerate(self.at):
            colour, plain = (COLOURS[number % len(COLOURS)], PLAIN) if self.colour else ("", "")
            for line in self._new_lines(log):
                if self.verbose or self._is_loud(log, line):
                    say(f"{colour}{log.stem:9}{plain} | {line}")

    def _new_lines(self, log: Path) -> list[str]:
        if not log.exists():
            return []
        if log.stat().st_size < self.at[log]:
            self.at[log] = 0
        with log.open("rb") as file:
            file.seek(self.at[log])
            whole = file.read(1_000_000).rpartition(b"\n")[0]
        if not whole:
            return []
        self.at[log] += len(whole) + 1
        return whole.decode(errors="replace").splitlines()

    def _is_loud(self, log: Path, line: str) -> bool:
        """The indented lines after a loud one belong to it: a traceback is shown whole."""
        if not (line.startswith((" ", "\t")) or not line.strip()):
            self.loud[log] = _says_so(line)
        return self.loud.get(log, False)


def _says_so(line: str) -> bool:
    if line.startswith("{"):
        try:
            entry = json.loads(line)
        except ValueError:
            return bool(LOUD.search(line))
        level = entry.get("level") or entry.get("severity") or entry.get("levelname") or ""
        return str(level).lower().startswith(LEVELS)
    return bool(LOUD.search(line))

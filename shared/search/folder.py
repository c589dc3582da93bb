"""Where an index lies: a folder that one process has to itself, and that is made anew when it cannot be used."""

import fcntl
import shutil
import tempfile
from pathlib import Path
from typing import TextIO

MOST_PROCESSES = 64  # with an index in one folder


class Folder:
    """One of the folders `0`, `1`, … below `base` that no other process has; one that is removed at the end where there
    is no base. It is free again when its process is gone, however that ended."""

    def __init__(self, base: Path | None) -> None:
        self._base = base
        self._lock: TextIO | None = None
        self._temporary: Path | None = None
        self.path = Path()

    def take(self) -> None:
        """Raises OSError. A second time it changes nothing."""
        if self._lock or self._temporary:
            return
        if self._base is None:
            self.path = self._temporary = Path(tempfile.mkdtemp(prefix="bihuan-search-"))
            return
        for number in range(MOST_PROCESSES):
            path = self._base / str(number)
            path.mkdir(parents=True, exist_ok=True)
            lock = (path / "lock").open("w")
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.close()
                continue
            self._lock, self.path = lock, path
            return
        raise OSError(f"{MOST_PROCESSES} processes have an index in {self._base}")

    def release(self) -> None:
        if self._lock:
            self._lock.close()
            self._lock = None
        if self._temporary:
            shutil.rmtree(self._temporary, ignore_errors=True)
            self._temporary = None

    @property
    def index(self) -> Path:
        return self.path / "index"

    def has(self, label: str) -> bool:
        """Whether it holds an index with this label."""
        try:
            return (self.path / "label").read_text("utf-8") == label
        except (OSError, UnicodeDecodeError):
            return False

    def write_label(self, label: str) -> None:
        """Last of all, so that what is half made has none."""
        (self.path / "label").write_text(label, "utf-8")

    def empty(self) -> None:
        (self.path / "label").unlink(missing_ok=True)
        shutil.rmtree(self.index, ignore_errors=True)
        self.index.mkdir(parents=True)

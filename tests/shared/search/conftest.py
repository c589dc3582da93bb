"""A process for meanings without a model."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shared.search import Embedder

# As embedding.py, without a model: a text is where its first character says. `!` ends it, `?` is never answered.
PROGRAM = """
import struct, sys, time
while len(head := sys.stdin.buffer.read(5)) == 5:
    text = sys.stdin.buffer.read(struct.unpack(">cI", head)[1]).decode()
    if text[0] == "!": sys.exit(3)
    if text[0] == "?": time.sleep(60)
    numbers = [0.0] * 384
    numbers[ord(text[0]) % 384] = 1.0
    sys.stdout.buffer.write(struct.pack("<384f", *numbers)); sys.stdout.buffer.flush()
"""


@pytest.fixture
async def model(tmp_path: Path) -> AsyncIterator[Embedder]:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM, "utf-8")
    one = Embedder(program)
    yield one
    await one.stop()

"""The printable page as PDF, by a program of its own: laying out takes seconds of a processor, which would hold up
everything else, and what goes wrong in it ends there."""

import asyncio
import contextlib
import os
import sys
from pathlib import Path

from shared.domain import Unavailable
from shared.terms import Text

PROGRAM = Path(__file__).with_name("printer.py")
SECONDS = 60.0
KEPT = ("HOME", "LANG", "LD_LIBRARY_PATH", "PATH", "FONTCONFIG_FILE", "FONTCONFIG_PATH", "XDG_CACHE_HOME")


class NoPdf(Unavailable):
    title = Text("The PDF could not be made", "无法生成 PDF")


async def printed(page: str, seconds: float = SECONDS) -> bytes:
    """Raises NoPdf, where the library that lays out text (Pango) is missing, or it takes too long."""
    pipe = asyncio.subprocess.PIPE
    env = {name: os.environ[name] for name in KEPT if name in os.environ}
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-I", str(PROGRAM), stdin=pipe, stdout=pipe, stderr=asyncio.subprocess.DEVNULL, env=env
    )
    try:
        async with asyncio.timeout(seconds):
            made, _ = await program.communicate(page.encode())
    except TimeoutError:
        made = b""
    finally:
        with contextlib.suppress(ProcessLookupError):
            program.kill()
        if program.stdin and program.stdout:  # what it did not read, and had left to say
            program.stdin.close()
            await program.stdout.read()
        await program.wait()
    if program.returncode or not made:
        raise NoPdf(
            "the page can be printed by a browser instead (format=html); docs/figures.md says what a PDF needs",
            "可改用浏览器打印网页版（format=html）；生成 PDF 所需组件见 docs/figures.md",
        )
    return made

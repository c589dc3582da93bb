"""The scanner's protocol."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.intake.quarantine.clamd import Clamd, ScannerAway
from tests.intake.quarantine.daemon import EICAR, Daemon, scanning


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def test_a_file_is_sent_in_chunks_and_the_answer_is_read(tmp_path: Path) -> None:
    daemon = Daemon()
    for path in ("", str(tmp_path / "c")):
        async with scanning(daemon, path) as address:
            assert await Clamd(address).scan(chunks(b"clean ", b"file")) == ""
            assert await Clamd(address).scan(chunks(EICAR[:20], EICAR[20:])) == "Win.Test.EICAR_HDB-1"
    assert daemon.scanned[:2] == [b"clean file", EICAR]


@pytest.mark.parametrize(
    "answer", [b"", b"\0", b"stream: OK", b"stream: Can't allocate memory ERROR\0", b"OK\0", b"x" * 9000 + b"\0"]
)
async def test_whatever_is_no_verdict_is_none(answer: bytes) -> None:
    async with scanning(Daemon(answers=[answer])) as address:
        with pytest.raises(ScannerAway):
            await Clamd(address).scan(chunks(b"x"))


async def test_a_file_that_is_too_large_for_the_scanner_has_no_verdict() -> None:
    async with scanning(Daemon()) as address:
        with pytest.raises(ScannerAway):
            await Clamd(address).scan(chunks(*[b"x" * 1024 * 1024] * 30))


async def test_a_scanner_that_is_not_there_is_away(tmp_path: Path) -> None:
    with pytest.raises(ScannerAway):
        await Clamd(f"unix://{tmp_path}/nobody").scan(chunks(b"x"))


@pytest.mark.parametrize("address", ["clamd", "http://clamd:3310", "tcp://", "unix://"])
def test_an_address_that_is_none_is_refused_at_the_start(address: str) -> None:
    with pytest.raises(ValueError, match="BIHUAN_CLAMAV"):
        Clamd(address)

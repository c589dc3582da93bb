import asyncio
import signal
from pathlib import Path

import pytest

from deploy.local.log_tail import LogTail
from deploy.local.probe import Probe
from deploy.local.supervisor import Part, Supervisor
from deploy.local.words import LaunchError


async def always() -> bool:
    return True


async def never() -> bool:
    return False


def a_part(
    tmp_path: Path, script: str, probe: Probe = always, patience: float = 5, grace: float = 5, pause: float = 0.01
) -> Part:
    argv = ("/bin/sh", "-c", script)
    return Part("part", "a script", argv, probe, tmp_path / "part.log", patience=patience, grace=grace, pause=pause)


def kept(part: Part) -> tuple[Supervisor, list[str], list[LaunchError]]:
    notices: list[str] = []
    given_up: list[LaunchError] = []
    return Supervisor(part, notices.append, given_up.append), notices, given_up


async def test_a_part_that_dies_too_often_is_given_up(tmp_path: Path) -> None:
    notices: list[str] = []
    given_up: asyncio.Future[LaunchError] = asyncio.get_running_loop().create_future()
    part = Supervisor(a_part(tmp_path, "echo out of luck; sleep 0.2; exit 3"), notices.append, given_up.set_result)
    await part.start()
    trouble = await asyncio.wait_for(given_up, 20)
    await part.stop()
    assert notices == ["part ended (status 3): starting it again"] * 4
    assert "part died 5 times within a minute" in trouble.en
    assert "out of luck" in trouble.en


async def test_being_killed_on_purpose_does_not_count(tmp_path: Path) -> None:
    part, notices, given_up = kept(a_part(tmp_path, "exec sleep 60"))
    await part.start()
    pids = {part.pid}
    for _ in range(6):
        await part.kill(signal.SIGKILL, down=0)
        await part.ready(5)
        pids.add(part.pid)
    await part.stop()
    assert len(pids) == 7
    assert (notices, given_up) == ([], [])


async def test_a_stubborn_part_is_killed_after_its_grace(tmp_path: Path) -> None:
    deaf = tmp_path / "deaf"

    async def is_deaf() -> bool:
        return deaf.exists()

    script = f"trap '' TERM; touch '{deaf}'; while true; do sleep 0.1; done"
    part, _, _ = kept(a_part(tmp_path, script, is_deaf, patience=30, grace=0.3))
    await part.start()
    await part.stop()
    assert part._process
    assert part._process.returncode == -signal.SIGKILL


async def test_a_part_that_does_not_get_ready_is_told_with_its_last_words(tmp_path: Path) -> None:
    part, _, _ = kept(a_part(tmp_path, "echo waiting for a sign; exec sleep 60", never, patience=1))
    with pytest.raises(LaunchError, match=r"(?s)part was not ready within 1 s.*waiting for a sign"):
        await part.start()
    await part.stop()


def test_only_loud_lines_reach_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = tmp_path / "intake.log"
    echo = LogTail(verbose=False, colour=False)
    echo.follow(log)
    log.write_text(
        '{"level": "INFO", "message": "no error here"}\n'
        '{"level": "WARNING", "message": "slow"}\n'
        "INFO:     started\n"
        "Traceback (most recent call last):\n"
        '  File "x.py"\n'
        "ValueError: odd\n"
        "half a li"
    )
    echo.show()
    shown = [line.partition("| ")[2] for line in capsys.readouterr().out.splitlines()]
    assert shown == [
        '{"level": "WARNING", "message": "slow"}',
        "Traceback (most recent call last):",
        '  File "x.py"',
        "ValueError: odd",
    ]

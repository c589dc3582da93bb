"""Streams and places are shown and widened by the command, and errors are sentences."""

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest

from deploy.command.main import main, parser
from deploy.services import SERVICES
from shared.testing import Servers
from tests.deploy.command.conftest import Call, Said, apart
from tests.servers import free_port


@pytest.fixture
def prefix() -> str:
    return f"t{uuid4().hex[:10]}"


@pytest.fixture
def call(here: Callable[[Servers, str], Call], servers: Servers, prefix: str) -> Call:
    return here(servers, prefix)


async def test_what_is_missing_is_made_shown_and_only_ever_widened(call: Call, prefix: str) -> None:
    missing = await call("bus", "show")
    assert (missing.status, "run `bihuan bus apply`" in missing.err) == (1, True)
    assert (await call("bus", "apply")).status == 0
    shown = (await call("bus", "show", "--json")).json
    assert [one["service"] for one in shown["consumers"]] == list(SERVICES)
    assert {one["waiting"] for one in shown["consumers"]} == {0}
    events, dead = shown["streams"]
    assert (events["stream"], dead["stream"]) == (prefix.upper(), f"{prefix.upper()}_DEAD")
    wider = events["max_bytes"] + 1024
    assert (await call("bus", "widen", "--max-bytes", str(wider))).status == 0
    assert (await call("bus", "widen", "--max-bytes", str(64 * 1024**2))).status == 0
    table = await call("bus", "show")
    assert str(wider) in table.out
    assert f"{prefix.upper()}_DEAD" in table.out
    too_small = await call("bus", "widen", "--max-bytes", "5")
    assert (too_small.status, too_small.err.startswith("BIHUAN_NATS_MAX_BYTES: ")) == (2, True)


async def test_servers_that_are_away_and_settings_that_are_wrong_are_said_in_a_sentence(
    servers: Servers, prefix: str, tmp_path: Path
) -> None:
    away = f"nats://operator:hush-hush@127.0.0.1:{free_port()}"
    said: dict[str, Said] = {
        "nats": await apart(servers, prefix, "bus", "show", BIHUAN_NATS_URL=away),
        "setting": await apart(servers, prefix, "dead-letters", "list", BIHUAN_NATS_REPLICAS="many"),
        "secret": await apart(servers, prefix, "prepare", "kb", BIHUAN_ENV="production"),
        "local": await apart(servers, prefix, "--local", str(tmp_path), "bus", "show"),
        "chinese": await apart(servers, prefix, "--local", str(tmp_path), "bus", "show", BIHUAN_LANG="zh_CN"),
    }
    assert {one.status for one in said.values()} == {1, 2}
    for name, one in said.items():
        assert "Traceback" not in one.err, name
        assert len(one.err.splitlines()) == 1, name
        assert one.out == "", name
    assert "hush-hush" not in said["nats"].err
    assert "(ConnectionRefusedError: " in said["nats"].err
    assert "BIHUAN_NATS_REPLICAS" in said["setting"].err
    assert "BIHUAN_ENV is production" in said["secret"].err
    assert "没有运行中的闭环" in said["chinese"].err


@pytest.mark.parametrize("argv", [[], ["bus"], ["rebuild", "everything"], ["dead-letters", "list", "--since", "soon"]])
def test_what_is_not_meant_is_refused(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(argv)
    assert (ended.value.code, capsys.readouterr().err.startswith("usage: bihuan")) == (2, True)


def test_every_command_explains_itself_in_both_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = {}
    for language in ("en", "zh"):
        monkeypatch.setenv("BIHUAN_LANG", language)
        texts[language] = parser().format_help()
    assert "dead-letters" in texts["zh"]
    assert "死信" in texts["zh"]
    assert "死信" not in texts["en"]

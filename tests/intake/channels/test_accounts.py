"""Accounts as an operator writes them down."""

import json
from pathlib import Path

import httpx2
import pytest
from pydantic import ValidationError

from services.intake.channels.accounts import accounts
from shared.messengers.settings import ChannelSettings
from shared.terms import Channel
from tests.intake.channels.platforms import AES_KEY

HTTP = httpx2.AsyncClient()
WECOM = {
    "channel": "wecom",
    "id": "desk",
    "token": "t",
    "aes_key": AES_KEY,
    "corp_id": "ww",
    "secret": "s",
    "company": "华东",
}
DINGTALK = {"channel": "dingtalk", "id": "ding-0123456789abcdefghij", "secret": "s"}
HOTLINE = {"channel": "hotline", "id": "pbx", "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}
FEISHU = {"channel": "feishu", "id": "feishu", "encrypt_key": "k", "verification_token": "v"}


def test_accounts_come_from_the_environment_or_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert ChannelSettings().channels == []
    written = json.dumps([WECOM, DINGTALK, FEISHU, HOTLINE])
    monkeypatch.setenv("BIHUAN_CHANNELS", written)
    found = accounts(ChannelSettings().channels, HTTP)
    assert {id: one.adapter.channel for id, one in found.items()} == {
        "desk": Channel.WECOM,
        "ding-0123456789abcdefghij": Channel.DINGTALK,
        "feishu": Channel.FEISHU,
        "pbx": Channel.HOTLINE,
    }
    assert found["desk"].company == "华东"
    assert [one.media is not None for one in found.values()] == [True, False, False, False]
    monkeypatch.delenv("BIHUAN_CHANNELS")
    (tmp_path / "channels.json").write_text(written, "utf-8")
    monkeypatch.setenv("BIHUAN_CHANNELS_FILE", str(tmp_path / "channels.json"))
    assert accounts(ChannelSettings().channels, HTTP).keys() == found.keys()


def test_a_robot_in_stream_mode_needs_no_secret_name_and_connects(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = {**DINGTALK, "id": "ding", "mode": "stream", "app_key": "app"}
    monkeypatch.setenv("BIHUAN_CHANNELS", json.dumps([stream, {**DINGTALK, "app_key": "app"}]))
    found = accounts(ChannelSettings().channels, HTTP)
    assert [one.stream is not None for one in found.values()] == [True, False]


@pytest.mark.parametrize(
    "wrong",
    [
        {**WECOM, "aes_key": "short"},
        {**WECOM, "channel": "smoke signals"},
        {**WECOM, "tokn": "x"},
        {**DINGTALK, "id": "easy"},
        {**DINGTALK, "mode": "stream"},
        {**DINGTALK, "mode": "smoke"},
        {**HOTLINE, "secret": "whsec_c2hvcnQ="},
        {**HOTLINE, "secret": "no base64 at all"},
        {**FEISHU, "id": "a/b"},
        {"channel": "wecom"},
    ],
)
def test_what_is_wrong_ends_the_start_and_no_secret_is_told(
    monkeypatch: pytest.MonkeyPatch, wrong: dict[str, str]
) -> None:
    monkeypatch.setenv("BIHUAN_CHANNELS", json.dumps([{"secret": "hush", **wrong}]))
    with pytest.raises(ValidationError) as error:
        ChannelSettings()
    assert "hush" not in str(error.value)
    assert AES_KEY not in str(error.value)


def test_two_accounts_with_one_id_end_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIHUAN_CHANNELS", json.dumps([WECOM, {**FEISHU, "id": "desk"}]))
    with pytest.raises(ValueError, match="two accounts"):
        accounts(ChannelSettings().channels, HTTP)

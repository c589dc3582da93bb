"""Promised times on a ticket's page, asked of sla; and whose the pages are."""

import re
from pathlib import Path

import pytest

from services.intake.pages.settings import MAX_LOGO, BrandSettings
from services.intake.portal.settings import SignInSettings
from shared.testing import WANG, Servers, running
from tests.intake.portal.browser import browser, words_of
from tests.intake.scene import opened, say, to_verification
from tests.servers import app_factory


async def test_a_page_shows_what_is_promised_and_goes_without_where_nobody_says(servers: Servers) -> None:
    async with running(servers, app_factory("intake"), app_factory("sla")) as world:
        number = (await opened(world))["ticket"]
        async with browser(world, WANG) as wang:
            page = words_of(await wang.get(f"/portal/tickets/{number}"))
            assert "首次响应 2026-03-03 12:00 前" in page
            assert "解决 等待您答复期间暂停计时" in page  # it was asked questions
            await to_verification(world, number)
            await say(world, number, "verification", accepted=False, comment="仍然崩溃")
            assert re.search(r"解决 2026-03-\d\d \d\d:00 前", words_of(await wang.get(f"/portal/tickets/{number}")))
            await world.stop("sla")
            alone = await wang.get(f"/portal/tickets/{number}")
    assert (alone.status_code, "首次响应" in words_of(alone)) == (200, False)


def test_a_logo_is_a_small_picture(tmp_path: Path) -> None:
    good, large, text = tmp_path / "a.png", tmp_path / "b.png", tmp_path / "c.html"
    good.write_bytes(b"\x89PNG")
    large.write_bytes(b"x" * (MAX_LOGO + 1))
    text.write_text("<script>")
    assert BrandSettings(name="华东", logo=good).brand.logo == "data:image/png;base64,iVBORw=="
    for wrong in (large, text):
        with pytest.raises(ValueError, match="BIHUAN_BRAND_LOGO"):
            _ = BrandSettings(logo=wrong).brand


def test_a_secret_comes_from_a_file_and_addresses_come_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secret").write_text("s3cret\n")
    monkeypatch.setenv("BIHUAN_SIGN_IN_SECRET_FILE", str(tmp_path / "secret"))
    secret = SignInSettings().secret
    assert secret
    assert secret.get_secret_value() == "s3cret"
    with pytest.raises(ValueError, match="set together"):
        SignInSettings(url="https://id.example/authorize")

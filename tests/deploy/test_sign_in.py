"""The development sign-in: who may be picked, and that a code is worth one person's token to whoever began."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.testclient import TestClient

from deploy.local.collector import create_app
from services.intake.portal.sign_in import Attempt

BACK = "http://127.0.0.1:8080/portal/sign-in/done"
ATTEMPT = Attempt.begin("/portal")


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with TestClient(create_app(tmp_path), follow_redirects=False) as client:
        yield client


def code(client: TestClient, back: str = BACK, who: str = "u-wang") -> str:
    page = client.get(ATTEMPT.address("/authorize", "bihuan-portal", "openid", back))
    [link] = [unescape(one) for one in re.findall(r'href="([^"]+)"', page.text) if one.endswith(f"as={who}")]
    answer = client.get(f"/authorize{link}")
    assert answer.status_code == 303
    given = parse_qs(urlsplit(answer.headers["location"]).query)
    assert given["state"] == [ATTEMPT.state]
    return given["code"][0]


def exchange(client: TestClient, code: str, **other: str) -> int:
    form = {"code": code, "code_verifier": ATTEMPT.verifier, "redirect_uri": BACK, **other}
    return client.post("/token", data=form).status_code


def test_a_customer_is_picked_and_staff_are_not_offered(client: TestClient) -> None:
    assert exchange(client, code(client)) == 200
    page = client.get("/authorize?redirect_uri=x").text
    assert ("as=u-wen" in page, "as=l-qian" in page) == (True, False)


def test_at_the_console_staff_are_picked_by_what_they_are(client: TestClient) -> None:
    page = client.get("/authorize?redirect_uri=http://127.0.0.1:8080/console/sign-in/done").text
    assert ("as=u-wen" in page, "as=l-qian" in page, "lead (l-qian)" in page) == (False, True, True)


def test_a_code_is_for_who_began_and_for_this_machine(client: TestClient) -> None:
    given = code(client)
    assert exchange(client, given, code_verifier="another") == 400
    assert exchange(client, given, redirect_uri="http://127.0.0.1:1/") == 400
    assert exchange(client, "nonsense") == 400
    for back in ("https://evil.example/", "http://127.0.0.1.evil.example/", "javascript:alert(1)"):
        assert client.get(f"/authorize?as=u-wang&redirect_uri={back}").status_code == 400
    assert client.get(f"/authorize?as=nobody&redirect_uri={BACK}").status_code == 400

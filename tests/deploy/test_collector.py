import gzip
import smtplib
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import jwt
import pytest
from starlette.testclient import TestClient

from deploy.local.collector import create_app
from deploy.local.identity import Identity
from deploy.local.mail import MailBox, serve_mail
from deploy.local.options import AUDIENCE, ISSUER
from deploy.local.ports import choose
from deploy.local.span_store import KEEP_SECONDS, SpanStore
from tests.deploy.otlp import START, a_span, failed, payload, wire_span

TRACE = "07" * 16


@pytest.fixture
def box() -> MailBox:
    return MailBox()


@pytest.fixture
def client(tmp_path: Path, box: MailBox) -> Iterator[TestClient]:
    with TestClient(create_app(tmp_path, box)) as client:
        yield client


def post(client: TestClient, body: bytes, **headers: str) -> int:
    return client.post("/v1/traces", content=body, headers=headers).status_code


def test_spans_are_found_by_trace_and_by_ticket(client: TestClient) -> None:
    assert post(client, payload("intake", wire_span("POST /tickets", 1, ticket_id="T-1"))) == 200
    zipped = gzip.compress(payload("triage", wire_span("process", 2, parent=1, at=20)))
    assert post(client, zipped, **{"content-encoding": "gzip"}) == 200

    by_trace = client.get(f"/api/traces/{TRACE}").json()
    by_ticket = client.get("/api/tickets/T-1/traces").json()

    assert [(span["service"], span["name"]) for span in by_trace["spans"]] == [
        ("intake", "POST /tickets"),
        ("triage", "process"),
    ]
    assert by_ticket == {"ticket": "T-1", "traces": [by_trace]}
    assert client.get("/api/tickets/T-2/traces").json()["traces"] == []
    assert client.get("/api/traces/00").status_code == 404


def test_what_is_sent_twice_is_kept_once(client: TestClient) -> None:
    for _ in range(2):
        post(client, payload("intake", wire_span("POST /tickets", 1)))
    assert len(client.get(f"/api/traces/{TRACE}").json()["spans"]) == 1


@pytest.mark.parametrize(("body", "headers"), [(b"\xff\xff nonsense", {}), (b"not gzip", {"content-encoding": "gzip"})])
def test_what_is_not_otlp_is_refused(client: TestClient, body: bytes, headers: dict[str, str]) -> None:
    assert post(client, body, **headers) == 400


def test_pages_show_a_ticket_and_its_errors(client: TestClient) -> None:
    span = failed(wire_span("POST /tickets", 1, ticket_id="T-1"), "disk full")
    post(client, payload("intake", span))

    assert '<a href="/tickets/T-1?lang=en">T-1</a>' in client.get("/").text
    page = client.get("/tickets/T-1").text
    assert all(text in page for text in ("intake", "✗ POST /tickets", "disk full", "10 ms"))
    assert client.get(f"/traces/{TRACE}").text.count("<summary>") == 1


def test_pages_speak_the_readers_language(client: TestClient) -> None:
    chinese = {"accept-language": "zh-CN,zh;q=0.9"}
    assert "<h2>工单</h2>" in client.get("/", headers=chinese).text
    assert "<h2>Tickets</h2>" in client.get("/?lang=en", headers=chinese).text
    assert "暂无内容" in client.get("/tickets/T-9?lang=zh").text


def test_nothing_from_outside_becomes_markup(client: TestClient, box: MailBox) -> None:
    evil = "<script>alert(1)"
    post(client, payload(evil, failed(wire_span(evil, 1, ticket_id=evil, evil=evil), evil)))
    box.put(evil, [evil], f"Subject: {evil}\r\n\r\n{evil}".encode())

    for path in ("/", f"/tickets/{evil}", f"/traces/{TRACE}", "/mail", "/mail/1"):
        page = client.get(path)
        assert "<script" not in page.text
        assert "&lt;script&gt;" in page.text
        assert page.headers["content-security-policy"].startswith("default-src 'none';")


def test_signed_links_and_tokens_are_not_kept(client: TestClient) -> None:
    url = "http://h/links/s3cret/accept?access_token=s3cret&x=1"
    post(client, payload("intake", wire_span("GET /links/s3cret", 1, http_url=url)))
    [span] = client.get(f"/api/traces/{TRACE}").json()["spans"]
    assert span["attributes"] == {"http.url": "http://h/links/***/accept?access_token=***&x=1"}
    assert span["name"] == "GET /links/***"


def test_spans_are_forgotten_after_days(tmp_path: Path) -> None:
    store = SpanStore(tmp_path / "spans.sqlite")
    store.add([a_span("intake", "POST /tickets", 1)])
    ended = START / 1e9

    store.prune(now=ended + KEEP_SECONDS - 60)
    assert len(store.recent_traces()) == 1
    store.prune(now=ended + KEEP_SECONDS + 60)
    assert not store.trace(TRACE)
    assert not store.recent_traces()
    store.close()


def test_a_token_is_accepted_with_the_published_key(client: TestClient, tmp_path: Path) -> None:
    token = Identity.of(tmp_path).mint("u-wang")
    keys = jwt.PyJWKSet.from_dict(client.get("/jwks.json").json())
    key = keys[jwt.get_unverified_header(token)["kid"]]
    claims = jwt.decode(token, key, algorithms=["ES256"], audience=AUDIENCE, issuer=ISSUER)
    assert (claims["sub"], claims["roles"], claims["company"]) == ("u-wang", ["requester"], "华东贸易有限公司")


def test_the_private_key_is_for_its_owner_only(tmp_path: Path) -> None:
    Identity.of(tmp_path)
    assert (tmp_path / "identity" / "key.pem").stat().st_mode & 0o777 == 0o600


def test_mails_are_shown_newest_first(client: TestClient, box: MailBox) -> None:
    port = choose(["mail"], None)["mail"]
    sink = serve_mail(box, port)
    try:
        with smtplib.SMTP("127.0.0.1", port) as smtp:
            for number in (1, 2):
                mail = EmailMessage()
                mail["Subject"], mail["From"], mail["To"] = (
                    f"工单 {number}",
                    "desk@bihuan.example",
                    "wang@huadong.example",
                )
                mail.set_content("您好，请确认。")
                smtp.send_message(mail)
    finally:
        sink.stop()

    mails = client.get("/api/mail").json()["mails"]
    assert [(mail["id"], mail["subject"]) for mail in mails] == [(2, "工单 2"), (1, "工单 1")]
    assert "您好，请确认。" in client.get("/mail/2").text
    assert "工单 1" in client.get("/mail").text
    assert client.get("/mail/3").status_code == 404


def test_a_mail_that_comes_again_under_its_id_is_shown_once(box: MailBox) -> None:
    for id in ("<1@desk>", "<2@desk>", "<1@desk>"):
        box.put("desk", ["wang"], f"Message-ID: {id}\r\n\r\nhello".encode())
    for _ in range(2):
        box.put("desk", ["wang"], b"Subject: without an id\r\n\r\nhello")
    assert [mail.headers.get("Message-ID") for mail in box.all()] == [None, None, "<2@desk>", "<1@desk>"]
    assert box.repeated == ["<1@desk>"]

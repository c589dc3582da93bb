"""How far a mailbox has been read, what stands for a large mail, and what the settings of mailboxes say."""

import asyncio
import json
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from services.intake.mails.imap import ImapFolder
from services.intake.mails.parsing import parse
from services.intake.mails.polling import EVERY, LONGEST_WAIT, PolledMailbox, stand_in
from services.intake.mails.settings import ImapAccount, MailSettings
from tests.intake.mails.samples import SUPPORT, mail

USER, PASSWORD = "support", "geheim-Geheim-1"
NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 50)), max_size=20))
def test_it_never_goes_back_while_the_numbers_are_the_same(taken: list[tuple[int, int]]) -> None:
    box = PolledMailbox(id=SUPPORT)
    for validity, uid in taken:
        before = (box.uid_validity, box.last_uid)
        box.advance(validity, uid)
        assert box.uid_validity == validity
        assert validity != before[0] or box.last_uid >= before[1]


def test_waits_grow_up_to_five_minutes_and_end_with_the_first_success() -> None:
    box = PolledMailbox(id=SUPPORT)
    waits = []
    for _ in range(10):
        box.finish("away", False, NOON)
        assert box.due_at
        waits.append(box.due_at - NOON)
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST_WAIT
    box.finish("", False, NOON)
    assert box.due_at == NOON + EVERY


def test_what_stands_for_a_large_mail_keeps_who_and_about_what() -> None:
    head = mail(subject="日志 4 GB", References="<a@b.example> <c@d.example>").partition(b"\r\n\r\n")[0]
    found = parse(stand_in(head.replace(b"> <", b">\r\n <") + b"\r\n\r\n", 40 * 1024**2, 25 * 1024**2))
    assert (found.subject, found.address) == ("日志 4 GB", "zhang@customer.example")
    assert " ".join(found.references).split() == ["<a@b.example>", "<c@d.example>"]
    assert "40.0 MB" in found.text


def test_secrets_may_come_from_a_file_and_are_not_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "imap.json"
    one = {"address": SUPPORT, "url": "imaps://mail.example", "user": USER, "secret": PASSWORD}
    file.write_text(json.dumps([one]))
    monkeypatch.setenv("BIHUAN_MAIL_IMAP_FILE", str(file))
    settings = MailSettings()
    assert settings.accounts[SUPPORT].password == PASSWORD
    assert PASSWORD not in repr(settings)
    assert settings.is_ours(f"support+x@{SUPPORT.partition('@')[2]}")
    file.write_text(json.dumps([one, one]))
    with pytest.raises(ValueError, match="two accounts"):
        _ = MailSettings().accounts


async def test_a_server_whose_certificate_nobody_vouches_for_is_told_no_password(tmp_path: Path) -> None:
    heard: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"* OK ready\r\n")
        heard.append(await reader.read(100))

    certificate, key = self_signed(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    async with await asyncio.start_server(talk, "127.0.0.1", 0, ssl=context) as server:
        url = f"imaps://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        one = ImapAccount(address=SUPPORT, url=url, user=USER, secret=SecretStr(PASSWORD))
        with pytest.raises(ssl.SSLCertVerificationError):
            await asyncio.to_thread(ImapFolder, one)
    assert heard == []


def self_signed(folder: Path) -> tuple[Path, Path]:
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail")])
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(datetime.now(UTC) - timedelta(days=1)).not_valid_after(
        datetime.now(UTC) + timedelta(days=1)
    )
    certificate = made.sign(key, hashes.SHA256())
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    )
    return folder / "cert.pem", folder / "key.pem"

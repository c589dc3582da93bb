"""Mails as programs write them, by the rules and against them."""

from email.message import EmailMessage
from email.policy import SMTP

ZHANG = "zhang@customer.example"
SUPPORT = "support@desk.example"


def mail(
    text: str = "登录时报 500",
    subject: str = "生产环境登录失败",
    sender: str = f"张三 <{ZHANG}>",
    id: str = "<1@customer.example>",
    files: dict[str, bytes] | None = None,
    **headers: str,
) -> bytes:
    """`headers` with `_` for `-`."""
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = sender, SUPPORT, subject
    if id:
        message["Message-ID"] = id
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    for name, content in (files or {}).items():
        message.add_attachment(content, maintype="text", subtype="plain", filename=name)
    return message.as_bytes()


def raw(*lines: bytes | str) -> bytes:
    """Line by line, text in UTF-8."""
    head = (f"From: {ZHANG}", f"To: {SUPPORT}", "Message-ID: <1@customer.example>")
    return b"\r\n".join(line if isinstance(line, bytes) else line.encode() for line in (*head, *lines))


BOUNCE = raw(
    "Subject: Undelivered Mail Returned to Sender",
    "Auto-Submitted: auto-replied",
    "Content-Type: multipart/report; report-type=delivery-status; boundary=B",
    "",
    "--B",
    "Content-Type: text/plain",
    "",
    "It failed.",
    "--B",
    "Content-Type: message/delivery-status",
    "",
    "Reporting-MTA: dns; mx.customer.example",
    "",
    "Final-Recipient: rfc822; gone@customer.example",
    "Action: failed",
    "Status: 5.1.1",
    "",
    "--B",
    "Content-Type: text/rfc822-headers",
    "",
    "Message-ID: {name}",
    "--B--",
    "",
)

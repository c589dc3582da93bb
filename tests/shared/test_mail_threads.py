"""Names of tickets in mails: ours are found, made-up ones are not."""

import pytest

from shared.mail_threads import MailThreads

THREADS, OTHERS = MailThreads("a" * 32), MailThreads("b" * 32)
TICKET, OTHER = "TK-2026-000001", "TK-2026-000002"


@pytest.mark.parametrize(
    "text",
    [
        "<t.{}.0123456789abcdef0123@desk.example>",
        "<1@x.example> <t.{}@desk.example>",
        "support+{}@desk.example",
        "x" * 30_000 + " <t.{}@desk.example>",
    ],
)
def test_our_names_are_found_wherever_mail_programs_put_them(text: str) -> None:
    written = text.format(THREADS.name(TICKET))
    for one in (written, written.upper(), written.lower()):
        assert THREADS.ticket_in(["", "Re: hello", one]) == TICKET


def test_the_last_name_counts() -> None:
    texts = [f"<t.{THREADS.name(TICKET)}@d>", f"<t.{THREADS.name(OTHER)}.1@d> <1@x> <t.{OTHERS.name(TICKET)}@d>"]
    assert THREADS.ticket_in(texts) == OTHER


@pytest.mark.parametrize(
    "text",
    [
        "",
        TICKET,
        f"[{TICKET}]",
        f"{TICKET}.0123456789abcdef",
        OTHERS.name(TICKET),
        THREADS.name(TICKET).replace("000001", "000002"),
        THREADS.name(TICKET)[:-1],
        f"{THREADS.name(TICKET)}0",
        "TK-2026-000001.０１２３４５６７８９abcdef",
    ],
)
def test_what_we_have_not_made_is_no_name(text: str) -> None:
    assert THREADS.ticket_in([text]) == ""


def test_an_address_to_answer_to_keeps_mailbox_and_domain() -> None:
    address = THREADS.reply_address("support@desk.example", TICKET)
    assert address.startswith("support+TK-2026-000001.")
    assert address.endswith("@desk.example")
    assert THREADS.ticket_in([address]) == TICKET

"""A third party is asked by mail: what it reads, and that its answer is none to the customer's conversation."""

from shared.events import TriageThirdPartyAnswered, TriageThirdPartyEngaged, TriageThirdPartyOverdue
from shared.links import Links
from shared.testing import LIU, NOON, SECRET, WANG, World
from tests.notify.conftest import MailServer, sent, templates_to, text_of
from tests.notify.samples import PROBLEM, THIRD_PARTY, TICKET, assigned, opened


async def test_it_is_asked_by_mail_and_reads_nothing_of_the_customer(mailing: World, mail_server: MailServer) -> None:
    await mailing.publish(opened())
    await mailing.publish(assigned())
    before = len(mail_server.mails)
    await mailing.publish(TriageThirdPartyEngaged(**THIRD_PARTY))
    await sent(mailing)
    [mail] = [one for one in mail_server.mails[before:] if "support@bank.example" in one["To"]]
    text = text_of(mail)
    assert "接口返回 500" in text
    assert not [
        one for one in (WANG.name, WANG.company, WANG.email, PROBLEM.title) if one in f"{mail['Subject']}{text}"
    ]
    assert (mail["References"], mail["Reply-To"], mail["Message-ID"].startswith("<t.")) == (None, None, False)
    link = Links(SECRET, "").read(text.split("/links/")[1].split()[0], NOON)
    assert (link.action, link.sub, link.purpose) == ("answer_third_party", "mailto:support@bank.example", "t1")


async def test_who_is_late_is_reminded_and_the_engineer_hears_of_it_and_of_the_answer(world: World) -> None:
    await world.publish(opened())
    await world.publish(assigned())
    await world.publish(TriageThirdPartyOverdue(**THIRD_PARTY))
    await world.publish(
        TriageThirdPartyAnswered(
            subject=TICKET, time=NOON, actor="mailto:support@bank.example", party="厂商", answer="好了"
        )
    )
    assert {"third_party_late", "third_party_answered"} <= {*await templates_to(world, LIU.sub)}

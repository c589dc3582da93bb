"""A desk writes templates of its own; none of them can hold up what people are to be told."""

import pytest

from services.notify.deliveries.samples import samples_of
from services.notify.templates.catalogues import TEMPLATES
from services.notify.templates.checks import check
from services.notify.templates.domain import MessageTemplate
from services.notify.templates.renderer import LANGUAGES, TIME_ZONE, Renderer
from shared.domain import Origin
from shared.testing import ADMIN, LEAD, LIU, WANG, Person, World
from tests.notify.conftest import MailServer, notify_of, sent, text_of
from tests.notify.samples import TICKET, assigned, opened

PATH = "/v1/notification-templates"
OWN = {"title": "收到：{{ audience.title }}", "text": "{{ audience.customer.name }}，工单 {{ ticket }} 已登记。"}
ROOT = Person("root", ("admin",), name="Root", email="root@desk.example")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", TEMPLATES)
def test_every_built_in_one_can_be_written_again_as_it_is(name: str, language: str) -> None:
    said = TEMPLATES[name][language]
    check(said, said, is_for_customers=True)
    assert Renderer().try_out(said, language, samples_of(name), TIME_ZONE).text


async def put(world: World, template: str, body: dict[str, str], by: Person = ADMIN) -> tuple[int, str]:
    async with world.as_(by, "notify") as client:
        answer = await client.put(f"{PATH}/{template}", json=body)
        return answer.status_code, answer.text


async def test_what_a_desk_writes_is_used_until_it_is_reset(mailing: World, mail_server: MailServer) -> None:
    assert (await put(mailing, "opened.any.zh", OWN))[0] == 200
    await mailing.publish(opened())
    await mailing.publish(assigned())
    await sent(mailing)
    first = next(mail for mail in mail_server.to(WANG.email) if "收到" in mail["Subject"])
    assert f"王敏，工单 {TICKET} 已登记。" in text_of(first)
    async with mailing.as_(ADMIN, "notify") as admin:
        shown = (await admin.post(f"{PATH}/opened.any.zh/reset")).json()
        assert (shown["current"], shown["title"]) == (0, TEMPLATES["opened"]["zh"].title)
        assert [one["number"] for one in shown["versions"]] == [1]
    await mailing.publish(opened(ticket="TK-2026-000002"))
    await sent(mailing)
    assert [mail["Subject"] for mail in mail_server.to(WANG.email)][-1].startswith("[TK-2026-000002] 已受理")


async def test_one_for_a_channel_wins_over_one_for_any(mailing: World, mail_server: MailServer) -> None:
    await put(mailing, "opened.any.zh", OWN)
    await put(mailing, "opened.email.zh", {**OWN, "title": "邮件：{{ audience.title }}"})
    await put(mailing, "opened.messenger.zh", {**OWN, "title": "消息：{{ audience.title }}"})
    await mailing.publish(opened())
    await sent(mailing)
    assert "邮件：" in mail_server.to(WANG.email)[0]["Subject"]


@pytest.mark.parametrize(
    "text",
    [
        "{% for a in range(1000000000) %}{% endfor %}",
        "{{ 'x' * 1000000000 }}",
        "{{ 9 ** 9 ** 9 }}",
        "{% for a in event.questions %}{% for b in event.questions %}{{ a }}{% endfor %}{% endfor %}",
        "{% for a in event.questions recursive %}{{ loop(event.questions) }}{% endfor %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% set x = 1 %}",
        "{% include 'x' %}",
        "{{ event }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ event.__init__ }}",
        "{{ event.model_dump() }}",
        "{{ link('accept_solution') }}",
        "{{ link(ticket) }}",
        "{{ audience.assignee.email }}",
        "{{ event.imported_from }}",
        "{{ nothing }}",
        "{% if %}",
        "{{ 'x' | xmlattr }}",
        "{{ " + "not " * 2000 + "ticket }}",
    ],
)
async def test_what_could_hurt_is_refused(world: World, text: str) -> None:
    status, said = await put(world, "opened.any.zh", {**OWN, "text": text})
    assert status == 422, said
    async with world.as_(LEAD, "notify") as lead:
        assert (await lead.get(f"{PATH}/opened.any.zh")).json()["current"] == 0


async def test_one_that_fails_holds_up_nothing_and_admins_hear_of_it_once(
    mailing: World, mail_server: MailServer
) -> None:
    """As one that an older release let in, or that fails for want of a value."""
    bad = MessageTemplate("{{ audience.title }}", "{{ audience.nothing.at_all }}")
    templates = notify_of(mailing).templates
    await put(mailing, "opened.any.zh", OWN)
    await templates.store.change("opened.any.zh", lambda one: one.write(bad, "admin", mailing.now()), Origin("admin"))
    templates.store.known.drop()
    for number in range(1, 4):
        await mailing.publish(opened(ticket=f"TK-2026-00000{number}"))
    await sent(mailing)
    assert [mail["Subject"][16:20] for mail in mail_server.to(WANG.email)] == [" 已受理"] * 3
    alarms = await notify_of(mailing).deliveries.store.where({"recipient": "role:admin"})
    assert [one.words["en"].title for one in alarms] == ["Template opened.any.zh (version 2) fails"]


async def test_a_preview_keeps_nothing_and_a_test_goes_to_who_asks(mailing: World, mail_server: MailServer) -> None:
    async with mailing.as_(ROOT, "notify") as root:
        preview = (
            await root.post(f"{PATH}/please_verify.any.en/preview", json={"title": "Done", "text": "Fixed."})
        ).json()
        assert preview == {"title": "Done", "text": "Fixed."}
        sent_test = await root.post(f"{PATH}/please_verify.any.en/test")
        assert sent_test.status_code == 200
        await sent(mailing)
        [mail] = mail_server.to(ROOT.email)
        assert "<title>" in mail["Subject"]
        told = (await root.get(f"/v1/notifications/{sent_test.json()['notification']}")).json()
        assert (told["state"], told["template"]) == ("sent", "test")
    async with mailing.as_(ADMIN, "notify") as nobody:
        assert (await nobody.post(f"{PATH}/please_verify.any.en/test")).status_code == 422


async def test_only_admins_write_and_what_is_not_there_is_not_found(world: World) -> None:
    assert (await put(world, "opened.any.zh", OWN, LEAD))[0] == 403
    assert (await put(world, "opened.any.zh", OWN, LIU))[0] == 403
    for absent in ("opened.fax.zh", "opened.any.fr", "nothing.any.zh", "opened"):
        assert (await put(world, absent, OWN))[0] == 404
    async with world.as_(LEAD, "notify") as lead:
        listed = (await lead.get(PATH)).json()["items"]
        assert len(listed) == len(TEMPLATES) * len(LANGUAGES)

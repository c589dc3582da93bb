"""The page on which somebody who is invited to a consultation answers."""

from datetime import timedelta

from shared.events import TicketInvitationAnswered
from shared.links import Link, Links
from shared.testing import NOON, World
from tests.intake.scene import opened


async def test_who_is_invited_answers_and_may_think_again(world: World) -> None:
    number = (await opened(world))["ticket"]
    settings = world.runtimes["intake"].settings
    link = Link(
        number, "answer_invitation", "mailto:gao@desk.example", "高伟", "zh", "n-1", 0, "周五 10:00 · A1", "k1/i1/2"
    )
    url = Links(settings.secret_for_links(), settings.public_url).url(link, NOON, timedelta(days=7))
    path = url[url.index("/links/") :]
    async with world.as_(None, "intake") as they:
        page = await they.get(path)
        assert ("周五 10:00 · A1" in page.text, "高伟" in page.text, "王敏" in page.text) == (True, True, False)
        assert (await they.post(path, data={"answer": "maybe"})).status_code == 422
        for answer in ("tentative", "accepted"):
            assert (await they.post(path, data={"answer": answer, "comment": "可以"})).status_code == 200
    await world.settle()
    said = world.published(TicketInvitationAnswered)
    assert [(one.consultation, one.invitee, one.answer, one.sequence) for one in said] == [
        ("k1", "i1", "tentative", 2),
        ("k1", "i1", "accepted", 2),
    ]
    assert {one.actor for one in said} == {"mailto:gao@desk.example"}

"""What people are to be told by mail reaches them soon after everything was down, and they see it once."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from deploy.local.mail import Mail, MailBox, serve_mail
from deploy.local.options import HOST
from deploy.local.stack import Stack
from services.notify.deliveries.mail_queue import WORKERS
from tests.live.conftest import options_of
from tests.live.crowd import Crowd, staff_arrives
from tests.live.desk import Desk, eventually
from tests.live.sizes import CREATES, REPLICAS
from tests.live.wishes import wishes
from tests.servers import free_port

pytestmark = [pytest.mark.live, pytest.mark.timeout(CREATES + 400)]
AWAY = 6.0  # seconds
HANDED_OVER_WITHIN = 30.0  # seconds after the return
WELCOME = "已受理："


@pytest.fixture
def box() -> MailBox:
    return MailBox(keep=20 * CREATES)


@pytest.fixture
async def stack(tmp_path: Path, box: MailBox) -> AsyncIterator[Stack]:
    """One whose mails reach this process, which outlives them all."""
    port = free_port()
    sink = serve_mail(box, port)
    try:
        async with Stack(options_of(tmp_path, env={"BIHUAN_SMTP_URL": f"smtp://{HOST}:{port}"})) as stack:
            yield stack
    finally:
        sink.stop()


async def test_mails_are_handed_over_once_and_soon_after_half_of_the_desk_was_killed(
    stack: Stack, desk: Desk, box: MailBox
) -> None:
    await staff_arrives(desk)
    crowd = Crowd(desk)
    wanted = [replace(wish, then=()) for wish in wishes(CREATES)]
    killed = ["nats", "mongo", *stack.options.replicas_of("intake"), *stack.options.replicas_of("notify")]
    async with asyncio.TaskGroup() as at_once:
        at_once.create_task(crowd.come(wanted))
        await crowd.accepted(CREATES // 2)
        await asyncio.gather(*(stack.kill(part, down=AWAY) for part in killed))
        await asyncio.gather(*(stack.ready(part) for part in killed))
        returned = datetime.now()

    async def all_there() -> bool:
        return {*map(ticket_of, welcomes(box))} == {*crowd.opened.values()}

    await eventually(all_there, within=200)
    late: dict[str, float] = {}
    for mail in welcomes(box):
        since = max(returned, crowd.opened_at[ticket_of(mail)].astimezone().replace(tzinfo=None))
        if (seconds := (mail.at - since).total_seconds()) > HANDED_OVER_WITHIN:
            late[ticket_of(mail)] = seconds
    assert late == {}
    # What a process was sending when it was killed is sent again, under the same Message-ID; nothing else is.
    assert len(box.repeated) <= REPLICAS * WORKERS
    assert Counter(map(ticket_of, welcomes(box))).most_common(1)[0][1] == 1


def welcomes(box: MailBox) -> list[Mail]:
    return [mail for mail in box.all() if WELCOME in mail.subject]


def ticket_of(mail: Mail) -> str:
    return mail.subject.partition("]")[0].removeprefix("[")

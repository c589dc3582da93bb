"""The customer asks the desk to hurry (催单): once an hour, and only while it is the desk that they wait for."""

from datetime import datetime, timedelta

from services.intake.tickets.domain import Ticket, WrongState
from shared.domain import Conflict
from shared.events import Event, TicketUrged
from shared.terms import Stage, Text

URGE_EVERY = timedelta(hours=1)


class UrgedRecently(Conflict):
    title = Text("Already urged within the last hour", "一小时内已催办过")


def urge(ticket: Ticket, comment: str, now: datetime) -> list[Event]:
    """Raises WrongState, UrgedRecently."""
    ticket.require_open("it cannot be urged", "不能催办")
    if ticket.stage is Stage.CUSTOMER_VERIFICATION:
        raise WrongState(
            f"{ticket.id} waits for you: please check whether the solution works",
            f"{ticket.id} 正在等待您的确认，请验证解决方案是否有效",
        )
    if ticket.stage is Stage.FEEDBACK and ticket.satisfaction is None:
        raise WrongState(f"{ticket.id} is solved; please rate the service", f"{ticket.id} 已解决，请对服务进行评价")
    if ticket.urged_at and now < ticket.urged_at + URGE_EVERY:
        minutes = -((now - ticket.urged_at - URGE_EVERY) // timedelta(minutes=1))
        raise UrgedRecently(
            f"The engineers have been told; you can urge {ticket.id} again in {minutes} min",
            f"已通知工程师，{minutes} 分钟后可再次催办 {ticket.id}",
        )
    ticket.urges, ticket.urged_at = ticket.urges + 1, now
    return [TicketUrged(subject=ticket.id, time=now, times=ticket.urges, comment=comment, assignee=ticket.assignee)]

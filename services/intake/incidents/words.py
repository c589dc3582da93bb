"""What a customer is told whose problem is known already: nothing of other customers."""

from shared.events import IncidentTicketAdded
from shared.terms import Text

KNOWN = Text(
    "Your report is about a known problem that several customers have at the moment (reference {incident}). We are "
    "working on it with priority and will tell you here as soon as there is news. Your ticket stays open until you "
    "have confirmed yourself that the problem is solved.",
    "您反馈的问题已确认为当前影响多家客户的已知故障（编号 {incident}），我们正在优先处理，"
    "有进展会第一时间在本工单中通知您。"
    "问题解决后需经您本人验证确认，工单才会关闭。",
)
WORKAROUND = Text("Until then, this may help:\n{text}", "在此之前，您可以先这样处理：\n{text}")
NEWS = Text("Latest news:\n{text}", "最新进展：\n{text}")


def notice(event: IncidentTicketAdded, language: str) -> str:
    parts = [KNOWN.in_(language).format(incident=event.incident)]
    for label, said in ((WORKAROUND, event.workaround), (NEWS, event.news)):
        if text := said.in_(language):
            parts.append(label.in_(language).format(text=text))
    return "\n\n".join(parts)

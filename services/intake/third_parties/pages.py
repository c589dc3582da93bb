"""The page of a third party, in HTML."""

from services.intake.attachments.multipart import MOST_FILES
from services.intake.pages.forms import Filled
from services.intake.pages.layout import Pages
from services.intake.tickets.domain import Ticket
from services.intake.tickets.values import ThirdPartyRequest

TEMPLATE = "third_parties/templates/request.html"


def form(
    pages: Pages,
    ticket: Ticket,
    asked: ThirdPartyRequest,
    token: str,
    language: str,
    problem: str = "",
    filled: Filled | None = None,
) -> str:
    """Of the ticket: its number, and the files that are meant for them."""
    return pages.render(
        TEMPLATE,
        language,
        title=pages.words(language)("third_party_title"),
        ticket=None,
        number=ticket.id,
        asked=asked,
        files=[one for one in ticket.attachments if one.id in asked.attachments],
        token=token,
        problem=problem,
        filled=filled or Filled(),
        most_files=MOST_FILES,
    )

"""The pages behind links, in HTML."""

from datetime import datetime

from services.intake.attachments.multipart import MOST_FILES
from services.intake.links.domain import TAKE_FILES
from services.intake.pages.forms import Filled
from services.intake.pages.layout import Pages
from services.intake.tickets.domain import Ticket
from shared.links import Link
from shared.terms import Satisfaction


def form(
    pages: Pages,
    link: Link,
    ticket: Ticket,
    language: str,
    now: datetime,
    problem: str = "",
    filled: Filled | None = None,
) -> str:
    """Which solution or questions it is about, and the form for what the link allows: `problem` is what was wrong with
    it as it was `filled` in."""
    return pages.render(
        "links/templates/form.html",
        language,
        title=pages.words(language)(f"link_{link.action}"),
        action=link.action,
        link=link,
        ticket=ticket,
        # the newest one that was verified; there is none when consent is asked for before the first
        solution=next((one for one in ticket.rounds if one.round == ticket.round), None),
        satisfactions=list(Satisfaction),
        now=now,
        problem=problem,
        filled=filled or Filled(),
        takes_files=link.action in TAKE_FILES,
        most_files=MOST_FILES,
    )


def result(pages: Pages, language: str, ticket: Ticket | None = None, problem: str = "", lost: str = "") -> str:
    """That it is done; or that it is not, why, and what else one can do. `lost`: why files could not be added."""
    title = pages.words(language)("link_failed" if problem else "link_thanks")
    return pages.render("links/templates/result.html", language, title=title, ticket=ticket, problem=problem, lost=lost)


def invitation(pages: Pages, link: Link, language: str, problem: str = "") -> str:
    """When and where the consultation is, and the three answers."""
    return pages.render(
        "links/templates/invitation.html",
        language,
        title=pages.words(language)("link_answer_invitation"),
        ticket=None,
        link=link,
        problem=problem,
    )

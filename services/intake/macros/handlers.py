"""What a macro says on a ticket, and saying it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from services.intake.conversation.handlers import ConversationHandlers
from services.intake.keeping.handlers import Keeping, KeptStore
from services.intake.macros.domain import MOST_OWN, MOST_SHARED, Macro, filled
from services.intake.tickets.access import author, check_access
from services.intake.tickets.domain import Ticket
from services.intake.tickets.values import Author
from shared.auth import Scope
from shared.domain import Forbidden
from shared.http import Caller
from shared.terms import Stage


@dataclass(frozen=True)
class MacroHandlers:
    kept: Keeping[Macro]
    conversation: ConversationHandlers
    now: Callable[[], datetime]

    async def say(self, macro: Macro, ticket: Ticket, caller: Caller) -> Ticket:
        """The ticket after the message; as it is where there is nothing to say. Once for each request, also when what
        the macro or the ticket says has changed since. Raises what posting a message raises."""
        if not (text := text_on(macro, ticket, caller)):
            return ticket

        def writer(found: Ticket) -> Author:
            return author(caller, require_staff(caller, found))

        return await self.conversation.post(ticket.id, text, writer, False, caller.origin, writer)


def macros_in(store: KeptStore[Macro]) -> Keeping[Macro]:
    return Keeping(store, "M", MOST_OWN, MOST_SHARED)


def text_on(macro: Macro, ticket: Ticket, caller: Caller) -> str:
    """In the language of the customer."""
    language = ticket.contact.language
    stage, problem = Stage.of(ticket.stage), ticket.problem
    values = {
        "ticket.number": ticket.id,
        "ticket.title": problem.title,
        "ticket.product": problem.product,
        "ticket.product_version": problem.product_version,
        "ticket.module": problem.module,
        "ticket.status": stage.status.label.in_(language),
        "ticket.stage": stage.label.in_(language),
        "ticket.assignee": ticket.assignee_name,
        "contact.name": ticket.contact.name,
        "contact.company": ticket.company,
        "agent.name": caller.principal.name or caller.sub,
    }
    return filled(macro.text_in(language), values)


def require_staff(caller: Caller, ticket: Ticket) -> Scope:
    """Whoever is its customer says what they say themselves. Raises Forbidden, NotFound."""
    scope = check_access(caller, "message:post", ticket)
    if scope is not Scope.ALL:
        raise Forbidden("Macros are not applied to tickets of one's own", "不能对自己提交的工单使用宏")
    return scope

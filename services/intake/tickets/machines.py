"""Machine clients: a token with the role `service` and no other opens tickets for customers and posts their words,
under ids of its own, by which a repetition is known."""

from dataclasses import replace

from services.intake.tickets.domain import Ticket
from services.intake.tickets.values import Author
from shared.auth import Principal
from shared.domain import Forbidden, Invalid, Origin
from shared.terms import Role


def is_machine(who: Principal) -> bool:
    return who.roles == {Role.SERVICE}


def origin_of(who: Principal, by: Origin, what: str, external_id: str) -> Origin:
    """By it the same thing happens once. Raises Invalid for a machine that names no id, and for people who name one."""
    if not is_machine(who):
        if external_id:
            raise Invalid(
                "Only machine clients have external IDs", "只有系统对接账号可以使用外部编号", "body.external_id"
            )
        return by
    if not external_id:
        raise Invalid("`external_id` is required", "`external_id` 为必填项", "body.external_id")
    return replace(by, key=f"{who.sub} {what}/{external_id}")


def author_of(who: Principal, ticket: Ticket) -> Author:
    """What a machine writes are the customer's words. Raises Forbidden on tickets that it did not open."""
    if ticket.taken_by != who.sub:
        raise Forbidden("A machine client posts on the tickets that it opened", "系统对接账号只能在其提交的工单上留言")
    return Author.of(ticket.contact, recorded_by=who.sub)

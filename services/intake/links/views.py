"""Asking for a link, and the answer to that."""

from typing import Literal

from shared.http import Body, View, example
from shared.terms import OptionalLine


class NewLink(Body):
    model_config = example(action="accept_solution")

    action: Literal["accept_solution", "reject_solution", "give_feedback", "give_consent", "answer_questions"]
    """What the customer can do with it"""
    tool: OptionalLine = ""
    """Of a consent: the only tool that may be used; empty: any approved one"""
    purpose: OptionalLine = ""
    """Of a consent: what it is for"""


class LinkSent(View):
    action: str
    """What the customer can do with it"""
    round: int
    """The round that it ends with"""
    sent_to: str
    """The contact's own address, masked: of mail, or in a messenger (`wecom: z***`)"""

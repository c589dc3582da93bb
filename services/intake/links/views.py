"""Asking for a link, and the answer to that."""

from typing import Literal

from shared.http import Body, View, example


class NewLink(Body):
    model_config = example(action="accept_solution")

    action: Literal["accept_solution", "reject_solution", "give_feedback", "give_consent"]
    """What the customer can do with it"""


class LinkSent(View):
    action: str
    """What the customer can do with it"""
    round: int
    """The round that it ends with"""
    sent_to: str
    """The contact's own email address, masked"""

"""Asking for a link, and the answer to that."""

from typing import Literal

from pydantic import BaseModel

from shared.http import Body


class NewLink(Body):
    action: Literal["accept_solution", "reject_solution", "give_feedback", "give_consent"]


class LinkSent(BaseModel):
    """`sent_to` is the contact's own email address, masked."""

    action: str
    round: int
    sent_to: str

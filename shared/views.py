"""What several services show alike."""

from datetime import datetime

from pydantic import Field

from shared.http.models import View


class ProblemView(View):
    """What is known of a problem."""

    title: str
    """What it is, in a line"""
    description: str
    """In the words of whoever reported it"""
    product: str
    """The product that it is about"""
    product_version: str
    """The version of the product"""
    module: str
    """The part of the product"""
    environment: str
    """Operating system, browser, database and whatever else it runs in"""
    steps: str
    """How to make it happen again"""
    error_text: str
    """Messages and stack traces"""
    users_affected: int | None
    """How many people cannot work; null if nobody said"""
    business_blocked: bool | None
    """Whether business stands still; null if nobody said"""
    custom_fields: dict[str, str] = Field(default_factory=dict)
    """What the desk's ticket forms ask for besides, by the key of the field"""


class SolutionRoundView(View):
    """One round of double verification: the desk's own, then the customer's."""

    round: int
    """From 1"""
    solution: str
    """What was proposed"""
    root_cause: str
    """The cause that was found"""
    steps: str
    """How the desk verified it for itself"""
    result: str
    """How that went"""
    verified_by: str
    """The engineer who did, as a subject"""
    verified_at: datetime | None
    """When the desk verified it"""
    accepted: bool | None
    """The customer's word in production; null until they said it"""
    comment: str
    """What the customer added"""
    answered_at: datetime | None
    """When they said it"""
    article: str
    """The id of the knowledge article that was used; empty if none was"""
    recorded_by: str
    """Who wrote the customer's word down when they said it on the telephone"""
    confirmed_by: str
    """The colleague who confirmed that"""

"""What every `api.py` stands on: the caller and their permissions, bodies, pages and versions."""

from shared.http.caller import Caller, may, repeatable, service
from shared.http.etag import tagged
from shared.http.models import EMPTY_IS_NONE, WORDS, After, Body, Limit, Page, Sort, Sorted, View, example

__all__ = [
    "EMPTY_IS_NONE",
    "WORDS",
    "After",
    "Body",
    "Caller",
    "Limit",
    "Page",
    "Sort",
    "Sorted",
    "View",
    "example",
    "may",
    "repeatable",
    "service",
    "tagged",
]

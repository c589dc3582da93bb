"""What every `api.py` stands on: the caller and their permissions, bodies, pages and versions."""

from shared.http.caller import Caller, May, caller_of, may, repeatable, service
from shared.http.etag import tagged
from shared.http.models import EMPTY_IS_NONE, WORDS, After, Body, Limit, Page, Sort, Sorted, View, example
from shared.http.problems import code_of

__all__ = [
    "EMPTY_IS_NONE",
    "WORDS",
    "After",
    "Body",
    "Caller",
    "Limit",
    "May",
    "Page",
    "Sort",
    "Sorted",
    "View",
    "caller_of",
    "code_of",
    "example",
    "may",
    "repeatable",
    "service",
    "tagged",
]

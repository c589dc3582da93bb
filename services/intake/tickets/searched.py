"""What of a ticket is searched, by whom, and in which words it is asked for."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.search.entries import Entry
from shared.search.schema import Fields
from shared.terms import Priority, Stage
from shared.texts import plain

HEAD, SAID, NOTED = "head", "said", "noted"
PUBLIC = (HEAD, SAID)  # what the customer may read
OPENED, CHANGED, COMPLETED, URGENCY = "opened", "changed", "completed", "urgency"
KEYWORDS = (
    "owner",
    "company",
    "customer",
    "contact",
    "phone",
    "status",
    "stage",
    "waiting_for",
    "category",
    "priority",
    "channel",
    "product",
    "product_version",
    "module",
    "assignee",
    "satisfaction",
    "outcome",
    "fingerprint",
)
FIELDS = Fields(texts=(HEAD, SAID, NOTED), keywords=KEYWORDS, numbers=(OPENED, CHANGED, COMPLETED, URGENCY))
READ = (  # of a document
    "version",
    "problem",
    "customer",
    "customer_name",
    "company",
    "contact",
    "channel",
    "external",
    "stage",
    "waiting_for",
    "category",
    "priority",
    "assignee",
    "assignee_name",
    "messages",
    "attachments",
    "rounds",
    "phone_verifications",
    "call_back",
    "fingerprints",
    "satisfaction",
    "feedback_comment",
    "second_plan",
    "outcome",
    "outcome_reason",
    "opened_at",
    "completed_at",
    "_changed",
)
MAX_SAID = 64_000  # characters of what is said on a ticket that are searched: the description, then the newest words
KEYWORD_CHARACTERS = 300
LEAST_DIGITS = 4
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND, SECOND = timedelta(milliseconds=1), timedelta(seconds=1)
TIE_BITS, TIE_DIGITS = 20, 6  # which hold the last digits of a number
RANKED = [one.value for one in (Priority.NORMAL, Priority.HIGH, Priority.URGENT)]
URGENCY_BITS = 56  # above those of moments in seconds
_NO_DIGIT = re.compile(r"\D")

Row = Mapping[str, Any]
Texts = Iterator[tuple[str, str]]  # with the names of their fields


def entry_of(row: Row) -> Entry:
    """Of a document with the fields of `READ`."""
    opened, completed = row["opened_at"], row.get("completed_at")
    numbers = {
        OPENED: sort_key(opened, row["id"]),
        CHANGED: sort_key(row.get("_changed") or opened, row["id"]),
        URGENCY: urgency_key(row.get("priority") or "", opened, row["id"]),
    }
    if completed:
        numbers[COMPLETED] = sort_key(completed, row["id"])
    texts = {
        HEAD: joined(heads(row)),
        SAID: joined(public_texts(row)),
        NOTED: joined(internal_texts(row)),
    }
    return Entry(row["id"], row["version"], texts, _keywords(row), numbers)


def heads(row: Row) -> Texts:
    """What a ticket is called and whose it is: what is found here is found first."""
    contact, problem = row["contact"], row["problem"]
    yield "title", problem["title"]
    yield "ticket", row["id"]
    external = row.get("external") or {}
    yield "external.number", external.get("number") or ""
    yield "external.tags", "\n".join(external.get("tags") or ())
    yield "company", row["company"]
    yield "customer_name", row.get("customer_name") or ""
    for name in ("name", "email", "phone"):
        yield f"contact.{name}", contact.get(name) or ""
    for name in ("product", "product_version", "module"):
        yield name, problem.get(name) or ""
    yield "assignee_name", row.get("assignee_name") or ""


def public_texts(row: Row) -> Texts:
    """What else the customer may read, in the order in which it counts."""
    problem = row["problem"]
    for name in ("description", "error_text", "environment", "steps"):
        yield name, problem.get(name) or ""
    for name, said in (problem.get("custom_fields") or {}).items():
        yield f"custom_fields.{name}", said
    for one in row.get("rounds") or ():
        yield "solution", one["solution"]
        yield "comment", one.get("comment") or ""
    yield "feedback_comment", row.get("feedback_comment") or ""
    yield "second_plan", row.get("second_plan") or ""
    yield "outcome_reason", row.get("outcome_reason") or ""
    for one in row.get("attachments") or ():
        if not one.get("internal"):
            yield "attachment", one["name"]
    for one in row.get("phone_verifications") or ():
        yield "phone_verification", f"{one['number']} {one['words']}"
    for one in reversed(row.get("messages") or ()):
        if not one.get("internal"):
            yield "message", one["text"]


def internal_texts(row: Row) -> Texts:
    """What only staff read."""
    for one in row.get("rounds") or ():
        for name in ("root_cause", "steps", "result"):
            yield name, one.get(name) or ""
    if call_back := row.get("call_back"):
        yield "call_back", f"{call_back['cause']} {call_back['notes']}"
    for one in reversed(row.get("messages") or ()):
        if one.get("internal"):
            yield "note", one["text"]


def joined(texts: Texts) -> str:
    found: list[str] = []
    left = MAX_SAID
    for _, text in texts:
        found.append(text[:left])
        left -= len(text)
        if left <= 0:
            break
    return "\n".join(found)


def keyword(text: str) -> str:
    """As values are compared: without regard to width and case."""
    return plain(text.strip(), KEYWORD_CHARACTERS).lower()


def phone_keyword(text: str) -> str:
    """The digits of a telephone number without country and trunk prefix; so it is found however it is written."""
    digits = _NO_DIGIT.sub("", text)
    if digits.startswith("0086"):
        digits = digits[4:]
    elif digits.startswith("86") and len(digits) > 10:
        digits = digits[2:]
    return digits.lstrip("0")[-20:]


def sort_key(moment: datetime, id: str = "", unit: timedelta = MILLISECOND) -> int:
    """By moment, those of one moment by their number: whoever sorts by it can stop between any two."""
    tie = int(_NO_DIGIT.sub("", id)[-TIE_DIGITS:] or 0)
    return ((moment - EPOCH) // unit << TIE_BITS) + tie


def urgency_key(priority: str, opened: datetime, id: str) -> int:
    """The higher the more urgent; of one priority the later one. What has no priority yet comes last, with those that
    this release does not know."""
    rank = RANKED.index(priority) + 1 if priority in RANKED else 0
    return (rank << URGENCY_BITS) + sort_key(opened, id, SECOND)


def _keywords(row: Row) -> dict[str, Sequence[str]]:
    problem, contact = row["problem"], row["contact"]
    found: dict[str, Sequence[str]] = {
        "owner": [contact.get("sub") or ""],
        "company": [row["company"]],
        "customer": [row["customer"]],
        "contact": _several(keyword(contact.get(name) or "") for name in ("name", "sub", "email", "address")),
        "phone": _ends(phone_keyword(contact.get("phone") or "")),
        "status": [Stage.of(row["stage"]).status.value],
        "assignee": [row.get("assignee") or ""],
        "fingerprint": row.get("fingerprints") or (),
    }
    for name in ("stage", "waiting_for", "category", "priority", "channel", "satisfaction", "outcome"):
        found[name] = [row[name]] if row.get(name) else []
    for name in ("product", "product_version", "module"):
        found[name] = [keyword(problem[name])] if problem.get(name) else []
    return found


def _several(values: Iterator[str]) -> list[str]:
    return list(dict.fromkeys(value for value in values if value))


def _ends(digits: str) -> list[str]:
    return [digits[at:] for at in range(len(digits) - LEAST_DIGITS + 1)]

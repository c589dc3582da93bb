"""What schemathesis loads into its own process: the rules of ours that no schema says, in both languages.

`BIHUAN_CONFORM_SEEN` names the file in which each answer leaves a line: the operation and the status.
"""

import json
import os
import re
from itertools import count
from pathlib import Path
from typing import Any

import schemathesis

PROBLEM = "application/problem+json"
KNOWN = frozenset(json.loads(os.environ["BIHUAN_CONFORM_PROBLEMS"]))
SEEN = Path(os.environ["BIHUAN_CONFORM_SEEN"]).open("a", encoding="utf-8")  # noqa: SIM115, as long as the process
# What callers write, and the language of ours that they get; their token names none.
LANGUAGES = {"zh": "zh", "en": "en", "fr,zh;q=0.9": "zh", "de, en-GB;q=0.8, zh;q=0.1": "en"}
CHINESE = re.compile("[一-鿿]")
SHORTEST_BOUND = 200  # characters, of one line
UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\s]")
KEY, LONGEST_KEY = re.compile(r"[\x21-\x7e]+"), 180
NUMBERS = ("sequence", "part", "number", "year")
turn = count()


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
    number = next(turn)
    case.headers["Accept-Language"] = list(LANGUAGES)[number % len(LANGUAGES)]
    key = case.headers.get("Idempotency-Key", "")
    if KEY.fullmatch(key) and len(key) < LONGEST_KEY:  # used twice, it would be refused for that alone
        case.headers["Idempotency-Key"] = f"{key}-{number}"
    if case.headers.get("If-Match", "").isdigit():  # meant to be no text, but on the wire it is a version
        case.headers["If-Match"] = "[]"
    for name, value in (case.path_parameters or {}).items():
        # The same; and another may have made a calendar "0". Any text may be somebody's subject but a service's.
        if name not in NUMBERS and str(value).isdigit():
            case.path_parameters[name] = f"service:{value}" if name in ("engineer", "subject") else f"{value}~"
    case.body = without_unseen(case.body)


def without_unseen(value: Any) -> Any:
    """Long texts are as long as they look: what the desk leaves out before it counts (control characters, blanks at
    the ends) would make a text that is one too long a good one."""
    if isinstance(value, dict):
        return {name: without_unseen(one) for name, one in value.items()}
    if isinstance(value, list):
        return [without_unseen(one) for one in value]
    if isinstance(value, str) and len(value) > SHORTEST_BOUND:
        return UNSEEN.sub("x", value)
    return value


@schemathesis.hook
def after_call(context: Any, case: Any, response: Any) -> None:
    print(case.method, case.operation.path, response.status_code, sep="\t", file=SEEN, flush=True)


def header(response: Any, name: str) -> str:
    return str(response.headers.get(name, [""])[0])


@schemathesis.check
def error_is_a_problem(ctx: Any, response: Any, case: Any) -> None:
    """RFC 9457, with a type that we know; only the pages behind customers' links tell people in HTML."""
    if response.status_code < 400 or response.request.method == "HEAD":
        return
    kind = header(response, "content-type").partition(";")[0]
    if kind == "text/html" and "/links/" in case.path:
        return
    assert kind == PROBLEM, f"an error of type {kind!r}"
    problem = json.loads(response.content)
    assert problem["type"] in KNOWN, f"an unknown problem: {problem['type']}"
    assert problem["type"] == f"urn:bihuan:problem:{problem['code']}", "a type and a code that are not one"
    assert problem["status"] == response.status_code, "another status in the problem than in the answer"
    assert problem["title"], "a problem without a title"
    assert problem["detail"], "a problem without a detail"
    assert problem["instance"].removeprefix("urn:bihuan:request:"), "a problem without the request's number"
    if response.status_code == 422 and "errors" in problem:
        assert problem["errors"], "no field is named"
        assert all(one["field"] and one["message"] for one in problem["errors"]), "a field without a message"


@schemathesis.check
def error_says_how_to_go_on(ctx: Any, response: Any, case: Any) -> None:
    """RFC 9110: how to sign in, which methods there are, when to come back."""
    wanted = {401: "www-authenticate", 405: "allow", 429: "retry-after", 503: "retry-after"}
    if (name := wanted.get(response.status_code)) is not None:
        assert header(response, name), f"{response.status_code} without {name}"


@schemathesis.check
def error_is_in_the_language_asked_for(ctx: Any, response: Any, case: Any) -> None:
    """The gateway, which cannot know, says it in both."""
    asked = response.request.headers.get("Accept-Language")
    if asked not in LANGUAGES or header(response, "content-type") != PROBLEM or not response.content:
        return
    title, got = json.loads(response.content)["title"], header(response, "content-language")
    assert got in ("", LANGUAGES[asked]), f"{asked} is answered in {got}"
    assert (CHINESE.search(title) is not None) == (got != "en"), f"{asked} is answered with {title!r}"

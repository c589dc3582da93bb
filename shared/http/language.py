"""Which of our two languages a request is answered in (RFC 9110, 12.5.4)."""

from fastapi import Request

from shared.auth import Principal

OURS = ("zh", "en")
MOST_WISHES = 20


def language_of(request: Request, principal: Principal | None = None) -> str:
    """`zh` or `en`: what the request prefers, else what the person does, else English."""
    wishes = [request.headers.get("accept-language", "")]
    wishes += [principal.language] if principal else []
    return next((language for wish in wishes if (language := preferred(wish))), "en")


def preferred(accepted: str) -> str:
    """The language of ours that an Accept-Language header wants most, of equals the first; empty if it wants none."""
    best, weight = "", 0.0
    for wish in accepted.lower().split(",", MOST_WISHES)[:MOST_WISHES]:
        tag, _, more = wish.partition(";")
        language = tag.strip().partition("-")[0]
        if language in OURS and (wanted := _weight(more)) > weight:
            best, weight = language, wanted
    return best


def _weight(more: str) -> float:
    name, _, value = more.partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return min(max(float(value), 0.0), 1.0)
    except ValueError:
        return 0.0

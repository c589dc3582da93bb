"""Versions over HTTP: `ETag` in answers, `If-Match` in requests."""

import re
from typing import Any

from fastapi import Response

from shared.domain import Aggregate, Invalid

ETAG = re.compile(r'(W/)?(?P<quote>"?)(?P<version>[0-9]+)(?P=quote)')
ETAG_SCHEMA: dict[str, Any] = {"pattern": r'^(\*|(W/)?("[0-9]+"|[0-9]+))$'}  # for the contract


def version_of(if_match: str | None) -> int | None:
    """The version that an ETag of ours stands for; one with more digits than we ever give matches nothing."""
    if if_match is None or if_match.strip() == "*":
        return None
    if not (found := ETAG.fullmatch(if_match.strip())):
        raise Invalid(
            "`If-Match` must be an ETag returned by this service",
            "`If-Match` 必须是本服务返回的 ETag",
            "header.if-match",
        )
    return int(found["version"][:18])


def tagged(response: Response, aggregate: Aggregate) -> None:
    response.headers["ETag"] = f'"{aggregate.version}"'

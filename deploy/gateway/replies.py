"""What the gateway answers by itself: problem details (RFC 9457) in the language that the caller names first, English
where none of ours is named, as the services do."""

import json
from typing import NamedTuple

from shared.terms import Text

# Languages that are not ours, then `zh`: RE2 looks neither ahead nor behind.
CHINESE_FIRST = r"(?i)\s*(?:(?:[^ez,\s]|e[^n,]|z[^h,])[^,]*,\s*)*zh(?:[-;,\s].*)?"
# Of every answer, unless the service said otherwise.
SECURITY = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
}
HTTPS_ONLY = {"strict-transport-security": "max-age=31536000"}


class Reply(NamedTuple):
    """`above`: also every status above this one."""

    status: int
    code: str
    title: Text
    detail: Text
    above: bool = False


REPLIES = (
    Reply(
        400,
        "malformed",
        Text("Bad request", "请求格式有误"),
        Text("The address or headers are not valid HTTP.", "请求的地址或请求头不符合 HTTP 规范。"),
    ),
    Reply(
        401,
        "unauthenticated",
        Text("Authentication required", "请先登录"),
        Text("The token is missing, expired, or was not issued for Bihuan.", "令牌缺失、已过期或不是为闭环签发的。"),
    ),
    Reply(
        403,
        "forbidden",
        Text("Permission denied", "没有权限"),
        Text("The token was not issued for Bihuan.", "该令牌不是为闭环签发的。"),
    ),
    Reply(
        404,
        "not-found",
        Text("Not found", "请求的地址不存在"),
        Text("See /docs for the available addresses.", "可用地址见 /docs。"),
    ),
    Reply(
        408,
        "too-slow",
        Text("Request timeout", "请求超时"),
        Text("The request did not arrive in time; please try again.", "请求未在规定时间内到达，请重试。"),
    ),
    Reply(
        413,
        "too-large",
        Text("Too large", "内容过大"),
        Text(
            "A request may have up to 1 MiB, an attachment up to 25 MiB.", "请求不得超过 1 MiB，附件不得超过 25 MiB。"
        ),
    ),
    Reply(
        429,
        "too-many-requests",
        Text("Too many requests", "请求过多"),
        Text("Please try again in a second.", "请稍后重试。"),
    ),
    Reply(
        431,
        "headers-too-large",
        Text("Headers too large", "请求头过大"),
        Text("The headers of a request may have up to 60 KiB.", "请求头总计不得超过 60 KiB。"),
    ),
    Reply(
        502,
        "unavailable",
        Text("Service unavailable", "服务暂时不可用"),
        Text("It may be restarting; please try again shortly.", "服务可能正在重启，请稍后重试。"),
        above=True,
    ),
)


def mappers(headers: dict[str, str]) -> str:
    """Envoy's, as JSON: of each reply the Chinese one, then, for everybody else, the English one."""
    found = []
    for one in REPLIES:
        for language in ("zh", "en"):
            found.append(
                {
                    "filter": _filter(one, language),
                    "body_format_override": {
                        "content_type": "application/problem+json",
                        "json_format": {
                            "type": f"urn:bihuan:problem:{one.code}",
                            "code": one.code,
                            "title": one.title.in_(language),
                            "status": "%RESPONSE_CODE%",
                            "detail": one.detail.in_(language),
                            "instance": "urn:bihuan:request:%REQ(X-REQUEST-ID)%",
                        },
                    },
                    "headers_to_add": added({**headers, "content-language": language}),
                }
            )
    return json.dumps(found, ensure_ascii=False)


def _filter(one: Reply, language: str) -> object:
    comparison = {
        "op": "GE" if one.above else "EQ",
        "value": {"default_value": one.status, "runtime_key": f"bihuan.{one.status}"},
    }
    status = {"status_code_filter": {"comparison": comparison}}
    if language == "en":
        return status
    wish = {"name": "accept-language", "string_match": {"safe_regex": {"regex": CHINESE_FIRST}}}
    return {"and_filter": {"filters": [status, {"header_filter": {"header": wish}}]}}


def added(headers: dict[str, str]) -> list[object]:
    return [
        {"header": {"key": key, "value": value}, "append_action": "ADD_IF_ABSENT"} for key, value in headers.items()
    ]

"""What is wrong with a field, in both languages: one entry for each kind of pydantic's errors that input can cause.

Names in braces stand for the limits of the error's context.
"""

from collections.abc import Mapping
from typing import Any

from shared.terms import Text, Wrong

NUMBER = Text("must be a number", "必须是数字")
WHOLE = Text("must be a whole number", "必须是整数")
YES_OR_NO = Text("must be true or false", "必须是 true 或 false")
DAY = Text("must be a date such as 2026-03-02", "必须是日期，例如 2026-03-02")
MOMENT = Text("must be a moment such as 2026-03-02T12:00:00+08:00", "必须是时间，例如 2026-03-02T12:00:00+08:00")
TIME = Text("must be a time such as 09:30", "必须是时刻，例如 09:30")
OBJECT = Text("must be an object", "必须是 JSON 对象")
WORDS = Text("must be a text", "必须是文本")
CHOICE = Text("must be {expected}", "必须是以下值之一：{expected}")
OTHER = Text("is not valid", "值无效")

MESSAGES: Mapping[str, Text] = {
    "missing": Text("is missing", "缺少此项"),
    "extra_forbidden": Text("is not known here", "没有这个字段"),
    "json_invalid": Text("is not JSON: {error}", "不是有效的 JSON（{error}）"),
    "json_type": Text("is not JSON", "不是有效的 JSON"),
    "string_type": WORDS,
    "string_unicode": Text("must be a text in Unicode", "必须是有效的 Unicode 文本"),
    "string_too_short": Text("must have {min_length} characters or more", "至少需要 {min_length} 个字符"),
    "string_too_long": Text("may have {max_length} characters at most", "不得超过 {max_length} 个字符"),
    "string_pattern_mismatch": Text("does not have the right form ({pattern})", "格式不正确（{pattern}）"),
    "string_not_ascii": Text("may have ASCII characters only", "只能包含 ASCII 字符"),
    "too_short": Text("must have {min_length} entries or more", "至少需要 {min_length} 项"),
    "too_long": Text("may have {max_length} entries at most", "不得超过 {max_length} 项"),
    "bytes_type": Text("must be a file", "必须是文件"),
    "enum": CHOICE,
    "literal_error": CHOICE,
    "int_type": WHOLE,
    "int_parsing": WHOLE,
    "int_from_float": WHOLE,
    "int_parsing_size": Text("has too many digits", "数字位数过多"),
    "float_type": NUMBER,
    "float_parsing": NUMBER,
    "decimal_type": NUMBER,
    "decimal_parsing": NUMBER,
    "finite_number": Text("must be a finite number", "必须是有限的数字"),
    "multiple_of": Text("must be a multiple of {multiple_of}", "必须是 {multiple_of} 的倍数"),
    "greater_than": Text("must be more than {gt}", "必须大于 {gt}"),
    "greater_than_equal": Text("must be {ge} or more", "不得小于 {ge}"),
    "less_than": Text("must be less than {lt}", "必须小于 {lt}"),
    "less_than_equal": Text("may be {le} at most", "不得大于 {le}"),
    "bool_type": YES_OR_NO,
    "bool_parsing": YES_OR_NO,
    "date_type": DAY,
    "date_parsing": DAY,
    "date_from_datetime_parsing": DAY,
    "date_from_datetime_inexact": DAY,
    "datetime_type": MOMENT,
    "datetime_parsing": MOMENT,
    "datetime_from_date_parsing": MOMENT,
    "datetime_object_invalid": MOMENT,
    "timezone_aware": Text("must say its time zone, such as +08:00", "必须带时区，例如 +08:00"),
    "time_type": TIME,
    "time_parsing": TIME,
    "list_type": Text("must be a list", "必须是列表"),
    "tuple_type": Text("must be a list", "必须是列表"),
    "set_type": Text("must be a list", "必须是列表"),
    "dict_type": OBJECT,
    "model_type": OBJECT,
    "model_attributes_type": OBJECT,
    "mapping_type": OBJECT,
    "invalid_key": Text("must have texts for keys", "键必须是文本"),
    "union_tag_invalid": Text(
        "{discriminator} must be one of {expected_tags}", "{discriminator} 必须是 {expected_tags} 之一"
    ),
    "union_tag_not_found": Text("must have {discriminator}", "缺少 {discriminator}"),
    "none_required": Text("must be null", "必须为 null"),
    "url_type": Text("must be an address", "必须是网址"),
    "url_parsing": Text("must be an address", "必须是网址"),
    "url_scheme": Text("must begin with {expected_schemes}", "必须以 {expected_schemes} 开头"),
    "url_too_long": Text("may have {max_length} characters at most", "不得超过 {max_length} 个字符"),
    "uuid_parsing": Text("must be a UUID", "必须是 UUID"),
    # our own
    "email_address": Text("must be an address such as name@example.com", "必须是邮件地址，例如 name@example.com"),
    "moment": Text("must lie between the years 1970 and 2200", "必须在 1970 年至 2200 年之间"),
    "subject": Text("must be the subject of a person who signs in", "必须是可登录人员的标识（sub）"),
    "page": Text("must be the `next` of a page before", "必须是上一页给出的 next"),
}


def message(error: Mapping[str, Any]) -> Text:
    """For one of `ValidationError.errors()`. What a validator of ours said, or our words, or, last, pydantic's."""
    context = error.get("ctx") or {}
    if isinstance(said := context.get("error"), Wrong):
        return said.said
    known = MESSAGES.get(str(error["type"]))
    if known is None:
        return Text(str(error["msg"]).removeprefix("Value error, ")[:300], OTHER.zh)
    en, zh = (words.format_map(_Given(context))[:300] for words in known)
    return Text(en, zh.replace("' or '", "' 或 '"))


class _Given(dict[str, Any]):
    """Whole numbers without a point, and a sign for what is not given."""

    def __getitem__(self, name: str) -> Any:
        value = self.get(name, "…")
        return int(value) if isinstance(value, float) and value.is_integer() else value

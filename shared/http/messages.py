"""What is wrong with a field, in both languages: one entry for each kind of pydantic's errors that input can cause.

Names in braces stand for the limits of the error's context.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.terms import InvalidValue, Text

LONGEST_FIELD = 200  # characters
NUMBER = Text("must be a number", "必须是数字")
WHOLE = Text("must be an integer", "必须是整数")
YES_OR_NO = Text("must be true or false", "必须是 true 或 false")
DAY = Text("must be a date such as 2026-03-02", "必须是日期，例如 2026-03-02")
MOMENT = Text("must be a date-time such as 2026-03-02T12:00:00+08:00", "必须是日期时间，例如 2026-03-02T12:00:00+08:00")
TIME = Text("must be a time such as 09:30", "必须是时间，例如 09:30")
OBJECT = Text("must be an object", "必须是 JSON 对象")
STRING = Text("must be a string", "必须是文本")
CHOICE = Text("must be {expected}", "必须是 {expected}")
OTHER = Text("is invalid", "无效")
EMPTY = Text("must not be empty", "不能为空")

MESSAGES: Mapping[str, Text] = {
    "missing": Text("is required", "为必填项"),
    "extra_forbidden": Text("is not recognized", "无法识别"),
    "json_invalid": Text("is not valid JSON: {error}", "不是有效的 JSON（{error}）"),
    "json_type": Text("is not valid JSON", "不是有效的 JSON"),
    "string_type": STRING,
    "string_unicode": Text("must be valid Unicode", "必须是有效的 Unicode 文本"),
    "string_too_short": Text("must have at least {min_length} characters", "至少需要 {min_length} 个字符"),
    "string_too_long": Text("must have at most {max_length} characters", "不得超过 {max_length} 个字符"),
    "string_pattern_mismatch": Text("must match {pattern}", "格式不正确，应匹配 {pattern}"),
    "string_not_ascii": Text("must contain ASCII characters only", "只能包含 ASCII 字符"),
    "too_short": Text("must have at least {min_length} items", "至少需要 {min_length} 项"),
    "too_long": Text("must have at most {max_length} items", "不得超过 {max_length} 项"),
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
    "finite_number": Text("must be a finite number", "必须是有限数值"),
    "multiple_of": Text("must be a multiple of {multiple_of}", "必须是 {multiple_of} 的倍数"),
    "greater_than": Text("must be greater than {gt}", "必须大于 {gt}"),
    "greater_than_equal": Text("must be {ge} or greater", "不得小于 {ge}"),
    "less_than": Text("must be less than {lt}", "必须小于 {lt}"),
    "less_than_equal": Text("must be {le} or less", "不得大于 {le}"),
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
    "timezone_aware": Text("must have a time zone offset such as +08:00", "必须带时区，例如 +08:00"),
    "time_type": TIME,
    "time_parsing": TIME,
    "list_type": Text("must be a list", "必须是列表"),
    "tuple_type": Text("must be a list", "必须是列表"),
    "set_type": Text("must be a list", "必须是列表"),
    "dict_type": OBJECT,
    "model_type": OBJECT,
    "model_attributes_type": OBJECT,
    "mapping_type": OBJECT,
    "invalid_key": Text("must have strings as keys", "的键必须是文本"),
    "union_tag_invalid": Text(
        "must have a {discriminator} that is one of {expected_tags}", "的 {discriminator} 必须是 {expected_tags} 之一"
    ),
    "union_tag_not_found": Text("must have a {discriminator}", "缺少 {discriminator}"),
    "none_required": Text("must be null", "必须为 null"),
    "url_type": Text("must be a URL", "必须是网址"),
    "url_parsing": Text("must be a URL", "必须是网址"),
    "url_scheme": Text("must start with {expected_schemes}", "必须以 {expected_schemes} 开头"),
    "url_too_long": Text("must have at most {max_length} characters", "不得超过 {max_length} 个字符"),
    "uuid_parsing": Text("must be a UUID", "必须是 UUID"),
    # our own
    "email_address": Text("must be an email address such as name@example.com", "必须是邮箱地址，例如 name@example.com"),
    "moment": Text("must be between the years 1970 and 2200", "必须在 1970 年至 2200 年之间"),
    "subject": Text("must be the subject (sub) of a user", "必须是用户标识（sub）"),
}


def sentence(error: Mapping[str, Any]) -> Text:
    """One of `ValidationError.errors()`, with the name of the field: "`customer.name` is required"."""
    name, said = _name(error["loc"]), message(error)
    between = " " if str(error["type"]) in MESSAGES else ": "
    return Text(f"`{name}`{between}{said.en}", f"`{name}`{between}{said.zh}")


def message(error: Mapping[str, Any]) -> Text:
    """The same without the name. What a validator of ours said, or our words, or, last, pydantic's."""
    context = error.get("ctx") or {}
    if isinstance(said := context.get("error"), InvalidValue):
        return said.text
    known = MESSAGES.get(str(error["type"]))
    if known is None:
        return Text(str(error["msg"]).removeprefix("Value error, ")[:300], OTHER.zh)
    if context.get("min_length") == 1:
        known = EMPTY
    en, zh = (words.format_map(_Given(context))[:300] for words in known)
    return Text(en, zh.replace("' or '", "' 或 '"))


def _name(loc: Sequence[object]) -> str:
    """`customer.name` of `body`, `customer`, `name`; the body itself is `body`, also where its JSON breaks off."""
    names = [str(part) for part in loc]
    if len(names) > 1 and not (names[0] == "body" and len(names) == 2 and names[1].isdigit()):
        names = names[1:]
    else:
        names = names[:1]
    return ".".join(names)[:LONGEST_FIELD].encode("utf-8", "replace").decode()


class _Given(dict[str, Any]):
    """Whole numbers without a point, and a sign for what is not given."""

    def __getitem__(self, name: str) -> Any:
        value = self.get(name, "…")
        return int(value) if isinstance(value, float) and value.is_integer() else value

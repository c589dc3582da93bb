"""Answers in free text without numbers (P1.3): each piece of a message goes to the one open question whose kind of
answer it is. What could belong to two questions, or answers one in two ways, answers none."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from services.intake.forms.domain import AppliedForm
from services.intake.forms.fields import BUILT_IN, NO, YES, FieldKind, FormField
from shared.reading.characters import plain
from shared.reading.clauses import clauses_of, own_words
from shared.reading.users import number_in_words
from shared.usual_answers import USUAL_ANSWERS

MOST_QUESTIONS = 3  # of more, a message that counts nothing answers none clearly
LONGEST, LONGEST_PIECE = 4_000, 200  # characters of a message, and of what answers one question
LABELLED = re.compile(
    r"^[ \t\u3000]{0,9}[-*·•]?[ \t\u3000]{0,9}([^:：=\n]{1,40})[:：=][ \t\u3000]{0,9}(\S[^\n]{0,2000})$"
)
LEAD = re.compile(
    r"^(?:(?:我们|我|这边|目前|现在|当前)?(?:使用|用|选择|选|属于|是|为)(?:的是|的|了)?"
    r"|(?:we |i )?(?:are |am )?(?:using|use|run|have|choose|it is|it's|is)(?: an?| the)? ) {0,3}",
    re.IGNORECASE,
)
AMOUNT = re.compile(
    r"(?:大概|大约|约|一共|总共|共|有|是|about|around|roughly)? {0,3}"
    r"(-?\d{1,15}(?:\.\d{1,9})?|[一二两三四五六七八九十百千万]{1,8})"
    r" {0,3}(?:个|名|位)?([A-Za-z\u4e00-\u9fff]{0,12})",
    re.IGNORECASE,
)
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
WORD = re.compile(r"[A-Za-z0-9_.\-/]{2,200}")
MODULE = re.compile(
    r"(?:是|在|问题在|出现在)?([A-Za-z0-9\u4e00-\u9fff]{2,20}(?:模块|页面|界面|菜单))(?:里面?|中|上|下)?"
    r"|(?:it is |it's |it happens )?(?:in|on)? ?(?:the )?"
    r"([A-Za-z][A-Za-z0-9 &/-]{1,40} (?:module|page|screen|menu|tab))",
    re.IGNORECASE,
)
NO_MODULE = re.compile(
    r"没|不|哪|这|那|某|所有|全部|各|换|其他|(?<![a-z])(?:no|not|which|this|that|any|all|every|each|some|other|same)(?![a-z])",
    re.IGNORECASE,
)
NO_ERROR = re.compile(
    r"(?:并?没有?|无|未)(?:任何|什么|出现|看到|显示|弹出|具体|明确|的){0,3}(?:报错|错误|异常|提示)(?:信息|提示|代码|内容)?"
    r"|(?:there (?:is|was) |i (?:get|see) |it shows )?no error(?: message| code)?s?(?: at all| appears?| is shown)?",
    re.IGNORECASE,
)
STEP = re.compile(r"^[ \t\u3000]{0,9}(?:[(（]?[1-9][0-9]?[)）.．、]|[①-⑳])", re.MULTILINE)
DONE_FIRST = re.compile(
    r"(?:先|首先|依次)[^\n]{0,20}(?:打开|(?<![快一有早晚差])点|选择|选中|登录|进入|输入|导入|导出|上传|新建)"
    r"|(?<![A-Za-z])(?:first|then) (?:i |we )?(?:open|click|select|choose|log|sign|enter|type|press|go to)",
    re.IGNORECASE,
)
MIN_STEPS = 2
ENDS = " \t\u3000。.!！,，;；~"


def unnumbered(text: str, asked: Sequence[str], form: AppliedForm) -> dict[str, str]:
    """What is answered, by the open question's field. What stands behind the name of a field is its answer, also where
    the form does not take it."""
    if not 0 < len(asked) <= MOST_QUESTIONS or len(text) > LONGEST:
        return {}
    fields = [one for key in asked if (one := form.field(key))]
    lines = _own_lines(text)
    found: dict[str, set[str]] = {}
    named = [(one, said) for line in lines for one, said in _named(line, fields)]
    for one, said in named:
        found.setdefault(one.key, set()).add(said)
    rest = [one for one in fields if one.key not in found]
    for piece, is_line in _pieces(text, lines):
        fitting = {one.key: said for one in rest if (said := _answer(one, piece, is_line))}
        for key, said in fitting.items() if len(fitting) == 1 else ():
            found.setdefault(key, set()).add(said)
    if "steps" not in found and any(one.key == "steps" for one in rest) and _has_steps(text):
        found["steps"] = {text.strip()}
    return {key: said for key, all_said in found.items() if len(all_said) == 1 for said in all_said}


def _own_lines(text: str) -> list[str]:
    """Without those that quote somebody."""
    own = own_words("", text)[1:]
    lines, at = [], 0
    for line in text.splitlines(keepends=True):
        if own[at : at + len(line)].strip():
            lines.append(line.rstrip("\r\n"))
        at += len(line)
    return lines


def _pieces(text: str, lines: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """Lines, and clauses that say how things are, each once; with whether it is a line."""
    seen: set[str] = set()
    whole = f"\n{text}"
    held = (one for one in clauses_of("", text) if not (one.asked or one.imagined or one.planned))
    clauses = (whole[one.start : one.start + len(one.text)] for one in held)
    for at, piece in enumerate((*lines, *clauses)):
        said = piece.strip(ENDS)
        if said and len(said) <= LONGEST_PIECE and said not in seen and not piece.rstrip().endswith(("?", "？")):
            seen.add(said)
            yield said, at < len(lines)


def _named(line: str, fields: Sequence[FormField]) -> Iterator[tuple[FormField, str]]:
    if found := LABELLED.match(line):
        name = found[1].strip().casefold()
        yield from ((one, found[2].strip()) for one in fields if name in _names(one))


def _names(field: FormField) -> set[str]:
    built_in = BUILT_IN[field.key].label if not field.is_custom else field.label
    return {one.casefold() for one in (field.key, *field.label, *built_in)}


def _answer(field: FormField, piece: str, is_line: bool) -> str:
    """As the field takes it; empty where it is not clearly one."""
    if any(piece.casefold() == one.casefold() for said in _usual(field) for one in said):
        return piece
    match field.kind:
        case FieldKind.DROPDOWN:
            said = next((said for said in _bare(field, piece) if field.reads(said)), "")
        case FieldKind.CHECKBOX:
            is_plain = is_line and not piece.isdigit() and piece.casefold() in YES | NO
            said = piece if is_plain else ""
        case FieldKind.INTEGER | FieldKind.DECIMAL:
            said = _amount(field, plain(piece))
        case FieldKind.DATE:
            said = _day(plain(piece))
        case _:
            said = _text(field, piece)
    return said if said and field.reads(said) else ""


def _usual(field: FormField) -> Sequence[Sequence[str]]:
    known = USUAL_ANSWERS.get(field.key)
    return known.answers if known else ()


def _bare(field: FormField, piece: str) -> Iterator[str]:
    """The piece, also without the field's name and words such as “we use” before it."""
    yield piece
    for name in ("", *sorted(_names(field), key=len, reverse=True)):
        if piece.casefold().startswith(name):
            yield LEAD.sub("", piece[len(name) :].strip()).strip(ENDS)


def _amount(field: FormField, piece: str) -> str:
    """A number, with nothing behind it but what the question counts."""
    for said in _bare(field, piece):
        found = AMOUNT.fullmatch(said)
        question = field.question
        asked = f"{question.zh} {question.en} {' '.join(field.label)}".casefold()
        if found and found[2].casefold().removesuffix("s") in asked:
            number = found[1]
            return number if number.lstrip("-").replace(".", "").isascii() else str(number_in_words(number))
    return ""


def _day(piece: str) -> str:
    found = DAY.fullmatch(piece)
    try:
        return date(*(int(one) for one in found.groups())).isoformat() if found else ""
    except ValueError:
        return ""


def _text(field: FormField, piece: str) -> str:
    if field.pattern:
        fitting = {one for one in (piece, *WORD.findall(piece)) if any(map(str.isdigit, one)) and field.reads(one)}
        return fitting.pop() if len(fitting) == 1 else ""
    said = plain(piece)
    if field.key == "module" and (found := MODULE.fullmatch(said)) and not NO_MODULE.search(said):
        return piece[slice(*found.span(1 if found[1] else 2))].strip()
    return piece if field.key == "error_text" and NO_ERROR.fullmatch(said) else ""


def _has_steps(text: str) -> bool:
    return len(STEP.findall(text)) >= MIN_STEPS or bool(DONE_FIRST.search(text))

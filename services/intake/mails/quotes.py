"""The part of an answer that is new: without what it answers to, and without the signature.

The lines by which mail programs introduce what is quoted are those of Outlook, Gmail, Apple Mail, Foxmail, QQ and 163,
in Chinese and English. Each line is looked at by itself, so the time grows with the length.
"""

import re

from shared.mail_threads import ANSWER_ABOVE

INTRODUCES = re.compile(
    r"^(?:-{2,80}[ \t]{0,5}(?:原始邮件|原始郵件|转发邮件信息|Original Message|Forwarded message)[ \t]{0,5}-{2,80}"
    r"|(?:在[ \t]{0,3})?[0-9]{4}[ \t]{0,3}[年/-][ \t]{0,3}[0-9]{1,2}.{0,200}(?:写道|寫道)[ \t]{0,3}[:：]?"
    r"|.{0,200}于[ \t]{0,3}[0-9]{4}[ \t]{0,3}年.{0,200}写道[ \t]{0,3}[:：]?"
    r"|On[ \t].{8,300}[ \t]wrote:)$",
    re.IGNORECASE,
)
SENDER = re.compile(r"[*]{0,2}(?:发件人|寄件者|寄件人|From)[*]{0,2}[ \t]{0,3}[:：]", re.IGNORECASE)
OTHER_FIELD = re.compile(
    r"[*]{0,2}(?:发送时间|日期|收件人|主题|主旨|抄送|Sent|To|Date|Subject|Cc)[*]{0,2}[ \t]{0,3}[:：]", re.IGNORECASE
)
SIGNATURE = re.compile(r"--[ \t]?|发自我的.{1,30}|(?:Sent|Get Outlook) (?:from|for) .{1,40}", re.IGNORECASE)
FIELDS_WITHIN = 5  # lines
LONGEST_LINE = 600  # characters of a line that are looked at


def new_part(text: str) -> str:
    """What was written anew; where that is nothing, all that is not quoted; where that is nothing, all of it."""
    lines = text.partition(ANSWER_ABOVE)[0].splitlines()
    end = next((at for at in range(len(lines)) if _begins_quote(lines, at)), len(lines))
    written = _unquoted(lines[:end])
    return written or _unquoted(lines) or text.strip()


def _begins_quote(lines: list[str], at: int) -> bool:
    line = lines[at][:LONGEST_LINE].lstrip("> \t")
    following = lines[at + 1][:LONGEST_LINE].lstrip("> \t") if at + 1 < len(lines) else ""
    if INTRODUCES.fullmatch(line.strip()) or (
        line.startswith("On ") and INTRODUCES.fullmatch(f"{line} {following}".strip())
    ):
        return True
    if not SENDER.match(line):
        return False
    after = lines[at + 1 : at + 1 + FIELDS_WITHIN]
    return any(OTHER_FIELD.match(other[:LONGEST_LINE].lstrip("> \t")) for other in after)


def _unquoted(lines: list[str]) -> str:
    kept: list[str] = []
    for line in lines:
        if SIGNATURE.fullmatch(line.strip()):
            break
        if not line.startswith(">"):
            kept.append(line.rstrip())
    return "\n".join(kept).strip()

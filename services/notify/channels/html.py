"""The text of a message as HTML that reads well on a phone: what it says is escaped, its links can be tapped."""

import re
from html import escape

LINK = re.compile(r"https?://[^\s<>\"'，。；！？）】》]+")
PAGE = (
    '<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1"></head>'
    '<body style="margin:0;padding:16px;font:16px/1.6 system-ui,sans-serif;color:#1f2328;background:#fff">'
    '<div style="max-width:640px;margin:0 auto;white-space:pre-wrap;overflow-wrap:anywhere">{body}</div></body></html>'
)
LANGUAGES = {"zh": "zh-CN", "en": "en"}


def html_of(text: str, language: str) -> str:
    parts, at = [], 0
    for found in LINK.finditer(text):
        url = escape(found.group())
        parts += [escape(text[at : found.start()]), f'<a href="{url}">{url}</a>']
        at = found.end()
    body = "".join([*parts, escape(text[at:])])
    return PAGE.format(language=LANGUAGES.get(language, language), body=body)

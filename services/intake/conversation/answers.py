"""Answers in free text (P1.3): who is asked several questions at once numbers the answers as the questions were."""

import re
from collections.abc import Sequence

NUMBERED = re.compile(r"^[ \t\u3000]{0,9}(?:[(（]?([1-9][0-9]?)[)）.．、:：]|([①-⑳]))[ \t\u3000]{0,9}")
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"

ONE_DIGIT = 9


def numbered(text: str, asked: Sequence[str]) -> dict[str, str]:
    """What is answered, by the field that was asked for; nothing when the numbers are not those of the questions: then
    they count something else, such as steps."""
    parts: dict[int, list[str]] = {}
    number = 0
    for line in text.splitlines():
        found = NUMBERED.match(line)
        counted = (int(found[1]) if found[1] else CIRCLED.index(found[2]) + 1) if found else 0
        if found and (counted <= ONE_DIGIT or len(asked) > ONE_DIGIT):
            number = counted
            if number in parts or number > len(asked):
                return {}
            parts[number] = [line[found.end() :]]
        elif number:
            parts[number].append(line)
    answers = {asked[number - 1]: "\n".join(lines).strip() for number, lines in parts.items()}
    return {field: answer for field, answer in answers.items() if answer}

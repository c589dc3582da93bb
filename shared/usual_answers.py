"""Guided questions that are often answered in one of a few ways: so a messenger can offer these to be picked from.

Read by their place in what was sent, so an answer is never taken out or moved, only added at the end.
"""

from typing import NamedTuple

from shared.terms import Text


class UsualAnswers(NamedTuple):
    label: Text
    answers: tuple[Text, ...]


USUAL_ANSWERS = {
    "error_text": UsualAnswers(
        Text("Error message", "报错信息"),
        (Text("No error message appears", "没有任何报错提示"), Text("The screen freezes or closes", "直接卡死或闪退")),
    ),
    "environment": UsualAnswers(
        Text("Operating system", "操作系统"),
        (
            Text("Windows 11", "Windows 11"),
            Text("Windows 10", "Windows 10"),
            Text("Windows Server", "Windows Server"),
            Text("macOS", "macOS"),
            Text("UOS", "统信 UOS"),
            Text("Kylin", "麒麟 Kylin"),
            Text("Linux", "Linux"),
        ),
    ),
}

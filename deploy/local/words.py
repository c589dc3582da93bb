"""What the launcher says to people: in Chinese or English, after the terminal's language."""

import os
import sys


class LaunchError(Exception):
    """Something a person has to put right, said in one sentence."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.en = en
        self.zh = zh

    def __str__(self) -> str:
        return tr(self.en, self.zh)


def language() -> str:
    """zh or en, as the usual environment variables ask."""
    for name in ("BIHUAN_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name)
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


def tr(en: str, zh: str) -> str:
    return zh if language() == "zh" else en


def say(text: str = "") -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()

"""What differs between two lines that say the same: numbers, names of hosts and files, ids."""

import re

ANY = "<*>"
# Each with what a text must have for it to be worth a look: most lines have little of it.
MASKS = (
    ("://", re.compile(r"(?<![\w.])[a-z][a-z0-9+.\-]{1,20}://[^\s\"'<>,;]{1,300}")),
    ("@", re.compile(r"(?<![\w.+\-])[\w.+\-]{1,64}@[\w\-]{1,63}(?:\.[\w\-]{1,63}){1,6}")),
    ("-", re.compile(r"(?<![0-9a-fA-F])[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}(?![0-9a-fA-F])")),
    ("-", re.compile(r"(?<![\w.])\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?)?")),
    (".", re.compile(r"(?<![\w:.])/?\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?(?![\w.]\w)")),
    (":", re.compile(r"(?<![\w.\-])(?:[\w\-]{1,63}\.){1,8}[A-Za-z]{2,12}:\d{1,5}(?!\w)")),
    (":", re.compile(r"(?<![\w.:])(?:[0-9a-fA-F]{1,4}:){3,7}[0-9a-fA-F]{1,4}(?![\w:])")),
    ("", re.compile(r"(?<![\w.\])])(?:[A-Za-z]:)?[\\/][\w.\-+%~]{1,120}(?:[\\/][\w.\-+%~$:@=?&]{0,120}){1,30}")),
    ("(", re.compile(r"(?<!\w)[A-Za-z_]\w{0,40}\(\d{1,12}\)")),
    ("0x", re.compile(r"(?<![\w.])0x[0-9a-fA-F]{1,32}(?!\w)")),
    ("", re.compile(r"(?<!\w)[0-9a-fA-F]{0,64}\d[0-9a-fA-F]{6,128}(?!\w)")),
    (
        "",
        re.compile(
            r"(?<![\w.])[+\-]?\d{1,30}(?:[.,:]\d{1,30}){0,6}"
            r"(?: ?(?:[KMGT]i?B|bytes|ms|us|ns|secs?|%)(?!\w))?(?: \([^()\s]{1,20} [KMGT]B\))?(?!\w)"
        ),
    ),
)
QUOTED = re.compile(r"(?:(?<!\w)'[^'\s]{1,80}'(?!\w))|\"[^\"\s]{1,80}\"")
HAS_VALUE = re.compile(r"[\d/@:\\]")


def masked(text: str) -> str:
    """With `<*>` where values stood."""
    if not HAS_VALUE.search(text):
        return text
    for needed, mask in MASKS:
        if needed in text:
            text = mask.sub(ANY, text)
    return text

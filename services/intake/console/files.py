"""The files of the console. Each address that is no file is the one page, which then shows what belongs there."""

import re
from pathlib import Path
from typing import NamedTuple

TAKES_GZIP = re.compile(r"\bgzip\b(?!;q=0(?:\.0*)?(?:,|$))")
NAME = re.compile(r"assets/[A-Za-z0-9_-]{1,80}(?:\.[A-Za-z0-9_-]{1,20}){1,4}")
MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
# Browsers refuse everything else, also what a page says itself: a text that became markup runs nothing, loads nothing
# from elsewhere and sends nothing there.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {"Content-Security-Policy": POLICY, "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff"}
FOR_EVER = "public, max-age=31536000, immutable"  # a file's name changes with its content
LOOK_AGAIN = "no-cache"


class Found(NamedTuple):
    """A file to send, and how."""

    path: Path
    media_type: str
    headers: dict[str, str]


def find(folder: Path, name: str, encodings: str) -> Found | None:
    """The file that is called so, the page for what is none, packed where the browser takes that. None if there is no
    such file, or nothing was built. `name` is below `/console`; `encodings` is what `Accept-Encoding` said."""
    is_asset = name.startswith("assets/")
    if is_asset and not NAME.fullmatch(name):
        return None
    path = folder / (name if is_asset else "index.html")
    if not path.is_file():
        return None
    headers = {**HEADERS, "Cache-Control": FOR_EVER if is_asset else LOOK_AGAIN, "Vary": "Accept-Encoding"}
    media_type = MEDIA_TYPES.get(path.suffix, "application/octet-stream") if is_asset else "text/html; charset=utf-8"
    packed = path.with_name(f"{path.name}.gz")
    if TAKES_GZIP.search(encodings.replace(" ", "")) and packed.is_file():
        return Found(packed, media_type, {**headers, "Content-Encoding": "gzip"})
    return Found(path, media_type, headers)

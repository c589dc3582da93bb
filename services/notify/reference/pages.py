"""The pages of the reference. What runs in them comes from packages, and nothing from another host."""

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from shared.terms import Text

DOCUMENTS = Path(__file__).parents[3] / "docs"
# Everything else is refused by browsers, also what stands in the page itself.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class Asset(NamedTuple):
    """A file of a package (`static` has it), or what is written here."""

    media_type: str
    package: str = ""
    text: str = ""

    def file(self, name: str) -> Path:
        found = find_spec(self.package)  # its code is not run
        if found is None or found.origin is None:
            raise LookupError(f"{self.package} is not installed")
        return Path(found.origin).parent / "static" / name


SCRIPT, STYLE = "text/javascript", "text/css"
START = """SwaggerUIBundle({
  url: "/docs/openapi.json", dom_id: "#reference", deepLinking: true, validatorUrl: null, filter: true,
  docExpansion: "list", defaultModelsExpandDepth: 0, displayRequestDuration: true
});
"""
LOOK = """body { margin: 0; }
nav { font: 16px/1.5 system-ui, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; }
nav { display: flex; gap: 1.5rem; padding: .75rem 1.5rem; background: #1d2733; }
nav a { color: #fff; }
nav a[aria-current] { text-decoration: none; font-weight: 600; }
"""
ASSETS: Mapping[str, Asset] = {
    "swagger-ui-bundle.js": Asset(SCRIPT, "fastapi_offline"),
    "swagger-ui.css": Asset(STYLE, "fastapi_offline"),
    "favicon.png": Asset("image/png", "fastapi_offline"),
    "asyncapi-viewer.iife.js": Asset(SCRIPT, "asyncapi_viewer"),
    "start.js": Asset(SCRIPT, text=START),
    "look.css": Asset(STYLE, text=LOOK),
}

PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><link rel="icon" href="/docs/assets/favicon.png">
<link rel="stylesheet" href="/docs/assets/look.css">{head}</head>
<body><nav>{links}</nav>{body}</body></html>
"""
REST, EVENTS = Text("REST API", "REST 接口"), Text("Events", "事件")
ADDRESSES = {"/docs": REST, "/docs/events": EVENTS}


def rest(language: str) -> str:
    head = '<link rel="stylesheet" href="/docs/assets/swagger-ui.css">'
    body = '<div id="reference"></div>' + _script("swagger-ui-bundle.js") + _script("start.js")
    return _page("/docs", language, head, body)


def events(language: str) -> str:
    body = '<asyncapi-viewer src="/docs/asyncapi.json" sidebar></asyncapi-viewer>' + _script("asyncapi-viewer.iife.js")
    return _page("/docs/events", language, "", body)


def _page(address: str, language: str, head: str, body: str) -> str:
    here = {address: ' aria-current="page"'}
    links = "".join(
        f'<a href="{there}"{here.get(there, "")}>{name.in_(language)}</a>' for there, name in ADDRESSES.items()
    )
    title = f"Bihuan 闭环 · {ADDRESSES[address].in_(language)}"
    return PAGE.format(language=language, title=title, head=head, links=links, body=body)


def _script(name: str) -> str:
    return f'<script src="/docs/assets/{name}"></script>'

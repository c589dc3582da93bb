"""Pages as HTTP answers."""

from fastapi.responses import HTMLResponse

from services.intake.pages.layout import POLICY


def html(language: str, page: str, status: int = 200, **headers: str) -> HTMLResponse:
    """Kept by nobody, in no frame, and without a script, unless `headers` have another policy."""
    fixed = {
        "Content-Security-Policy": POLICY,
        "Referrer-Policy": "same-origin",  # so that browsers name the origin of a form, and no address to others
        "Cache-Control": "no-store",
        "Content-Language": language,
        "Vary": "Accept-Language, Cookie",
    }
    return HTMLResponse(page, status, fixed | headers)

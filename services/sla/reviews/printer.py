"""HTML on standard input becomes PDF on standard output: a program of its own, which pdf.py starts and which fetches
nothing."""

import resource
import sys

MEMORY = 1_500_000_000  # bytes
PROCESSOR = 50  # seconds


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR, PROCESSOR))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from weasyprint import HTML  # loads Pango, which may be missing

    def fetch(url: str, *_: object, **__: object) -> dict[str, object]:
        raise ValueError(f"a review refers to nothing outside itself: {url}")

    page = sys.stdin.buffer.read().decode()
    sys.stdout.buffer.write(HTML(string=page, url_fetcher=fetch).write_pdf(pdf_variant="pdf/ua-1"))
    return 0


if __name__ == "__main__":
    sys.exit(main())

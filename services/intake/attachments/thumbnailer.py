"""Makes a small picture of a large one: run as a program of its own (`python -I thumbnailer.py`), picture in on
standard input, WebP out on standard output.

A program of its own, so that a picture made to keep us busy, or to break the decoder, costs a bounded time and memory
and none of the service's. All but the pixels is left behind: EXIF with the place, profiles, comments, what is appended.
"""

import resource
import sys
import warnings
from io import BytesIO

from PIL import Image, ImageOps

FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
PIXELS = 25_000_000
PIXELS_OF_JPEG = 120_000_000  # which is decoded at a smaller scale
EDGE = 320  # pixels
MEMORY, SECONDS = 600 * 1024 * 1024, 10


def small(content: bytes) -> bytes:
    """Raises what Pillow does."""
    Image.MAX_IMAGE_PIXELS = None  # the number is looked at below
    with Image.open(BytesIO(content), formats=FORMATS) as image:
        width, height = image.size
        if width * height > (PIXELS_OF_JPEG if image.format == "JPEG" else PIXELS):
            raise ValueError("too many pixels")
        image.draft("RGB", (EDGE * 2, EDGE * 2))
        upright = ImageOps.exif_transpose(image)
        upright.thumbnail((EDGE, EDGE))
        made = BytesIO()
        mode = "RGBA" if upright.has_transparency_data else "RGB"
        pixels = Image.frombytes(mode, upright.size, upright.convert(mode).tobytes())  # nothing else comes along
        pixels.save(made, "WEBP", quality=75)
    return made.getvalue()


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    warnings.simplefilter("ignore")
    try:
        sys.stdout.buffer.write(small(sys.stdin.buffer.read()))
    except Exception:  # whatever the decoder stumbles over
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

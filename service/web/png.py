"""Draw an SVG picture as PNG, for mail, chat previews and other places that take no SVG.

The letters come from a font that is installed with the package, so that a picture is the same on every
machine. Scripts that this font cannot join or has no letters for are named in ``UNSUPPORTED_LANGUAGES``.
"""

import atexit
import os
import re
import sys
import tempfile
from functools import lru_cache

MEDIA_TYPE = "image/png"
FONT = "FiraGO"
# Languages whose words the font cannot draw: their pictures have English words.
UNSUPPORTED_LANGUAGES = frozenset(("ar", "ja", "zh"))

# Pictures that are kept; one takes 1 to 40 KB.
CACHE_SIZE = 512

_SUPPORTED_CHARS = re.compile(
    "[\t\n\r -\u024f\u1e00-\u1eff\u0370-\u052f\u0590-\u05ff\u0900-\u097f\u2010-\u2027\u20ac]*"
)
_FONT_FAMILY = re.compile('font-family="[^"]*"')


def can_draw(text: str) -> bool:
    return _SUPPORTED_CHARS.fullmatch(text) is not None


@lru_cache(CACHE_SIZE)
def render_png(svg: str, scale: int) -> bytes:
    """Return an SVG picture as PNG, ``scale`` times as large."""
    # Costs nothing until a picture is asked for.
    import resvg_py  # noqa: PLC0415

    text = _FONT_FAMILY.sub(f'font-family="{FONT}"', svg)
    return bytes(
        resvg_py.svg_to_bytes(svg_string=text, zoom=scale, skip_system_fonts=True, font_files=[open_font()])
    )


@lru_cache(1)
def open_font() -> str:
    """Return the path of the font, which its package keeps in a module."""
    import pymupdf_fonts  # noqa: PLC0415

    font = pymupdf_fonts.myfont("figbo")
    if sys.platform == "linux":
        # In memory, so that a killed process leaves no file behind.
        descriptor = os.memfd_create("slantwise-font")
        with os.fdopen(descriptor, "wb", closefd=False) as file:
            file.write(font)
        return f"/proc/self/fd/{descriptor}"
    # Kept for as long as the process lives.
    with tempfile.NamedTemporaryFile(prefix="slantwise-", suffix=".ttf", delete=False) as file:
        file.write(font)
    atexit.register(os.unlink, file.name)
    return file.name

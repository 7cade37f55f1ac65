"""PNG pictures, for mail, chat previews and other places that take no SVG.

The font is installed with the package, so that a picture is the same on every machine.
"""

import atexit
import os
import re
import sys
import tempfile
from functools import lru_cache

MEDIA_TYPE = "image/png"
FONT = "FiraGO"
# The font lacks or cannot join their letters, so their pictures have English words.
UNSUPPORTED_LANGUAGES = frozenset(("ar", "ja", "zh"))

# A picture takes 1 to 40 KB.
CACHE_SIZE = 512

_SUPPORTED_CHARS = re.compile(
    "[\t\n\r -\u024f\u1e00-\u1eff\u0370-\u052f\u0590-\u05ff\u0900-\u097f\u2010-\u2027\u20ac]*"
)
_FONT_FAMILY = re.compile('font-family="[^"]*"')


def can_draw(text: str) -> bool:
    return _SUPPORTED_CHARS.fullmatch(text) is not None


@lru_cache(CACHE_SIZE)
def render_png(svg: str, scale: int) -> bytes:
    """Draw an SVG picture as PNG, ``scale`` times as large."""
    # Imported for the first picture: a start need not wait for it.
    import resvg_py  # noqa: PLC0415

    text = _FONT_FAMILY.sub(f'font-family="{FONT}"', svg)
    return bytes(
        resvg_py.svg_to_bytes(svg_string=text, zoom=scale, skip_system_fonts=True, font_files=[open_font()])
    )


@lru_cache(1)
def open_font() -> str:
    """Write the font, which its package keeps in a module, to a file, and return the path."""
    import pymupdf_fonts  # noqa: PLC0415

    font = pymupdf_fonts.myfont("figbo")
    if sys.platform == "linux":
        # A file in memory: a killed process leaves nothing behind.
        descriptor = os.memfd_create("slantwise-font")
        with os.fdopen(descriptor, "wb", closefd=False) as file:
            file.write(font)
        return f"/proc/self/fd/{descriptor}"
    with tempfile.NamedTemporaryFile(prefix="slantwise-", suffix=".ttf", delete=False) as file:
        file.write(font)
    atexit.register(os.unlink, file.name)
    return file.name

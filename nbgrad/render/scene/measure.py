"""How wide a text will be, without asking any font; and how wide a page is.

The widths are DejaVu Sans', in hundredths of the font size. It is the widest of the fonts that
a notebook is likely to use, so what fits here fits everywhere.
"""

from __future__ import annotations

import math
from functools import lru_cache

from nbgrad.render.scene.style import SMALL

WIDTHS = {
    0: "\u0304\u0305",
    10: "\u200a",
    28: "'ijlIJ|",
    33: ",. ·/:;\\f",
    40: "-t()[]!r²³₀₁₂₃ᵀ",
    52: '"*_`‖sz∂?cL',
    60: "kFvxyP⌀πaoTYeα",
    64: "bdghnpquESσΣ0123456789${}√βλμθ",
    70: "KAVBRXZC",
    76: "UHNDG&",
    84: "OQw∞#+<=>^~−×→M",
    100: "%mW@…",
}
OTHER = 75
BOLD = 1.1


class Widths(dict[str, int]):
    """The width of every character: those that are not listed have a middling one."""

    def __missing__(self, character: str) -> int:
        return OTHER


WIDTH = Widths({sign: width for width, signs in WIDTHS.items() for sign in signs})

PAGE, MARGIN = 880, 9
"""No picture is wider, if it can be helped: what a notebook's cell shows on a laptop."""

PILL = 11
"""So much wider than its text is a pill, in all."""


@lru_cache(maxsize=1 << 13)
def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """The pixels that a text takes at most.

    Examples
    --------
    >>> round(text_width("∂a/∂x = x = 3", 11))
    75
    """
    hundredths = sum(map(WIDTH.__getitem__, text))
    return hundredths / 100 * size * (BOLD if bold else 1)


def clipped(text: str, size: float, room: float, *, bold: bool = False) -> str:
    """The text, or as much of it as there is room for, ending in an ellipsis."""
    if text_width(text, size, bold=bold) <= room:
        return text
    while text and text_width(text + "…", size, bold=bold) > room:
        text = text[:-1]
    return text.rstrip() + "…" if text else ""


@lru_cache(maxsize=1 << 13)
def pill_width(text: str, *, bold: bool = False, pad: float = PILL) -> int:
    """The width of a pill around a small text, in whole pixels on either side of its middle."""
    return 2 * math.ceil((text_width(text, SMALL, bold=bold) + pad) / 2)

"""The widths of texts, estimated without a font, by which pictures place and clip words."""

from __future__ import annotations

import math
from functools import lru_cache

from nbgrad.picture.theme import SMALL

# In hundredths of the font size, a little more than in the fonts of the theme.
CHARACTERS = {
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
WIDTHS = {character: width for width, characters in CHARACTERS.items() for character in characters}
OTHER = 75  # the width of any other character
BOLD = 1.1  # how much wider bold characters are

PILL = 11  # how much wider than its text a pill is
END_PAD = 5  # how far a pill reaches beyond the end of a text that ends in a fixed place


@lru_cache(maxsize=1 << 13)
def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """The pixels that a text takes at most.

    Examples
    --------
    >>> round(text_width("∂a/∂x = x = 3", 11))
    75
    """
    hundredths = sum([WIDTHS.get(character, OTHER) for character in text])
    return hundredths / 100 * size * (BOLD if bold else 1)


def clipped(text: str, size: float, room: float, *, bold: bool = False) -> str:
    """The text, or as much of it as there is room for, ending in an ellipsis."""
    if text_width(text, size, bold=bold) <= room:
        return text
    hundredths, scale = WIDTHS["…"], BOLD if bold else 1
    for k, character in enumerate(text):
        hundredths += WIDTHS.get(character, OTHER)
        if hundredths / 100 * size * scale > room:
            return text[:k].rstrip() + "…" if k else ""
    return text + "…"


def clipped_name(text: str, size: float, room: float, *, bold: bool = False) -> str:
    """A name, or its beginning with the index that tells it from others: `hidd…₉`."""
    if text_width(text, size, bold=bold) <= room:
        return text
    name = text.rstrip("₀₁₂₃₄₅₆₇₈₉")
    index = text[len(name) :]
    return clipped(name, size, room - text_width(index, size, bold=bold), bold=bold) + index


def elided(text: str, size: float, room: float, *, bold: bool = False) -> str:
    """The text, or as much of its beginning and its end as there is room for.

    Examples
    --------
    >>> elided("hidden_layer_gen₂", 13, 80, bold=True)
    'hidd…gen₂'
    """
    for kept in (5, 4, 3, 2) if text_width(text, size, bold=bold) > room else ():
        end = text[-kept:]
        start = clipped(text[:-kept], size, room - text_width(end, size, bold=bold), bold=bold)
        if len(start) > kept or (kept == 2 and start):
            return start + end
    return clipped(text, size, room, bold=bold)


def wrapped(text: str, size: float, room: float, *, bold: bool = False) -> list[str]:
    """A text in lines of a width, which only a longer word exceeds."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".lstrip()
        if lines[-1] and text_width(longer, size, bold=bold) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


@lru_cache(maxsize=1 << 13)
def pill_width(text: str, *, bold: bool = False, pad: float = PILL) -> int:
    """The width of a pill around a small text, in whole pixels on either side of its middle."""
    return 2 * math.ceil((text_width(text, SMALL, bold=bold) + pad) / 2)

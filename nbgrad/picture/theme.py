"""The theme of a picture: colours by role, and one style sheet that every output reads.

A colour says what a thing *is* (a value, an adjoint, a local derivative, a cut), never which
operation made it, and each role has a second cue, so that a picture is still read in grey.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Literal

Theme = Literal["auto", "light", "dark"]

# Each role in the light and in the dark theme.
COLOURS = {
    "page": ("#ffffff", "#111418"),
    "card": ("#ffffff", "#181d23"),
    "soft": ("#f5f7fa", "#1f262e"),
    "ink": ("#1b1f24", "#e8ebef"),
    "mute": ("#59626c", "#9aa4b0"),
    "line": ("#c3c9d1", "#46505b"),
    "value": ("#0072B2", "#56B4E9"),
    "adjoint": ("#B34700", "#FF9F4A"),
    "local": ("#00704F", "#4FD1A5"),
    "stop": ("#9B3F75", "#E7A6CB"),
    "halo": ("#F5CF3D", "#7A6200"),
    "path1": ("#332288", "#A99CFF"),
    "path2": ("#AA3377", "#FF8AC4"),
    "path3": ("#6B6B00", "#D6D65C"),
    "path4": ("#00807A", "#5FE0D0"),
    "path5": ("#8A4B08", "#E0A060"),
    "path6": ("#4A4A4A", "#C8C8C8"),
}
THEMES: Mapping[str, Mapping[str, str]] = {
    theme: {role: pair[n] for role, pair in COLOURS.items()}
    for n, theme in enumerate(("light", "dark"))
}
FONT = 'system-ui, "Segoe UI", "Helvetica Neue", "DejaVu Sans", sans-serif'

# Font sizes: labels and captions, names, and numbers. Nothing is smaller.
SMALL, NAME, NUMBER = 12.0, 13.0, 15.0
FAINT = 0.22  # the opacity of a road that no step has gone through


# The lines along a text: what CSS calls them, and their heights above the base line.
LINES = {
    "underline": ("underline", -0.2),
    "overline": ("overline", 0.86),
    "strike": ("line-through", 0.27),
}


@dataclass(frozen=True)
class Paint:
    """The properties that a selector sets; None leaves one to another selector."""

    fill: str | None = None
    stroke: str | None = None
    width: float | None = None
    dash: tuple[float, float] | None = None
    opacity: float | None = None
    size: float | None = None
    weight: int | None = None
    underline: bool | None = None
    overline: bool | None = None
    strike: bool | None = None

    @property
    def is_filled(self) -> bool:
        return self.fill not in (None, "none")

    @property
    def is_drawn(self) -> bool:
        return self.stroke not in (None, "none")

    @property
    def lines(self) -> list[tuple[str, float]]:
        """The lines along a text, as in `LINES`."""
        return [LINES[name] for name in LINES if getattr(self, name)]

    @property
    def is_bold(self) -> bool:
        """Whether a font that has but two weights is set in the heavier one."""
        return (self.weight or 0) >= 600


STYLE_SHEET: dict[str, Paint] = {
    # cards
    "halo": Paint(fill="none", stroke="halo", width=5),
    "body": Paint(fill="card", stroke="line", width=1.2),
    "body.block": Paint(stroke="mute", width=1.2),
    "body.input": Paint(stroke="value", width=1.8),
    "body.constant": Paint(fill="soft"),
    "body.output": Paint(stroke="ink"),
    "body.inner": Paint(fill="none", width=1),
    "body.stopped": Paint(stroke="stop", width=2),
    "body.unreached": Paint(dash=(2, 3)),
    "rule": Paint(fill="none", stroke="line", width=1),
    "lane": Paint(fill="none", stroke="value", width=3),
    "lane.adjoint": Paint(stroke="adjoint", dash=(4, 3)),
    "tray": Paint(fill="card", stroke="adjoint", dash=(3, 2), width=1),
    "ladder": Paint(fill="soft", stroke="line", width=1),
    "region": Paint(fill="soft", stroke="line", width=1),
    "tint": Paint(fill="adjoint", stroke="none"),
    "tint.value": Paint(fill="value"),
    # texts
    "text": Paint(fill="ink", size=SMALL, weight=400),
    "name": Paint(size=NAME, weight=650),
    "name.input": Paint(underline=True),
    "tail": Paint(fill="mute", weight=400),
    "quiet-text": Paint(fill="mute"),
    "value-text": Paint(fill="value"),
    "adjoint-text": Paint(fill="adjoint"),
    "local-text": Paint(fill="local"),
    "cut-text": Paint(fill="stop"),
    "total": Paint(fill="adjoint", size=NAME),
    "overlined": Paint(overline=True),
    "block-name": Paint(weight=400),
    "block-name.input": Paint(underline=True),
    "block-name.group": Paint(weight=650),
    "block-number": Paint(weight=650),
    # edges
    "forward": Paint(fill="none", stroke="value", width=1.6),
    "forward>.head": Paint(fill="value", stroke="none"),
    "reverse": Paint(fill="none", stroke="adjoint", width=1.6, dash=(5, 3.4)),
    "reverse>.head": Paint(width=1.6, dash=(0, 0)),
    "flow": Paint(fill="none", stroke="adjoint", width=1, dash=(5, 3), opacity=0.85),
    "flow.weak": Paint(opacity=0.55),
    "no-flow": Paint(fill="none", stroke="mute", width=0.8, opacity=0.6),
    "glow": Paint(fill="none", stroke="halo", width=15, opacity=0.75),
    "bar": Paint(fill="none", stroke="stop", width=2.6),
    "bar>.hatch": Paint(width=1),
    # one ribbon for each path, told apart by colour, dashes and number
    "ribbon": Paint(fill="none", width=3.6),
    "ribbon>.head": Paint(width=2.4, dash=(0, 0)),
    "ribbon.path1": Paint(stroke="path1"),
    "ribbon.path2": Paint(stroke="path2", dash=(11, 4)),
    "ribbon.path3": Paint(stroke="path3", dash=(3, 2.5)),
    "ribbon.path4": Paint(stroke="path4", dash=(18, 4)),
    "ribbon.path5": Paint(stroke="path5", dash=(6, 2)),
    "ribbon.path6": Paint(stroke="path6", dash=(1.5, 4)),
    "ribbon.cut": Paint(width=1.2, opacity=0.5),
    # chips: a pill and its text
    "chip>rect": Paint(fill="page", stroke="line", width=1),
    "chip>text": Paint(size=SMALL),
    **{f"badge{n}>rect": Paint(fill="page", stroke=f"path{n}", width=1.5) for n in range(1, 7)},
    **{f"badge{n}>text": Paint(fill=f"path{n}", weight=650) for n in range(1, 7)},
    "number>rect": Paint(fill="none", stroke="none"),
    "number>text": Paint(size=NUMBER, weight=650),
    "value>text": Paint(fill="value"),
    "adjoint>text": Paint(fill="adjoint"),
    "number.words>text": Paint(size=SMALL, weight=400),
    "number.wait>text": Paint(fill="mute"),
    "number.none>rect": Paint(stroke="mute", dash=(3, 2), width=1),
    "number.none>text": Paint(fill="mute", size=SMALL, weight=400),
    "number.asked>rect": Paint(fill="card", stroke="adjoint", dash=(3, 2), width=1.2),
    "number.badge>rect": Paint(fill="adjoint"),
    "number.value.badge>rect": Paint(fill="value"),
    "number.badge>text": Paint(fill="page", size=SMALL),
    "seed>rect": Paint(fill="card", stroke="adjoint", width=2),
    "seed>text": Paint(fill="adjoint", weight=650),
    # maps: the cells of a matrix as one element, and numbers on some
    "gap": Paint(fill="none", stroke="card", width=1.6),  # between the matrices of a stack
    "cell-number>rect": Paint(fill="none", stroke="none"),
    "cell-number>text": Paint(fill="ink"),
    "map>rect": Paint(fill="none", stroke="line", width=1),
    "map>text": Paint(fill="ink", size=SMALL, weight=400),  # on a tint
    "map>.cells": Paint(fill="value", stroke="none"),
    "map.adjoint>.cells": Paint(fill="adjoint"),
    "map>.cells>.solid": Paint(fill="ink"),
    "map>.cells>.dash": Paint(fill="none", stroke="ink", width=1.3),
    "map>.cells>.light": Paint(fill="none", stroke="card", width=1.3),
    "frame": Paint(fill="none", stroke="line", width=1),
    "lens": Paint(fill="none", stroke="ink", width=2.4),  # around cells
    "lens.local": Paint(stroke="local"),
    "lens.adjoint": Paint(stroke="adjoint"),
    "lens.value": Paint(stroke="value"),
    "panel": Paint(fill="soft", stroke="none"),
    # in legends
    "swatch": Paint(fill="value", stroke="line", width=1, opacity=0.5),
    "dash": Paint(fill="none", stroke="ink", width=1.3),
    "sum": Paint(size=NUMBER, weight=650),
}


@cache
def paint_of(classes: str, part: str = "") -> Paint:
    """The paint of an element with these classes, or of a part of it.

    Of several selectors, later ones win, and those of more classes.
    """
    names = frozenset(classes.split())
    selectors = ((selector.partition(">"), paint) for selector, paint in STYLE_SHEET.items())
    sheet = ((frozenset(wants.split(".")), of, paint) for (wants, _, of), paint in selectors)
    matching = [each for each in sheet if each[1] == part and each[0] <= names]
    result: dict[str, Any] = {}
    for _, _, paint in sorted(matching, key=lambda each: len(each[0])):
        result |= {name: value for name, value in vars(paint).items() if value is not None}
    return Paint(**result)


# In hundredths of the font size, a little more than in the fonts of the theme.
CHARACTERS = {
    0: "\u0304\u0305",
    10: "\u200a",
    28: "'ijlIJ|",
    33: ",. ·/:;\\f",
    40: "-t()[]!r⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃ᵀ",
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
    """The pixels that a text takes at most."""
    hundredths = sum([WIDTHS.get(character, OTHER) for character in text])
    return hundredths / 100 * size * (BOLD if bold else 1)


def first_fitting(
    texts: Iterable[str], room: float, size: float = SMALL, otherwise: str = ""
) -> str:
    return next((text for text in texts if text_width(text, size) <= room), otherwise)


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
    """The text, or as much of its beginning and its end as there is room for: `hidd…gen₂`."""
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

"""The line below a picture that says what its arrows and chips mean."""

from __future__ import annotations

from nbgrad.render.measure import text_width
from nbgrad.render.picture import Chip, Curve, Element, Group, Text
from nbgrad.render.style import SMALL

LINE = 24
ENTRIES = (
    ("forward", "a value goes forward"),
    ("reverse", "a gradient goes back"),
    ("local", "local derivative of one operation"),
    ("contribution", "arriving gradient × local derivative"),
)
SAMPLES = {"local": "∂", "contribution": "×"}
SAMPLE, SPACE = 28, 22


def legend(top: float, left: float, width: float) -> tuple[Group, float]:
    """The entries in as many lines as this width needs, and the height that they take."""
    elements: list[Element] = []
    x, y = left, top + LINE / 2
    for name, words in ENTRIES:
        entry = SAMPLE + 6 + text_width(words, SMALL)
        if x > left and x + entry > width:
            x, y = left, y + LINE
        elements += [
            sample(name, x, y),
            Text(f"legend.{name}.words", x + SAMPLE + 6, y + 4, words, "text quiet-text"),
        ]
        x += entry + SPACE
    return Group("legend", tuple(elements), "legend"), y + LINE / 2 - top


def sample(name: str, x: float, y: float) -> Element:
    """A short arrow, or an empty chip."""
    key = f"legend.{name}"
    if name in SAMPLES:
        return Chip(key, x + SAMPLE / 2, y, 16, "middle", SAMPLES[name], f"chip {name}", 26)
    a, b = (x, y), (x + SAMPLE, y)
    if name == "forward":
        return Curve(key, (a, a, b, b), "forward", "filled")
    return Curve(key, (b, b, a, a), "reverse", "open")

"""The line below a picture that says what its arrows and chips mean."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from nbgrad.picture.geometry import text_width
from nbgrad.picture.grids import grid_of
from nbgrad.picture.scene import Bar, Cell, Chip, Curve, Element, Group, Text
from nbgrad.picture.theme import SMALL
from nbgrad.trace.model import Trace

LINE = 24


ENTRIES = (
    ("forward", "a value goes forward"),
    ("reverse", "a gradient goes back"),
    ("local", "local derivative of one operation"),
    ("contribution", "arriving gradient × local derivative"),
    ("stop", "no gradient goes past"),
    ("none", "no gradient at all, and why"),
    ("negative", "a negative number"),
    ("stub", "goes on in another row"),
    ("tie", "a value that the derivative uses"),
)


SAMPLES = {"local": "∂", "contribution": "×", "none": "None", "stub": "↵"}


KINDS = {"none": "chip number adjoint none"}


WIDTHS = {"none": 34}


SAMPLE, SPACE = 34, 22


def used(trace: Trace, layers: Iterable[Element], *, chips: bool) -> Iterator[str]:
    """The entries that a picture needs: a matter of its graph, never of its numbers."""
    yield from ("forward", "reverse")
    if chips:
        yield from ("local", "contribution")
    # A stop can be set and lifted while a picture stays where it is.
    yield from ("stop", "none")
    if any(grid_of(node.shape).kind != "scalar" for node in trace.nodes):
        yield "negative"
    for element in inside(layers):
        if isinstance(element, Chip) and "stub" in element.classes.split():
            yield "stub"
        elif isinstance(element, Curve) and ".tie." in element.id:
            yield "tie"


def inside(layers: Iterable[Element]) -> Iterator[Element]:
    """Every element of some layers."""
    for element in layers:
        if isinstance(element, Group):
            yield from inside(element.children)
        else:
            yield element


def legend(top: float, left: float, width: float, names: Collection[str]) -> tuple[Group, float]:
    """The entries of these names in lines of this width, and the height that they take."""
    elements: list[Element] = []
    x, y = left, top + LINE / 2
    for name, words in ENTRIES:
        if name not in names:
            continue
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
    """A short arrow, an empty chip, or whatever else is explained."""
    key = f"legend.{name}"
    if name in SAMPLES:
        return Chip(
            key,
            x + SAMPLE / 2,
            y,
            16,
            "middle",
            SAMPLES[name],
            KINDS.get(name, f"chip {name}"),
            WIDTHS.get(name, 26),
        )
    middle = x + SAMPLE / 2
    if name == "stop":
        return Bar(key, middle, y, 14, "bar")
    if name == "negative":
        return Cell(key, middle - 11, y - 8, 22, 16, "cell negative")
    a, b = (x, y), (x + SAMPLE, y)
    if name == "forward":
        return Curve(key, (a, a, b, b), "forward", "filled")
    if name == "tie":
        return Curve(key, (a, a, b, b), "tie")
    return Curve(key, (b, b, a, a), "reverse", "open")

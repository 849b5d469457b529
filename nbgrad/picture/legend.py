"""The legend below a picture, which explains its arrows and chips."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from nbgrad.picture.grids import grid_of
from nbgrad.picture.placement import MARGIN
from nbgrad.picture.scene import (
    Bar,
    Chip,
    Curve,
    Element,
    Group,
    Scene,
    Text,
    Tile,
    inside,
    straight,
)
from nbgrad.picture.text_width import text_width
from nbgrad.picture.theme import SMALL
from nbgrad.trace.model import Trace

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
CHIPS = {"local": "∂", "contribution": "×", "stub": "↵"}
LINE, SAMPLE, SPACE = 24, 34, 22  # a line's height, a sample's width, and the gap after an entry


def with_legend(
    layers: list[Element], size: tuple[float, float], trace: Trace | None, *, chips: bool = True
) -> Scene:
    """The scene of these layers; with a trace, a legend of what is to be seen of it is below."""
    width, height = size
    if trace is not None:
        names = {*entries_for(trace, layers, chips=chips)}
        legend, taken = legend_of(names, height, width)
        layers = [*layers, legend]
        height += taken + MARGIN
    return Scene(width, height, Group("picture", tuple(layers)))


def entries_for(trace: Trace, layers: Iterable[Element], *, chips: bool) -> Iterator[str]:
    """The entries that a picture needs: a matter of its graph, never of its numbers."""
    # A stop can be set and lifted while a picture stays where it is.
    yield from ("forward", "reverse", "stop", "none")
    if chips:
        yield from ("local", "contribution")
    if any(grid_of(node.shape).kind != "scalar" for node in trace.nodes):
        yield "negative"
    for element in (each for layer in layers for each in inside(layer)):
        if isinstance(element, Chip) and "stub" in element.classes.split():
            yield "stub"
        elif isinstance(element, Curve) and ".tie." in element.id:
            yield "tie"


def legend_of(names: Collection[str], top: float, width: float) -> tuple[Group, float]:
    """The entries of these names in lines of this width, and the height that they take."""
    elements: list[Element] = []
    x, y = float(MARGIN), top + LINE / 2
    for name, words in ENTRIES:
        if name in names:
            entry = SAMPLE + 6 + text_width(words, SMALL)
            if x > MARGIN and x + entry > width:
                x, y = MARGIN, y + LINE
            text = f"legend.{name}.words"
            elements.append(sample(name, x, y))
            elements.append(Text(text, x + SAMPLE + 6, y + 4, words, "text quiet-text"))
            x += entry + SPACE
    return Group("legend", tuple(elements), "legend"), y + LINE / 2 - top


def sample(name: str, x: float, y: float) -> Element:
    """The sample of an entry: a short arrow, a chip or another element."""
    key, middle, a, b = f"legend.{name}", x + SAMPLE / 2, (x, y), (x + SAMPLE, y)
    match name:
        case "stop":
            return Bar(key, middle, y, 14, "bar")
        case "negative":
            return Tile(key, middle - 11, y - 8, 22, 16, "cell negative")
        case "forward":
            return Curve(key, straight(a, b), "forward", "filled")
        case "reverse":
            return Curve(key, straight(b, a), "reverse", "open")
        case "tie":
            return Curve(key, straight(a, b), "tie")
        case "none":
            return Chip(key, middle, y, 16, "middle", "None", "chip number adjoint none", 34)
        case _:
            return Chip(key, middle, y, 16, "middle", CHIPS[name], f"chip {name}", 26)

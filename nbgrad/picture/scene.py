"""A picture as plain data: what there is to see, and how it styles just now.

A **scene** is what depends on the structure of a graph alone: boxes, texts, curves, bars, chips
and cells, each with an id and a place. Everything that any state of this graph may ever need is
there from the beginning: the double bars of a stop, the arrows of the reverse pass, the chips of
a partly filled sum.

A **style** is what depends on the numbers. One short record for an id:

=======  ==============================================================================
text     the words in a text, chip or cell
class    all of its classes, separated by spaces; `off` means: not in use, never visible
since    the number of steps after which it shows
until    the number of steps after which it no longer does
width    of a curve: the stroke; of a chip: the pill, which keeps its middle, or its right end
         where the chip's anchor is "end"
tint     of a cell: the opacity of its colour
title    what hovering and a screen reader say
=======  ==============================================================================

A live picture after `k` steps shows what is not `off` and has `since <= k < until`. Two pictures of
one graph have the same scene, so that `difference(old, new)` can be a handful of styles:

    {"n3.adjoint": {"text": "24", "class": "chip number adjoint"}, "e3.0.contribution": {…}}

Ids follow the trace: `n3` is the card of node n3, `n3.value` the number in its upper lane, and
`e3.0.local` the chip on its first operand's edge. Where a small constant is shown once for each
of its readers, the later copies are `n1~2`, `n1~3`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, NamedTuple, TypeAlias

from nbgrad.trace.model import NEVER

Anchor = Literal["start", "middle", "end"]


Point: TypeAlias = tuple[float, float]


class Box(NamedTuple):
    """A rectangle with round corners."""

    id: str
    x: float
    y: float
    width: float
    height: float
    radius: float = 0
    classes: str = ""


class Text(NamedTuple):
    """A line of text on the base line y; `tail` continues it in a quieter tone."""

    id: str
    x: float
    y: float
    text: str = ""
    classes: str = ""
    anchor: Anchor = "start"
    tail: str = ""


class Curve(NamedTuple):
    """A Bézier curve: one start, then three points for each cubic piece. Straight at its ends.

    `head` is the arrow at its end, which always points along x: right for a value, left for a
    gradient.
    """

    id: str
    points: tuple[Point, ...]
    classes: str = ""
    head: Literal["", "filled", "open"] = ""


class Bar(NamedTuple):
    """The double bar, with hatching, of a place where no gradient passes. Centred on (x, y)."""

    id: str
    x: float
    y: float
    height: float
    classes: str = ""


class Chip(NamedTuple):
    """A short text on a pill that fits around it, anchored at (x, y), the middle of its height."""

    id: str
    x: float
    y: float
    height: float
    anchor: Anchor = "middle"
    text: str = ""
    classes: str = ""
    width: float = 0


class Cell(NamedTuple):
    """One element of a tensor: a tinted rectangle, hatched where negative, perhaps a number."""

    id: str
    x: float
    y: float
    width: float
    height: float
    classes: str = ""


class Group(NamedTuple):
    """Things that belong together: a card, or what lies along one edge."""

    id: str
    children: tuple[Any, ...]
    classes: str = ""
    node: str = ""
    edge: str = ""


Element: TypeAlias = Box | Text | Curve | Bar | Chip | Cell | Group


class Style(NamedTuple):
    """How an element styles in one state of the graph; see the table above."""

    text: str = ""
    classes: str = ""
    since: int = 0
    until: int = NEVER
    width: float = 0
    tint: float = 0
    title: str = ""

    def shows(self, k: int) -> bool:
        """Whether the element is to be seen after `k` steps."""
        return self.since <= k < self.until and "off" not in self.classes.split()


OFF = Style(classes="off")


PATCH_NAMES = ("text", "class", "since", "until", "width", "tint", "title")


@dataclass(frozen=True)
class Scene:
    """What there is to see in every picture of one graph."""

    width: float
    height: float
    root: Group

    def elements(self) -> Iterator[Element]:
        """Every element, groups before what is in them."""
        waiting: list[Any] = [self.root]
        while waiting:
            element = waiting.pop()
            yield element
            if isinstance(element, Group):
                waiting.extend(reversed(element.children))

    @cached_property
    def ids(self) -> frozenset[str]:
        """The ids of all elements."""
        return frozenset(element.id for element in self.elements())


@dataclass(frozen=True)
class StyledScene:
    """A scene, the styles of one state of its graph, and a title.

    Attributes
    ----------
    scene
        What there is to see.
    styles
        How the elements style whose styles depend on the numbers; the others style as the scene
        has them.
    steps
        The number of steps in which the picture builds up.
    title
        What it shows, in a line.
    """

    scene: Scene
    styles: Mapping[str, Style]
    steps: int
    title: str = ""

    def style(self, element: Element) -> Style:
        """How an element of the scene styles."""
        found = self.styles.get(element.id)
        if found is None:
            words, width = getattr(element, "text", ""), getattr(element, "width", 0)
            return Style(words, element.classes, width=width if isinstance(element, Chip) else 0)
        return found


def difference(old: StyledScene, new: StyledScene) -> dict[str, dict[str, Any]]:
    """What changes from one picture of a graph to another: `{id: {name: new value}}`.

    Raises
    ------
    ValueError
        If the pictures show different graphs.

    Examples
    --------
    >>> scene = Scene(100, 50, Group("all", (Text("n0.value", 9, 20),)))
    >>> three = StyledScene(scene, {"n0.value": Style("3", "number")}, steps=1)
    >>> four = StyledScene(scene, {"n0.value": Style("4", "number")}, steps=1)
    >>> difference(three, four)
    {'n0.value': {'text': '4'}}
    """
    same_scene = old.scene is new.scene or old.scene == new.scene
    if not same_scene or old.styles.keys() != new.styles.keys():
        raise ValueError(
            "These two pictures show different graphs, so one cannot become the other.\n"
            "Paint both from traces of one graph, with the same layout."
        )
    before = old.styles
    changed = [
        (key, before[key], style) for key, style in new.styles.items() if before[key] != style
    ]
    return {
        key: {name: b for name, a, b in zip(PATCH_NAMES, was, now, strict=True) if a != b}
        for key, was, now in changed
    }

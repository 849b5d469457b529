"""A scene: the elements of a picture in their places. It depends on a graph's structure alone.

Everything that any state of this graph may ever need is there from the beginning: the double bars
of a stop, the arrows of the reverse pass, the rows of a partly filled sum. What depends on
numbers is the elements' style: see `style`.

Ids follow the trace: `n3` is the card of node n3, `n3.value` the number in its upper lane,
`e3.0.local` the caption of its first operand, and `e3.0.inbox` what that edge brings back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, NamedTuple, TypeAlias

from nbgrad.picture.theme import FAINT

Anchor = Literal["start", "middle", "end"]
Point: TypeAlias = tuple[float, float]


class Box(NamedTuple):
    """A rectangle with round corners; `left` is the radius of the left ones where it differs."""

    id: str
    x: float
    y: float
    width: float
    height: float
    radius: float = 0
    classes: str = ""
    left: float = 0


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

    `head` is the arrow at its end, along its last direction: filled for a value, open for a
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


class Map(NamedTuple):
    """A matrix as a grid of tinted cells in a frame; its style has the cells."""

    id: str
    x: float
    y: float
    rows: int
    columns: int
    cell_width: float
    cell_height: float
    classes: str = ""

    @property
    def width(self) -> float:
        """The width of all its columns."""
        return self.columns * self.cell_width

    @property
    def height(self) -> float:
        """The height of all its rows."""
        return self.rows * self.cell_height


class Group(NamedTuple):
    """Elements that belong together: a card, or what lies along one edge."""

    id: str
    children: tuple[Any, ...]
    classes: str = ""
    node: str = ""
    edge: str = ""


Element: TypeAlias = Box | Text | Curve | Bar | Chip | Map | Group


@dataclass(frozen=True)
class Scene:
    """The elements of every picture of one graph, in one layout."""

    width: float
    height: float
    root: Group

    def elements(self) -> Iterator[Element]:
        """Every element, groups before what is in them."""
        return inside(self.root)

    @cached_property
    def ids(self) -> frozenset[str]:
        """The ids of all elements."""
        return frozenset(element.id for element in self.elements())


def inside(element: Element) -> Iterator[Element]:
    """An element, and everything in it."""
    waiting: list[Element] = [element]
    while waiting:
        element = waiting.pop()
        yield element
        if isinstance(element, Group):
            waiting.extend(reversed(element.children))


def straight(a: Point, b: Point) -> tuple[Point, ...]:
    """A straight line as a Bézier curve."""
    return (a, a, b, b)


NEVER = 10**9  # the number of a step that never comes


INFINITE = 1000  # the cell of a number that is infinite
Cells: TypeAlias = tuple[int | None, ...]


class Style(NamedTuple):
    """The look of an element in one state of the graph; see the table above."""

    text: str = ""
    classes: str = ""
    since: int = 0
    until: int = NEVER
    width: float = 0
    tint: float = 0
    title: str = ""
    cells: Cells = ()

    def strength(self, k: int) -> float:
        """The opacity after `k` steps: 1, FAINT of a road that no step has gone through, or 0."""
        classes = self.classes.split()
        if "off" in classes:
            return 0
        return 1 if self.since <= k < self.until else FAINT if "road" in classes else 0

    def shows(self, k: int) -> bool:
        """Whether the element is to be seen after `k` steps, be it faint."""
        return self.strength(k) > 0


class Rule(NamedTuple):
    """A style as data: which number, in which form, stands under which id.

    Attributes
    ----------
    id
        Of the element.
    form
        The name of a function in `forms.FORMS`, which makes the style.
    of
        The id of the node or the edge whose numbers it reads.
    options
        What else the form needs to know, such as the room for a text in pixels: plain values, so
        that a page can read them too.
    """

    id: str
    form: str
    of: str
    options: Mapping[str, Any] = {}


Styles: TypeAlias = dict[str, Style]
OFF = Style(classes="off")
# Style's, in a page
PATCH_NAMES = ("text", "class", "since", "until", "width", "tint", "title", "cells")


@dataclass(frozen=True)
class StyledScene:
    """A scene, and its styles in one state of its graph.

    Attributes
    ----------
    styles
        By id; an element without a style looks as the scene has it.
    steps
        The number of steps in which the picture builds up.
    title
        What it shows, in a line.
    """

    scene: Scene
    styles: Mapping[str, Style]
    steps: int
    title: str = ""

    def style_of(self, element: Element) -> Style:
        """The style of an element of the scene."""
        found = self.styles.get(element.id)
        if found is not None:
            return found
        width = element.width if isinstance(element, Chip) else 0
        return Style(getattr(element, "text", ""), element.classes, width=width)

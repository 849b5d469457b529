"""A scene: the elements of a picture in their places. It depends on a graph's structure alone.

Everything that any state of this graph may ever need is there from the beginning: the double bars
of a stop, the arrows of the reverse pass, the rows of a partly filled sum. What depends on
numbers is the elements' style: see `style`.

Ids follow the trace: `n3` is the card of node n3, `n3.value` the number in its upper lane,
`e3.0.local` the caption of its first operand, and `e3.0.inbox` what that edge brings back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, NamedTuple, TypeAlias

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
